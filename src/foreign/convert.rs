// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The three conversions between Rust values and C memory.

use super::{Allocator, ConversionError, Malloc, OwnedPointer};

/// A type with a representation as C memory, to which it can be copied.
///
/// A type has to provide `try_clone_to_foreign_in` and `free_foreign_in`; the other methods are based on these two.
pub trait CloneToForeign {
    /// The C type to which the converted pointers point.
    type Foreign;

    /// Frees the C memory at `ptr` and all that it owns; NULL is fine.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, Malloc};
    ///
    /// let p = "Hello, world!".clone_to_foreign_ptr();
    /// unsafe { str::free_foreign_in::<Malloc>(p) };
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` is NULL, or points to a valid representation of this type which `A` allocated and which is not used any
    /// more.
    unsafe fn free_foreign_in<A: Allocator>(ptr: *mut Self::Foreign);

    /// Copies the value to C memory allocated by `A`, which the returned pointer frees, or returns an error.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, Malloc};
    ///
    /// let p = "Hello, world!".try_clone_to_foreign_in::<Malloc>().unwrap();
    /// assert_eq!(unsafe { *p.as_ptr() } as u8, b'H');
    /// assert!("Hello,\0world!".try_clone_to_foreign_in::<Malloc>().is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If the value has no such representation (a text with a NUL in it, a list too long for its count) or there is no
    /// memory. Nothing stays allocated.
    fn try_clone_to_foreign_in<A: Allocator>(&self) -> Result<OwnedPointer<Self, A>, ConversionError>;

    /// Frees the C memory at `ptr`, which `malloc` allocated, and all that it owns; NULL is fine.
    ///
    /// ```
    /// use oldstable::foreign::CloneToForeign;
    ///
    /// let p = "Hello, world!".clone_to_foreign_ptr();
    /// unsafe { str::free_foreign(p) };
    /// ```
    ///
    /// # Safety
    ///
    /// As for [`free_foreign_in`](CloneToForeign::free_foreign_in), with [`Malloc`].
    #[inline]
    unsafe fn free_foreign(ptr: *mut Self::Foreign) {
        // SAFETY: the caller guarantees that `malloc` allocated it.
        unsafe { Self::free_foreign_in::<Malloc>(ptr) }
    }

    /// Copies the value to C memory allocated by `malloc`, which the returned pointer frees.
    ///
    /// ```
    /// use oldstable::foreign::CloneToForeign;
    /// use std::ffi::CStr;
    ///
    /// let p = "Hello, world!".clone_to_foreign();
    /// let text = unsafe { CStr::from_ptr(p.as_ptr()) };
    /// assert_eq!(text.to_bytes(), b"Hello, world!");
    /// ```
    ///
    /// # Panics
    ///
    /// If [`try_clone_to_foreign`](CloneToForeign::try_clone_to_foreign) returns an error, except that a failed
    /// allocation aborts as Rust's own does.
    #[inline]
    #[track_caller]
    fn clone_to_foreign(&self) -> OwnedPointer<Self> {
        self.clone_to_foreign_in::<Malloc>()
    }

    /// Copies the value to C memory allocated by `malloc`, which the caller (or the C function
    /// that takes it) frees.
    ///
    /// ```
    /// use oldstable::foreign::CloneToForeign;
    ///
    /// let p = 42u32.clone_to_foreign_ptr();
    /// assert_eq!(unsafe { *p }, 42);
    /// unsafe { u32::free_foreign(p) };
    /// ```
    ///
    /// # Panics
    ///
    /// As [`clone_to_foreign`](CloneToForeign::clone_to_foreign).
    #[inline]
    #[must_use = "the memory leaks if no one frees the pointer"]
    #[track_caller]
    fn clone_to_foreign_ptr(&self) -> *mut Self::Foreign {
        self.clone_to_foreign().into_inner()
    }

    /// Copies the value to C memory allocated by `malloc`, which the returned pointer frees, or returns an error.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, ConversionError};
    ///
    /// assert_eq!(
    ///     "Hello,\0world!".try_clone_to_foreign().unwrap_err(),
    ///     ConversionError::InteriorNul { position: 6 },
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_clone_to_foreign_in`](CloneToForeign::try_clone_to_foreign_in).
    #[inline]
    fn try_clone_to_foreign(&self) -> Result<OwnedPointer<Self>, ConversionError> {
        self.try_clone_to_foreign_in::<Malloc>()
    }

    /// Copies the value to C memory allocated by `A`, which the returned pointer frees.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, Malloc};
    ///
    /// let p = 42u32.clone_to_foreign_in::<Malloc>();
    /// assert_eq!(unsafe { *p.as_ptr() }, 42);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`clone_to_foreign`](CloneToForeign::clone_to_foreign).
    #[inline]
    #[track_caller]
    fn clone_to_foreign_in<A: Allocator>(&self) -> OwnedPointer<Self, A> {
        match self.try_clone_to_foreign_in() {
            Ok(owned) => owned,
            Err(err) => err.fail(),
        }
    }
}

/// How to read a C string that is not UTF-8 into a `String`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utf8 {
    /// Return an error.
    Checked,
    /// Replace each invalid sequence by U+FFFD, the replacement character.
    Lossy,
}

/// A type whose values can be made from C memory.
///
/// A type has to provide `read_foreign`; the other methods are based on it. No method keeps a reference to the C
/// memory.
pub trait FromForeign: CloneToForeign + Sized {
    /// Copies the value at `ptr`, treating text as `utf8` says, or returns an error.
    ///
    /// ```
    /// use oldstable::foreign::{FromForeign, Utf8};
    ///
    /// let latin1 = b"caf\xe9\0".as_ptr().cast();
    /// assert!(unsafe { String::read_foreign(latin1, Utf8::Checked) }.is_err());
    /// let text = unsafe { String::read_foreign(latin1, Utf8::Lossy) };
    /// assert_eq!(text.unwrap(), "caf\u{fffd}");
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_cloned_from_foreign`](FromForeign::try_cloned_from_foreign), but for invalid UTF-8 only with
    /// [`Utf8::Checked`].
    ///
    /// # Safety
    ///
    /// `ptr` is NULL or points to a valid representation of this type.
    unsafe fn read_foreign(ptr: *const Self::Foreign, utf8: Utf8) -> Result<Self, ConversionError>;

    /// Copies the value at `ptr`, which stays with its owner; invalid UTF-8 becomes U+FFFD.
    ///
    /// ```
    /// use oldstable::foreign::FromForeign;
    ///
    /// let text = unsafe { String::cloned_from_foreign(b"caf\xc3\xa9\0".as_ptr().cast()) };
    /// assert_eq!(text, "café");
    /// ```
    ///
    /// # Panics
    ///
    /// If `ptr` (or a pointer in what it points to) is NULL and the type is not an `Option`, or a length does not fit.
    ///
    /// # Safety
    ///
    /// As [`read_foreign`](FromForeign::read_foreign).
    #[inline]
    #[track_caller]
    unsafe fn cloned_from_foreign(ptr: *const Self::Foreign) -> Self {
        // SAFETY: the caller guarantees the pointer.
        match unsafe { Self::read_foreign(ptr, Utf8::Lossy) } {
            Ok(value) => value,
            Err(err) => err.fail(),
        }
    }

    /// Copies the value at `ptr`, which stays with its owner, or returns an error.
    ///
    /// ```
    /// use oldstable::foreign::{ConversionError, FromForeign};
    ///
    /// let latin1 = b"caf\xe9\0".as_ptr().cast();
    /// assert_eq!(
    ///     unsafe { String::try_cloned_from_foreign(latin1) },
    ///     Err(ConversionError::InvalidUtf8 { valid_up_to: 3 }),
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// If a required pointer is NULL, a C string is not UTF-8 and its type must be, or a length does not fit.
    ///
    /// # Safety
    ///
    /// As [`read_foreign`](FromForeign::read_foreign).
    #[inline]
    unsafe fn try_cloned_from_foreign(ptr: *const Self::Foreign) -> Result<Self, ConversionError> {
        // SAFETY: the caller guarantees the pointer.
        unsafe { Self::read_foreign(ptr, Utf8::Checked) }
    }

    /// Copies the value at `ptr` and frees the C memory, which `malloc` allocated.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, FromForeign};
    ///
    /// let p = "Hello, world!".clone_to_foreign_ptr();
    /// assert_eq!(unsafe { String::from_foreign(p) }, "Hello, world!");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`cloned_from_foreign`](FromForeign::cloned_from_foreign); the C memory is freed in any case.
    ///
    /// # Safety
    ///
    /// As [`free_foreign`](CloneToForeign::free_foreign).
    #[inline]
    #[track_caller]
    unsafe fn from_foreign(ptr: *mut Self::Foreign) -> Self {
        // SAFETY: the caller guarantees that `malloc` allocated it.
        unsafe { Self::from_foreign_in::<Malloc>(ptr) }
    }

    /// Copies the value at `ptr` and frees the C memory, which `malloc` allocated, or returns an error; the memory is
    /// freed in any case.
    ///
    /// ```
    /// use oldstable::foreign::{ConversionError, FromForeign};
    ///
    /// assert_eq!(
    ///     unsafe { String::try_from_foreign(std::ptr::null_mut()) },
    ///     Err(ConversionError::Null),
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_cloned_from_foreign`](FromForeign::try_cloned_from_foreign).
    ///
    /// # Safety
    ///
    /// As [`free_foreign`](CloneToForeign::free_foreign).
    #[inline]
    unsafe fn try_from_foreign(ptr: *mut Self::Foreign) -> Result<Self, ConversionError> {
        // SAFETY: the caller guarantees that `malloc` allocated it.
        unsafe { Self::try_from_foreign_in::<Malloc>(ptr) }
    }

    /// Copies the value at `ptr` and frees the C memory, which `A` allocated.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, FromForeign, Malloc};
    ///
    /// let p = "Hello, world!".clone_to_foreign_ptr();
    /// assert_eq!(unsafe { String::from_foreign_in::<Malloc>(p) }, "Hello, world!");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`from_foreign`](FromForeign::from_foreign).
    ///
    /// # Safety
    ///
    /// As [`free_foreign_in`](CloneToForeign::free_foreign_in).
    #[inline]
    #[track_caller]
    unsafe fn from_foreign_in<A: Allocator>(ptr: *mut Self::Foreign) -> Self {
        // SAFETY: the caller gives up the value, which `A` allocated.
        let owned = unsafe { OwnedPointer::<Self, A>::new(ptr) };
        // SAFETY: the owned value is valid.
        unsafe { Self::cloned_from_foreign(owned.as_ptr()) }
    }

    /// Copies the value at `ptr` and frees the C memory, which `A` allocated, or returns an error; the memory is freed
    /// in any case.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, FromForeign, Malloc};
    ///
    /// let p = "Hello, world!".clone_to_foreign_ptr();
    /// let text = unsafe { String::try_from_foreign_in::<Malloc>(p) };
    /// assert_eq!(text.unwrap(), "Hello, world!");
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_cloned_from_foreign`](FromForeign::try_cloned_from_foreign).
    ///
    /// # Safety
    ///
    /// As [`free_foreign_in`](CloneToForeign::free_foreign_in).
    #[inline]
    unsafe fn try_from_foreign_in<A: Allocator>(ptr: *mut Self::Foreign) -> Result<Self, ConversionError> {
        // SAFETY: the caller gives up the value, which `A` allocated.
        let owned = unsafe { OwnedPointer::<Self, A>::new(ptr) };
        // SAFETY: the owned value is valid.
        unsafe { Self::try_cloned_from_foreign(owned.as_ptr()) }
    }
}

/// A C pointer that can be converted to a Rust value of type `T`, which an annotation selects.
///
/// Every `*mut T::Foreign` implements it; you need not.
pub trait IntoNative<T> {
    /// Copies the value at the pointer and frees the C memory, which `malloc` allocated.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, IntoNative};
    ///
    /// let p = "Hello, world!".clone_to_foreign_ptr();
    /// let text: String = unsafe { p.into_native() };
    /// assert_eq!(text, "Hello, world!");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`FromForeign::from_foreign`].
    ///
    /// # Safety
    ///
    /// As [`FromForeign::from_foreign`].
    unsafe fn into_native(self) -> T;

    /// Copies the value at the pointer and frees the C memory, which `A` allocated.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, IntoNative, Malloc};
    ///
    /// let p = 42u32.clone_to_foreign_ptr();
    /// let number: u32 = unsafe { p.into_native_in::<Malloc>() };
    /// assert_eq!(number, 42);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`FromForeign::from_foreign`].
    ///
    /// # Safety
    ///
    /// As [`FromForeign::from_foreign_in`].
    unsafe fn into_native_in<A: Allocator>(self) -> T;

    /// Copies the value at the pointer and frees the C memory, which `malloc` allocated, or returns an error; the
    /// memory is freed in any case.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, IntoNative};
    ///
    /// let p = None::<&str>.clone_to_foreign_ptr();
    /// let text: Result<String, _> = unsafe { p.try_into_native() };
    /// assert!(text.is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// As [`FromForeign::try_cloned_from_foreign`].
    ///
    /// # Safety
    ///
    /// As [`FromForeign::from_foreign`].
    unsafe fn try_into_native(self) -> Result<T, ConversionError>;

    /// Copies the value at the pointer and frees the C memory, which `A` allocated, or returns an error; the memory is
    /// freed in any case.
    ///
    /// ```
    /// use oldstable::foreign::{CloneToForeign, IntoNative, Malloc};
    ///
    /// let p = "Hello, world!".clone_to_foreign_ptr();
    /// let text: String = unsafe { p.try_into_native_in::<Malloc>() }.unwrap();
    /// assert_eq!(text, "Hello, world!");
    /// ```
    ///
    /// # Errors
    ///
    /// As [`FromForeign::try_cloned_from_foreign`].
    ///
    /// # Safety
    ///
    /// As [`FromForeign::from_foreign_in`].
    unsafe fn try_into_native_in<A: Allocator>(self) -> Result<T, ConversionError>;
}

impl<F, T: FromForeign<Foreign = F>> IntoNative<T> for *mut F {
    #[inline]
    #[track_caller]
    unsafe fn into_native(self) -> T {
        // SAFETY: the caller guarantees the pointer.
        unsafe { T::from_foreign(self) }
    }

    #[inline]
    #[track_caller]
    unsafe fn into_native_in<A: Allocator>(self) -> T {
        // SAFETY: the caller guarantees the pointer.
        unsafe { T::from_foreign_in::<A>(self) }
    }

    #[inline]
    unsafe fn try_into_native(self) -> Result<T, ConversionError> {
        // SAFETY: the caller guarantees the pointer.
        unsafe { T::try_from_foreign(self) }
    }

    #[inline]
    unsafe fn try_into_native_in<A: Allocator>(self) -> Result<T, ConversionError> {
        // SAFETY: the caller guarantees the pointer.
        unsafe { T::try_from_foreign_in::<A>(self) }
    }
}
