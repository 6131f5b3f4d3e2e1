// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(feature = "std")]
use oldstable_compat::collections::{hash_map, BTreeMap, BTreeSet, HashMap, HashSet};
use oldstable_compat::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash, Hasher, RandomState};

oldstable_compat::prelude!();

#[test]
fn hash_maps_give_their_halves() {
    let map: HashMap<u8, char> = vec![(1, 'a'), (2, 'b')].into_iter().collect();
    let keys: hash_map::IntoKeys<u8, char> = map.clone().into_keys();
    let values: hash_map::IntoValues<u8, char> = map.into_values();
    assert_eq!((keys.len(), values.len()), (2, 2));
    let (mut keys, mut values): (Vec<_>, Vec<_>) = (keys.collect(), values.collect());
    keys.sort_unstable();
    values.sort_unstable();
    assert_eq!((keys, values), (vec![1, 2], vec!['a', 'b']));
}

#[test]
fn hash_maps_shrink_grow_and_insert() {
    let mut map: HashMap<String, usize> = HashMap::with_capacity(100);
    *map.entry("key".into()).or_insert_with_key(|key| key.len()) += 1;
    *map.entry("key".into()).or_insert_with_key(|_| unreachable!("it is there")) += 1;
    assert_eq!(map["key"], 5);
    map.shrink_to(0);
    map.try_reserve(10).expect("there is memory");
    assert!(map.capacity() >= 11 && map.try_reserve(usize::MAX).is_err());
    let mut set: HashSet<u8> = HashSet::with_capacity(100);
    set.insert(1);
    set.shrink_to(0);
    set.try_reserve(10).expect("there is memory");
    assert!(set.contains(&1) && set.try_reserve(usize::MAX).is_err());
}

#[test]
fn trees_keep_and_give() {
    let all: BTreeMap<u8, char> = vec![(3, 'c'), (1, 'a'), (2, 'b')].into_iter().collect();
    let mut map = all.clone();
    map.retain(|key, value| {
        *value = value.to_ascii_uppercase();
        *key != 2
    });
    assert_eq!(map.clone().into_keys().collect::<Vec<_>>(), [1, 3]);
    assert_eq!(map.clone().into_values().collect::<Vec<_>>(), ['A', 'C']);
    assert_eq!((map.first_key_value(), map.last_key_value()), (Some((&1, &'A')), Some((&3, &'C'))));
    assert_eq!((map.pop_first(), map.pop_last(), map.pop_first()), (Some((1, 'A')), Some((3, 'C')), None));
    let mut set: BTreeSet<u8> = all.into_iter().map(|(key, _)| key).collect();
    set.retain(|n| *n != 2);
    assert_eq!((set.first(), set.last()), (Some(&1), Some(&3)));
    assert_eq!((set.pop_last(), set.pop_first(), set.pop_last()), (Some(3), Some(1), None));
}

#[test]
fn one_value_is_hashed_as_by_a_hasher() {
    let build = RandomState::new();
    let mut hasher: DefaultHasher = build.build_hasher();
    "text".hash(&mut hasher);
    assert_eq!(build.hash_one("text"), hasher.finish());
    let default = BuildHasherDefault::<DefaultHasher>::new();
    assert_eq!(default.hash_one(1), default.hash_one(1));
}

#[test]
fn a_panicking_condition_loses_nothing_unseen_of_a_tree() {
    use std::panic::{catch_unwind, AssertUnwindSafe};
    let mut map: BTreeMap<u8, u8> = (0..9).map(|n| (n, n)).collect();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        map.retain(|key, _| {
            assert!(*key < 4, "the fifth is too much");
            key % 2 == 0
        })
    }));
    assert!(outcome.is_err());
    assert_eq!(map.into_keys().collect::<Vec<_>>(), [0, 2, 4, 5, 6, 7, 8]);
    let mut set: BTreeSet<u8> = (0..9).collect();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        set.retain(|n| {
            assert!(*n < 4, "the fifth is too much");
            n % 2 == 0
        })
    }));
    assert!(outcome.is_err());
    assert_eq!(set.into_iter().collect::<Vec<_>>(), [0, 2, 4, 5, 6, 7, 8]);
}
