// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Consecutive elements: slices, vectors and arrays.

use super::field::{clone_array, free_array, free_elements, read_elements, write_elements};
use super::{
    Allocator, BorrowForeign, BorrowForeignMut, BorrowedMutPointer, BorrowedPointer, CloneToForeign, ConversionError,
    FixedAlloc, ForeignField, FromForeign, Interchangeable, IntoForeign, OwnedPointer, Utf8,
};
use std::marker::PhantomData;
use std::mem::MaybeUninit;

macro_rules! elements {
    ($type:ty) => {
        impl<T: FixedAlloc> CloneToForeign for $type {
            type Foreign = T::Field;

            #[inline]
            unsafe fn free_foreign_in<A: Allocator>(ptr: *mut T::Field) {
                // The length is not known here, and the elements own nothing.
                // SAFETY: no element is accessed, and `A` allocated the block.
                unsafe { free_array::<T, A>(ptr, 0) }
            }

            #[inline]
            fn try_clone_to_foreign_in<A: Allocator>(&self) -> Result<OwnedPointer<Self, A>, ConversionError> {
                let block = clone_array::<T, A>(self)?;
                // SAFETY: the block is new and holds all elements.
                Ok(unsafe { OwnedPointer::new(block.as_ptr()) })
            }
        }

        // SAFETY: no type of the group is read, since C does not keep the length.
        unsafe impl<T: FixedAlloc> Interchangeable for $type {
            type Group = [T];
        }
    };
}

elements!([T]);
elements!(Vec<T>);

macro_rules! borrow_elements {
    ([$($n:tt)*] $type:ty) => {
        impl<'a, T: FixedAlloc<Field = T> + 'a, $($n)*> BorrowForeign<'a> for $type {
            type Storage = &'a [T];

            #[inline]
            fn borrow_foreign(&'a self) -> BorrowedPointer<Self, &'a [T]> {
                // SAFETY: the elements are their own C form, and the storage keeps them in place.
                unsafe { BorrowedPointer::new(self.as_ptr(), &self[..]) }
            }
        }

        impl<'a, T: FixedAlloc<Field = T> + 'a, $($n)*> BorrowForeignMut<'a> for $type {
            #[inline]
            fn borrow_foreign_mut(
                &'a mut self,
            ) -> BorrowedMutPointer<Self, PhantomData<&'a mut Self>> {
                // SAFETY: the elements are their own C form, and the storage keeps them borrowed.
                unsafe { BorrowedMutPointer::new(self.as_mut_ptr(), PhantomData) }
            }
        }
    };
}

borrow_elements!([][T]);
borrow_elements!([] Vec<T>);

impl<T: FixedAlloc<Field = T>> IntoForeign for Vec<T> {
    type Storage = Vec<T>;

    fn try_into_foreign(mut self) -> Result<BorrowedMutPointer<Self, Vec<T>>, ConversionError> {
        // SAFETY: the elements are their own C form, and stay in place when the vector is moved.
        Ok(unsafe { BorrowedMutPointer::new(self.as_mut_ptr(), self) })
    }
}

macro_rules! array {
    ([$($n:tt)*] $len:tt) => {
        impl<T: ForeignField, $($n)*> ForeignField for [T; $len] {
            type Field = [T::Field; $len];

            fn try_to_field<A: Allocator>(&self) -> Result<Self::Field, ConversionError> {
                let mut fields = MaybeUninit::<Self::Field>::uninit();
                // SAFETY: all elements are there once they are written.
                unsafe {
                    write_elements::<T, A>(self, fields.as_mut_ptr() as *mut T::Field)?;
                    Ok(fields.assume_init())
                }
            }

            unsafe fn read_field(
                field: *const Self::Field,
                utf8: Utf8,
            ) -> Result<Self, ConversionError> {
                let mut values = MaybeUninit::<Self>::uninit();
                // SAFETY: an array consists of that many elements, all of which have been written if none failed.
                unsafe {
                    read_elements(field as *const T::Field, $len, utf8, values.as_mut_ptr() as *mut T)?;
                    Ok(values.assume_init())
                }
            }

            unsafe fn free_field<A: Allocator>(field: *mut Self::Field) {
                // SAFETY: an array consists of that many elements.
                unsafe { free_elements::<T, A>(field as *mut T::Field, $len) }
            }
        }

        // SAFETY: the elements own nothing.
        unsafe impl<T: FixedAlloc, $($n)*> FixedAlloc for [T; $len] {}

        impl<T: ForeignField, $($n)*> CloneToForeign for [T; $len] {
            type Foreign = T::Field;

            unsafe fn free_foreign_in<A: Allocator>(ptr: *mut T::Field) {
                // SAFETY: the caller guarantees that the block came from `clone_array`, with as many elements.
                unsafe { free_array::<T, A>(ptr, $len) }
            }

            fn try_clone_to_foreign_in<A: Allocator>(
                &self,
            ) -> Result<OwnedPointer<Self, A>, ConversionError> {
                let block = clone_array::<T, A>(self)?;
                // SAFETY: the block is new and holds all elements.
                Ok(unsafe { OwnedPointer::new(block.as_ptr()) })
            }
        }

        impl<T: ForeignField, $($n)*> FromForeign for [T; $len] {
            unsafe fn read_foreign(
                ptr: *const T::Field,
                utf8: Utf8,
            ) -> Result<Self, ConversionError> {
                if ptr.is_null() {
                    return Err(ConversionError::Null);
                }
                // SAFETY: the caller guarantees as many elements.
                unsafe { Self::read_field(ptr as *const [T::Field; $len], utf8) }
            }
        }

        // SAFETY: the group is the type alone.
        unsafe impl<T: ForeignField, $($n)*> Interchangeable for [T; $len] {
            type Group = Self;
        }

        borrow_elements!([$($n)*] [T; $len]);
    };
}

#[rustversion::since(1.51)]
array!([const N: usize] N);

// Without const generics only arrays of these lengths are converted.
#[rustversion::before(1.51)]
macro_rules! arrays {
    ($($len:tt)*) => { $(array!([] $len);)* };
}

#[rustversion::before(1.51)]
arrays! {
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
    48 64 96 128 256 512 1024 2048 4096
}
