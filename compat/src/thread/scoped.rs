//! `thread::scope`, for compilers before Rust 1.63.

use core::marker::PhantomData;
use std::boxed::Box;
use std::mem;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle, Thread};

/// The threads of one [`scope`].
///
/// Both lifetimes are invariant: a longer `'scope` would let a thread borrow what dies before it.
pub struct Scope<'scope, 'env: 'scope> {
    threads: Arc<Threads>,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

/// The right to wait for a thread of a [`scope`].
pub struct ScopedJoinHandle<'scope, T> {
    native: JoinHandle<()>,
    packet: Arc<Packet<T>>,
    scope: PhantomData<&'scope ()>,
}

/// What the scope and its threads share, which outlives both.
#[derive(Default)]
struct Threads {
    state: Mutex<State>,
    none_left: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    unhandled_panic: bool,
}

/// Carries a thread's result to whoever joins it.
struct Packet<T> {
    result: Mutex<Option<thread::Result<T>>>,
    threads: Arc<Threads>,
}

/// Runs a function that may start threads, and returns when all of them have ended:
/// `std::thread::scope` from Rust 1.63.
///
/// # Panics
///
/// If the function does, or a thread did and nobody joined it.
pub fn scope<'env, F, T>(f: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let scope = Scope {
        threads: Arc::default(),
        scope: PhantomData,
        env: PhantomData,
    };
    // Whatever happens in the function, its threads end before this one goes on.
    let result = catch_unwind(AssertUnwindSafe(|| f(&scope)));
    let unhandled_panic = scope.threads.wait_for_all();
    match result {
        Err(panic) => resume_unwind(panic),
        Ok(_) if unhandled_panic => panic!("a scoped thread panicked"),
        Ok(value) => value,
    }
}

impl<'scope, 'env> Scope<'scope, 'env> {
    /// Starts a thread, which may borrow whatever outlives the scope.
    ///
    /// # Panics
    ///
    /// If the system has no thread left to give.
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let packet = Arc::new(Packet {
            result: Mutex::new(None),
            threads: self.threads.clone(),
        });
        let running = Running::start(&self.threads);
        let theirs = packet.clone();
        let main = move || {
            // Dropped last, so that nothing of `'scope` is left when the scope goes on.
            let _running = running;
            let theirs = theirs;
            let result = catch_unwind(AssertUnwindSafe(f));
            *lock(&theirs.result) = Some(result);
        };
        let main: Box<dyn FnOnce() + Send + 'scope> = Box::new(main);
        // SAFETY: `main` is called or dropped before `running` is, which `scope` waits for, and
        // `'scope` lasts until `scope` returns.
        let main: Box<dyn FnOnce() + Send + 'static> = unsafe { mem::transmute(main) };
        ScopedJoinHandle {
            native: thread::Builder::new()
                .spawn(main)
                .expect("failed to spawn thread"),
            packet,
            scope: PhantomData,
        }
    }
}

impl<'scope, T> ScopedJoinHandle<'scope, T> {
    /// The thread's own handle.
    pub fn thread(&self) -> &Thread {
        self.native.thread()
    }

    /// Waits for the thread's end, and returns its result.
    ///
    /// # Errors
    ///
    /// What the thread panicked with.
    pub fn join(self) -> thread::Result<T> {
        // The thread's own result is in the packet, unless dropping what it had borrowed panicked.
        self.native.join()?;
        let result = lock(&self.packet.result).take();
        result.expect("a thread that has ended left its result")
    }

    /// Whether the thread is done with its function.
    pub fn is_finished(&self) -> bool {
        Arc::strong_count(&self.packet) == 1
    }
}

/// One running thread, in the count of its scope.
struct Running(Arc<Threads>);

impl Running {
    fn start(threads: &Arc<Threads>) -> Running {
        lock(&threads.state).running += 1;
        Running(threads.clone())
    }
}

impl Drop for Running {
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
    /// Returns whether a thread panicked that nobody joined.
    fn wait_for_all(&self) -> bool {
        let mut state = lock(&self.state);
        while state.running > 0 {
            state = self
                .none_left
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.unhandled_panic
    }
}

impl<T> Drop for Packet<T> {
    fn drop(&mut self) {
        if let Some(Err(_)) = lock(&self.result).take() {
            lock(&self.threads.state).unhandled_panic = true;
        }
    }
}

/// No code that can panic runs while one of these mutexes is held.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
