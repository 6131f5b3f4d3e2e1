// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU's `Error`.

use oldstable_compat::ffi::{c_char, c_int};

/// QEMU's `Error`; only QEMU looks inside.
#[repr(C)]
pub struct Error {
    _opaque: [u8; 0],
}

imports! {
    in ALL {
        fn error_set_internal(
            errp: *mut *mut Error, source: *const c_char, line: c_int, function: *const c_char,
            class: c_int, format: *const c_char; ... text: *const c_char
        );
        fn error_prepend(errp: *const *mut Error, format: *const c_char; ... text: *const c_char);
        fn error_append_hint(errp: *const *mut Error, format: *const c_char; ... text: *const c_char);
        fn error_propagate(errp: *mut *mut Error, error: *mut Error);
        fn error_get_pretty(error: *const Error) -> *const c_char;
        fn error_get_class(error: *const Error) -> c_int;
        fn error_free(error: *mut Error);
        static error_abort: *mut Error;
        static error_fatal: *mut Error;
    }
}
