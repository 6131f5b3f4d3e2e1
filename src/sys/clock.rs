// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Clocks between devices.

use super::{release, DeviceState, Object, VmStateDescription};
use oldstable_compat::ffi::{c_char, c_uint, c_void};

/// A clock; except for its period, only QEMU uses its contents.
#[repr(C)]
pub struct Clock {
    _opaque: [u8; 0],
}

/// The period of a clock of 1 Hz, in the unit of all periods: 2⁻³² nanoseconds.
pub const CLOCK_PERIOD_1SEC: u64 = 1_000_000_000 << 32;

/// Returns the clock's period in units of 2⁻³² nanoseconds, or 0 if it is stopped.
///
/// # Safety
/// `clock` is live.
pub unsafe fn clock_period(clock: *const Clock) -> u64 {
    // SAFETY: it is the first field after the object.
    unsafe { ((clock as *const u8).add(std::mem::size_of::<Object>()) as *const u64).read_unaligned() }
}

/// Returns whether the clock has a source.
///
/// # Safety
/// `clock` is live.
pub unsafe fn clock_has_source(clock: *const Clock) -> bool {
    // SAFETY: the running release has it there in a clock.
    unsafe {
        let source = (clock as *const u8).add(release().clock_source) as *const *const Clock;
        !(*source).is_null()
    }
}

/// Called when the period of a clock has changed.
pub type ClockCallback = Option<unsafe extern "C" fn(*mut c_void)>;

/// Makes a clock input whose callback takes only the owner, although some releases pass more.
///
/// # Safety
/// As QEMU's `qdev_init_clock_in`.
pub unsafe fn init_clock_in(
    device: *mut DeviceState,
    name: *const c_char,
    callback: ClockCallback,
    opaque: *mut c_void,
) -> *mut Clock {
    /// ClockUpdate: after the period has changed.
    const AFTER_CHANGE: c_uint = 1;
    // 5.2 takes four arguments. cdecl and the register convention both let a callee ignore a fifth.
    // SAFETY: as QEMU's.
    unsafe { qdev_init_clock_in(device, name, callback, opaque, AFTER_CHANGE) }
}

imports! {
    in ALL {
        fn qdev_get_clock_in(device: *mut DeviceState, name: *const c_char) -> *mut Clock;
        fn qdev_init_clock_in(
            device: *mut DeviceState, name: *const c_char, callback: ClockCallback,
            opaque: *mut c_void, events: c_uint
        ) -> *mut Clock;
        fn qdev_init_clock_out(device: *mut DeviceState, name: *const c_char) -> *mut Clock;
        fn clock_set_source(clock: *mut Clock, source: *mut Clock);
        fn clock_set(clock: *mut Clock, period: u64) -> bool;
        fn clock_propagate(clock: *mut Clock);
        static vmstate_clock: VmStateDescription;
    }
}
