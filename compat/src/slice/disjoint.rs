// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `get_disjoint_mut` of slices, for compilers before Rust 1.86.

use crate::array::{as_slice, ArrayOf, FixedArray};
use core::fmt;

/// Why several indices cannot be borrowed mutably: `core::slice::GetDisjointMutError` from Rust 1.86.
#[derive(Clone, PartialEq, Eq)]
pub enum GetDisjointMutError {
    /// An index is not below the length.
    IndexOutOfBounds,
    /// An index occurs twice.
    OverlappingIndices,
}

inline_debug! { enum GetDisjointMutError { IndexOutOfBounds OverlappingIndices } }

impl fmt::Display for GetDisjointMutError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            GetDisjointMutError::IndexOutOfBounds => "an index is out of bounds",
            GetDisjointMutError::OverlappingIndices => "there were overlapping indices",
        })
    }
}

#[cfg(not(before_1_81))]
impl core::error::Error for GetDisjointMutError {}
#[cfg(all(before_1_81, feature = "std"))]
impl std::error::Error for GetDisjointMutError {}

/// An array of indices into a slice of `T`; std takes arrays of ranges, too.
pub trait DisjointIndices<'a, T: 'a> {
    /// An array with the same number of exclusive references.
    type Muts;
    /// Checks that the indices are below a length, and differ.
    ///
    /// # Errors
    /// If they are not.
    fn check(&self, len: usize) -> Result<(), GetDisjointMutError>;
    /// The references.
    ///
    /// # Safety
    ///
    /// The indices are below the length, and differ.
    unsafe fn get(self, slice: &'a mut [T]) -> Self::Muts;
}

#[inline]
fn check(indices: &[usize], len: usize) -> Result<(), GetDisjointMutError> {
    for (i, index) in indices.iter().enumerate() {
        if *index >= len {
            return Err(GetDisjointMutError::IndexOutOfBounds);
        }
        if indices[..i].contains(index) {
            return Err(GetDisjointMutError::OverlappingIndices);
        }
    }
    Ok(())
}

impl<'a, T: 'a, A: FixedArray<Item = usize> + ArrayOf<&'a mut T>> DisjointIndices<'a, T> for A {
    type Muts = A::Array;
    #[inline]
    fn check(&self, len: usize) -> Result<(), GetDisjointMutError> {
        check(as_slice(self), len)
    }
    #[inline]
    unsafe fn get(self, slice: &'a mut [T]) -> A::Array {
        let start = slice.as_mut_ptr();
        let indices = as_slice(&self);
        crate::array::fill(|i| &mut *start.add(indices[i]))
    }
}
