// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Arrays that carry their length.

use std::convert::{TryFrom, TryInto};
use std::marker::PhantomData;

use super::field::{clone_array, clone_block, free_array, free_block, read_array, read_block};
use super::{
    Allocator, CloneToForeign, ConversionError, ForeignField, FromForeign, Interchangeable, OwnedPointer, Utf8,
};

/// C's form of an array with its length: `struct { T *data; L len; }`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignArray<T, L = usize> {
    /// The first element, or NULL if the array is empty.
    pub data: *mut T,
    /// The number of elements.
    pub len: L,
}

/// A vector whose C form is a [`ForeignArray`], with a length of type `L`.
///
/// ```
/// use oldstable::foreign::{CloneToForeign, Counted};
///
/// let list = Counted::<String, i32>::from(vec!["a".to_string(), "b".to_string()]);
/// let foreign = list.clone_to_foreign();
/// assert_eq!(unsafe { (*foreign.as_ptr()).len }, 2);
/// assert_eq!(foreign.into_native().values, ["a", "b"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted<T, L = usize> {
    /// The elements.
    pub values: Vec<T>,
    len: PhantomData<L>,
}

impl<T, L> From<Vec<T>> for Counted<T, L> {
    fn from(values: Vec<T>) -> Self {
        Counted { values, len: PhantomData }
    }
}

/// An integer type for a length in a C struct.
pub trait Length: Copy + TryFrom<usize> + TryInto<usize> {}

impl<L: Copy + TryFrom<usize> + TryInto<usize>> Length for L {}

impl<T: ForeignField, L: Length> ForeignField for Counted<T, L> {
    type Field = ForeignArray<T::Field, L>;

    fn try_to_field<A: Allocator>(&self) -> Result<Self::Field, ConversionError> {
        let len = L::try_from(self.values.len()).map_err(|_| ConversionError::Length)?;
        let data = clone_array::<T, A>(&self.values)?.as_ptr();
        Ok(ForeignArray { data, len })
    }

    unsafe fn read_field(field: *const Self::Field, utf8: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the field is valid: its block has that many elements.
        unsafe {
            let len = (*field).len.try_into().map_err(|_| ConversionError::Length)?;
            read_array((*field).data, len, utf8).map(Counted::from)
        }
    }

    unsafe fn free_field<A: Allocator>(field: *mut Self::Field) {
        // A negative length, which C may have written meanwhile, stands for no elements. SAFETY: the field's block came
        // from `clone_array`, with that many elements.
        unsafe {
            let len = (*field).len.try_into().unwrap_or(0);
            free_array::<T, A>((*field).data, len)
        }
    }
}

impl<T: ForeignField, L: Length> CloneToForeign for Counted<T, L> {
    type Foreign = ForeignArray<T::Field, L>;

    unsafe fn free_foreign_in<A: Allocator>(ptr: *mut Self::Foreign) {
        // SAFETY: the caller guarantees that the block came from `clone_block`.
        unsafe { free_block::<Self, A>(ptr) }
    }

    fn try_clone_to_foreign_in<A: Allocator>(&self) -> Result<OwnedPointer<Self, A>, ConversionError> {
        clone_block(self)
    }
}

impl<T: ForeignField, L: Length> FromForeign for Counted<T, L> {
    unsafe fn read_foreign(ptr: *const Self::Foreign, utf8: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the caller guarantees the pointer.
        unsafe { read_block(ptr, utf8) }
    }
}

// SAFETY: the group is this type only.
unsafe impl<T: ForeignField, L: Length> Interchangeable for Counted<T, L> {
    type Group = Self;
}
