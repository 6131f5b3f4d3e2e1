// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::slice`]: iterators over slices, and the parameter and return types of their methods.

// Some releases have items in core that std does not re-export.
#[cfg(feature = "alloc")]
pub use alloc_crate::slice::*;
pub use core::slice::*;

#[cfg(before_1_77)]
#[macro_use]
mod runs;

#[cfg(before_1_77)]
mod chunk_by;
#[cfg(before_1_86)]
mod disjoint;
#[cfg(before_1_60)]
mod escape_ascii;
#[cfg(before_1_51)]
mod split_inclusive;

#[cfg(before_1_77)]
pub use chunk_by::{ChunkBy, ChunkByMut};
#[cfg(before_1_86)]
pub use disjoint::{DisjointIndices, GetDisjointMutError};
#[cfg(before_1_60)]
pub use escape_ascii::EscapeAscii;
#[cfg(before_1_51)]
pub use split_inclusive::{SplitInclusive, SplitInclusiveMut};

/// The argument of `strip_prefix` and `strip_suffix`: slices and arrays. Std's trait is unstable.
#[cfg(before_1_51)]
pub trait SlicePattern {
    /// The type of the elements.
    type Item;
    /// The elements.
    fn as_slice(&self) -> &[Self::Item];
}

#[cfg(before_1_51)]
impl<T> SlicePattern for [T] {
    type Item = T;
    #[inline]
    fn as_slice(&self) -> &[T] {
        self
    }
}

#[cfg(before_1_51)]
impl<A: crate::array::FixedArray> SlicePattern for A {
    type Item = A::Item;
    #[inline]
    fn as_slice(&self) -> &[A::Item] {
        crate::methods::array::ArrayAsSlice::as_slice(self)
    }
}

/// A range that begins at the start or goes to the end. Std's trait of this name is unstable.
#[cfg(before_1_87)]
pub trait OneSidedRange<T> {
    /// Where it divides a slice, and whether it is the part before that index. `None` is beyond the end of any slice.
    fn place(self) -> Option<(T, bool)>;
}

#[cfg(before_1_87)]
impl OneSidedRange<usize> for core::ops::RangeTo<usize> {
    #[inline]
    fn place(self) -> Option<(usize, bool)> {
        Some((self.end, true))
    }
}

#[cfg(before_1_87)]
impl OneSidedRange<usize> for core::ops::RangeFrom<usize> {
    #[inline]
    fn place(self) -> Option<(usize, bool)> {
        Some((self.start, false))
    }
}

#[cfg(before_1_87)]
impl OneSidedRange<usize> for core::ops::RangeToInclusive<usize> {
    #[inline]
    fn place(self) -> Option<(usize, bool)> {
        Some((self.end.checked_add(1)?, true))
    }
}

/// The runs of neighbours in a slice as arrays: `core::slice::ArrayWindows` from Rust 1.94.
///
/// Its parameter is the array's type, while std's are the element type and the length.
#[cfg(before_1_94)]
#[derive(Debug)]
pub struct ArrayWindows<'a, A: crate::array::FixedArray> {
    windows: core::slice::Windows<'a, A::Item>,
}

#[cfg(before_1_94)]
impl<'a, A: crate::array::FixedArray> ArrayWindows<'a, A> {
    #[track_caller]
    pub(crate) fn new(slice: &'a [A::Item]) -> Self {
        assert!(A::LEN != 0, "window size must be non-zero");
        ArrayWindows { windows: slice.windows(A::LEN) }
    }

    fn array(window: &'a [A::Item]) -> &'a A {
        // SAFETY: each window has the array's number of elements.
        unsafe { &*(window.as_ptr() as *const A) }
    }
}

#[cfg(before_1_94)]
impl<'a, A: crate::array::FixedArray + 'a> Iterator for ArrayWindows<'a, A> {
    type Item = &'a A;
    #[inline]
    fn next(&mut self) -> Option<&'a A> {
        self.windows.next().map(Self::array)
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.windows.size_hint()
    }
    #[inline]
    fn nth(&mut self, n: usize) -> Option<&'a A> {
        self.windows.nth(n).map(Self::array)
    }
}

#[cfg(before_1_94)]
impl<'a, A: crate::array::FixedArray + 'a> DoubleEndedIterator for ArrayWindows<'a, A> {
    #[inline]
    fn next_back(&mut self) -> Option<&'a A> {
        self.windows.next_back().map(Self::array)
    }
}

#[cfg(before_1_94)]
impl<'a, A: crate::array::FixedArray + 'a> ExactSizeIterator for ArrayWindows<'a, A> {}
#[cfg(before_1_94)]
impl<'a, A: crate::array::FixedArray + 'a> core::iter::FusedIterator for ArrayWindows<'a, A> {}
