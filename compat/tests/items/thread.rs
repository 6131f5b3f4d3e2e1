#![cfg(feature = "std")]

use crate::panic_message;
use oldstable_compat::thread::{self, Scope, ScopedJoinHandle};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

#[test]
fn threads_borrow_from_the_one_that_starts_them() {
    let mut numbers = vec![1, 2, 3];
    let text = "text".to_string();
    let len = thread::scope(|scope| {
        let len = scope.spawn(|| text.len());
        scope.spawn(|| numbers.push(4));
        len.join().expect("no panic")
    });
    numbers.push(len);
    assert_eq!(numbers, [1, 2, 3, 4, 4]);
}

#[test]
fn the_scope_waits_for_threads_that_nobody_joins() {
    let done = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(20));
                done.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    assert_eq!(done.load(Ordering::Relaxed), 3);
}

#[test]
fn threads_start_threads() {
    fn count<'scope>(scope: &'scope Scope<'scope, '_>, counter: &'scope AtomicUsize, depth: u32) {
        counter.fetch_add(1, Ordering::Relaxed);
        if depth > 0 {
            scope.spawn(move || count(scope, counter, depth - 1));
            scope.spawn(move || count(scope, counter, depth - 1));
        }
    }
    let counter = AtomicUsize::new(0);
    thread::scope(|scope| count(scope, &counter, 3));
    assert_eq!(counter.load(Ordering::Relaxed), 15);
}

#[test]
fn whoever_joins_gets_the_panic() {
    let message = thread::scope(|scope| {
        let panic = scope
            .spawn(|| panic!("inside"))
            .join()
            .map(|()| 0)
            .expect_err("it panics");
        panic
            .downcast_ref::<&str>()
            .map(|message| message.to_string())
    });
    assert_eq!(message.as_deref(), Some("inside"));
}

#[test]
fn a_panic_that_nobody_gets_is_the_scopes() {
    let message = panic_message(|| thread::scope(|scope| drop(scope.spawn(|| panic!("lost")))));
    assert_eq!(message, "a scoped thread panicked");
}

#[test]
fn a_panic_in_the_function_waits_for_the_threads_too() {
    let done = AtomicBool::new(false);
    let message = panic_message(|| {
        thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(20));
                done.store(true, Ordering::Relaxed);
            });
            panic!("outside");
        })
    });
    assert_eq!(
        (message.as_str(), done.load(Ordering::Relaxed)),
        ("outside", true)
    );
}

/// What a thread returns is dropped before the scope ends, because it may borrow as well.
#[test]
fn results_that_nobody_takes_are_dropped_inside() {
    struct Slow<'a>(&'a AtomicBool);
    impl Drop for Slow<'_> {
        fn drop(&mut self) {
            std::thread::sleep(Duration::from_millis(20));
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let dropped = AtomicBool::new(false);
    thread::scope(|scope| drop(scope.spawn(|| Slow(&dropped))));
    assert!(dropped.load(Ordering::Relaxed));
}

#[test]
fn a_handle_knows_its_thread() {
    thread::scope(|scope| {
        let handle: ScopedJoinHandle<'_, _> = scope.spawn(|| std::thread::current().id());
        let id = handle.thread().id();
        while !handle.is_finished() {
            std::thread::yield_now();
        }
        assert_eq!(handle.join().expect("no panic"), id);
    });
}
