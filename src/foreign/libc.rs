//! The four functions of the C library that conversions need, declared here so that they are at
//! hand without the libc crate.

use oldstable_compat::ffi::{c_char, c_int, c_void};

extern "C" {
    pub fn malloc(size: usize) -> *mut c_void;
    pub fn free(ptr: *mut c_void);
    pub fn strlen(s: *const c_char) -> usize;
    pub fn memchr(s: *const c_void, c: c_int, n: usize) -> *mut c_void;
}
