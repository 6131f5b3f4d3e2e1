// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Functions of the whole machine: stop, reset, advance of time, log.

use super::{message_of_exit, qemu};
use crate::log::Mask;
use crate::qdev::{DeviceMethods, DeviceState};
use crate::qom::{
    check_can_be_plugged, is_in_rust, IsA, Object, ObjectCast, ObjectMethods, Owned, AT_THE_EDGE_OF_A_RESET,
};
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::c_int;

/// Keeps the machine stopped until it is dropped: no processor runs, nor does its clock.
pub struct Pause(());

impl Pause {
    /// Stops the machine.
    #[allow(clippy::new_without_default)]
    #[track_caller]
    pub fn new() -> Self {
        /// QEMU's number for the state.
        const PAUSED: c_int = 4;
        // SAFETY: this thread runs the main loop, and the machine runs.
        unsafe { qemu::vm_stop(PAUSED) };
        Pause(())
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        // SAFETY: this thread runs the main loop, and the machine has been stopped.
        unsafe { qemu::vm_start() }
    }
}

/// Puts a device on a bus, and realizes it: the board's own buses have `i2c::plug` and `pci::plug`; that of a controller
/// is a child of the controller, with the name that it was made with.
///
/// # Errors
/// If the object is not a bus for the device, or the device cannot be realized on it now; the error of its realize.
#[track_caller]
pub fn plug<T: IsA<DeviceState>>(device: &T, bus: &Object) -> Result<()> {
    check_can_be_plugged(device.upcast::<DeviceState>().upcast(), bus)?;
    let mut err = std::ptr::null_mut();
    // SAFETY: both objects are live, and the second is a bus, which takes the device.
    unsafe {
        let is_realized =
            sys::qdev_realize(device.as_device_ptr(), bus.as_object_ptr() as *mut sys::BusState, &mut err);
        if !is_realized {
            // It would stay on the bus, which calls it.
            sys::object_unparent(device.as_object_ptr());
        } else if bus.typename() == "i2c-bus" && !is_in_rust(device.class_ptr()) {
            // It does not end its transfers when it leaves with what contains it, so that the bus may call it for ever.
            Owned::into_raw(Owned::from(device));
        }
        Error::err_or_unit(err)
    }
}

/// Resets the machine, with all devices on it.
///
/// # Panics
/// In a device's [`RESET_ENTER`](crate::qdev::DeviceImpl::RESET_ENTER) or
/// [`RESET_EXIT`](crate::qdev::DeviceImpl::RESET_EXIT).
#[track_caller]
pub fn reset_machine() {
    /// No client is notified.
    const BY_NOBODY: c_int = 0;
    if let Err(error) = AT_THE_EDGE_OF_A_RESET.check() {
        panic!("{}", error);
    }
    let _pause = Pause::new();
    // SAFETY: this thread runs the main loop, and the machine is stopped.
    unsafe { qemu::qemu_system_reset(BY_NOBODY) }
}

/// Advances the machine's time (`ClockType::Virtual`) by this many nanoseconds, at once: when this returns, all timers
/// that are due by then have run, each at its time.
///
/// # Panics
/// If QEMU was not started with `-accel qtest -qtest null`, with which no processor runs and only this advances time.
/// Debian's 7.2 and 10.0 have no qtest; use [`wait_until`](super::wait_until) there.
#[track_caller]
pub fn advance(nanoseconds: u64) {
    let command = format!("clock_step {}\n", nanoseconds);
    // SAFETY: the character device is live, and handles the input before it returns.
    unsafe {
        let qtest = qemu::qemu_chr_find(c_str!("qtest").as_ptr());
        assert!(!qtest.is_null(), "start QEMU with -accel qtest -qtest null");
        qemu::qemu_chr_be_write(qtest, command.as_ptr(), command.len() as c_int);
    }
}

/// Returns the text that a function logs while these categories are enabled.
#[track_caller]
pub fn logged(wanted: &[Mask], write: impl FnOnce()) -> String {
    let mask = wanted.iter().fold(0, |mask, subject| mask | *subject as c_int);
    message_of_exit(0, || {
        // SAFETY: the log goes to standard error, unless a file has been named.
        unsafe { qemu::qemu_set_log(mask, std::ptr::null_mut()) };
        write();
    })
}
