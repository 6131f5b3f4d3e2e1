// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(feature = "std")]

use crate::panic_message;
use oldstable_compat::sync::{LazyLock, OnceLock};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

static LOCK: OnceLock<String> = OnceLock::new();
static LAZY: LazyLock<Vec<u8>> = LazyLock::new(|| vec![1, 2]);

#[test]
fn statics_are_made_when_they_are_first_used() {
    assert_eq!(LOCK.get_or_init(|| "a".into()), "a");
    assert_eq!(LOCK.get().map(String::as_str), Some("a"));
    assert_eq!((LAZY.len(), LazyLock::force(&LAZY)[1]), (2, 2));
}

#[test]
fn a_once_lock_is_written_once() {
    let mut lock = OnceLock::new();
    assert_eq!(lock.get(), None);
    assert_eq!(lock.set("a".to_string()), Ok(()));
    assert_eq!(lock.set("b".into()), Err("b".into()));
    // Releases differ in what they call the lock.
    assert!(format!("{:?}", lock).ends_with("(\"a\")"));
    assert_eq!((lock.clone(), OnceLock::from("a".to_string())), (lock.clone(), lock.clone()));
    lock.get_mut().expect("it is set").push('c');
    assert_eq!(lock.take(), Some("ac".into()));
    assert_eq!((lock.get(), OnceLock::<u8>::default()), (None, OnceLock::new()));
    assert_eq!(lock.get_or_init(|| "d".into()), "d");
    assert_eq!(lock.into_inner(), Some("d".into()));
}

#[test]
fn threads_that_race_see_one_value() {
    for _ in 0..50 {
        let (lock, barrier) = (Arc::new(OnceLock::new()), Arc::new(Barrier::new(4)));
        let calls = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = (0..4)
            .map(|i| {
                let (lock, barrier, calls) = (lock.clone(), barrier.clone(), calls.clone());
                thread::spawn(move || {
                    barrier.wait();
                    *lock
                        .get_or_init(|| {
                            calls.fetch_add(1, Ordering::Relaxed);
                            Box::new(i)
                        })
                        .as_ref()
                })
            })
            .collect();
        let seen: Vec<i32> = threads.into_iter().map(|t| t.join().expect("no panic")).collect();
        assert!(seen.iter().all(|value| value == &**lock.get().expect("it is set")));
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn a_once_lock_stays_empty_when_the_function_panics() {
    let lock = OnceLock::new();
    assert_eq!(panic_message(|| *lock.get_or_init(|| panic!("no"))), "no");
    assert_eq!((lock.get(), *lock.get_or_init(|| 1)), (None, 1));
}

#[test]
fn a_once_lock_drops_its_value() {
    let shared = Arc::new(1);
    drop(OnceLock::from(shared.clone()));
    let lock = OnceLock::new();
    lock.get_or_init(|| shared.clone());
    drop(lock);
    assert_eq!(Arc::strong_count(&shared), 1);
}

#[test]
fn a_lazy_lock_says_whether_it_has_its_value() {
    let lazy = LazyLock::new(|| 1);
    assert_eq!(format!("{:?}", lazy), "LazyLock(<uninit>)");
    assert_eq!((*lazy, format!("{:?}", lazy)), (1, "LazyLock(1)".into()));
    assert_eq!(*LazyLock::<u8>::default(), 0);
}

#[cfg(any(before_1_80, not(before_1_89)))]
#[test]
fn the_value_of_a_lazy_lock_that_is_not_shared_changes() {
    let mut lazy = LazyLock::new(|| vec![1]);
    lazy.push(2);
    lazy[0] = 3;
    assert_eq!(*lazy, [3, 2]);
    let mut lazy = LazyLock::<u8, _>::new(|| panic!("no"));
    assert_eq!(panic_message(|| *lazy += 1), "no");
    assert!(panic_message(|| *lazy += 1).ends_with("has previously been poisoned"));
}

#[test]
fn a_lazy_lock_whose_function_panicked_is_poisoned() {
    let lazy = LazyLock::<u8, _>::new(|| panic!("no"));
    assert_eq!(panic_message(|| *lazy), "no");
    // Releases differ in what they call it.
    assert!(panic_message(|| *lazy).ends_with("has previously been poisoned"));
}

#[test]
fn locks_cross_threads_where_their_values_may() {
    fn shared<T: Sync>() {}
    fn sent<T: Send>() {}
    shared::<OnceLock<String>>();
    sent::<OnceLock<std::cell::Cell<u8>>>();
    shared::<LazyLock<u8, fn() -> u8>>();
    shared::<LazyLock<u8, std::cell::Cell<u8>>>();
}
