// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Timers and their clocks.

use crate::bql::{self, BqlCell};
use crate::callback::{guard, FnCall};
use crate::qom::{expect_field_of, expect_new_part_of, ObjectType, Part};
use crate::sys::{self, Opaque};
use oldstable_compat::ffi::{c_int, c_void};

/// A clock for timers. All of them count nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockType {
    /// The host's monotonic clock, which never stops.
    Realtime = 0,
    /// The guest's clock: it stops while the machine is stopped.
    Virtual = 1,
    /// The host's time of day, which may be set.
    Host = 2,
    /// Like `Realtime`, but if QEMU counts instructions, it stops with the machine.
    VirtualRealtime = 3,
}

impl ClockType {
    /// Returns the clock's time, in nanoseconds.
    pub fn now(self) -> i64 {
        // SAFETY: QEMU has these four clocks in every release.
        unsafe { sys::qemu_clock_get_ns(self as c_int) }
    }
}

/// A timer: a field of the device that it calls. It is deleted with the device; its expiry time migrates.
#[repr(C)]
pub struct Timer {
    /// It comes first, so that migration finds it where the timer is.
    timer: Opaque<sys::Timer>,
    /// The arguments of the callback.
    called: BqlCell<Called>,
}

/// The device that a timer calls, and the part of it that the timer belongs to.
#[derive(Clone, Copy)]
struct Called {
    owner: *const c_void,
    part: *const c_void,
}

// SAFETY: the pointers are those of the owner, which contains the timer.
unsafe impl Send for Called {}

// SAFETY: every method checks the big lock.
unsafe impl Sync for Timer {}

// SAFETY: QEMU stops a timer on any thread.
unsafe impl Part for Timer {}

impl Default for Timer {
    fn default() -> Self {
        let nothing = std::ptr::null();
        Timer { timer: Opaque::zeroed(), called: BqlCell::new(Called { owner: nothing, part: nothing }) }
    }
}

impl Timer {
    /// Makes a stopped timer. When it expires, `callback` gets the device, with the big lock held.
    ///
    /// # Panics
    /// If the timer is not a field of `owner`, has been made already, or `owner` is realized.
    #[track_caller]
    pub fn init<T, F>(&self, owner: &T, clock: ClockType, _callback: F)
    where
        T: ObjectType,
        F: for<'a> FnCall<(&'a T,)>,
    {
        self.make(owner, std::ptr::null(), clock, run_out::<T, F>)
    }

    /// Makes one of several timers of a device, as [`init`](Self::init) does: `callback` gets the device, and the part
    /// of it that the timer belongs to.
    ///
    /// # Panics
    /// If the timer or the part is not a field of `owner`, the timer has been made already, or `owner` is realized.
    #[track_caller]
    pub fn init_in<T, P, F>(&self, owner: &T, part: &P, clock: ClockType, _callback: F)
    where
        T: ObjectType,
        P: Part,
        F: for<'a> FnCall<(&'a T, &'a P)>,
    {
        expect_field_of(owner, part);
        self.make(owner, part as *const P as *const c_void, clock, run_out_in::<T, P, F>)
    }

    #[track_caller]
    fn make<T: ObjectType>(
        &self,
        owner: &T,
        part: *const c_void,
        clock: ClockType,
        callback: unsafe extern "C" fn(*mut c_void),
    ) {
        bql::expect_locked();
        expect_new_part_of(owner, self);
        assert!(!self.is_made(), "a timer is made once");
        self.called.set(Called { owner: owner as *const T as *const c_void, part });
        const NANOSECONDS: c_int = 1;
        // SAFETY: the timer is a field of the owner and stops when it is dropped, so that the callback
        // finds the owner alive. NULL stands for the main loop's timers.
        unsafe {
            sys::timer_init_full(
                self.timer.as_mut_ptr(),
                std::ptr::null_mut(),
                clock as c_int,
                NANOSECONDS,
                0,
                Some(callback),
                self.called.as_ptr() as *mut c_void,
            )
        }
    }

    /// Starts or restarts the timer, to expire when its clock shows `expires` nanoseconds.
    ///
    /// # Panics
    /// If the timer has not been made.
    #[track_caller]
    pub fn start_at(&self, expires: i64) {
        self.expect_made();
        // SAFETY: the timer has a list.
        unsafe { sys::timer_mod_ns(self.timer.as_mut_ptr(), expires) }
    }

    /// Starts the timer as [`start_at`](Self::start_at) does, unless it already expires earlier.
    ///
    /// # Panics
    /// If the timer has not been made.
    #[track_caller]
    pub fn start_no_later_than(&self, expires: i64) {
        self.expect_made();
        // SAFETY: as in `start_at`.
        unsafe { sys::timer_mod_anticipate_ns(self.timer.as_mut_ptr(), expires) }
    }

    /// Stops the timer, if it is running.
    #[track_caller]
    pub fn stop(&self) {
        bql::expect_locked();
        // SAFETY: one that has not been made has no list, and QEMU then does nothing.
        unsafe { sys::timer_del(self.timer.as_mut_ptr()) }
    }

    /// Returns when the timer expires, in nanoseconds of its clock; None if it is not running.
    pub fn expires(&self) -> Option<i64> {
        if self.is_running() {
            // SAFETY: it reads one field.
            Some(unsafe { sys::timer_expire_time_ns(self.timer.as_mut_ptr()) })
        } else {
            None
        }
    }

    /// Returns whether the timer is running.
    #[track_caller]
    pub fn is_running(&self) -> bool {
        bql::expect_locked();
        // SAFETY: it reads one field.
        self.is_made() && unsafe { sys::timer_pending(self.timer.as_mut_ptr()) }
    }

    fn is_made(&self) -> bool {
        // SAFETY: the bytes are zeros, or were set by `timer_init_full`.
        unsafe { sys::timer_has_clock(self.timer.as_mut_ptr()) }
    }

    #[track_caller]
    fn expect_made(&self) {
        bql::expect_locked();
        assert!(self.is_made(), "a timer is made with init before it is started");
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if self.is_made() {
            self.stop();
        }
    }
}

/// # Safety
/// QEMU calls it with the timer's [`Called`]: its owner, a live `T`.
unsafe extern "C" fn run_out<T, F: for<'a> FnCall<(&'a T,)>>(opaque: *mut c_void) {
    guard("a timer's callback", || {
        // SAFETY: the timer was given this field of itself.
        let called = unsafe { *(opaque as *const Called) };
        // SAFETY: `init` gave the timer its owner, which outlives the timer inside it.
        unsafe { F::call((&*(called.owner as *const T),)) }
    })
}

/// # Safety
/// QEMU calls it with the timer's [`Called`]: its owner, a live `T`, and of a `P` in it.
unsafe extern "C" fn run_out_in<T, P, F: for<'a> FnCall<(&'a T, &'a P)>>(opaque: *mut c_void) {
    guard("a timer's callback", || {
        // SAFETY: the timer was given this field of itself.
        let called = unsafe { *(opaque as *const Called) };
        // SAFETY: `init_in` gave the timer its owner, which outlives the timer inside it, and a part of that, to which
        // no exclusive reference is made.
        unsafe { F::call((&*(called.owner as *const T), &*(called.part as *const P))) }
    })
}
