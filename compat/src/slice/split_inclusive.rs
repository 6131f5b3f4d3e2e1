// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `split_inclusive` of slices, for compilers before Rust 1.51.

use core::fmt;
use core::iter::FusedIterator;
use core::mem;

/// The parts of a slice, each with the element that ends it: `core::slice::SplitInclusive` from
/// Rust 1.51.
pub struct SplitInclusive<'a, T, P> {
    rest: &'a [T],
    pred: P,
}

/// The parts of a slice, each with the element that ends it: `core::slice::SplitInclusiveMut` from
/// Rust 1.51.
pub struct SplitInclusiveMut<'a, T, P> {
    rest: &'a mut [T],
    pred: P,
}

impl<'a, T, P> SplitInclusive<'a, T, P> {
    pub(crate) fn new(rest: &'a [T], pred: P) -> Self {
        SplitInclusive { rest, pred }
    }
}

impl<'a, T, P> SplitInclusiveMut<'a, T, P> {
    pub(crate) fn new(rest: &'a mut [T], pred: P) -> Self {
        SplitInclusiveMut { rest, pred }
    }
}

/// The length of the first part.
fn first<T>(rest: &[T], pred: impl FnMut(&T) -> bool) -> usize {
    rest.iter().position(pred).map_or(rest.len(), |last| last + 1)
}

/// The index at which the last part begins: after the last end before the last element.
fn last<T>(rest: &[T], pred: impl FnMut(&T) -> bool) -> usize {
    let before = &rest[..rest.len() - 1];
    before.iter().rposition(pred).map_or(0, |end| end + 1)
}

#[inline]
fn size_hint(len: usize) -> (usize, Option<usize>) {
    ((len != 0) as usize, Some(len))
}

impl<'a, T, P: FnMut(&T) -> bool> Iterator for SplitInclusive<'a, T, P> {
    type Item = &'a [T];
    #[inline]
    fn next(&mut self) -> Option<&'a [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let (part, rest) = self.rest.split_at(first(self.rest, &mut self.pred));
        self.rest = rest;
        Some(part)
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        size_hint(self.rest.len())
    }
}

impl<'a, T, P: FnMut(&T) -> bool> DoubleEndedIterator for SplitInclusive<'a, T, P> {
    #[inline]
    fn next_back(&mut self) -> Option<&'a [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let (rest, part) = self.rest.split_at(last(self.rest, &mut self.pred));
        self.rest = rest;
        Some(part)
    }
}

impl<'a, T, P: FnMut(&T) -> bool> Iterator for SplitInclusiveMut<'a, T, P> {
    type Item = &'a mut [T];
    #[inline]
    fn next(&mut self) -> Option<&'a mut [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let at = first(self.rest, &mut self.pred);
        let (part, rest) = mem::take(&mut self.rest).split_at_mut(at);
        self.rest = rest;
        Some(part)
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        size_hint(self.rest.len())
    }
}

impl<'a, T, P: FnMut(&T) -> bool> DoubleEndedIterator for SplitInclusiveMut<'a, T, P> {
    #[inline]
    fn next_back(&mut self) -> Option<&'a mut [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let at = last(self.rest, &mut self.pred);
        let (rest, part) = mem::take(&mut self.rest).split_at_mut(at);
        self.rest = rest;
        Some(part)
    }
}

impl<T, P: FnMut(&T) -> bool> FusedIterator for SplitInclusive<'_, T, P> {}
impl<T, P: FnMut(&T) -> bool> FusedIterator for SplitInclusiveMut<'_, T, P> {}

impl<T, P: Clone> Clone for SplitInclusive<'_, T, P> {
    fn clone(&self) -> Self {
        SplitInclusive { rest: self.rest, pred: self.pred.clone() }
    }
}

impl<T: fmt::Debug, P> fmt::Debug for SplitInclusive<'_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SplitInclusive").field(&self.rest).finish()
    }
}

impl<T: fmt::Debug, P> fmt::Debug for SplitInclusiveMut<'_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SplitInclusiveMut").field(&self.rest).finish()
    }
}
