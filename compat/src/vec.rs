// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::vec`](mod@std::vec).

pub use alloc_crate::vec::*;

/// The elements of a vector that fulfil a condition, removed one by one: `std::vec::ExtractIf` from Rust 1.87.
#[cfg(before_1_87)]
pub struct ExtractIf<'a, T, F> {
    vec: &'a mut Vec<T>,
    range: core::ops::Range<usize>,
    filter: F,
}

#[cfg(before_1_87)]
impl<'a, T, F> ExtractIf<'a, T, F> {
    pub(crate) fn new(vec: &'a mut Vec<T>, range: core::ops::Range<usize>, filter: F) -> Self {
        ExtractIf { vec, range, filter }
    }
}

#[cfg(before_1_87)]
impl<T, F: FnMut(&mut T) -> bool> Iterator for ExtractIf<'_, T, F> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        // One removal after the other, which is quadratic, while std is linear.
        while self.range.start < self.range.end {
            let i = self.range.start;
            if (self.filter)(&mut self.vec[i]) {
                self.range.end -= 1;
                return Some(self.vec.remove(i));
            }
            self.range.start += 1;
        }
        None
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.range.len()))
    }
}
