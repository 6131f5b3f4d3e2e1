// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The big QEMU lock, whose functions were renamed.

use super::imports::absent;
use super::Release;
use oldstable_compat::ffi::c_void;
use std::cell::UnsafeCell;
use std::mem::transmute;
use std::sync::atomic::Ordering;

imports! {
    in UP_TO_7_2 {
        fn qemu_mutex_iothread_locked() -> bool;
    }
    in SINCE_10_0 {
        fn bql_locked() -> bool;
    }
}

type IsLocked = unsafe extern "C" fn() -> bool;

/// The function of the two that the running QEMU has: every access to a device calls it. It is not atomic, since a
/// compiler loads an atomic pointer before it calls it.
struct Locked(UnsafeCell<IsLocked>);

// SAFETY: it is written once, when this object is loaded, before there is anything of ours that another thread could
// use.
unsafe impl Sync for Locked {}

static LOCKED: Locked = Locked(UnsafeCell::new(unknown));

extern "C" fn unknown() -> bool {
    absent()
}

/// Stores the function of a release whose functions have been looked up.
pub(super) fn load(release: &Release) {
    let slot = if release.lock_is_called_bql { Slot::bql_locked } else { Slot::qemu_mutex_iothread_locked };
    let address = ADDRESSES[slot as usize].load(Ordering::Relaxed);
    // SAFETY: this is the only write, and the address is that of a function of this type.
    unsafe { *LOCKED.0.get() = transmute::<*mut c_void, IsLocked>(address) }
}

/// Returns whether the calling thread holds the big lock.
#[inline]
pub fn is_locked() -> bool {
    // SAFETY: the function is `unknown` or either of QEMU's, which only read a thread-local variable.
    unsafe { (*LOCKED.0.get())() }
}
