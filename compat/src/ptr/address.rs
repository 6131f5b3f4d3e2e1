// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pointers from addresses, for compilers before Rust 1.84.

/// A pointer with an address but without provenance: `core::ptr::without_provenance` from Rust 1.84.
#[inline(always)]
pub const fn without_provenance<T>(addr: usize) -> *const T {
    addr as *const T
}

/// A pointer with an address but without provenance: `core::ptr::without_provenance_mut` from Rust 1.84.
#[inline(always)]
pub const fn without_provenance_mut<T>(addr: usize) -> *mut T {
    addr as *mut T
}

/// An aligned pointer that points to nothing: `core::ptr::dangling` from Rust 1.84.
#[inline(always)]
pub const fn dangling<T>() -> *const T {
    core::mem::align_of::<T>() as *const T
}

/// An aligned pointer that points to nothing: `core::ptr::dangling_mut` from Rust 1.84.
#[inline(always)]
pub const fn dangling_mut<T>() -> *mut T {
    core::mem::align_of::<T>() as *mut T
}

/// A pointer from an address of `expose_provenance`: `core::ptr::with_exposed_provenance` from Rust 1.84.
#[inline(always)]
pub fn with_exposed_provenance<T>(addr: usize) -> *const T {
    addr as *const T
}

/// A pointer from an address of `expose_provenance`: `core::ptr::with_exposed_provenance_mut` from Rust 1.84.
#[inline(always)]
pub fn with_exposed_provenance_mut<T>(addr: usize) -> *mut T {
    addr as *mut T
}
