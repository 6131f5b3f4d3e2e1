// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `VecDeque`.

use alloc_crate::collections::VecDeque;
use core::cmp::Ordering;
#[cfg(before_1_51)]
use core::ops::RangeBounds;

#[cfg(before_1_51)]
extension! {
    /// Methods of `VecDeque` from Rust 1.51.
    DequeRange<T> for VecDeque<T>;
    /// The elements of a range.
    ///
    /// # Panics
    ///
    /// If the range is out of bounds.
    fn range<R>(&self, range: R) -> core::iter::Take<core::iter::Skip<alloc_crate::collections::vec_deque::Iter<'_, T>>>
    where R: RangeBounds<usize> {
        let range = crate::methods::range_of(range, self.len());
        self.iter().skip(range.start).take(range.len())
    }
    /// The elements of a range.
    ///
    /// # Panics
    ///
    /// If the range is out of bounds.
    fn range_mut<R>(&mut self, range: R) -> core::iter::Take<core::iter::Skip<alloc_crate::collections::vec_deque::IterMut<'_, T>>>
    where R: RangeBounds<usize> {
        let range = crate::methods::range_of(range, self.len());
        self.iter_mut().skip(range.start).take(range.len())
    }
}

#[cfg(before_1_54)]
extension! {
    /// Methods of `VecDeque` from Rust 1.54.
    DequeBinarySearch<T> for VecDeque<T>;
    /// The index of an element among sorted ones.
    ///
    /// # Errors
    ///
    /// The index at which it could be inserted, if it is not there.
    fn binary_search(&self, x: &T) -> Result<usize, usize>
    where T: Ord {
        DequeBinarySearch::binary_search_by(self, |element| element.cmp(x))
    }
    /// The index of an element among sorted ones, by a comparison.
    ///
    /// # Errors
    ///
    /// The index at which it could be inserted, if it is not there.
    fn binary_search_by<F>(&self, f: F) -> Result<usize, usize>
    where F: FnMut(&T) -> Ordering {
        let mut f = f;
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = start + (end - start) / 2;
            match f(&self[middle]) {
                Ordering::Equal => return Ok(middle),
                Ordering::Less => start = middle + 1,
                Ordering::Greater => end = middle,
            }
        }
        Err(start)
    }
    /// The index of an element among sorted ones, by its key.
    ///
    /// # Errors
    ///
    /// The index at which it could be inserted, if it is not there.
    fn binary_search_by_key<B, F>(&self, b: &B, f: F) -> Result<usize, usize>
    where F: FnMut(&T) -> B, B: Ord {
        let mut f = f;
        DequeBinarySearch::binary_search_by(self, |element| f(element).cmp(b))
    }
    /// The number of elements at the start that fulfil a condition, which the others do not.
    fn partition_point<P>(&self, pred: P) -> usize
    where P: FnMut(&T) -> bool {
        let mut pred = pred;
        let found = DequeBinarySearch::binary_search_by(self, |element| {
            if pred(element) { Ordering::Less } else { Ordering::Greater }
        });
        found.unwrap_or_else(|at| at)
    }
}

#[cfg(before_1_56)]
shrink_to! {
    /// Methods of `VecDeque` from Rust 1.56.
    DequeShrinkTo<T> for VecDeque<T>;
}

#[cfg(before_1_57)]
try_reserve! {
    /// Methods of `VecDeque` from Rust 1.57.
    DequeTryReserve<T> for VecDeque<T>;
    by crate::collections::try_reserve::<T>;
    try_reserve reserve
    try_reserve_exact reserve_exact
}

#[cfg(before_1_61)]
extension! {
    /// Methods of `VecDeque` from Rust 1.61.
    DequeRetainMut<T> for VecDeque<T>;
    /// Keeps the elements that fulfil a condition, which may change them.
    fn retain_mut<F>(&mut self, f: F)
    where F: FnMut(&mut T) -> bool {
        let mut f = f;
        let mut kept = 0;
        for i in 0..self.len() {
            if f(&mut self[i]) {
                self.swap(kept, i);
                kept += 1;
            }
        }
        self.truncate(kept);
    }
}

#[cfg(before_1_93)]
extension! {
    /// Methods of `VecDeque` from Rust 1.93.
    DequePopIf<T> for VecDeque<T>;
    /// Takes the first element if it fulfils a condition.
    fn pop_front_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T> {
        if predicate(self.front_mut()?) { self.pop_front() } else { None }
    }
    /// Takes the last element if it fulfils a condition.
    fn pop_back_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T> {
        if predicate(self.back_mut()?) { self.pop_back() } else { None }
    }
}

#[cfg(before_1_95)]
extension! {
    /// Methods of `VecDeque` from Rust 1.95.
    DequePushMut<T> for VecDeque<T>;
    /// Appends an element and returns it.
    fn push_back_mut(&mut self, value: T) -> &mut T {
        self.push_back(value);
        self.back_mut().expect("it was pushed above")
    }
    /// Prepends an element and returns it.
    fn push_front_mut(&mut self, value: T) -> &mut T {
        self.push_front(value);
        self.front_mut().expect("it was pushed above")
    }
    /// Inserts an element and returns it.
    ///
    /// # Panics
    ///
    /// If the index is greater than the length.
    fn insert_mut(&mut self, index: usize, value: T) -> &mut T {
        self.insert(index, value);
        &mut self[index]
    }
}
