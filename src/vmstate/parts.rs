// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Parts of a device that migrate: structs of cells and timers.

use super::field::{collect, describe_fields, Field};
use super::form::Form;
use crate::qom::Part;
use crate::sys;
use oldstable_compat::ffi::{c_void, CStr};
use std::mem::size_of;

/// A struct of parts that migrates: [`vmstate_part!`](crate::vmstate_part) implements it.
pub trait VmStatePart: Part + Sized + 'static {
    /// The struct's name in QEMU's description of the stream.
    const NAME: &'static CStr;
    /// The version of the struct in the stream.
    const VERSION: u32;
    /// The fields that migrate, in the order of the stream.
    const FIELDS: &'static [Field<Self>];
}

/// Returns the form of a struct of parts, for [`vmstate_part!`](crate::vmstate_part).
#[doc(hidden)]
pub fn form_of_part<T: VmStatePart>() -> Form {
    Form {
        flags: sys::VMS_SINGLE | sys::VMS_STRUCT,
        description: Some(describe::<T>),
        fields: Some(fields_of::<T>),
        is_borrowed: Some(is_borrowed::<T>),
        ..Form::of_size(size_of::<T>())
    }
}

/// # Safety
/// `part` is a live `T`.
unsafe fn is_borrowed<T: VmStatePart>(part: *const c_void, to_change: bool) -> bool {
    T::FIELDS.iter().any(|field| {
        let placed = (field.place)();
        placed.form.is_borrowed.map_or(false, |is_borrowed| {
            // SAFETY: the field is in the part, which the caller guarantees.
            unsafe { is_borrowed((part as *const u8).add(placed.offset) as *const c_void, to_change) }
        })
    })
}

/// # Safety
/// The running QEMU must be known.
unsafe fn fields_of<T: VmStatePart>(offset: usize, into: &mut Vec<sys::VmStateField>) {
    // SAFETY: the caller guarantees that the running QEMU is known.
    unsafe { collect(T::FIELDS, offset, into) }
}

/// # Safety
/// The running QEMU must be known.
unsafe fn describe<T: VmStatePart>() -> *const sys::VmStateDescription {
    // SAFETY: the caller guarantees that the running QEMU is known.
    unsafe { describe_fields(T::NAME, T::VERSION, T::FIELDS) }
}

/// Makes a struct of parts migrate, as a field of a device or an element of an array field.
///
/// Its fields are listed as for [`vmstate_fields!`](crate::vmstate_fields), but without `if`:
/// `vmstate_part! { Channel { timer, compare } }`. It can have its own version: `Channel version 2 { … }`.
#[macro_export]
macro_rules! vmstate_part {
    ($Part:ident { $($items:tt)* }) => {
        $crate::vmstate_part! { $Part version 1 { $($items)* } }
    };
    ($Part:ident version $version:literal { $($items:tt)* }) => {
        impl $crate::vmstate::VmStatePart for $Part {
            const NAME: &'static $crate::compat::ffi::CStr = $crate::compat::c_str!(stringify!($Part));
            const VERSION: u32 = $version;
            const FIELDS: &'static [$crate::vmstate::Field<Self>] =
                $crate::__vmstate_fields!(@next place_in [$Part] [] $($items)*);
        }

        // SAFETY: each field is a Place.
        unsafe impl $crate::vmstate::Place for $Part {
            fn form() -> $crate::vmstate::Form {
                $crate::vmstate::form_of_part::<Self>()
            }
        }
    };
    ($($other:tt)*) => {
        ::std::compile_error!("the fields stand between braces behind the part: `vmstate_part! { Channel { field, … } }`");
    };
}
