//! The big QEMU lock, and cells that know it.
//!
//! QEMU calls a device from several threads, one at a time: whoever calls holds the big lock. State that
//! methods change through `&self` sits in a [`BqlCell`] or [`BqlRefCell`], which ask for the lock at each
//! access. Without the lock, or while a conflicting borrow is out, the access prints what is wrong and
//! ends the process; it is never undefined behaviour.

use crate::report::die;
use crate::sys;
use std::cell::{Cell, Ref, RefCell, RefMut, UnsafeCell};
use std::fmt;
use std::panic::Location;

/// Whether the calling thread holds the big lock.
#[inline]
pub fn is_locked() -> bool {
    sys::is_locked()
}

/// Ends the process if the calling thread does not hold the big lock: what every safe way into QEMU, and
/// into the state of a device, begins with.
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

/// It takes no argument, which each access would have to have ready.
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

/// A value that is read and written as a whole by whoever holds the big lock.
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
}

impl<T: Copy> BqlCell<T> {
    /// Changes the value to what a function makes of it. Aborts without the big lock.
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

/// A value that whoever holds the big lock borrows, once to change it or several times to read it.
///
/// Give a borrow back before calling anything that can call back: a line, a character device, a timer.
#[repr(C)]
pub struct BqlRefCell<T> {
    /// It comes first, so that migration finds it where the cell is.
    value: UnsafeCell<T>,
    /// Counts the borrows of the value.
    borrows: RefCell<()>,
}

// SAFETY: every borrow is made by a thread that holds the lock, of which there is one at a time, and a
// borrow that is still out when another thread asks makes that thread abort.
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
            // SAFETY: no borrow to change the value is out, and none can be made before this one ends.
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
            // SAFETY: no borrow of the value is out, and none can be made before this one ends.
            Ok(borrow) => RefMut::map(borrow, |()| unsafe { &mut *self.value.get() }),
            Err(_) => change_conflicts(),
        }
    }

    /// Whether a borrow is out, or with `to_change` one that changes the value.
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
