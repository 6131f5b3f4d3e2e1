//! Errors of QEMU.

use super::Error;
use oldstable_compat::ffi::{c_char, c_int};

imports! {
    in ALL {
        fn error_setg_internal(
            errp: *mut *mut Error, source: *const c_char, line: c_int, function: *const c_char,
            format: *const c_char; ... text: *const c_char
        );
        fn error_get_pretty(error: *const Error) -> *const c_char;
        fn error_free(error: *mut Error);
    }
}
