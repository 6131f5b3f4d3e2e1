//! How a hook that C calls tells of an error.

use crate::foreign::clone_text;
use crate::sys;
use crate::Result;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, CStr};

/// What a hook returns to C, once its error has been reported: 0 or a negative errno.
pub(super) fn outcome(name: &CStr, result: Result<()>) -> c_int {
    const EINVAL: c_int = 22;
    match result {
        Ok(()) => 0,
        Err(error) => {
            // Who reads it has a stream, and not the source.
            let error = error.without_location();
            let message = clone_text(&format!("{}: {}", name.to_string_lossy(), error));
            // SAFETY: the format takes one string.
            unsafe { sys::error_report(c_str!("%s").as_ptr(), message.as_ptr()) }
            -EINVAL
        }
    }
}
