// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(feature = "alloc")]

use oldstable_compat::future::{self, PollFn};
use oldstable_compat::task::{ready, Wake};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

oldstable_compat::prelude!();

fn poll<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn functions_are_futures() {
    let seven: PollFn<fn(&mut Context<'_>) -> Poll<u8>> = future::poll_fn(|_| Poll::Ready(7));
    assert_eq!(poll(seven), Poll::Ready(7));
    let later = future::poll_fn(|cx| {
        cx.waker().wake_by_ref();
        cx.waker().clone().wake();
        Poll::<u8>::Pending
    });
    assert_eq!(poll(later), Poll::Pending);
    assert_eq!(poll(future::ready(5).into_future()), Poll::Ready(5));
    assert_eq!(future::ready(5).into_inner(), 5);
    fn named<F: IntoFuture<Output = u8>>(future: F) -> F::IntoFuture {
        future.into_future()
    }
    assert_eq!(poll(named(future::ready(6))), Poll::Ready(6));
}

#[test]
fn ready_returns_what_is_not() {
    fn next(poll: Poll<u8>) -> Poll<u8> {
        Poll::Ready(ready!(poll) + 1)
    }
    assert_eq!((next(Poll::Ready(1)), next(Poll::Pending)), (Poll::Ready(2), Poll::Pending));
}

#[test]
fn polls_of_streams_are_mapped() {
    type P = Poll<Option<Result<u8, u16>>>;
    let all: [P; 4] = [Poll::Ready(Some(Ok(1))), Poll::Ready(Some(Err(2))), Poll::Ready(None), Poll::Pending];
    let mapped: Vec<_> = all.iter().map(|poll| poll.map_ok(|n| n + 1).map_err(|n| n + 2)).collect();
    assert_eq!(mapped, [Poll::Ready(Some(Ok(2))), Poll::Ready(Some(Err(4))), Poll::Ready(None), Poll::Pending]);
}

#[test]
fn a_task_is_woken_with_and_without_its_reference() {
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    fn wake_twice<W: Wake>(task: Arc<W>) {
        task.wake_by_ref();
        task.wake()
    }
    let count = Arc::new(Count(AtomicUsize::new(0)));
    wake_twice(Arc::clone(&count));
    assert_eq!((count.0.load(Ordering::Relaxed), Arc::strong_count(&count)), (2, 1));
}

#[test]
fn a_waker_is_made_of_its_functions() {
    use std::task::{RawWaker, RawWakerVTable};
    static TABLE: RawWakerVTable = RawWakerVTable::new(clone, |_| {}, |_| {}, |_| {});
    fn clone(data: *const ()) -> RawWaker {
        RawWaker::new(data, &TABLE)
    }
    // SAFETY: the functions use no data.
    let (one, other) = unsafe { (Waker::new(std::ptr::null(), &TABLE), Waker::new(std::ptr::null(), &TABLE)) };
    assert!(one.will_wake(&other) && one.clone().will_wake(&one));
}
