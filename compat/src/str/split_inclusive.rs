// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `split_inclusive` of text, for compilers before Rust 1.51.

use super::Pattern;
use core::fmt;
use core::iter::FusedIterator;

/// The parts of a text, each with its end: `core::str::SplitInclusive` from Rust 1.51.
#[derive(Clone)]
pub struct SplitInclusive<'a, P> {
    /// The text that has not been returned yet.
    rest: &'a str,
    /// How much of it has been searched: not 0 after an empty pattern's occurrence.
    searched: usize,
    done: bool,
    pattern: P,
}

impl<'a, P: Pattern> SplitInclusive<'a, P> {
    pub(crate) fn new(rest: &'a str, pattern: P) -> Self {
        SplitInclusive { rest, searched: 0, done: false, pattern }
    }
}

impl<'a, P: Pattern> Iterator for SplitInclusive<'a, P> {
    type Item = &'a str;
    fn next(&mut self) -> Option<&'a str> {
        if self.done {
            return None;
        }
        let (start, end) = match self.pattern.first_in(&self.rest[self.searched..]) {
            Some((start, end)) => (self.searched + start, self.searched + end),
            None => {
                self.done = true;
                return Some(self.rest).filter(|rest| !rest.is_empty());
            }
        };
        let (part, rest) = self.rest.split_at(end);
        self.rest = rest;
        // An empty pattern occurs once before each character, and at the end.
        self.searched = if start == end {
            match rest.chars().next() {
                Some(c) => c.len_utf8(),
                None => {
                    self.done = true;
                    0
                }
            }
        } else {
            0
        };
        Some(part)
    }
}

impl<P: Pattern> FusedIterator for SplitInclusive<'_, P> {}

impl<P: Pattern> fmt::Debug for SplitInclusive<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SplitInclusive").field(&self.rest).finish()
    }
}
