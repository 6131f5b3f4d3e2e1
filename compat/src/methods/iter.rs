// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of iterators.

/// Methods of `Iterator` from Rust 1.51.
#[cfg(before_1_51)]
pub trait IteratorReduce: Iterator {
    /// Combines all items by a function, one after the other; `None` if there are none.
    #[inline]
    fn reduce<F: FnMut(Self::Item, Self::Item) -> Self::Item>(mut self, f: F) -> Option<Self::Item>
    where
        Self: Sized,
    {
        let first = self.next()?;
        Some(self.fold(first, f))
    }
}
#[cfg(before_1_51)]
impl<I: Iterator> IteratorReduce for I {}

/// Methods of `Iterator` from Rust 1.57.
#[cfg(before_1_57)]
pub trait IteratorMapWhile: Iterator {
    /// Maps the items by a function, until it returns `None`.
    #[inline]
    fn map_while<B, P: FnMut(Self::Item) -> Option<B>>(self, predicate: P) -> crate::iter::MapWhile<Self, P>
    where
        Self: Sized,
    {
        crate::iter::MapWhile::new(self, predicate)
    }
}
#[cfg(before_1_57)]
impl<I: Iterator> IteratorMapWhile for I {}

/// Methods of `Iterator` from Rust 1.82.
#[cfg(before_1_82)]
pub trait IteratorIsSorted: Iterator {
    /// Whether no item is less than the one before it, nor incomparable with it.
    #[inline]
    fn is_sorted(self) -> bool
    where
        Self: Sized,
        Self::Item: PartialOrd,
    {
        keys_are_sorted(self)
    }
    /// Whether each two neighbours fulfil a condition.
    #[inline]
    fn is_sorted_by<F: FnMut(&Self::Item, &Self::Item) -> bool>(self, compare: F) -> bool
    where
        Self: Sized,
    {
        sorted_by(self, compare)
    }
    /// Whether the keys are sorted.
    #[inline]
    fn is_sorted_by_key<F: FnMut(Self::Item) -> K, K: PartialOrd>(self, f: F) -> bool
    where
        Self: Sized,
    {
        keys_are_sorted(self.map(f))
    }
}
#[cfg(before_1_82)]
impl<I: Iterator> IteratorIsSorted for I {}

#[cfg(before_1_82)]
pub(crate) fn keys_are_sorted<K: PartialOrd>(keys: impl Iterator<Item = K>) -> bool {
    sorted_by(keys, |a, b| a <= b)
}

#[cfg(before_1_82)]
fn sorted_by<T>(mut items: impl Iterator<Item = T>, mut compare: impl FnMut(&T, &T) -> bool) -> bool {
    let mut last = match items.next() {
        Some(first) => first,
        None => return true,
    };
    items.all(|item| {
        let sorted = compare(&last, &item);
        last = item;
        sorted
    })
}
