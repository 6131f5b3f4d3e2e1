// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! An error that QEMU made, kept unchanged until Rust reads it or returns it.

use std::error::Error as StdError;
use std::fmt;
use std::mem;
use std::ptr::NonNull;

use oldstable_compat::ffi::c_int;

use super::ErrorClass;
use crate::foreign::FromForeign;
use crate::sys;

/// An error that C made and Rust owns.
pub(super) struct ErrorFromC(pub(super) NonNull<sys::Error>);

// SAFETY: nothing else refers to the error, and the functions that Rust calls with it only access its memory.
unsafe impl Send for ErrorFromC {}
// SAFETY: through a shared reference it is only read.
unsafe impl Sync for ErrorFromC {}

impl ErrorFromC {
    pub(super) fn class(&self) -> ErrorClass {
        // SAFETY: `self` owns a live error.
        let class = unsafe { sys::error_get_class(self.0.as_ptr()) };
        let classes = [
            ErrorClass::CommandNotFound,
            ErrorClass::DeviceNotActive,
            ErrorClass::DeviceNotFound,
            ErrorClass::KvmMissingCap,
        ];
        let known = classes.iter().find(|known| **known as c_int == class);
        known.copied().unwrap_or_default()
    }

    pub(super) fn into_raw(self) -> *mut sys::Error {
        let error = self.0.as_ptr();
        mem::forget(self);
        error
    }
}

impl fmt::Display for ErrorFromC {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: `self` owns a live error, whose text is a C string.
        let text = unsafe { String::cloned_from_foreign(sys::error_get_pretty(self.0.as_ptr())) };
        f.write_str(&text)
    }
}

impl fmt::Debug for ErrorFromC {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for ErrorFromC {}

impl Drop for ErrorFromC {
    fn drop(&mut self) {
        // SAFETY: `self` owns a live error.
        unsafe { sys::error_free(self.0.as_ptr()) }
    }
}
