// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Allocators for the memory of foreign values.

use std::mem;
use std::ptr::NonNull;

use oldstable_compat::ffi::c_void;

use super::libc;
use super::ConversionError;
use crate::sys;

/// A pair of C functions that allocate and free memory.
///
/// It is a type parameter of [`OwnedPointer`](super::OwnedPointer) and of every `_in` method, so that memory is freed
/// by the allocator that it came from.
///
/// # Safety
///
/// `alloc` returns NULL or an unused block of at least `size` bytes, aligned for every C type of at most two words.
/// `free` must not unwind.
pub unsafe trait Allocator {
    /// Allocates `size` bytes, which is never 0; returns NULL if there is not enough memory.
    ///
    /// ```
    /// use oldstable::foreign::{Allocator, Malloc};
    ///
    /// let p = Malloc::alloc(16);
    /// assert!(!p.is_null());
    /// unsafe { Malloc::free(p) };
    /// ```
    fn alloc(size: usize) -> *mut c_void;

    /// Frees a block that `alloc` returned; NULL is fine.
    ///
    /// ```
    /// use oldstable::foreign::{Allocator, Malloc};
    ///
    /// unsafe { Malloc::free(std::ptr::null_mut()) };
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` is NULL, or came from this allocator and has not been freed.
    unsafe fn free(ptr: *mut c_void);
}

/// The C library's `malloc` and `free`, which every method without an `_in` uses.
#[derive(Debug)]
pub enum Malloc {}

// SAFETY: the C standard requires of malloc what the trait requires of `alloc`.
unsafe impl Allocator for Malloc {
    #[inline]
    fn alloc(size: usize) -> *mut c_void {
        // SAFETY: malloc takes any size.
        unsafe { libc::malloc(size) }
    }

    #[inline]
    unsafe fn free(ptr: *mut c_void) {
        // SAFETY: the caller got it from `alloc`, or it is NULL.
        unsafe { libc::free(ptr) }
    }
}

/// GLib's `g_malloc` and `g_free`, for memory that QEMU frees or that came from QEMU.
///
/// It only works in QEMU's process.
#[derive(Debug)]
pub enum Glib {}

// SAFETY: g_try_malloc returns memory like malloc's.
unsafe impl Allocator for Glib {
    #[inline]
    fn alloc(size: usize) -> *mut c_void {
        // SAFETY: g_try_malloc takes any size.
        unsafe { sys::g_try_malloc(size) }
    }

    #[inline]
    unsafe fn free(ptr: *mut c_void) {
        // SAFETY: the caller got it from `alloc`, or it is NULL.
        unsafe { sys::g_free(ptr) }
    }
}

/// Allocates uninitialised memory for `count` values of type `T`; one byte if their size is 0.
///
/// # Panics
///
/// If `T` needs a larger alignment than C allocators provide.
#[inline]
pub(super) fn alloc_array<T, A: Allocator>(count: usize) -> Result<NonNull<T>, ConversionError> {
    assert!(mem::align_of::<T>() <= 2 * mem::size_of::<usize>(), "C allocators align for two words only");
    let size = mem::size_of::<T>()
        .checked_mul(count)
        .filter(|&size| size <= isize::MAX as usize)
        .ok_or(ConversionError::Length)?
        .max(1);
    NonNull::new(A::alloc(size).cast()).ok_or(ConversionError::OutOfMemory { size })
}
