// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `chunk_by` of slices, for compilers before Rust 1.77.

use core::fmt;
use core::iter::FusedIterator;
use core::mem;

/// The runs of elements in which each neighbouring pair fulfils a condition: `core::slice::ChunkBy` from Rust 1.77.
pub struct ChunkBy<'a, T, P> {
    rest: &'a [T],
    pred: P,
}

/// The runs of elements in which each neighbouring pair fulfils a condition: `core::slice::ChunkByMut` from Rust 1.77.
pub struct ChunkByMut<'a, T, P> {
    rest: &'a mut [T],
    pred: P,
}

impl<'a, T, P> ChunkBy<'a, T, P> {
    pub(crate) fn new(rest: &'a [T], pred: P) -> Self {
        ChunkBy { rest, pred }
    }
}

impl<'a, T, P> ChunkByMut<'a, T, P> {
    pub(crate) fn new(rest: &'a mut [T], pred: P) -> Self {
        ChunkByMut { rest, pred }
    }
}

/// The length of the first run.
fn first<T>(rest: &[T], pred: &mut impl FnMut(&T, &T) -> bool) -> usize {
    let end = rest.windows(2).position(|pair| !pred(&pair[0], &pair[1]));
    end.map_or(rest.len(), |end| end + 1)
}

/// The index at which the last run begins.
fn last<T>(rest: &[T], pred: &mut impl FnMut(&T, &T) -> bool) -> usize {
    let end = rest.windows(2).rposition(|pair| !pred(&pair[0], &pair[1]));
    end.map_or(0, |end| end + 1)
}

#[inline]
fn size_hint(len: usize) -> (usize, Option<usize>) {
    ((len != 0) as usize, Some(len))
}

impl<'a, T, P: FnMut(&T, &T) -> bool> Iterator for ChunkBy<'a, T, P> {
    type Item = &'a [T];
    #[inline]
    fn next(&mut self) -> Option<&'a [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let (run, rest) = self.rest.split_at(first(self.rest, &mut self.pred));
        self.rest = rest;
        Some(run)
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        size_hint(self.rest.len())
    }
}

impl<'a, T, P: FnMut(&T, &T) -> bool> DoubleEndedIterator for ChunkBy<'a, T, P> {
    #[inline]
    fn next_back(&mut self) -> Option<&'a [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let (rest, run) = self.rest.split_at(last(self.rest, &mut self.pred));
        self.rest = rest;
        Some(run)
    }
}

impl<'a, T, P: FnMut(&T, &T) -> bool> Iterator for ChunkByMut<'a, T, P> {
    type Item = &'a mut [T];
    #[inline]
    fn next(&mut self) -> Option<&'a mut [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let at = first(self.rest, &mut self.pred);
        let (run, rest) = mem::take(&mut self.rest).split_at_mut(at);
        self.rest = rest;
        Some(run)
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        size_hint(self.rest.len())
    }
}

impl<'a, T, P: FnMut(&T, &T) -> bool> DoubleEndedIterator for ChunkByMut<'a, T, P> {
    #[inline]
    fn next_back(&mut self) -> Option<&'a mut [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let at = last(self.rest, &mut self.pred);
        let (rest, run) = mem::take(&mut self.rest).split_at_mut(at);
        self.rest = rest;
        Some(run)
    }
}

impl<T, P: FnMut(&T, &T) -> bool> FusedIterator for ChunkBy<'_, T, P> {}
impl<T, P: FnMut(&T, &T) -> bool> FusedIterator for ChunkByMut<'_, T, P> {}

impl<T, P: Clone> Clone for ChunkBy<'_, T, P> {
    fn clone(&self) -> Self {
        ChunkBy { rest: self.rest, pred: self.pred.clone() }
    }
}

impl<T: fmt::Debug, P> fmt::Debug for ChunkBy<'_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ChunkBy").field(&self.rest).finish()
    }
}

impl<T: fmt::Debug, P> fmt::Debug for ChunkByMut<'_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ChunkByMut").field(&self.rest).finish()
    }
}
