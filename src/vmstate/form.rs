// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The types of fields that migrate, and their forms in the stream.

use super::outcome::outcome;
use crate::bql::{BqlCell, BqlRefCell};
use crate::callback::guard;
use crate::sys;
use crate::timer::Timer;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, c_void};
use std::mem::size_of;

/// How a type is saved and loaded.
#[derive(Clone, Copy)]
pub struct Form {
    pub(super) size: usize,
    /// The number of elements; 0 if it is not an array.
    pub(super) count: usize,
    pub(super) flags: c_int,
    pub(super) info: Option<fn() -> *const sys::VmStateInfo>,
    pub(super) description: Option<unsafe fn() -> *const sys::VmStateDescription>,
    /// Returns whether the cell at an address is borrowed, or with `true` whether it is borrowed mutably.
    pub(super) is_borrowed: Option<unsafe fn(*const c_void, bool) -> bool>,
    /// Adds the fields of a struct at an offset, instead of the struct.
    pub(super) fields: Option<unsafe fn(usize, &mut Vec<sys::VmStateField>)>,
}

impl Form {
    /// Returns the form of bytes without meaning: saved as zeros, skipped when loaded.
    pub fn unused(size: usize) -> Form {
        Form { flags: sys::VMS_BUFFER, info: Some(|| sys::vmstate_info_unused_buffer()), ..Form::of_size(size) }
    }

    /// Returns the form of a parent that QEMU describes itself.
    pub(crate) fn of_parent<T>(description: unsafe fn() -> *const sys::VmStateDescription) -> Form {
        Form {
            flags: sys::VMS_SINGLE | sys::VMS_STRUCT,
            description: Some(description),
            ..Form::of_size(size_of::<T>())
        }
    }

    /// Returns the form of a pointer to a struct that QEMU describes itself.
    pub(crate) fn of_pointer(description: unsafe fn() -> *const sys::VmStateDescription) -> Form {
        Form {
            flags: sys::VMS_STRUCT | sys::VMS_POINTER,
            description: Some(description),
            ..Form::of_size(size_of::<*const c_void>())
        }
    }

    pub(super) fn of_size(size: usize) -> Form {
        Form { size, count: 0, flags: sys::VMS_SINGLE, info: None, description: None, is_borrowed: None, fields: None }
    }
}

/// A type that consists of numbers only, so that any bytes in a stream are a valid value.
///
/// # Safety
/// [`form`](Self::form) must be that of the type, and must load only valid values.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is not a value that migrates",
        note = "there are bool, u8 to u64, i8 to i64, arrays of them, and structs of them with `vmstate_struct!`; text is an array of bytes"
    )
)]
pub unsafe trait Value: Copy + 'static {
    /// Returns the form of the type.
    fn form() -> Form;
}

macro_rules! numbers {
    ($($type:ty => $info:ident,)*) => {
        $(
            // SAFETY: QEMU saves and loads a number, or a bool, of just this type.
            unsafe impl Value for $type {
                fn form() -> Form {
                    Form {
                        info: Some(|| sys::$info()),
                        ..Form::of_size(size_of::<$type>())
                    }
                }
            }
        )*
    };
}

numbers! {
    bool => vmstate_info_bool,
    i8 => vmstate_info_int8,
    i16 => vmstate_info_int16,
    i32 => vmstate_info_int32,
    i64 => vmstate_info_int64,
    u8 => vmstate_info_uint8,
    u16 => vmstate_info_uint16,
    u32 => vmstate_info_uint32,
    u64 => vmstate_info_uint64,
}

/// Returns the form of an array, from that of its elements, which may be arrays themselves.
fn array(element: Form, count: usize) -> Form {
    Form {
        count: if element.count == 0 { count } else { element.count * count },
        flags: element.flags & !sys::VMS_SINGLE | sys::VMS_ARRAY,
        fields: None,
        ..element
    }
}

/// Returns whether one of the elements of an array is borrowed.
///
/// # Safety
/// `first` is the first of `count` elements of `size` bytes, of the type that the function is made for.
unsafe fn is_one_borrowed<P: Place>(first: *const c_void, count: usize, to_change: bool) -> bool {
    let is_borrowed = match P::form().is_borrowed {
        Some(is_borrowed) => is_borrowed,
        None => return false,
    };
    // SAFETY: the caller guarantees that many elements.
    unsafe { (0..count).any(|n| is_borrowed((first as *const P).add(n) as *const c_void, to_change)) }
}

macro_rules! array {
    ($count:expr $(, const $generic:ident)?) => {
        // SAFETY: an array consists of consecutive elements only.
        unsafe impl<T: Value $(, const $generic: usize)?> Value for [T; $count] {
            fn form() -> Form {
                array(T::form(), $count)
            }
        }

        // SAFETY: as above.
        unsafe impl<P: Place $(, const $generic: usize)?> Place for [P; $count] {
            fn form() -> Form {
                let form = P::form();
                Form {
                    is_borrowed: form.is_borrowed.and(Some(|first, to_change| {
                        // SAFETY: the caller has an array of this type.
                        unsafe { is_one_borrowed::<P>(first, $count, to_change) }
                    })),
                    ..array(form, $count)
                }
            }
        }
    };
}

#[rustversion::since(1.51)]
array!(N, const N);

// Rust has const generics from 1.51 on.
#[rustversion::before(1.51)]
macro_rules! arrays {
    ($($count:literal)*) => {
        $(array!($count);)*
    };
}

#[rustversion::before(1.51)]
arrays! {
    1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
    33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
    96 128 192 256 384 512 768 1024 1536 2048 4096 8192 16384 32768 65536
}

/// A field of an object that migration can load while there are references to the object: a cell, or data of QEMU's.
///
/// # Safety
/// [`form`](Self::form) must be that of the type, must load only valid values, and the bytes must be in an
/// `UnsafeCell`.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is not a field of an object that migrates",
        note = "there are a BqlCell or BqlRefCell of a value, a Timer, a ClockInput, what `vmstate_part!` lists, arrays of these, and the parent"
    )
)]
pub unsafe trait Place: 'static {
    /// Returns the form of the type.
    fn form() -> Form;
}

// SAFETY: the cell has the layout of its value.
unsafe impl<T: Value> Place for BqlCell<T> {
    fn form() -> Form {
        T::form()
    }
}

// SAFETY: the cell begins with its value. Whether it is borrowed is checked first.
unsafe impl<T: Value> Place for BqlRefCell<T> {
    fn form() -> Form {
        Form { is_borrowed: Some(is_borrowed::<T>), ..T::form() }
    }
}

/// # Safety
/// `cell` is a live cell of a `T`.
unsafe fn is_borrowed<T>(cell: *const c_void, to_change: bool) -> bool {
    // SAFETY: the caller guarantees the cell.
    unsafe { (*(cell as *const BqlRefCell<T>)).is_borrowed(to_change) }
}

// SAFETY: the functions take a QEMUTimer, which QEMU writes inside its cell.
unsafe impl Place for Timer {
    fn form() -> Form {
        Form { info: Some(|| &TIMER), ..Form::of_size(size_of::<Timer>()) }
    }
}

/// QEMU's own would set a timer that does not have a clock yet.
static TIMER: sys::VmStateInfo = sys::VmStateInfo {
    name: "timer\0".as_ptr() as *const _,
    get: Some(load_timer),
    put: Some(save_timer),
    load: std::ptr::null(),
    save: std::ptr::null(),
};

/// Loads or saves a timer by QEMU's function; returns 0 or a negative errno.
///
/// # Safety
/// QEMU passes its stream and a field that is a [`Timer`], and the function takes both.
unsafe fn pass_on(
    file: *mut sys::QemuFile,
    timer: *mut c_void,
    function: unsafe fn(*mut sys::QemuFile, *mut sys::Timer),
) -> c_int {
    guard("the migration of a timer", || {
        let timer = timer as *mut sys::Timer;
        // SAFETY: QEMU passes the field, which is a Timer.
        if !unsafe { sys::timer_has_clock(timer) } {
            return outcome(c_str!("timer"), Err("it has not been made with init".into()));
        }
        // SAFETY: as above, and it has been made.
        unsafe { function(file, timer) };
        0
    })
}

/// # Safety
/// QEMU calls it with its stream and a field that is a [`Timer`].
unsafe extern "C" fn load_timer(
    file: *mut sys::QemuFile,
    timer: *mut c_void,
    _size: usize,
    _field: *const c_void,
) -> c_int {
    // SAFETY: QEMU calls this with its stream and the field.
    unsafe { pass_on(file, timer, sys::timer_get) }
}

/// # Safety
/// QEMU calls it with its stream and a field that is a [`Timer`].
unsafe extern "C" fn save_timer(
    file: *mut sys::QemuFile,
    timer: *mut c_void,
    _size: usize,
    _field: *const c_void,
    _json: *mut c_void,
) -> c_int {
    // SAFETY: QEMU calls this with its stream and the field.
    unsafe { pass_on(file, timer, sys::timer_put) }
}
