// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `OnceCell`, for compilers before Rust 1.70.

use core::cell::UnsafeCell;
use core::fmt;

/// A cell that is written once: `core::cell::OnceCell` from Rust 1.70.
///
/// Its invariant: once there is a value, the cell is not written through a shared reference.
pub struct OnceCell<T> {
    inner: UnsafeCell<Option<T>>,
}

impl<T> OnceCell<T> {
    /// An empty cell.
    pub const fn new() -> OnceCell<T> {
        OnceCell { inner: UnsafeCell::new(None) }
    }

    /// The value, if there is one.
    #[inline]
    pub fn get(&self) -> Option<&T> {
        // SAFETY: no exclusive reference exists, by the invariant, and since those in `set` end with it.
        unsafe { &*self.inner.get() }.as_ref()
    }

    /// The value, if there is one.
    #[inline]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        // SAFETY: the cell is borrowed exclusively.
        unsafe { &mut *self.inner.get() }.as_mut()
    }

    /// Stores a value.
    ///
    /// # Errors
    /// Returns the value if there is one already.
    pub fn set(&self, value: T) -> Result<(), T> {
        if self.get().is_some() {
            return Err(value);
        }
        // SAFETY: the cell is empty, so no reference to a value exists, and dropping `None` runs
        // no code that could make one.
        unsafe { *self.inner.get() = Some(value) };
        Ok(())
    }

    /// The value, made by the function if there is none.
    ///
    /// # Panics
    ///
    /// If the function initialises this cell.
    pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let value = f();
        assert!(self.set(value).is_ok(), "reentrant init");
        self.get().expect("it was set above")
    }

    /// The value, if there is one.
    pub fn into_inner(self) -> Option<T> {
        self.inner.into_inner()
    }

    /// Takes the value out, which leaves the cell empty.
    pub fn take(&mut self) -> Option<T> {
        core::mem::take(self).into_inner()
    }
}

impl<T> Default for OnceCell<T> {
    fn default() -> Self {
        OnceCell::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_tuple("OnceCell");
        match self.get() {
            Some(value) => debug.field(value),
            None => debug.field(&format_args!("<uninit>")),
        };
        debug.finish()
    }
}

impl<T: Clone> Clone for OnceCell<T> {
    fn clone(&self) -> Self {
        OnceCell { inner: UnsafeCell::new(self.get().cloned()) }
    }
}

impl<T: PartialEq> PartialEq for OnceCell<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceCell<T> {}

impl<T> From<T> for OnceCell<T> {
    fn from(value: T) -> Self {
        OnceCell { inner: UnsafeCell::new(Some(value)) }
    }
}
