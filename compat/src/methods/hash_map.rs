// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `HashMap` and `HashSet`.

use core::hash::{BuildHasher, Hash};
#[cfg(before_1_50)]
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Methods of entries of `HashMap` from Rust 1.50.
#[cfg(before_1_50)]
pub trait HashEntryOrInsertWithKey<'a, K, V> {
    /// The value; a function makes it from the key if there is none.
    fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &'a mut V;
}

#[cfg(before_1_50)]
impl<'a, K, V> HashEntryOrInsertWithKey<'a, K, V> for Entry<'a, K, V> {
    #[inline]
    fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &'a mut V {
        match self {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let value = default(entry.key());
                entry.insert(value)
            }
        }
    }
}

#[cfg(before_1_54)]
extension! {
    /// Methods of `HashMap` from Rust 1.54.
    HashMapIntoKeys<K, V, S> for HashMap<K, V, S>;
    /// The keys.
    fn into_keys(self) -> crate::collections::hash_map::IntoKeys<K, V> {
        crate::collections::hash_map::IntoKeys::new(self.into_iter())
    }
    /// The values.
    fn into_values(self) -> crate::collections::hash_map::IntoValues<K, V> {
        crate::collections::hash_map::IntoValues::new(self.into_iter())
    }
}

#[cfg(before_1_56)]
shrink_to! {
    /// Methods of `HashMap` from Rust 1.56.
    HashMapShrinkTo<K, V, S> for HashMap<K, V, S> where K: Eq, K: Hash, S: BuildHasher;
}

#[cfg(before_1_56)]
shrink_to! {
    /// Methods of `HashSet` from Rust 1.56.
    HashSetShrinkTo<T, S> for HashSet<T, S> where T: Eq, T: Hash, S: BuildHasher;
}

/// Requests the memory of a table with `additional` more entries: at most the double, as it grows.
#[cfg(before_1_57)]
fn try_reserve<T>(len: usize, capacity: usize, additional: usize) -> Result<(), crate::collections::TryReserveError> {
    // Each entry has an additional byte, and an eighth of the table stays empty.
    crate::collections::try_reserve::<(T, [usize; 1])>(len, capacity, additional)
}

#[cfg(before_1_57)]
try_reserve! {
    /// Methods of `HashMap` from Rust 1.57.
    HashMapTryReserve<K, V, S> for HashMap<K, V, S> where K: Eq, K: Hash, S: BuildHasher;
    by try_reserve::<(K, V)>;
    try_reserve reserve
}

#[cfg(before_1_57)]
try_reserve! {
    /// Methods of `HashSet` from Rust 1.57.
    HashSetTryReserve<T, S> for HashSet<T, S> where T: Eq, T: Hash, S: BuildHasher;
    by try_reserve::<T>;
    try_reserve reserve
}
