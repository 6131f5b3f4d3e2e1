// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Values that may be absent: NULL in C.

use super::{
    Allocator, BorrowForeign, BorrowForeignMut, BorrowedMutPointer, BorrowedPointer, CloneToForeign, ConversionError,
    ForeignField, FromForeign, Interchangeable, IntoForeign, OwnedPointer, Utf8,
};
use std::marker::PhantomData;
use std::ptr;

impl<T: CloneToForeign> CloneToForeign for Option<T> {
    type Foreign = T::Foreign;

    #[inline]
    unsafe fn free_foreign_in<A: Allocator>(ptr: *mut Self::Foreign) {
        // SAFETY: the caller guarantees the pointer, and NULL is fine.
        unsafe { T::free_foreign_in::<A>(ptr) }
    }

    #[inline]
    fn try_clone_to_foreign_in<A: Allocator>(&self) -> Result<OwnedPointer<Self, A>, ConversionError> {
        let ptr = match self {
            Some(value) => value.try_clone_to_foreign_in::<A>()?.into_inner(),
            None => ptr::null_mut(),
        };
        // SAFETY: the pointer is NULL or was owned up to here.
        Ok(unsafe { OwnedPointer::new(ptr) })
    }
}

impl<T: FromForeign> FromForeign for Option<T> {
    #[inline]
    unsafe fn read_foreign(ptr: *const Self::Foreign, utf8: Utf8) -> Result<Self, ConversionError> {
        if ptr.is_null() {
            return Ok(None);
        }
        // SAFETY: the caller guarantees a pointer that is not NULL.
        unsafe { T::read_foreign(ptr, utf8).map(Some) }
    }
}

// SAFETY: only an option accepts NULL, which is an error for every other type.
unsafe impl<T: Interchangeable> Interchangeable for Option<T> {
    type Group = T::Group;
}

field_as_pointer!([T: FromForeign] Option<T>);

impl<'a, T: BorrowForeign<'a> + 'a> BorrowForeign<'a> for Option<T> {
    type Storage = Option<T::Storage>;

    fn borrow_foreign(&'a self) -> BorrowedPointer<Self, Self::Storage> {
        let (ptr, storage) = match self {
            Some(value) => {
                let (ptr, storage) = value.borrow_foreign().into_parts();
                (ptr, Some(storage))
            }
            None => (ptr::null(), None),
        };
        // SAFETY: the pointer is NULL or valid as long as the storage.
        unsafe { BorrowedPointer::new(ptr, storage) }
    }
}

impl<'a, T: BorrowForeignMut<'a> + 'a> BorrowForeignMut<'a> for Option<T> {
    fn borrow_foreign_mut(&'a mut self) -> BorrowedMutPointer<Self, PhantomData<&'a mut Self>> {
        let ptr = match self {
            Some(value) => value.borrow_foreign_mut().into_parts().0,
            None => ptr::null_mut(),
        };
        // SAFETY: the pointer is NULL or valid as long as the value is borrowed.
        unsafe { BorrowedMutPointer::new(ptr, PhantomData) }
    }
}

impl<T: IntoForeign> IntoForeign for Option<T> {
    type Storage = Option<T::Storage>;

    fn try_into_foreign(self) -> Result<BorrowedMutPointer<Self, Self::Storage>, ConversionError> {
        let (ptr, storage) = match self {
            Some(value) => {
                let (ptr, storage) = value.try_into_foreign()?.into_parts();
                (ptr, Some(storage))
            }
            None => (ptr::null_mut(), None),
        };
        // SAFETY: the pointer is NULL or valid as long as the storage.
        Ok(unsafe { BorrowedMutPointer::new(ptr, storage) })
    }
}
