// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `core::task` and `core::future`.

#[cfg(before_1_85)]
use core::mem::ManuallyDrop;
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

#[cfg(before_1_51)]
extension! {
    /// Methods of `Poll<Option<Result<T, E>>>` from Rust 1.51.
    PollMap<T, E> for Poll<Option<Result<T, E>>>;
    /// Changes the value.
    fn map_ok<U, F>(self, f: F) -> Poll<Option<Result<U, E>>>
    where F: FnOnce(T) -> U {
        self.map(|item| item.map(|result| result.map(f)))
    }
    /// Changes the error.
    fn map_err<U, F>(self, f: F) -> Poll<Option<Result<T, U>>>
    where F: FnOnce(E) -> U {
        self.map(|item| item.map(|result| result.map_err(f)))
    }
}

#[cfg(before_1_82)]
extension! {
    /// Methods of `future::Ready` from Rust 1.82.
    ReadyIntoInner<T> for core::future::Ready<T>;
    /// The value.
    ///
    /// # Panics
    ///
    /// If it was taken before.
    fn into_inner(self) -> T {
        let mut this = self;
        let waker = <Waker as WakerNoop>::noop();
        match core::future::Future::poll(core::pin::Pin::new(&mut this), &mut Context::from_waker(waker)) {
            Poll::Ready(value) => value,
            Poll::Pending => unreachable!("`Ready` is ready"),
        }
    }
}

#[cfg(before_1_83)]
extension! {
    /// Functions of `Waker` from Rust 1.83.
    WakerNew for Waker;
    /// The waker of data and functions.
    ///
    /// # Safety
    ///
    /// The functions do for the data what `RawWakerVTable` asks for.
    unsafe fn new(data: *const (), vtable: &'static RawWakerVTable) -> Self {
        Waker::from_raw(RawWaker::new(data, vtable))
    }
}

#[cfg(before_1_85)]
extension! {
    /// Functions of `Waker` from Rust 1.85.
    WakerNoop for Waker;
    /// A waker that does nothing.
    fn noop() -> &'static Waker {
        static TABLE: RawWakerVTable = RawWakerVTable::new(clone, nothing, nothing, nothing);
        fn nothing(_: *const ()) {}
        fn clone(_: *const ()) -> RawWaker {
            RawWaker::new(core::ptr::null(), &TABLE)
        }
        // SAFETY: on the compilers that use this branch, all of them released, a waker consists of its raw waker; the
        // functions of this one use no data. It is never dropped, and otherwise the compiler would compile its drop.
        static NOOP: ManuallyDrop<Waker> =
            unsafe { core::mem::transmute::<RawWaker, ManuallyDrop<Waker>>(RawWaker::new(core::ptr::null(), &TABLE)) };
        &NOOP
    }
}
