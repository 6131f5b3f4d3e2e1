// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `BTreeMap` and `BTreeSet`.

use alloc_crate::collections::{BTreeMap, BTreeSet};
#[cfg(before_1_54)]
use alloc_crate::vec;

/// Removes the rejected entries when it goes out of scope: at the end, or when the condition panics, in which case the
/// entries that it has not seen stay.
#[cfg(before_1_53)]
struct Sieve<'a, C: Default + IntoIterator + Extend<<C as IntoIterator>::Item>> {
    all: &'a mut C,
    keep: vec::Vec<bool>,
}

#[cfg(before_1_53)]
impl<C: Default + IntoIterator + Extend<<C as IntoIterator>::Item>> Drop for Sieve<'_, C> {
    fn drop(&mut self) {
        if self.keep.iter().all(|keep| *keep) {
            return;
        }
        let mut keep = self.keep.iter();
        let all = core::mem::take(self.all);
        self.all.extend(all.into_iter().filter(|_| keep.next().map_or(true, |keep| *keep)));
    }
}

#[cfg(before_1_53)]
extension! {
    /// Methods of `BTreeMap` from Rust 1.53.
    BTreeMapRetain<K, V> for BTreeMap<K, V> where K: Ord;
    /// Keeps the entries that fulfil a condition, which may change the values.
    fn retain<F>(&mut self, f: F)
    where F: FnMut(&K, &mut V) -> bool {
        let mut f = f;
        let mut sieve = Sieve { all: self, keep: vec::Vec::new() };
        for (key, value) in sieve.all.iter_mut() {
            sieve.keep.push(f(key, value));
        }
    }
}

#[cfg(before_1_53)]
extension! {
    /// Methods of `BTreeSet` from Rust 1.53.
    BTreeSetRetain<T> for BTreeSet<T> where T: Ord;
    /// Keeps the elements that fulfil a condition.
    fn retain<F>(&mut self, f: F)
    where F: FnMut(&T) -> bool {
        let mut f = f;
        let mut sieve = Sieve { all: self, keep: vec::Vec::new() };
        for element in sieve.all.iter() {
            sieve.keep.push(f(element));
        }
    }
}

#[cfg(before_1_54)]
extension! {
    /// Methods of `BTreeMap` from Rust 1.54.
    BTreeMapIntoKeys<K, V> for BTreeMap<K, V>;
    /// The keys in their order.
    fn into_keys(self) -> vec::IntoIter<K> {
        self.into_iter().map(|(key, _)| key).collect::<vec::Vec<K>>().into_iter()
    }
    /// The values in the order of their keys.
    fn into_values(self) -> vec::IntoIter<V> {
        self.into_iter().map(|(_, value)| value).collect::<vec::Vec<V>>().into_iter()
    }
}

#[cfg(before_1_66)]
extension! {
    /// Methods of `BTreeMap` from Rust 1.66.
    BTreeMapEnds<K, V> for BTreeMap<K, V> where K: Ord;
    /// The entry with the least key.
    fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }
    /// The entry with the greatest key.
    fn last_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next_back()
    }
    /// Takes the entry with the least key. Here this goes through all entries.
    fn pop_first(&mut self) -> Option<(K, V)> {
        let mut all = core::mem::take(self).into_iter();
        let first = all.next();
        self.extend(all);
        first
    }
    /// Takes the entry with the greatest key. Here this goes through all entries.
    fn pop_last(&mut self) -> Option<(K, V)> {
        let mut all = core::mem::take(self).into_iter();
        let last = all.next_back();
        self.extend(all);
        last
    }
}

#[cfg(before_1_66)]
extension! {
    /// Methods of `BTreeSet` from Rust 1.66.
    BTreeSetEnds<T> for BTreeSet<T> where T: Ord;
    /// The least element.
    fn first(&self) -> Option<&T> {
        self.iter().next()
    }
    /// The greatest element.
    fn last(&self) -> Option<&T> {
        self.iter().next_back()
    }
    /// Takes the least element. Here this goes through all elements.
    fn pop_first(&mut self) -> Option<T> {
        let mut all = core::mem::take(self).into_iter();
        let first = all.next();
        self.extend(all);
        first
    }
    /// Takes the greatest element. Here this goes through all elements.
    fn pop_last(&mut self) -> Option<T> {
        let mut all = core::mem::take(self).into_iter();
        let last = all.next_back();
        self.extend(all);
        last
    }
}
