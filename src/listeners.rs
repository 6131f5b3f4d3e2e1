//! Lists of those who want to be told of something, which may change while they are told.
//!
//! QEMU walks its own lists of handlers in a way that differs between releases, and none of them bears it
//! that another entry than the current one leaves the list meanwhile. So QEMU's list has one entry of ours,
//! for ever, and the devices are in a list here. For the entries of C devices in QEMU's list nothing can be
//! done, but that no object leaves the tree while they are told ([`TELLING`]). So it is with the list of
//! all that migrates, which QEMU walks while it calls the hooks of a section.

use crate::bql::{BqlCell, BqlRefCell};
use crate::callback::{guard, Meanwhile};
use oldstable_compat::ffi::c_void;

/// Calling back from the middle of a list of QEMU's, which must not change meanwhile.
pub(crate) static TELLING: Meanwhile = Meanwhile::new(
    "no device is realized or taken away while devices hear of a run state or of QEMU's end, or migrate: \
     a BottomHalf can do it afterwards",
);

/// What one who listens is told with.
#[derive(Clone, Copy)]
struct Listener<A> {
    ticket: u64,
    owner: *const c_void,
    call: unsafe fn(*const c_void, A),
}

// SAFETY: the owner is only used under the big lock, which serves for all threads.
unsafe impl<A> Send for Listener<A> {}

/// Those who want to be told of one thing, in the order in which they began.
pub(crate) struct Listeners<A> {
    list: BqlRefCell<Vec<Listener<A>>>,
    /// The last ticket that has been given; 0 before the first.
    last: BqlCell<u64>,
}

impl<A> Listeners<A> {
    pub const fn new() -> Self {
        Listeners { list: BqlRefCell::new(Vec::new()), last: BqlCell::new(0) }
    }
}

impl<A: Copy> Listeners<A> {
    /// Adds one who listens, and returns a number for [`remove`](Self::remove), which is never 0.
    /// `is_first` is called if nobody has ever listened.
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

    /// Removes one who listens, who is then not told any more, whether or not others are just being told.
    pub fn remove(&self, ticket: u64) {
        self.list.borrow_mut().retain(|l| l.ticket != ticket);
    }

    /// Tells all who listen now, in their order or the other way round.
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
