//! [`core::ptr`]: raw pointers.

#[cfg(not(no_addr_of))]
pub use core::ptr::{addr_of, addr_of_mut};
#[cfg(no_addr_of)]
pub use crate::{addr_of, addr_of_mut};

/// A `*const` to a place, as [`core::ptr::addr_of!`] makes it from Rust 1.51.
///
/// Before that release there is no way to a field that does not pass through a reference, so the
/// place must be initialised and aligned: a field of a packed struct is not.
#[cfg(no_addr_of)]
#[macro_export]
macro_rules! addr_of {
    ($place:expr) => {
        &$place as *const _
    };
}

/// A `*mut` to a place, as [`core::ptr::addr_of_mut!`] makes it from Rust 1.51.
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
pub fn raw_mut<T: ?Sized>(place: &mut T) -> *mut T {
    place
}

#[cfg(not(no_ptr_from_ref))]
pub use core::ptr::{from_mut, from_ref};

/// The pointer that a reference is, as [`core::ptr::from_ref`] from Rust 1.76.
#[cfg(no_ptr_from_ref)]
#[inline(always)]
pub fn from_ref<T: ?Sized>(reference: &T) -> *const T {
    reference
}

/// The pointer that an exclusive reference is, as [`core::ptr::from_mut`] from Rust 1.76.
#[cfg(no_ptr_from_ref)]
#[inline(always)]
pub fn from_mut<T: ?Sized>(reference: &mut T) -> *mut T {
    reference
}

/// Methods of `*const T` that newer compilers have.
#[cfg(no_ptr_cast_mut)]
pub trait ConstPtrExt<T: ?Sized>: Sized {
    /// The same pointer as `*mut`; std has it from Rust 1.65.
    fn cast_mut(self) -> *mut T;
}

/// Methods of `*mut T` that newer compilers have.
#[cfg(no_ptr_cast_mut)]
pub trait MutPtrExt<T: ?Sized>: Sized {
    /// The same pointer as `*const`; std has it from Rust 1.65.
    fn cast_const(self) -> *const T;
}

#[cfg(no_ptr_cast_mut)]
impl<T: ?Sized> ConstPtrExt<T> for *const T {
    #[inline(always)]
    fn cast_mut(self) -> *mut T {
        self as *mut T
    }
}

#[cfg(no_ptr_cast_mut)]
impl<T: ?Sized> MutPtrExt<T> for *mut T {
    #[inline(always)]
    fn cast_const(self) -> *const T {
        self as *const T
    }
}
