//! `addr_of!` and `addr_of_mut!`, for compilers before Rust 1.51.

/// A `*const` to a place: `core::ptr::addr_of!` from Rust 1.51.
///
/// Before that release there is no way to a field that does not pass through a reference, so the
/// place must be initialised and aligned: a field of a packed struct may not be.
#[cfg(no_addr_of)]
#[macro_export]
macro_rules! addr_of {
    ($place:expr) => {
        &$place as *const _
    };
}

/// A `*mut` to a place: `core::ptr::addr_of_mut!` from Rust 1.51.
///
/// Before that release there is no way to a field that does not pass through a reference, so the
/// place must be initialised, aligned and not borrowed.
#[cfg(no_addr_of)]
#[macro_export]
macro_rules! addr_of_mut {
    ($place:expr) => {
        $crate::__private::raw_mut(&mut $place)
    };
}

/// `&mut $place as *mut _` would leave the type of `_` open to whatever the context asks for.
#[cfg(no_addr_of)]
#[doc(hidden)]
#[inline(always)]
pub fn raw_mut<T: ?Sized>(place: &mut T) -> *mut T {
    place
}
