// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Bottom halves: work that a device defers until the main loop has finished its current task.

use crate::bql::{self, BqlCell};
use crate::callback::{guard, FnCall};
use crate::qom::{expect_new_part_of, ObjectType, Part};
use crate::sys;
use oldstable_compat::c_str;
use oldstable_compat::ffi::c_void;
use std::ptr;

/// A bottom half: a field of the device that it calls back. It is deleted with its device.
pub struct BottomHalf(BqlCell<*mut sys::BottomHalf>);

// SAFETY: every method checks the big lock.
unsafe impl Sync for BottomHalf {}

// SAFETY: QEMU deletes a bottom half on any thread.
unsafe impl Part for BottomHalf {}

impl Default for BottomHalf {
    fn default() -> Self {
        BottomHalf(BqlCell::new(ptr::null_mut()))
    }
}

impl BottomHalf {
    /// Initialises the bottom half: `callback` gets the device, with the big lock held.
    ///
    /// # Panics
    /// If the bottom half is not a field of `owner`, has been initialised already, or `owner` is realized.
    #[track_caller]
    pub fn init<T, F>(&self, owner: &T, _callback: F)
    where
        T: ObjectType,
        F: for<'a> FnCall<(&'a T,)>,
    {
        expect_new_part_of(owner, self);
        assert!(self.0.get().is_null(), "a bottom half is initialised once");
        // SAFETY: the bottom half is a field of the owner, and its drop deletes it before the owner is freed.
        self.0.set(unsafe {
            sys::bottom_half_new(Some(run::<T, F>), owner as *const T as *mut c_void, c_str!("oldstable"))
        });
    }

    /// Schedules one call of the callback, by the main loop.
    ///
    /// # Panics
    /// If the bottom half has not been initialised.
    #[track_caller]
    pub fn schedule(&self) {
        let bh = self.0.get();
        assert!(!bh.is_null(), "a bottom half is initialised before it is scheduled");
        // SAFETY: it is live until the drop.
        unsafe { sys::qemu_bh_schedule(bh) }
    }

    /// Cancels a scheduled call, until it is scheduled again.
    pub fn cancel(&self) {
        let bh = self.0.get();
        if !bh.is_null() {
            // SAFETY: it is live until the drop.
            unsafe { sys::qemu_bh_cancel(bh) }
        }
    }
}

impl Drop for BottomHalf {
    fn drop(&mut self) {
        let bh = *self.0.get_mut();
        if !bh.is_null() {
            bql::expect_locked();
            // SAFETY: it is live, and nothing else deletes it. It is not called any more.
            unsafe { sys::qemu_bh_delete(bh) }
        }
    }
}

/// # Safety
/// QEMU calls it with the live `T` that `init` gave it.
unsafe extern "C" fn run<T, F>(opaque: *mut c_void)
where
    F: for<'a> FnCall<(&'a T,)>,
{
    guard("a bottom half", || {
        // SAFETY: `init` gave QEMU its owner, which outlives the bottom half inside it.
        unsafe { F::call((&*(opaque as *const T),)) }
    })
}
