// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `addr_of!` and `addr_of_mut!`, for compilers before Rust 1.51.

/// A `*const` to a place: `core::ptr::addr_of!` from Rust 1.51.
///
/// Before that release every access to a field creates a reference, so the place must be initialised and aligned. A
/// field of a packed struct may not be: there the compiler warns (`unaligned_references`, `safe_packed_borrows`) of
/// undefined behaviour.
#[macro_export]
macro_rules! addr_of {
    ($place:expr) => {{
        let place: *const _ = &$place;
        place
    }};
}

/// A `*mut` to a place: `core::ptr::addr_of_mut!` from Rust 1.51.
///
/// Before that release every access to a field creates a reference, so the place must be initialised, aligned and not
/// borrowed.
#[macro_export]
macro_rules! addr_of_mut {
    ($place:expr) => {
        $crate::__private::raw_mut(&mut $place)
    };
}

/// `&mut $place as *mut _` would let the context determine the type of `_`.
#[doc(hidden)]
#[inline(always)]
pub fn raw_mut<T: ?Sized>(place: &mut T) -> *mut T {
    place
}
