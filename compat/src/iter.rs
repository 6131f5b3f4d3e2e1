// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::iter`].

pub use base::iter::*;

#[cfg(before_1_57)]
use core::fmt;

/// An iterator over the pairs of two iterators: `core::iter::zip` from Rust 1.59.
#[cfg(before_1_59)]
#[inline]
pub fn zip<A: IntoIterator, B: IntoIterator>(a: A, b: B) -> Zip<A::IntoIter, B::IntoIter> {
    a.into_iter().zip(b)
}

/// Two iterators one after the other: `core::iter::chain` from Rust 1.91.
#[cfg(before_1_91)]
#[inline]
pub fn chain<A, B>(a: A, b: B) -> Chain<A::IntoIter, B::IntoIter>
where
    A: IntoIterator,
    B: IntoIterator<Item = A::Item>,
{
    a.into_iter().chain(b)
}

/// An iterator that repeats a value a number of times: `core::iter::repeat_n` from Rust 1.82.
#[cfg(before_1_82)]
#[inline]
pub fn repeat_n<T: Clone>(element: T, count: usize) -> RepeatN<T> {
    RepeatN { element: if count > 0 { Some(element) } else { None }, count }
}

/// Repeats a value a number of times, the last time without a clone: `core::iter::RepeatN` from Rust 1.82.
#[cfg(before_1_82)]
#[derive(Clone, Debug)]
pub struct RepeatN<A> {
    /// `Some` as long as the count is not 0.
    element: Option<A>,
    count: usize,
}

#[cfg(before_1_82)]
impl<A: Clone> Iterator for RepeatN<A> {
    type Item = A;
    #[inline]
    fn next(&mut self) -> Option<A> {
        self.count = self.count.checked_sub(1)?;
        if self.count == 0 {
            self.element.take()
        } else {
            self.element.clone()
        }
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.count, Some(self.count))
    }
}

#[cfg(before_1_82)]
impl<A: Clone> DoubleEndedIterator for RepeatN<A> {
    #[inline]
    fn next_back(&mut self) -> Option<A> {
        self.next()
    }
}

#[cfg(before_1_82)]
impl<A: Clone> ExactSizeIterator for RepeatN<A> {}
#[cfg(before_1_82)]
impl<A: Clone> FusedIterator for RepeatN<A> {}

/// Maps the items by a function, until it returns `None`: `core::iter::MapWhile` from Rust 1.57.
#[cfg(before_1_57)]
#[derive(Clone)]
pub struct MapWhile<I, P> {
    iter: I,
    predicate: P,
}

#[cfg(before_1_57)]
impl<I, P> MapWhile<I, P> {
    pub(crate) fn new(iter: I, predicate: P) -> Self {
        MapWhile { iter, predicate }
    }
}

#[cfg(before_1_57)]
impl<B, I: Iterator, P: FnMut(I::Item) -> Option<B>> Iterator for MapWhile<I, P> {
    type Item = B;
    #[inline]
    fn next(&mut self) -> Option<B> {
        (self.predicate)(self.iter.next()?)
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.iter.size_hint().1)
    }
}

#[cfg(before_1_57)]
impl<I: fmt::Debug, P> fmt::Debug for MapWhile<I, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapWhile").field("iter", &self.iter).finish()
    }
}
