//! `addr_of!` and `addr_of_mut!`, for compilers before Rust 1.51.

/// A `*const` to a place: `core::ptr::addr_of!` from Rust 1.51.
///
/// Before that release there is no way to a field that does not pass through a reference, so the
/// place must be initialised and aligned. A field of a packed struct may not be: there the compiler
/// warns (`unaligned_references`, `safe_packed_borrows`), and what it warns of is undefined
/// behaviour.
#[macro_export]
macro_rules! addr_of {
    ($place:expr) => {{
        let place: *const _ = &$place;
        place
    }};
}

/// A `*mut` to a place: `core::ptr::addr_of_mut!` from Rust 1.51.
///
/// Before that release there is no way to a field that does not pass through a reference, so the
/// place must be initialised, aligned and not borrowed.
#[macro_export]
macro_rules! addr_of_mut {
    ($place:expr) => {
        $crate::__private::raw_mut(&mut $place)
    };
}

/// `&mut $place as *mut _` would leave the type of `_` open to whatever the context asks for.
#[doc(hidden)]
#[inline(always)]
pub fn raw_mut<T: ?Sized>(place: &mut T) -> *mut T {
    place
}
