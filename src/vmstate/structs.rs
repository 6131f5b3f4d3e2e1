// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Structs of numbers, which migrate inside a cell of a device.

use super::field::{collect, describe_fields, Field};
use super::form::{Form, Value};
use crate::sys;
use oldstable_compat::ffi::CStr;
use std::mem::size_of;

/// A struct of [`Value`]s: [`vmstate_struct!`](crate::vmstate_struct) implements it.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is not a value that migrates",
        note = "there are bool, u8 to u64, i8 to i64, arrays of them, and structs of them with `vmstate_struct!`; text is an array of bytes"
    )
)]
pub trait VmStateStruct: Copy + 'static {
    /// The struct's name in QEMU's description of the stream.
    const NAME: &'static CStr;
    /// The version of the struct in the stream.
    const VERSION: u32;
    /// The fields that migrate, in the order of the stream.
    const FIELDS: &'static [Field<Self>];
}

// SAFETY: each field is a Value.
unsafe impl<T: VmStateStruct> Value for T {
    fn form() -> Form {
        Form {
            flags: sys::VMS_SINGLE | sys::VMS_STRUCT,
            description: Some(describe::<T>),
            fields: Some(fields_of::<T>),
            ..Form::of_size(size_of::<T>())
        }
    }
}

/// # Safety
/// The running QEMU must be known.
unsafe fn fields_of<T: VmStateStruct>(offset: usize, into: &mut Vec<sys::VmStateField>) {
    // SAFETY: the caller guarantees that the running QEMU is known.
    unsafe { collect(T::FIELDS, offset, into) }
}

/// # Safety
/// The running QEMU must be known.
unsafe fn describe<T: VmStateStruct>() -> *const sys::VmStateDescription {
    // SAFETY: the caller guarantees that the running QEMU is known.
    unsafe { describe_fields(T::NAME, T::VERSION, T::FIELDS) }
}

/// Makes a struct of numbers migrate, inside a cell of a device.
///
/// Its fields are listed as for [`vmstate_fields!`](crate::vmstate_fields), but without `if`. The struct must be
/// `Copy`. It can have its own version: `Registers version 2 { … }`.
#[macro_export]
macro_rules! vmstate_struct {
    ($Struct:ident { $($items:tt)* }) => {
        $crate::vmstate_struct! { $Struct version 1 { $($items)* } }
    };
    ($Struct:ident version $version:literal { $($items:tt)* }) => {
        impl $crate::vmstate::VmStateStruct for $Struct {
            const NAME: &'static $crate::compat::ffi::CStr = $crate::compat::c_str!(stringify!($Struct));
            const VERSION: u32 = $version;
            const FIELDS: &'static [$crate::vmstate::Field<Self>] =
                $crate::__vmstate_fields!(@next value_of [$Struct] [] $($items)*);
        }
    };
    ($($other:tt)*) => {
        ::std::compile_error!("the fields stand between braces behind the struct: `vmstate_struct! { Registers { field, … } }`");
    };
}
