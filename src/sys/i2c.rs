// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices on an I²C bus.

use super::qdev::{BusState, DeviceState};
use super::{release, ObjectClass, Release, VmStateDescription};
use oldstable_compat::ffi::{c_char, c_int};

storage! {
    /// `I2CSlave`: 144 bytes in 5.2, 168 in 7.2, 160 since 10.0.
    I2cSlave, 168, 96
}

/// Takes a byte; returns non-zero to refuse it.
pub type I2cSend = Option<unsafe extern "C" fn(*mut I2cSlave, u8) -> c_int>;
/// Returns a byte.
pub type I2cReceive = Option<unsafe extern "C" fn(*mut I2cSlave) -> u8>;
/// Called for each event of a transfer, an `i2c_event`; returns non-zero to refuse an address.
pub type I2cEvent = Option<unsafe extern "C" fn(*mut I2cSlave, c_int) -> c_int>;

/// The numbers of these two events are the same in all releases.
pub const I2C_START_RECEIVE: c_int = 0;
/// The number of the event that begins a transfer to the device.
pub const I2C_START_SEND: c_int = 1;

/// Returns the numbers of the end of a transfer and of a byte without acknowledge. A release with asynchronous sends
/// has a number for these before them, and a function in the class, after `send`.
pub fn i2c_finish_and_nack(release: &Release) -> (c_int, c_int) {
    let in_background = release.i2c_class.recv - release.i2c_class.send > std::mem::size_of::<usize>();
    let finish = I2C_START_SEND + 1 + c_int::from(in_background);
    (finish, finish + 1)
}

/// Returns the address of a class's field, in the running release.
///
/// # Safety
/// `class` has such a field at the offset.
unsafe fn field<T>(class: *mut ObjectClass, offset: usize) -> *mut T {
    // SAFETY: the caller guarantees the class and the offset.
    unsafe { (class as *mut u8).add(offset) as *mut T }
}

/// # Safety
/// `class` is an `I2CSlaveClass`.
pub unsafe fn i2c_class_send(class: *mut ObjectClass) -> *mut I2cSend {
    // SAFETY: the running release has it there in such a class.
    unsafe { field(class, release().i2c_class.send) }
}

/// # Safety
/// `class` is an `I2CSlaveClass`.
pub unsafe fn i2c_class_receive(class: *mut ObjectClass) -> *mut I2cReceive {
    // SAFETY: the running release has it there in such a class.
    unsafe { field(class, release().i2c_class.recv) }
}

/// # Safety
/// `class` is an `I2CSlaveClass`.
pub unsafe fn i2c_class_event(class: *mut ObjectClass) -> *mut I2cEvent {
    // SAFETY: the running release has it there in such a class.
    unsafe { field(class, release().i2c_class.event) }
}

imports! {
    in ALL {
        fn i2c_init_bus(owner: *mut DeviceState, name: *const c_char) -> *mut BusState;
        fn i2c_bus_busy(bus: *mut BusState) -> c_int;
        fn i2c_start_transfer(bus: *mut BusState, address: u8, is_receive: c_int) -> c_int;
        fn i2c_send(bus: *mut BusState, byte: u8) -> c_int;
        fn i2c_recv(bus: *mut BusState) -> u8;
        fn i2c_nack(bus: *mut BusState);
        fn i2c_end_transfer(bus: *mut BusState);
        static vmstate_i2c_slave: VmStateDescription;
    }
}
