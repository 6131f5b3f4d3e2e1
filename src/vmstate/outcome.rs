// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Running a hook for C, and reporting its error.

use crate::callback::guard;
use crate::foreign::clone_text;
use crate::listeners::TELLING;
use crate::sys;
use crate::Result;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, CStr};

/// Runs a hook, during which QEMU iterates over its list of sections.
pub(super) fn guard_hook<R>(name: &str, hook: impl FnOnce() -> R) -> R {
    guard(name, || TELLING.run(hook))
}

/// Reports the error of a hook, and returns the result for C: 0 or a negative errno.
pub(super) fn outcome(name: &CStr, result: Result<()>) -> c_int {
    const EINVAL: c_int = 22;
    match result {
        Ok(()) => 0,
        Err(error) => {
            // The reader of the message has the stream, but not the source.
            let error = error.without_location();
            let message = clone_text(&format!("{}: {}", name.to_string_lossy(), error));
            // SAFETY: the format takes one string.
            unsafe { sys::error_report(c_str!("%s").as_ptr(), message.as_ptr()) }
            -EINVAL
        }
    }
}
