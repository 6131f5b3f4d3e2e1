// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `addr_of!` and `addr_of_mut!`, for compilers before Rust 1.51.

/// A `*const` to a place: `core::ptr::addr_of!` from Rust 1.51.
///
/// Before that release every access to a field creates a reference, so the place must be initialised and aligned. A
/// field of a packed struct need not be: in safe code it is refused (`safe_packed_borrows`), unless its alignment is 1;
/// in an unsafe block nothing says so.
#[macro_export]
macro_rules! addr_of {
    ($place:expr) => {{
        $crate::__aligned! { &$place }
        $crate::ptr::from_ref(&$place)
    }};
}

/// A `*mut` to a place: `core::ptr::addr_of_mut!` from Rust 1.51.
///
/// Before that release every access to a field creates a reference, so the place must be initialised, aligned and not
/// borrowed. A field of a packed struct is refused as by [`addr_of!`].
#[macro_export]
macro_rules! addr_of_mut {
    ($place:expr) => {{
        $crate::__aligned! { &mut $place }
        $crate::ptr::from_mut(&mut $place)
    }};
}

/// Refuses a reference that is not aligned, in safe code. It is not evaluated here: only a statement has attributes, and
/// what a place borrows for a while must live longer than that.
#[doc(hidden)]
#[macro_export]
macro_rules! __aligned {
    ($reference:expr) => {
        if false {
            #[deny(safe_packed_borrows)]
            let _ = $reference;
        }
    };
}
