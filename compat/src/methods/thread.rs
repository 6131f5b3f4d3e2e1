// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `std::thread`.

#[cfg(before_1_63)]
use crate::thread::{Scope, ScopedJoinHandle};
use std::cell::{Cell, RefCell};
#[cfg(before_1_63)]
use std::io;
use std::thread::LocalKey;

/// Methods of `thread::Builder` from Rust 1.63.
#[cfg(before_1_63)]
pub trait BuilderSpawnScoped {
    /// Starts a thread, which may borrow whatever outlives the scope.
    ///
    /// # Errors
    ///
    /// If the system cannot start a thread.
    fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        f: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope;
}

#[cfg(before_1_63)]
impl BuilderSpawnScoped for std::thread::Builder {
    fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        f: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        scope.spawn_with(self, f)
    }
}

#[cfg(before_1_73)]
extension! {
    /// Methods of `LocalKey<Cell<T>>` from Rust 1.73. They panic if the value has been dropped already.
    LocalCell<T> for LocalKey<Cell<T>>;
    /// Sets the value.
    fn set(&'static self, value: T) { self.with(|cell| cell.set(value)) }
    /// The value.
    fn get(&'static self) -> T
    where T: Copy {
        self.with(Cell::get)
    }
    /// Takes the value, and leaves the default one.
    fn take(&'static self) -> T
    where T: Default {
        self.with(Cell::take)
    }
    /// Sets the value, and returns the old one.
    fn replace(&'static self, value: T) -> T { self.with(|cell| cell.replace(value)) }
}

#[cfg(before_1_73)]
extension! {
    /// Methods of `LocalKey<RefCell<T>>` from Rust 1.73. They panic if the value has been dropped already, or borrowed.
    LocalRefCell<T> for LocalKey<RefCell<T>>;
    /// Sets the value.
    fn set(&'static self, value: T) { self.with(|cell| *cell.borrow_mut() = value) }
    /// Takes the value, and leaves the default one.
    fn take(&'static self) -> T
    where T: Default {
        self.with(|cell| cell.replace(T::default()))
    }
    /// Sets the value, and returns the old one.
    fn replace(&'static self, value: T) -> T { self.with(|cell| cell.replace(value)) }
    /// Calls a function with a reference to the value.
    fn with_borrow<F, R>(&'static self, f: F) -> R
    where F: FnOnce(&T) -> R {
        self.with(|cell| f(&cell.borrow()))
    }
    /// Calls a function with an exclusive reference to the value.
    fn with_borrow_mut<F, R>(&'static self, f: F) -> R
    where F: FnOnce(&mut T) -> R {
        self.with(|cell| f(&mut cell.borrow_mut()))
    }
}
