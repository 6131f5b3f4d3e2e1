// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The big QEMU lock, whose functions were renamed.

use super::imports::absent;
use super::Release;
use oldstable_compat::ffi::c_void;
use std::sync::atomic::{AtomicPtr, Ordering};

imports! {
    in UP_TO_7_2 {
        fn qemu_mutex_iothread_locked() -> bool;
    }
    in SINCE_10_0 {
        fn bql_locked() -> bool;
    }
}

/// The function of the two that the running QEMU has: every access to a device calls it.
static LOCKED: AtomicPtr<c_void> = AtomicPtr::new(absent as *mut _);

/// Stores the function of a release whose functions have been looked up.
pub(super) fn load(release: &Release) {
    let slot = if release.lock_is_called_bql { Slot::bql_locked } else { Slot::qemu_mutex_iothread_locked };
    LOCKED.store(ADDRESSES[slot as usize].load(Ordering::Relaxed), Ordering::Relaxed);
}

/// Returns whether the calling thread holds the big lock.
#[inline]
pub fn is_locked() -> bool {
    // SAFETY: the address is `absent` or that of either function, which have the same signature and only read a
    // thread-local variable.
    unsafe {
        let locked = std::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> bool>(LOCKED.load(Ordering::Relaxed));
        locked()
    }
}
