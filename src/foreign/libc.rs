// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The C library's functions for conversions, declared here to avoid a dependency on the libc crate.

use oldstable_compat::ffi::{c_char, c_int, c_void};

extern "C" {
    pub fn malloc(size: usize) -> *mut c_void;
    pub fn free(ptr: *mut c_void);
    pub fn strlen(s: *const c_char) -> usize;
    /// Copies up to a NUL, and returns its place in `dest`, or `dest + n` if there is none: the one function that
    /// copies and searches in one pass.
    pub fn stpncpy(dest: *mut c_char, src: *const c_char, n: usize) -> *mut c_char;
    pub fn memchr(s: *const c_void, c: c_int, n: usize) -> *mut c_void;
}
