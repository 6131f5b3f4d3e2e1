// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `thread::scope`, for compilers before Rust 1.63.
//!
//! Std's `scope` takes a function for every lifetime `'scope`. Compilers before 1.63 then cannot prove that values
//! bounded by the caller's own lifetime parameters live long enough (E0495). So here the caller chooses `'scope`, which
//! only has to outlast the call. This lets a caller keep the `&'scope Scope` and use it after the call. Such a use
//! panics, because the scope has ended: a `Scope` has no memory of its own; its address is a number that is never used
//! again, and a list has the threads of each running scope under that number.

use core::fmt;
use core::marker::PhantomData;
use core::num::NonZeroUsize;
use std::boxed::Box;
use std::io;
use std::mem::{self, ManuallyDrop, MaybeUninit};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle, Thread};
use std::vec::Vec;

use crate::sync::OnceLock;

/// The threads of one [`scope`].
///
/// Both lifetimes are invariant: a longer `'scope` would let a thread borrow a value that is dropped before the thread
/// ends.
pub struct Scope<'scope, 'env: 'scope> {
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

/// A handle to wait for a thread of a [`scope`].
pub struct ScopedJoinHandle<'scope, T> {
    native: JoinHandle<()>,
    packet: Arc<Packet<T>>,
    scope: PhantomData<&'scope ()>,
}

/// The state that the scope and its threads share, which outlives both.
#[derive(Default)]
struct Threads {
    state: Mutex<State>,
    none_left: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    unhandled_panic: bool,
    /// Once it is set, no thread starts.
    ended: bool,
}

/// Passes a thread's result to the thread that joins it.
struct Packet<T> {
    result: Mutex<Option<thread::Result<T>>>,
    threads: Arc<Threads>,
}

/// The running scopes, by the addresses of their `Scope`s.
#[derive(Default)]
struct Running {
    last: usize,
    scopes: Vec<(usize, Arc<Threads>)>,
}

#[inline]
fn running() -> &'static Mutex<Running> {
    // A static is never dropped, and otherwise the compiler would compile its drop.
    static RUNNING: ManuallyDrop<OnceLock<Mutex<Running>>> = ManuallyDrop::new(OnceLock::new());
    RUNNING.get_or_init(Mutex::default)
}

/// A running scope, registered by its address.
struct Registered {
    address: NonZeroUsize,
    threads: Arc<Threads>,
}

impl Registered {
    #[inline]
    fn new() -> Registered {
        let threads = Arc::<Threads>::default();
        let mut running = lock(running());
        let next = running.last.checked_add(1).expect("as many scopes as addresses ran");
        running.last = next;
        running.scopes.push((next, threads.clone()));
        Registered { address: NonZeroUsize::new(next).expect("it is greater than the last"), threads }
    }
}

impl Drop for Registered {
    #[inline]
    fn drop(&mut self) {
        lock(running()).scopes.retain(|(address, _)| *address != self.address.get());
    }
}

/// Runs a function that may start threads, and returns when all of them have ended:
/// `std::thread::scope` from Rust 1.63.
///
/// # Panics
///
/// If the function panics, or a thread did and was not joined.
pub fn scope<'scope, 'env, F, T>(f: F) -> T
where
    'env: 'scope,
    F: FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let registered = Registered::new();
    // SAFETY: a `Scope` is zero-sized, so a reference to one may have any address but null; it is aligned to one byte,
    // and cannot be moved.
    let scope = unsafe { &*(registered.address.get() as *const Scope<'scope, 'env>) };
    // Whatever happens in the function, its threads end before this one continues.
    let result = catch_unwind(AssertUnwindSafe(|| f(scope)));
    let unhandled_panic = registered.threads.wait_for_all();
    match result {
        Err(panic) => resume_unwind(panic),
        Ok(_) if unhandled_panic => panic!("a scoped thread panicked"),
        Ok(value) => value,
    }
}

/// A value whose references are not asserted to be valid while it is moved.
///
/// What a thread captures is an argument of its main function, which returns only after the scope was told that the
/// thread has ended. References in an argument must be valid until the function returns, but the scope's owner may use
/// what they borrow before that.
struct Unasserted<T>(MaybeUninit<T>);

impl<T> Unasserted<T> {
    fn new(value: T) -> Self {
        Unasserted(MaybeUninit::new(value))
    }

    fn into_inner(self) -> T {
        let this = ManuallyDrop::new(self);
        // SAFETY: it has a value, which is taken once, since `drop` does not run.
        unsafe { this.0.as_ptr().read() }
    }
}

impl<T> Drop for Unasserted<T> {
    fn drop(&mut self) {
        // SAFETY: it has a value, since `into_inner` does not drop what it has emptied.
        unsafe { self.0.as_mut_ptr().drop_in_place() }
    }
}

impl<'scope, 'env> Scope<'scope, 'env> {
    /// Starts a thread, which may borrow whatever outlives the scope.
    ///
    /// # Panics
    ///
    /// If the system cannot start a thread, or the scope has ended.
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.spawn_with(thread::Builder::new(), f).expect("failed to spawn thread")
    }

    pub(crate) fn spawn_with<F, T>(
        &'scope self,
        builder: thread::Builder,
        f: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let started = self.start();
        let packet = Arc::new(Packet { result: Mutex::new(None), threads: started.0.clone() });
        let theirs = packet.clone();
        let f = Unasserted::new(f);
        let main = move || {
            // Dropped last, so that nothing of `'scope` is left when the scope continues.
            let _started = started;
            let theirs = theirs;
            let result = catch_unwind(AssertUnwindSafe(|| f.into_inner()()));
            *lock(&theirs.result) = Some(result);
        };
        let main: Box<dyn FnOnce() + Send + 'scope> = Box::new(main);
        // SAFETY: `main` is called or dropped before `started` is, which `scope` waits for, and
        // `'scope` lasts until `scope` returns.
        let main: Box<dyn FnOnce() + Send + 'static> = unsafe { mem::transmute(main) };
        Ok(ScopedJoinHandle { native: builder.spawn(main)?, packet, scope: PhantomData })
    }

    /// The state that it shares with its threads, unless it has ended.
    #[inline]
    fn threads(&self) -> Option<Arc<Threads>> {
        let address = self as *const Self as usize;
        let running = lock(running());
        let mut scopes = running.scopes.iter();
        let found = scopes.find(|(other, _)| *other == address);
        found.map(|(_, threads)| threads.clone())
    }

    /// Counts another thread, unless the scope has ended.
    #[inline]
    fn start(&self) -> Started {
        let threads = self.threads().expect("the scope has ended");
        let mut state = lock(&threads.state);
        assert!(!state.ended, "the scope has ended");
        state.running += 1;
        drop(state);
        Started(threads)
    }
}

impl fmt::Debug for Scope<'_, '_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.threads().map(|threads| {
            let state = lock(&threads.state);
            (state.running, state.unhandled_panic)
        });
        let (threads, panicked) = state.unwrap_or_default();
        f.debug_struct("Scope")
            .field("num_running_threads", &threads)
            .field("a_thread_panicked", &panicked)
            .field("main_thread", &format_args!(".."))
            .finish()
    }
}

impl<'scope, T> ScopedJoinHandle<'scope, T> {
    /// The thread's own handle.
    #[inline]
    pub fn thread(&self) -> &Thread {
        self.native.thread()
    }

    /// Waits for the thread's end, and returns its result.
    ///
    /// # Errors
    ///
    /// The payload of the thread's panic.
    #[inline]
    pub fn join(self) -> thread::Result<T> {
        // The thread's own result is in the packet, unless the drop of its captures panicked.
        self.native.join()?;
        let result = lock(&self.packet.result).take();
        result.expect("a thread that has ended left its result")
    }

    /// Whether the thread has finished its function.
    #[inline]
    pub fn is_finished(&self) -> bool {
        Arc::strong_count(&self.packet) == 1
    }
}

impl<T> fmt::Debug for ScopedJoinHandle<'_, T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScopedJoinHandle { .. }")
    }
}

/// A running thread, counted in its scope.
struct Started(Arc<Threads>);

impl Drop for Started {
    #[inline]
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.running -= 1;
        state.unhandled_panic |= thread::panicking();
        if state.running == 0 {
            self.0.none_left.notify_all();
        }
    }
}

impl Threads {
    /// Returns whether a thread that was not joined panicked.
    #[inline]
    fn wait_for_all(&self) -> bool {
        let mut state = lock(&self.state);
        while state.running > 0 {
            state = self.none_left.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.ended = true;
        state.unhandled_panic
    }
}

impl<T> Drop for Packet<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(Err(_)) = lock(&self.result).take() {
            lock(&self.threads.state).unhandled_panic = true;
        }
    }
}

/// No code that can panic runs while one of these mutexes is held.
#[inline]
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
