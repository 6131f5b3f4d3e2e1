// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The big QEMU lock, and cells that check it.
//!
//! QEMU calls a device from several threads, but from one at a time: the caller holds the big lock. State that methods
//! change through `&self` is in a [`BqlCell`] or [`BqlRefCell`], which check the lock at each access. Without the lock,
//! or during a conflicting borrow, an access prints an error and ends the process; it is never undefined behaviour.

use crate::report::die;
use crate::sys;
use std::cell::{Cell, Ref, RefCell, RefMut, UnsafeCell};
use std::fmt;
use std::panic::Location;

/// Returns whether the calling thread holds the big lock.
#[inline]
pub fn is_locked() -> bool {
    sys::is_locked()
}

/// Ends the process if the calling thread does not hold the big lock. Every safe access to QEMU or to a device's state
/// calls it first.
#[inline]
#[track_caller]
pub(crate) fn expect_locked() {
    if !is_locked() {
        not_locked()
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_locked() -> ! {
    die(&format_args!(
        "QEMU or the state of a device was used by a thread that does not hold the big QEMU lock ({})",
        Location::caller()
    ))
}

/// It has no parameters, which each access would have to prepare.
#[cold]
#[inline(never)]
#[track_caller]
fn read_conflicts() -> ! {
    let caller = Location::caller();
    die(&format_args!("state of a device was read while a borrow to change it was still out ({})", caller))
}

#[cold]
#[inline(never)]
#[track_caller]
fn change_conflicts() -> ! {
    let caller = Location::caller();
    die(&format_args!("state of a device was changed while another borrow of it was still out ({})", caller))
}

/// A value that is read and written as a whole, by a thread that holds the big lock.
#[repr(transparent)]
pub struct BqlCell<T>(Cell<T>);

// SAFETY: every access is by a thread that holds the lock, of which there is one at a time.
unsafe impl<T: Send> Sync for BqlCell<T> {}

impl<T> BqlCell<T> {
    /// Makes a cell. It needs no lock.
    pub const fn new(value: T) -> Self {
        BqlCell(Cell::new(value))
    }

    /// Changes the value. Aborts without the big lock.
    #[track_caller]
    pub fn set(&self, value: T) {
        self.replace(value);
    }

    /// Changes the value and returns the previous one. Aborts without the big lock.
    #[track_caller]
    pub fn replace(&self, value: T) -> T {
        expect_locked();
        self.0.replace(value)
    }

    /// Where the value lies, for C code that writes it under the lock.
    pub fn as_ptr(&self) -> *mut T {
        self.0.as_ptr()
    }

    /// The value, for its owner's drop: nobody else has the cell then, and a part that was never set up, which has nothing
    /// to undo, may end with its thread, without the lock.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }
}

impl<T: Copy> BqlCell<T> {
    /// Replaces the value by a function's result for it. Aborts without the big lock.
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(T) -> T) {
        expect_locked();
        self.0.set(change(self.0.get()));
    }

    /// Returns the value. Aborts without the big lock.
    #[track_caller]
    pub fn get(&self) -> T {
        expect_locked();
        self.0.get()
    }
}

impl<T: Default> Default for BqlCell<T> {
    fn default() -> Self {
        BqlCell::new(T::default())
    }
}

/// A value that a thread with the big lock can borrow, once to change it or several times to read it.
///
/// End a borrow before you call anything that can call back: a line, a character device, a timer.
#[repr(C)]
pub struct BqlRefCell<T> {
    /// It comes first, so that migration finds it where the cell is.
    value: UnsafeCell<T>,
    /// Counts the borrows of the value.
    borrows: RefCell<()>,
}

// SAFETY: every borrow is made by a thread that holds the lock, of which there is one at a time, and if a borrow still
// exists when another thread asks for one, that thread aborts.
unsafe impl<T: Send> Sync for BqlRefCell<T> {}

impl<T> BqlRefCell<T> {
    /// Makes a cell. It needs no lock.
    pub const fn new(value: T) -> Self {
        BqlRefCell { value: UnsafeCell::new(value), borrows: RefCell::new(()) }
    }

    /// Borrows the value to read it. Aborts without the big lock, and while it is borrowed to be changed.
    #[inline]
    #[track_caller]
    pub fn borrow(&self) -> Ref<'_, T> {
        expect_locked();
        match self.borrows.try_borrow() {
            // SAFETY: there is no mutable borrow, and none can be made before this one ends.
            Ok(borrow) => Ref::map(borrow, |()| unsafe { &*self.value.get() }),
            Err(_) => read_conflicts(),
        }
    }

    /// Borrows the value to change it. Aborts without the big lock, and while it is borrowed at all.
    #[inline]
    #[track_caller]
    pub fn borrow_mut(&self) -> RefMut<'_, T> {
        expect_locked();
        match self.borrows.try_borrow_mut() {
            // SAFETY: there is no borrow of the value, and none can be made before this one ends.
            Ok(borrow) => RefMut::map(borrow, |()| unsafe { &mut *self.value.get() }),
            Err(_) => change_conflicts(),
        }
    }

    /// Returns whether the value is borrowed, or with `to_change` whether it is borrowed mutably.
    pub(crate) fn is_borrowed(&self, to_change: bool) -> bool {
        if to_change {
            self.borrows.try_borrow().is_err()
        } else {
            self.borrows.try_borrow_mut().is_err()
        }
    }

    /// Where the value lies, for C code that writes it under the lock.
    pub fn as_ptr(&self) -> *mut T {
        self.value.get()
    }
}

impl<T: Default> Default for BqlRefCell<T> {
    fn default() -> Self {
        BqlRefCell::new(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for BqlRefCell<T> {
    /// Aborts without the big lock.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expect_locked();
        match self.borrows.try_borrow() {
            // SAFETY: as in `borrow`.
            Ok(_borrow) => f.debug_tuple("BqlRefCell").field(unsafe { &*self.value.get() }).finish(),
            Err(_) => f.write_str("BqlRefCell(<borrowed>)"),
        }
    }
}
