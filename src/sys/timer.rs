// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Timers and their clocks.

use oldstable_compat::ffi::{c_int, c_void};

storage! {
    /// `QEMUTimer`, the same in every known release.
    Timer, 48, 32
}

/// A set of timer lists; only QEMU uses its contents.
#[repr(C)]
pub struct TimerListGroup {
    _opaque: [u8; 0],
}

/// Returns whether `timer_init_full` has been called, so that the timer has a list.
///
/// # Safety
/// `timer` is all zero, or has been initialised.
pub unsafe fn timer_has_clock(timer: *const Timer) -> bool {
    // The expiry time is eight bytes, and the next word is the list. SAFETY: both are in the timer, whatever it is.
    unsafe {
        let list = (timer as *const u8).add(8) as *const *const c_void;
        !(*list).is_null()
    }
}

/// Called when a timer has expired.
pub type TimerCallback = Option<unsafe extern "C" fn(*mut c_void)>;

imports! {
    in ALL {
        fn timer_init_full(
            timer: *mut Timer, group: *mut TimerListGroup, clock: c_int, scale: c_int,
            attributes: c_int, callback: TimerCallback, opaque: *mut c_void
        );
        fn timer_mod_ns(timer: *mut Timer, expires: i64);
        fn timer_mod_anticipate_ns(timer: *mut Timer, expires: i64);
        fn timer_del(timer: *mut Timer);
        fn timer_expire_time_ns(timer: *const Timer) -> i64;
        fn timer_pending(timer: *mut Timer) -> bool;
        fn qemu_clock_get_ns(clock: c_int) -> i64;
    }
}
