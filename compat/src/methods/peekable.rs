// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Peekable`.

use core::iter::Peekable;

/// Methods of `Peekable` from Rust 1.51.
#[cfg(before_1_51)]
pub trait PeekableNextIf<I: Iterator> {
    /// The next item, if it fulfils a condition.
    fn next_if(&mut self, func: impl FnOnce(&I::Item) -> bool) -> Option<I::Item>;
    /// The next item, if it equals a value.
    fn next_if_eq<T: ?Sized>(&mut self, expected: &T) -> Option<I::Item>
    where
        I::Item: PartialEq<T>;
}

#[cfg(before_1_51)]
impl<I: Iterator> PeekableNextIf<I> for Peekable<I> {
    #[inline]
    fn next_if(&mut self, func: impl FnOnce(&I::Item) -> bool) -> Option<I::Item> {
        if func(self.peek()?) {
            self.next()
        } else {
            None
        }
    }
    #[inline]
    fn next_if_eq<T: ?Sized>(&mut self, expected: &T) -> Option<I::Item>
    where
        I::Item: PartialEq<T>,
    {
        if self.peek()? == expected {
            self.next()
        } else {
            None
        }
    }
}
