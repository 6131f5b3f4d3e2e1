// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `OnceLock`, for compilers before Rust 1.70.

use core::cell::UnsafeCell;
use core::fmt;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::boxed::Box;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Mutex, PoisonError};

/// A value that is written once, by whichever thread comes first: `std::sync::OnceLock` from
/// Rust 1.70.
///
/// Its invariant: `ready` is set after the value is written, and from then on it is not written through a shared
/// reference; before that, only the thread that holds the mutex writes it.
pub struct OnceLock<T> {
    ready: AtomicBool,
    /// Null, or a box: `Mutex::new` is const only from Rust 1.63, so the first thread that writes makes it.
    /// `std::sync::Once` would not work: it stays poisoned after the function panics, while std's `OnceLock` lets the
    /// next thread try.
    mutex: AtomicPtr<Mutex<()>>,
    value: UnsafeCell<Option<T>>,
}

// SAFETY: the value is shared as `&T`, and moves to the thread that reads, takes or drops it.
unsafe impl<T: Send + Sync> Sync for OnceLock<T> {}
// SAFETY: it is a `T` and a mutex.
unsafe impl<T: Send> Send for OnceLock<T> {}
impl<T: RefUnwindSafe + UnwindSafe> RefUnwindSafe for OnceLock<T> {}
impl<T: UnwindSafe> UnwindSafe for OnceLock<T> {}

impl<T> OnceLock<T> {
    /// An empty lock.
    pub const fn new() -> OnceLock<T> {
        OnceLock { ready: AtomicBool::new(false), mutex: AtomicPtr::new(ptr::null_mut()), value: UnsafeCell::new(None) }
    }

    /// The value, if there is one; never waits.
    #[inline]
    pub fn get(&self) -> Option<&T> {
        if self.ready.load(Ordering::Acquire) {
            // SAFETY: it is ready, so it is not written any more.
            unsafe { &*self.value.get() }.as_ref()
        } else {
            None
        }
    }

    /// The value, if there is one.
    #[inline]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        // SAFETY: the lock is borrowed exclusively.
        unsafe { &mut *self.value.get() }.as_mut()
    }

    /// Stores a value, after waiting for another thread that is initialising it.
    ///
    /// # Errors
    ///
    /// Returns the value if there is one already.
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.get_or_init(|| value.take().expect("the function runs once"));
        match value {
            None => Ok(()),
            Some(value) => Err(value),
        }
    }

    /// The value, made by the function if there is none; waits for another thread that is initialising it.
    ///
    /// If the function panics, the lock stays empty, and the next caller tries again. A function
    /// that initialises this same lock never returns, or panics.
    pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        self.initialize(f);
        self.get().expect("it was initialised above")
    }

    #[cold]
    fn initialize<F: FnOnce() -> T>(&self, f: F) {
        // A panic of another thread's function does not affect the value, which does not exist yet.
        let _guard = self.mutex().lock().unwrap_or_else(PoisonError::into_inner);
        if !self.ready.load(Ordering::Relaxed) {
            let value = f();
            // SAFETY: this thread holds the mutex, and a value that is not ready is not read.
            unsafe { *self.value.get() = Some(value) };
            self.ready.store(true, Ordering::Release);
        }
    }

    fn mutex(&self) -> &Mutex<()> {
        let mut mutex = self.mutex.load(Ordering::Acquire);
        if mutex.is_null() {
            let new = Box::into_raw(Box::new(Mutex::new(())));
            match self.mutex.compare_exchange(ptr::null_mut(), new, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => mutex = new,
                Err(others) => {
                    // SAFETY: it came from a box above, and no other thread has seen it.
                    drop(unsafe { Box::from_raw(new) });
                    mutex = others;
                }
            }
        }
        // SAFETY: it is a box's, which lives until the lock is dropped.
        unsafe { &*mutex }
    }

    /// The value, if there is one.
    pub fn into_inner(mut self) -> Option<T> {
        self.take()
    }

    /// Takes the value out, which leaves the lock empty.
    pub fn take(&mut self) -> Option<T> {
        *self.ready.get_mut() = false;
        // SAFETY: the lock is borrowed exclusively.
        unsafe { &mut *self.value.get() }.take()
    }
}

impl<T> Drop for OnceLock<T> {
    fn drop(&mut self) {
        let mutex = *self.mutex.get_mut();
        if !mutex.is_null() {
            // SAFETY: it came from a box, and the lock is borrowed exclusively.
            drop(unsafe { Box::from_raw(mutex) });
        }
    }
}

impl<T> Default for OnceLock<T> {
    fn default() -> Self {
        OnceLock::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_tuple("OnceLock");
        match self.get() {
            Some(value) => debug.field(value),
            None => debug.field(&format_args!("<uninit>")),
        };
        debug.finish()
    }
}

impl<T: Clone> Clone for OnceLock<T> {
    fn clone(&self) -> Self {
        match self.get() {
            Some(value) => OnceLock::from(value.clone()),
            None => OnceLock::new(),
        }
    }
}

impl<T: PartialEq> PartialEq for OnceLock<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceLock<T> {}

impl<T> From<T> for OnceLock<T> {
    fn from(value: T) -> Self {
        OnceLock {
            ready: AtomicBool::new(true),
            mutex: AtomicPtr::new(ptr::null_mut()),
            value: UnsafeCell::new(Some(value)),
        }
    }
}
