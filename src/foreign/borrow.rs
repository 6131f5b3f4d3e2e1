// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Conversions without a copy: C accesses Rust's memory, temporarily or permanently.

use std::fmt;
use std::marker::PhantomData;

use super::{CloneToForeign, ConversionError};

/// A type whose values C can read in place.
pub trait BorrowForeign<'a>: CloneToForeign {
    /// The value to keep while C reads.
    type Storage: 'a;

    /// Returns a pointer for C to read the value in place; nothing is copied or freed.
    ///
    /// ```
    /// use oldstable::foreign::BorrowForeign;
    ///
    /// let numbers = vec![1u32, 2, 3];
    /// let borrowed = numbers.borrow_foreign();
    /// assert_eq!(borrowed.as_ptr(), numbers.as_ptr());
    /// ```
    fn borrow_foreign(&'a self) -> BorrowedPointer<Self, Self::Storage>;
}

/// A type whose values C can write in place.
pub trait BorrowForeignMut<'a>: CloneToForeign {
    /// Returns a pointer for C to read and write the value in place; nothing is copied or freed.
    ///
    /// ```
    /// use oldstable::foreign::BorrowForeignMut;
    ///
    /// let mut number = 42u32;
    /// unsafe { *number.borrow_foreign_mut().as_mut_ptr() += 1 };
    /// assert_eq!(number, 43);
    /// ```
    fn borrow_foreign_mut(&'a mut self) -> BorrowedMutPointer<Self, PhantomData<&'a mut Self>>;
}

/// A type whose values can be given to C as long as a pointer lives, mostly without a copy.
pub trait IntoForeign: CloneToForeign + Sized {
    /// The value to keep while C uses it; its drop frees the memory.
    type Storage;

    /// Consumes the value and returns a pointer that owns it, or an error; Rust's memory is used, and freed when the
    /// pointer is dropped.
    ///
    /// ```
    /// use oldstable::foreign::IntoForeign;
    ///
    /// let mut p = String::from("abc").try_into_foreign().unwrap();
    /// assert_eq!(unsafe { *p.as_mut_ptr() } as u8, b'a');
    /// assert!(String::from("a\0c").try_into_foreign().is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If a text has a NUL in it.
    fn try_into_foreign(self) -> Result<BorrowedMutPointer<Self, Self::Storage>, ConversionError>;

    /// Consumes the value and returns a pointer that owns it; Rust's memory is used, and freed
    /// when the pointer is dropped.
    ///
    /// ```
    /// use oldstable::foreign::IntoForeign;
    ///
    /// let mut p = vec![1u32, 2, 3].into_foreign();
    /// assert_eq!(unsafe { *p.as_mut_ptr().add(2) }, 3);
    /// ```
    ///
    /// # Panics
    ///
    /// If a text has a NUL in it.
    #[track_caller]
    fn into_foreign(self) -> BorrowedMutPointer<Self, Self::Storage> {
        match self.try_into_foreign() {
            Ok(pointer) => pointer,
            Err(err) => err.fail(),
        }
    }
}

/// A pointer through which C can read a `T`, together with a value that keeps it valid.
pub struct BorrowedPointer<T: CloneToForeign + ?Sized, S> {
    ptr: *const T::Foreign,
    storage: S,
}

impl<T: CloneToForeign + ?Sized, S> BorrowedPointer<T, S> {
    /// Makes one from a pointer and a value that keeps it valid.
    ///
    /// ```
    /// use oldstable::foreign::BorrowedPointer;
    ///
    /// let number = 42;
    /// let borrowed = unsafe { BorrowedPointer::<u32, _>::new(&number, &number) };
    /// assert_eq!(unsafe { *borrowed.as_ptr() }, 42);
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` is NULL or valid to read a representation of `T` as long as `storage` lives, also
    /// after `storage` has been moved.
    #[inline]
    pub unsafe fn new(ptr: *const T::Foreign, storage: S) -> Self {
        BorrowedPointer { ptr, storage }
    }

    /// Returns the pointer, valid as long as `self`.
    ///
    /// ```
    /// use oldstable::foreign::BorrowForeign;
    ///
    /// assert_eq!(unsafe { *42u32.borrow_foreign().as_ptr() }, 42);
    /// ```
    #[inline]
    pub fn as_ptr(&self) -> *const T::Foreign {
        self.ptr
    }

    /// Casts the pointer to another type.
    #[inline]
    pub(super) fn retype<U>(self) -> BorrowedPointer<U, S>
    where
        U: CloneToForeign<Foreign = T::Foreign> + ?Sized,
    {
        BorrowedPointer { ptr: self.ptr, storage: self.storage }
    }

    #[inline]
    pub(super) fn into_parts(self) -> (*const T::Foreign, S) {
        (self.ptr, self.storage)
    }
}

impl<T: CloneToForeign + ?Sized, S> fmt::Debug for BorrowedPointer<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BorrowedPointer").field(&self.ptr).finish()
    }
}

/// A pointer through which C can read and write a `T`, together with a value that keeps it valid.
pub struct BorrowedMutPointer<T: CloneToForeign + ?Sized, S> {
    ptr: *mut T::Foreign,
    storage: S,
}

impl<T: CloneToForeign + ?Sized, S> BorrowedMutPointer<T, S> {
    /// Makes one from a pointer and a value that keeps it valid.
    ///
    /// ```
    /// use oldstable::foreign::BorrowedMutPointer;
    /// use std::marker::PhantomData;
    ///
    /// let mut number = 42;
    /// let mut borrowed = unsafe { BorrowedMutPointer::<u32, _>::new(&mut number, PhantomData::<&mut u32>) };
    /// unsafe { *borrowed.as_mut_ptr() += 1 };
    /// assert_eq!(number, 43);
    /// ```
    ///
    /// # Safety
    ///
    /// `ptr` is NULL or valid to read and write a representation of `T` as long as `storage`
    /// lives, also after `storage` has been moved.
    #[inline]
    pub unsafe fn new(ptr: *mut T::Foreign, storage: S) -> Self {
        BorrowedMutPointer { ptr, storage }
    }

    /// Returns the pointer, valid as long as `self`, for C functions that read.
    ///
    /// ```
    /// use oldstable::foreign::BorrowForeignMut;
    ///
    /// let mut number = 42u32;
    /// assert_eq!(unsafe { *number.borrow_foreign_mut().as_ptr() }, 42);
    /// ```
    #[inline]
    pub fn as_ptr(&self) -> *const T::Foreign {
        self.ptr
    }

    /// Returns the pointer, valid as long as `self`, for C functions that write.
    ///
    /// ```
    /// use oldstable::foreign::BorrowForeignMut;
    ///
    /// let mut number = 42u32;
    /// unsafe { *number.borrow_foreign_mut().as_mut_ptr() = 7 };
    /// assert_eq!(number, 7);
    /// ```
    #[inline]
    pub fn as_mut_ptr(&mut self) -> *mut T::Foreign {
        self.ptr
    }

    #[inline]
    pub(super) fn into_parts(self) -> (*mut T::Foreign, S) {
        (self.ptr, self.storage)
    }
}

impl<T: CloneToForeign + ?Sized, S> fmt::Debug for BorrowedMutPointer<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BorrowedMutPointer").field(&self.ptr).finish()
    }
}
