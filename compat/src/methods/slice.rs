// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of slices.

#[cfg(before_1_80)]
use core::slice;

#[cfg(before_1_49)]
extension! {
    /// Methods of slices from Rust 1.49.
    SliceSelectNth<T> for [T];
    /// Moves to an index the element that sorting would put there, with no greater ones before it and no lesser ones
    /// after it; returns the three parts.
    ///
    /// Sorts the whole slice, whereas std is linear.
    ///
    /// # Panics
    ///
    /// If the index is out of bounds.
    fn select_nth_unstable(&mut self, index: usize) -> (&mut [T], &mut T, &mut [T])
    where T: Ord {
        SliceSelectNth::select_nth_unstable_by(self, index, T::cmp)
    }
    /// The same by a comparison.
    ///
    /// # Panics
    ///
    /// If the index is out of bounds.
    fn select_nth_unstable_by<F>(&mut self, index: usize, compare: F) -> (&mut [T], &mut T, &mut [T])
    where F: FnMut(&T, &T) -> core::cmp::Ordering {
        assert!(
            index < self.len(),
            "partition_at_index index {} greater than length of slice {}",
            index,
            self.len()
        );
        self.sort_unstable_by(compare);
        let (before, rest) = self.split_at_mut(index);
        let (nth, behind) = rest.split_first_mut().expect("the index is below the length");
        (before, nth, behind)
    }
    /// The same by a key.
    ///
    /// # Panics
    ///
    /// If the index is out of bounds.
    fn select_nth_unstable_by_key<K, F>(&mut self, index: usize, key: F) -> (&mut [T], &mut T, &mut [T])
    where F: FnMut(&T) -> K, K: Ord {
        let mut key = key;
        SliceSelectNth::select_nth_unstable_by(self, index, |a, b| key(a).cmp(&key(b)))
    }
}

#[cfg(before_1_50)]
extension! {
    /// Methods of slices from Rust 1.50.
    SliceFill<T> for [T];
    /// Sets every element to a clone of a value.
    fn fill(&mut self, value: T)
    where T: Clone {
        if let Some((last, rest)) = self.split_last_mut() {
            for element in rest {
                element.clone_from(&value);
            }
            *last = value;
        }
    }
}

#[cfg(before_1_51)]
extension! {
    /// Methods of slices from Rust 1.51.
    SliceParts<T> for [T];
    /// Sets every element to a function's result.
    fn fill_with<F>(&mut self, f: F)
    where F: FnMut() -> T {
        let mut f = f;
        for element in self {
            *element = f();
        }
    }
    /// The rest after a prefix; `None` if the slice does not start with it.
    fn strip_prefix<P>(&self, prefix: &P) -> Option<&[T]>
    where T: PartialEq, P: crate::slice::SlicePattern<Item = T>, P: ?Sized {
        let prefix = prefix.as_slice();
        if self.starts_with(prefix) { Some(&self[prefix.len()..]) } else { None }
    }
    /// The rest before a suffix; `None` if the slice does not end with it.
    fn strip_suffix<P>(&self, suffix: &P) -> Option<&[T]>
    where T: PartialEq, P: crate::slice::SlicePattern<Item = T>, P: ?Sized {
        let suffix = suffix.as_slice();
        if self.ends_with(suffix) { Some(&self[..self.len() - suffix.len()]) } else { None }
    }
    /// The parts between elements that fulfil a condition, each with the one that ends it.
    fn split_inclusive<F>(&self, pred: F) -> crate::slice::SplitInclusive<'_, T, F>
    where F: FnMut(&T) -> bool {
        crate::slice::SplitInclusive::new(self, pred)
    }
    /// The parts between elements that fulfil a condition, each with the one that ends it.
    fn split_inclusive_mut<F>(&mut self, pred: F) -> crate::slice::SplitInclusiveMut<'_, T, F>
    where F: FnMut(&T) -> bool {
        crate::slice::SplitInclusiveMut::new(self, pred)
    }
}

#[cfg(before_1_52)]
extension! {
    /// Methods of slices from Rust 1.52.
    SlicePartitionPoint<T> for [T];
    /// The number of elements at the start that fulfil a condition, which the others do not.
    fn partition_point<P>(&self, pred: P) -> usize
    where P: FnMut(&T) -> bool {
        let mut pred = pred;
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = start + (end - start) / 2;
            if pred(&self[middle]) {
                start = middle + 1;
            } else {
                end = middle;
            }
        }
        start
    }
}

#[cfg(before_1_60)]
extension! {
    /// Methods of slices of bytes from Rust 1.60.
    SliceEscapeAscii for [u8];
    /// The bytes as text, with escapes for those that are not printable ASCII.
    fn escape_ascii(&self) -> crate::slice::EscapeAscii<'_> {
        crate::slice::EscapeAscii::new(self)
    }
}

#[cfg(before_1_77)]
extension! {
    /// Methods of slices from Rust 1.77.
    SliceChunkBy<T> for [T];
    /// The runs of elements in which each neighbouring pair fulfils a condition.
    fn chunk_by<F>(&self, pred: F) -> crate::slice::ChunkBy<'_, T, F>
    where F: FnMut(&T, &T) -> bool {
        crate::slice::ChunkBy::new(self, pred)
    }
    /// The runs of elements in which each neighbouring pair fulfils a condition.
    fn chunk_by_mut<F>(&mut self, pred: F) -> crate::slice::ChunkByMut<'_, T, F>
    where F: FnMut(&T, &T) -> bool {
        crate::slice::ChunkByMut::new(self, pred)
    }
}

#[cfg(before_1_79)]
extension! {
    /// Methods of slices from Rust 1.79.
    SliceSplitUnchecked<T> for [T];
    /// The elements before an index and those from it on.
    ///
    /// # Safety
    ///
    /// The index is not greater than the length.
    unsafe fn split_at_unchecked(&self, mid: usize) -> (&[T], &[T]) {
        (self.get_unchecked(..mid), self.get_unchecked(mid..))
    }
    /// The elements before an index and those from it on.
    ///
    /// # Safety
    ///
    /// The index is not greater than the length.
    unsafe fn split_at_mut_unchecked(&mut self, mid: usize) -> (&mut [T], &mut [T]) {
        let (start, len) = (self.as_mut_ptr(), self.len());
        (
            slice::from_raw_parts_mut(start, mid),
            slice::from_raw_parts_mut(start.add(mid), len - mid),
        )
    }
}

#[cfg(before_1_79)]
extension! {
    /// Methods of slices of bytes from Rust 1.79.
    SliceUtf8Chunks for [u8];
    /// The bytes in runs of valid UTF-8, each with the invalid bytes after it.
    fn utf8_chunks(&self) -> crate::str::Utf8Chunks<'_> {
        crate::str::Utf8Chunks::new(self)
    }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of slices from Rust 1.80.
    SliceSplitChecked<T> for [T];
    /// The elements before an index and those from it on; `None` beyond the end.
    fn split_at_checked(&self, mid: usize) -> Option<(&[T], &[T])> {
        if mid <= self.len() { Some(self.split_at(mid)) } else { None }
    }
    /// The elements before an index and those from it on; `None` beyond the end.
    fn split_at_mut_checked(&mut self, mid: usize) -> Option<(&mut [T], &mut [T])> {
        if mid <= self.len() { Some(self.split_at_mut(mid)) } else { None }
    }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of slices of bytes from Rust 1.80.
    SliceTrimAscii for [u8];
    /// Without the ASCII whitespace at the start.
    fn trim_ascii_start(&self) -> &[u8] {
        let start = self.iter().position(|byte| !byte.is_ascii_whitespace());
        &self[start.unwrap_or_else(|| self.len())..]
    }
    /// Without the ASCII whitespace at the end.
    fn trim_ascii_end(&self) -> &[u8] {
        let last = self.iter().rposition(|byte| !byte.is_ascii_whitespace());
        &self[..last.map_or(0, |last| last + 1)]
    }
    /// Without the ASCII whitespace at both ends.
    fn trim_ascii(&self) -> &[u8] {
        SliceTrimAscii::trim_ascii_end(SliceTrimAscii::trim_ascii_start(self))
    }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of slices of arrays from Rust 1.80.
    SliceAsFlattened<A> for [A] where A: crate::array::FixedArray;
    /// The elements of all arrays.
    ///
    /// # Panics
    ///
    /// If their number overflows `usize`, which is only possible for zero-sized elements.
    fn as_flattened(&self) -> &[A::Item] {
        let len = self.len().checked_mul(A::LEN).expect("slice len overflow");
        // SAFETY: arrays consist of their consecutive elements.
        unsafe { slice::from_raw_parts(self.as_ptr() as *const A::Item, len) }
    }
    /// The elements of all arrays.
    ///
    /// # Panics
    ///
    /// If their number overflows `usize`, which is only possible for zero-sized elements.
    fn as_flattened_mut(&mut self) -> &mut [A::Item] {
        let len = self.len().checked_mul(A::LEN).expect("slice len overflow");
        // SAFETY: arrays consist of their consecutive elements.
        unsafe { slice::from_raw_parts_mut(self.as_mut_ptr() as *mut A::Item, len) }
    }
}

#[cfg(before_1_82)]
/// Methods of slices from Rust 1.82.
pub trait SliceIsSorted<T> {
    /// Whether no element is less than the one before it, nor incomparable with it.
    fn is_sorted(&self) -> bool
    where
        T: PartialOrd;
    /// Whether each pair of neighbours fulfils a condition.
    fn is_sorted_by<'a, F>(&'a self, compare: F) -> bool
    where
        F: FnMut(&'a T, &'a T) -> bool,
        T: 'a;
    /// Whether the keys are sorted.
    fn is_sorted_by_key<'a, F, K>(&'a self, f: F) -> bool
    where
        F: FnMut(&'a T) -> K,
        K: PartialOrd,
        T: 'a;
}

#[cfg(before_1_82)]
impl<T> SliceIsSorted<T> for [T] {
    #[inline]
    fn is_sorted(&self) -> bool
    where
        T: PartialOrd,
    {
        self.windows(2).all(|pair| pair[0] <= pair[1])
    }
    #[inline]
    fn is_sorted_by<'a, F>(&'a self, compare: F) -> bool
    where
        F: FnMut(&'a T, &'a T) -> bool,
        T: 'a,
    {
        let mut compare = compare;
        self.windows(2).all(|pair| compare(&pair[0], &pair[1]))
    }
    #[inline]
    fn is_sorted_by_key<'a, F, K>(&'a self, f: F) -> bool
    where
        F: FnMut(&'a T) -> K,
        K: PartialOrd,
        T: 'a,
    {
        crate::methods::iter::keys_are_sorted(self.iter().map(f))
    }
}

/// Methods of slices from Rust 1.86.
#[cfg(before_1_86)]
pub trait SliceGetDisjoint<T> {
    /// Exclusive references to the elements at the indices of an array.
    ///
    /// # Errors
    ///
    /// If an index is out of bounds, or occurs twice.
    fn get_disjoint_mut<'a, I: crate::slice::DisjointIndices<'a, T>>(
        &'a mut self,
        indices: I,
    ) -> Result<I::Muts, crate::slice::GetDisjointMutError>;
    /// Exclusive references to the elements at the indices of an array, without a check.
    ///
    /// # Safety
    ///
    /// The indices are below the length, and differ.
    unsafe fn get_disjoint_unchecked_mut<'a, I: crate::slice::DisjointIndices<'a, T>>(
        &'a mut self,
        indices: I,
    ) -> I::Muts;
}

#[cfg(before_1_86)]
impl<T> SliceGetDisjoint<T> for [T] {
    #[inline]
    fn get_disjoint_mut<'a, I: crate::slice::DisjointIndices<'a, T>>(
        &'a mut self,
        indices: I,
    ) -> Result<I::Muts, crate::slice::GetDisjointMutError> {
        indices.check(self.len())?;
        // SAFETY: they are below the length, and differ.
        Ok(unsafe { indices.get(self) })
    }
    #[inline]
    unsafe fn get_disjoint_unchecked_mut<'a, I: crate::slice::DisjointIndices<'a, T>>(
        &'a mut self,
        indices: I,
    ) -> I::Muts {
        indices.get(self)
    }
}

#[cfg(before_1_94)]
extension! {
    /// Methods of slices from Rust 1.94.
    SliceElementOffset<T> for [T];
    /// The index of an element that a reference into the slice points to.
    ///
    /// # Panics
    ///
    /// If the elements are zero-sized.
    fn element_offset(&self, element: &T) -> Option<usize> {
        let size = core::mem::size_of::<T>();
        assert!(size != 0, "elements are zero-sized");
        let start = self.as_ptr() as usize;
        let bytes = (element as *const T as usize).wrapping_sub(start);
        let index = bytes / size;
        if index * size == bytes && index < self.len() { Some(index) } else { None }
    }
}

/// Methods of slices from Rust 1.87 that remove elements from a slice in a variable.
#[cfg(before_1_87)]
pub trait SliceSplitOff<'a, T: 'a>: Sized {
    /// Takes the elements of a range that begins at the start or goes to the end.
    fn split_off<R: crate::slice::OneSidedRange<usize>>(&mut self, range: R) -> Option<&'a [T]>;
    /// Takes the first element.
    fn split_off_first(&mut self) -> Option<&'a T>;
    /// Takes the last element.
    fn split_off_last(&mut self) -> Option<&'a T>;
}

#[cfg(before_1_87)]
impl<'a, T: 'a> SliceSplitOff<'a, T> for &'a [T] {
    #[inline]
    fn split_off<R: crate::slice::OneSidedRange<usize>>(&mut self, range: R) -> Option<&'a [T]> {
        let (at, front) = range.place()?;
        if at > self.len() {
            return None;
        }
        let (before, behind) = self.split_at(at);
        let (taken, rest) = if front { (before, behind) } else { (behind, before) };
        *self = rest;
        Some(taken)
    }
    #[inline]
    fn split_off_first(&mut self) -> Option<&'a T> {
        let (first, rest) = self.split_first()?;
        *self = rest;
        Some(first)
    }
    #[inline]
    fn split_off_last(&mut self) -> Option<&'a T> {
        let (last, rest) = self.split_last()?;
        *self = rest;
        Some(last)
    }
}

/// Methods of exclusive slices from Rust 1.87 that remove elements from a slice in a variable.
#[cfg(before_1_87)]
pub trait SliceSplitOffMut<'a, T: 'a>: Sized {
    /// Takes the elements of a range that begins at the start or goes to the end.
    fn split_off_mut<R: crate::slice::OneSidedRange<usize>>(&mut self, range: R) -> Option<&'a mut [T]>;
    /// Takes the first element.
    fn split_off_first_mut(&mut self) -> Option<&'a mut T>;
    /// Takes the last element.
    fn split_off_last_mut(&mut self) -> Option<&'a mut T>;
}

#[cfg(before_1_87)]
impl<'a, T: 'a> SliceSplitOffMut<'a, T> for &'a mut [T] {
    #[inline]
    fn split_off_mut<R: crate::slice::OneSidedRange<usize>>(&mut self, range: R) -> Option<&'a mut [T]> {
        let (at, front) = range.place()?;
        if at > self.len() {
            return None;
        }
        let (before, behind) = core::mem::take(self).split_at_mut(at);
        let (taken, rest) = if front { (before, behind) } else { (behind, before) };
        *self = rest;
        Some(taken)
    }
    #[inline]
    fn split_off_first_mut(&mut self) -> Option<&'a mut T> {
        let (first, rest) = core::mem::take(self).split_first_mut()?;
        *self = rest;
        Some(first)
    }
    #[inline]
    fn split_off_last_mut(&mut self) -> Option<&'a mut T> {
        let (last, rest) = core::mem::take(self).split_last_mut()?;
        *self = rest;
        Some(last)
    }
}
