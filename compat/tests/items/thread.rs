// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

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
        let panic = scope.spawn(|| panic!("inside")).join().map(|()| 0).expect_err("it panics");
        panic.downcast_ref::<&str>().map(|message| message.to_string())
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
    assert_eq!((message.as_str(), done.load(Ordering::Relaxed)), ("outside", true));
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

/// Values behind a parameter can be borrowed like local variables.
#[test]
fn threads_borrow_what_parameters_point_to() {
    struct Sums(Vec<u64>);
    impl Sums {
        fn sum(&self) -> u64 {
            thread::scope(|s| s.spawn(|| self.0.iter().sum()).join().expect("no panic"))
        }
        fn double(&mut self) {
            thread::scope(|s| {
                for number in &mut self.0 {
                    s.spawn(move || *number *= 2);
                }
            });
        }
    }
    fn sum(v: &[u64]) -> u64 {
        thread::scope(|s| s.spawn(|| v.iter().sum::<u64>()).join().unwrap())
    }
    fn add(n: &mut u64) {
        thread::scope(|s| {
            s.spawn(|| *n += 1);
        });
    }
    fn parts(v: &[u64]) -> Vec<u64> {
        thread::scope(|s| {
            let started: Vec<_> = v.chunks(2).map(|part| s.spawn(move || part.iter().sum())).collect();
            started.into_iter().map(|part| part.join().unwrap()).collect()
        })
    }
    fn nested<'a>(v: &'a [u64]) -> &'a u64 {
        thread::scope(|s| s.spawn(move || s.spawn(move || &v[0]).join().unwrap()).join().unwrap())
    }
    let mut sums = Sums(vec![1, 2, 3]);
    sums.double();
    add(&mut sums.0[0]);
    assert_eq!((sums.sum(), sum(&sums.0), parts(&sums.0), *nested(&sums.0)), (13, 13, vec![7, 6], 3));
}

/// What programs do with it that were written for std's.
#[test]
fn threads_of_other_peoples_programs() {
    fn each<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
        let f = &f;
        thread::scope(|s| {
            let started: Vec<_> = items.iter().map(|item| s.spawn(move || f(item))).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }
    fn sort(numbers: &mut [u64]) {
        let (left, right) = numbers.split_at_mut(numbers.len() / 2);
        thread::scope(|s| {
            s.spawn(move || left.sort());
            s.spawn(move || right.sort());
        });
    }
    fn start<'scope>(s: &'scope Scope<'scope, '_>, numbers: &'scope [u64]) -> ScopedJoinHandle<'scope, u64> {
        s.spawn(move || numbers.iter().sum())
    }
    fn sum(numbers: &[u64]) -> u64 {
        if numbers.len() < 2 {
            return thread::scope(|s| start(s, numbers).join().unwrap());
        }
        let (left, right) = numbers.split_at(numbers.len() / 2);
        thread::scope(|s| {
            let left = s.spawn(|| sum(left));
            sum(right) + left.join().unwrap()
        })
    }
    fn first(numbers: &[u64]) -> Result<u64, String> {
        thread::scope(|s| {
            let first = s.spawn(|| numbers.first().copied().ok_or_else(|| "none".to_string()));
            Ok(first.join().unwrap()? + 1)
        })
    }
    fn sent(numbers: &[u64]) -> Vec<u64> {
        let (sender, receiver) = std::sync::mpsc::channel();
        thread::scope(|s| {
            for &number in numbers {
                let sender = sender.clone();
                s.spawn(move || sender.send(number).unwrap());
            }
            drop(sender);
            receiver.iter().collect()
        })
    }
    fn called(functions: &[Box<dyn Fn() -> u64 + Sync>]) -> Vec<u64> {
        each(functions, |f| f())
    }
    let mut numbers = [3, 1, 4, 2];
    sort(&mut numbers);
    assert_eq!((numbers, sum(&numbers)), ([1, 3, 2, 4], 10));
    assert_eq!((each(&numbers, |n| n + 1), first(&numbers), first(&[])), (vec![2, 4, 3, 5], Ok(2), Err("none".into())));
    assert_eq!((sent(&numbers).iter().sum::<u64>(), called(&[Box::new(|| 1), Box::new(|| 2)])), (10, vec![1, 2]));
}

/// Std's signature refuses this program; here it panics, and no thread outlives its borrows.
#[cfg(before_1_63)]
#[test]
fn a_scope_that_is_kept_starts_no_thread_any_more() {
    fn kept<'a>() -> &'a Scope<'a, 'a> {
        thread::scope(|s| s)
    }
    let scope = kept();
    assert!(panic_message(|| scope.spawn(|| ()).thread().id()).contains("the scope has ended"));
    assert!(format!("{:?}", scope).contains("num_running_threads: 0"));
}

#[test]
fn scopes_are_for_all_threads_and_show_themselves() {
    fn shared<T: Send + Sync>(_: &T) {}
    thread::scope(|s| {
        shared(s);
        assert!(format!("{:?}", s).starts_with("Scope { num_running_threads: "));
        let handle = s.spawn(|| ());
        shared(&handle);
        assert_eq!(format!("{:?}", handle), "ScopedJoinHandle { .. }");
    });
}

#[cfg(not(pretended))]
mod methods {
    #![allow(unstable_name_collisions)]

    use std::cell::{Cell, RefCell};
    use std::thread::Builder;

    oldstable_compat::prelude!();

    oldstable_compat::thread_local! {
        static COUNT: Cell<u32> = const { Cell::new(1) };
        static NAMES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        pub static LAZY: Cell<usize> = Cell::new("lazy".len());
    }

    #[test]
    fn a_builder_starts_threads_of_a_scope() {
        let text = "text".to_string();
        let name = oldstable_compat::thread::scope(|s| {
            let builder = Builder::new().name("named".into());
            let started = builder.spawn_scoped(s, || (std::thread::current().name().map(str::len), text.len()));
            started.expect("there is a thread").join().expect("no panic")
        });
        assert_eq!(name, (Some(5), 4));
    }

    #[test]
    fn values_of_a_thread() {
        assert_eq!((COUNT.get(), COUNT.replace(2), COUNT.take(), COUNT.get(), LAZY.get()), (1, 1, 2, 0, 4));
        COUNT.set(5);
        NAMES.with_borrow_mut(|names| names.push(1));
        assert_eq!((COUNT.get(), NAMES.with_borrow(Vec::len), NAMES.replace(vec![2])), (5, 1, vec![1]));
        assert_eq!((NAMES.take(), NAMES.take()), (vec![2], vec![]));
        NAMES.set(vec![3]);
        assert_eq!(NAMES.take(), [3]);
    }

    #[test]
    fn threads_run_at_a_time() {
        let count = oldstable_compat::thread::available_parallelism();
        assert!(count.map_or(cfg!(not(target_os = "linux")), |count| count.get() >= 1));
    }
}
