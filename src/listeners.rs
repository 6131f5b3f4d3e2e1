// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Lists of listeners that may change while they are notified.
//!
//! Releases differ in how QEMU iterates over its own lists of handlers, but in none of them may an entry other than the
//! current one leave the list meanwhile. So QEMU's list has one permanent entry of ours, and the devices are in a list
//! here. The entries of C devices in QEMU's list can only be protected by keeping all objects in the tree during a
//! notification ([`TELLING`]). The same holds for the list of everything that migrates, over which QEMU iterates while
//! it calls the hooks of a section.

use crate::bql::{BqlCell, BqlRefCell};
use crate::callback::{guard, Meanwhile};
use oldstable_compat::ffi::c_void;

/// Callbacks during an iteration over one of QEMU's lists, which must not change meanwhile.
pub(crate) static TELLING: Meanwhile = Meanwhile::new(
    "no device is realized or taken away while devices hear of a run state or of QEMU's end, or migrate: \
     a BottomHalf can do it afterwards",
);

/// A listener: how it is notified.
#[derive(Clone, Copy)]
struct Listener<A> {
    ticket: u64,
    owner: *const c_void,
    call: unsafe fn(*const c_void, A),
}

// SAFETY: the owner is only used under the big lock, by whichever thread.
unsafe impl<A> Send for Listener<A> {}

/// The listeners for one event, in the order in which they were added.
pub(crate) struct Listeners<A> {
    list: BqlRefCell<Vec<Listener<A>>>,
    /// The last ticket that was issued; 0 before the first.
    last: BqlCell<u64>,
}

impl<A> Listeners<A> {
    pub const fn new() -> Self {
        Listeners { list: BqlRefCell::new(Vec::new()), last: BqlCell::new(0) }
    }
}

impl<A: Copy> Listeners<A> {
    /// Adds a listener, and returns its ticket for [`remove`](Self::remove), which is never 0. `is_first` is called for
    /// the very first listener.
    ///
    /// # Safety
    /// `call` must be callable with the owner until it is removed.
    pub unsafe fn add(&self, owner: *const c_void, call: unsafe fn(*const c_void, A), is_first: impl FnOnce()) -> u64 {
        if self.last.get() == 0 {
            is_first();
        }
        let ticket = self.last.get() + 1;
        self.last.set(ticket);
        self.list.borrow_mut().push(Listener { ticket, owner, call });
        ticket
    }

    /// Removes a listener, which is then not notified any more, not even by a notification in progress.
    pub fn remove(&self, ticket: u64) {
        self.list.borrow_mut().retain(|l| l.ticket != ticket);
    }

    /// Notifies all current listeners, in their order or in reverse.
    pub fn tell(&self, name: &str, reversed: bool, what: A) {
        let mut tickets: Vec<u64> = self.list.borrow().iter().map(|l| l.ticket).collect();
        if reversed {
            tickets.reverse();
        }
        TELLING.run(|| {
            for ticket in tickets {
                let found = self.list.borrow().iter().find(|l| l.ticket == ticket).copied();
                if let Some(Listener { owner, call, .. }) = found {
                    // SAFETY: it has not been removed.
                    guard(name, || unsafe { call(owner, what) })
                }
            }
        })
    }
}
