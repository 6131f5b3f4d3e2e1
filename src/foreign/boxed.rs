// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Values in a Rust pointer, `Box`, `Cow` or `&`, which have the same form in C as without it.

use super::{
    Allocator, BorrowForeign, BorrowForeignMut, BorrowedMutPointer, BorrowedPointer, CloneToForeign, ConversionError,
    FixedAlloc, ForeignField, FromForeign, Interchangeable, IntoForeign, OwnedPointer, Utf8,
};
use std::borrow::Cow;
use std::marker::PhantomData;

macro_rules! clone_what_it_points_to {
    ([$($param:tt)*] $type:ty, $target:ident) => {
        impl<$($param)*> CloneToForeign for $type
        where
            $target: CloneToForeign,
        {
            type Foreign = $target::Foreign;

            #[inline]
            unsafe fn free_foreign_in<A: Allocator>(ptr: *mut Self::Foreign) {
                // SAFETY: the C form is the target's.
                unsafe { $target::free_foreign_in::<A>(ptr) }
            }

            #[inline]
            fn try_clone_to_foreign_in<A: Allocator>(
                &self,
            ) -> Result<OwnedPointer<Self, A>, ConversionError> {
                let ptr = (**self).try_clone_to_foreign_in::<A>()?.into_inner();
                // SAFETY: the pointer was owned until here.
                Ok(unsafe { OwnedPointer::new(ptr) })
            }
        }

        // SAFETY: the representation is that of the target.
        unsafe impl<$($param)*> Interchangeable for $type
        where
            $target: Interchangeable,
        {
            type Group = $target::Group;
        }
    };
}

clone_what_it_points_to!([T: ?Sized] Box<T>, T);
clone_what_it_points_to!(['t, T: ?Sized] &'t T, T);
clone_what_it_points_to!(['t, T: ToOwned + ?Sized] Cow<'t, T>, T);

impl<T: FromForeign> FromForeign for Box<T> {
    #[inline]
    unsafe fn read_foreign(ptr: *const Self::Foreign, utf8: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the C form is that of `T`.
        unsafe { T::read_foreign(ptr, utf8).map(Box::new) }
    }
}

field_as_pointer!([T: FromForeign] Box<T>);

impl<'a, T: BorrowForeign<'a> + ?Sized> BorrowForeign<'a> for Box<T> {
    type Storage = T::Storage;

    fn borrow_foreign(&'a self) -> BorrowedPointer<Self, T::Storage> {
        (**self).borrow_foreign().retype()
    }
}

impl<'a, T: BorrowForeignMut<'a> + ?Sized> BorrowForeignMut<'a> for Box<T> {
    fn borrow_foreign_mut(&'a mut self) -> BorrowedMutPointer<Self, PhantomData<&'a mut Self>> {
        let (ptr, _) = (**self).borrow_foreign_mut().into_parts();
        // SAFETY: the value in the box is borrowed as long as the box.
        unsafe { BorrowedMutPointer::new(ptr, PhantomData) }
    }
}

/// The raw pointer of a box, since moving a `Box` asserts that there are no other pointers to its contents.
#[derive(Debug)]
pub struct RawBox<T>(*mut T);

impl<T> Drop for RawBox<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a box, and only this makes it a box again.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

impl<T> IntoForeign for Box<T>
where
    T: FixedAlloc<Field = T> + CloneToForeign<Foreign = T>,
{
    type Storage = RawBox<T>;

    fn try_into_foreign(self) -> Result<BorrowedMutPointer<Self, RawBox<T>>, ConversionError> {
        let storage = RawBox(Box::into_raw(self));
        // SAFETY: the value is its own C form, and stays in its place.
        Ok(unsafe { BorrowedMutPointer::new(storage.0, storage) })
    }
}

/// The value is copied, so that it does not borrow from C.
impl<'t, T> FromForeign for Cow<'t, T>
where
    T: ToOwned + Interchangeable + ?Sized,
    T::Owned: FromForeign + Interchangeable<Foreign = T::Foreign, Group = T::Group>,
{
    #[inline]
    unsafe fn read_foreign(ptr: *const Self::Foreign, utf8: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the C form is that of the owned type.
        unsafe { T::Owned::read_foreign(ptr, utf8).map(Cow::Owned) }
    }
}

impl<'a, 't: 'a, T> BorrowForeign<'a> for Cow<'t, T>
where
    T: ToOwned + BorrowForeign<'a> + ?Sized,
{
    type Storage = T::Storage;

    fn borrow_foreign(&'a self) -> BorrowedPointer<Self, T::Storage> {
        (**self).borrow_foreign().retype()
    }
}

impl<'t, T> IntoForeign for Cow<'t, T>
where
    T: ToOwned + CloneToForeign + ?Sized,
    T::Owned: IntoForeign<Foreign = T::Foreign>,
{
    type Storage = <T::Owned as IntoForeign>::Storage;

    fn try_into_foreign(self) -> Result<BorrowedMutPointer<Self, Self::Storage>, ConversionError> {
        let (ptr, storage) = self.into_owned().try_into_foreign()?.into_parts();
        // SAFETY: the storage keeps the pointer valid as it did before.
        Ok(unsafe { BorrowedMutPointer::new(ptr, storage) })
    }
}
