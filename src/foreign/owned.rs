// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The pointer that owns C memory.

use std::fmt;
use std::marker::PhantomData;
use std::mem;

use super::{Allocator, CloneToForeign, ConversionError, FromForeign, Malloc};

/// A pointer to the C representation of a `T`, allocated by `A`, which frees it when dropped.
///
/// It is NULL if the value is `None`. It is neither `Send` nor `Sync`: send the Rust value to the other thread and
/// convert it there.
///
/// ```
/// use oldstable::foreign::{CloneToForeign, OwnedPointer};
///
/// let s: OwnedPointer<str> = "abc".clone_to_foreign();
/// assert_eq!(unsafe { *s.as_ptr() } as u8, b'a');
/// ```
pub struct OwnedPointer<T: CloneToForeign + ?Sized, A: Allocator = Malloc> {
    ptr: *mut T::Foreign,
    allocator: PhantomData<A>,
}

/// A type whose C representation can be used as that of every other type of the same `Group`.
///
/// The C type alone is not enough: on most machines `c_char` is `i8`, but a single `i8` is not a C string, and a
/// pointer to an array is a pointer to its first element. So this does not compile:
///
/// ```compile_fail
/// use oldstable::foreign::CloneToForeign;
///
/// let text: String = 1i8.clone_to_foreign().into::<String>().into_native();
/// ```
///
/// nor does this:
///
/// ```compile_fail
/// use oldstable::foreign::CloneToForeign;
///
/// let array: [u8; 64] = 1u8.clone_to_foreign().into::<[u8; 64]>().into_native();
/// ```
///
/// # Safety
///
/// A type of the group must be able to read and free the representation made by any other one with the same `Foreign`.
pub unsafe trait Interchangeable: CloneToForeign {
    /// A type that identifies the group.
    type Group: ?Sized;
}

impl<T: CloneToForeign + ?Sized, A: Allocator> OwnedPointer<T, A> {
    /// Takes ownership of the C memory at `ptr`, which is freed when the result is dropped.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, OwnedPointer};
    ///
    /// let p = 42u32.clone_to_foreign_ptr();
    /// let owned = unsafe { OwnedPointer::<u32>::new(p) };
    /// assert_eq!(owned.into_native(), 42);
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` is NULL, or points to a valid representation of a `T` which `A` allocated and which nothing else frees.
    #[inline]
    pub unsafe fn new(ptr: *mut T::Foreign) -> Self {
        OwnedPointer { ptr, allocator: PhantomData }
    }

    /// Takes ownership of the memory of a pointer to an interchangeable type, without a copy.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, OwnedPointer};
    ///
    /// let s = OwnedPointer::<String>::from("Hello, world!".clone_to_foreign());
    /// assert_eq!(s.into_native(), "Hello, world!");
    /// ```
    #[inline]
    pub fn from<U>(other: OwnedPointer<U, A>) -> Self
    where
        T: Interchangeable,
        U: Interchangeable<Foreign = T::Foreign, Group = T::Group> + ?Sized,
    {
        // SAFETY: `Interchangeable` guarantees the representation.
        unsafe { OwnedPointer::new(other.into_inner()) }
    }

    /// Passes the memory to a pointer to an interchangeable type, without a copy.
    ///
    /// ```
    /// use oldstable::foreign::CloneToForeign;
    /// use std::ffi::CString;
    ///
    /// let s = "Hello, world!".clone_to_foreign().into::<CString>();
    /// assert_eq!(s.into_native().as_bytes(), b"Hello, world!");
    /// ```
    #[inline]
    pub fn into<U>(self) -> OwnedPointer<U, A>
    where
        T: Interchangeable,
        U: Interchangeable<Foreign = T::Foreign, Group = T::Group> + ?Sized,
    {
        OwnedPointer::from(self)
    }

    /// Returns the pointer, valid as long as `self`, for C functions that read.
    ///
    /// ```
    /// use oldstable::foreign::CloneToForeign;
    ///
    /// let number = 42u32.clone_to_foreign();
    /// assert_eq!(unsafe { *number.as_ptr() }, 42);
    /// ```
    #[inline]
    pub fn as_ptr(&self) -> *const T::Foreign {
        self.ptr
    }

    /// Returns the pointer, valid as long as `self`, for C functions that write, or that lack a `const`.
    ///
    /// It takes `&self`, since no Rust reference to the memory exists.
    ///
    /// ```
    /// use oldstable::foreign::CloneToForeign;
    ///
    /// let number = 42u32.clone_to_foreign();
    /// unsafe { *number.as_mut_ptr() += 1 };
    /// assert_eq!(number.into_native(), 43);
    /// ```
    #[inline]
    pub fn as_mut_ptr(&self) -> *mut T::Foreign {
        self.ptr
    }

    /// Returns the pointer, which the caller must free.
    ///
    /// ```
    /// use oldstable::foreign::CloneToForeign;
    ///
    /// let p = 42u32.clone_to_foreign().into_inner();
    /// unsafe { u32::free_foreign(p) };
    /// ```
    #[inline]
    #[must_use = "the memory leaks if no one frees the pointer"]
    pub fn into_inner(self) -> *mut T::Foreign {
        let ptr = self.ptr;
        mem::forget(self);
        ptr
    }

    /// Copies the value back to Rust and frees the C memory; invalid UTF-8 becomes U+FFFD.
    ///
    /// ```
    /// use oldstable::foreign::CloneToForeign;
    ///
    /// assert_eq!(String::from("abc").clone_to_foreign().into_native(), "abc");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`FromForeign::from_foreign`].
    #[inline]
    #[track_caller]
    pub fn into_native(self) -> T
    where
        T: FromForeign,
    {
        // SAFETY: `self` owns a valid representation.
        unsafe { T::from_foreign_in::<A>(self.into_inner()) }
    }

    /// Copies the value back to Rust and frees the C memory, or returns an error; the memory is freed in any case.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, ConversionError};
    ///
    /// let nothing = None::<String>.clone_to_foreign().into::<String>();
    /// assert_eq!(nothing.try_into_native(), Err(ConversionError::Null));
    /// ```
    ///
    /// # Errors
    ///
    /// As [`FromForeign::try_from_foreign`].
    #[inline]
    pub fn try_into_native(self) -> Result<T, ConversionError>
    where
        T: FromForeign,
    {
        // SAFETY: `self` owns a valid representation.
        unsafe { T::try_from_foreign_in::<A>(self.into_inner()) }
    }
}

impl<T: CloneToForeign + ?Sized, A: Allocator> fmt::Debug for OwnedPointer<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnedPointer").field(&self.ptr).finish()
    }
}

/// The C representation of the default value: an empty string, 0, NULL for an `Option`.
impl<T: CloneToForeign + Default, A: Allocator> Default for OwnedPointer<T, A> {
    fn default() -> Self {
        T::default().clone_to_foreign_in()
    }
}

impl<T: CloneToForeign + ?Sized, A: Allocator> Drop for OwnedPointer<T, A> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `self` owns a valid representation, which cannot be used after this.
        unsafe { T::free_foreign_in::<A>(self.ptr) }
    }
}
