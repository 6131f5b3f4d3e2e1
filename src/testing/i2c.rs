// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A board's I²C controller, as a device sees it.

use super::{machine, qemu};
use crate::qdev::DeviceState;
use crate::qom::{IsA, Object, ObjectCast, ObjectClassMethods, ObjectMethods, Owned, AT_A_TRANSFER};
use crate::{sys, Result};

/// Returns the board's bus.
#[track_caller]
fn bus() -> Owned<Object> {
    let bus = Object::find_all().into_iter().find(|object| object.typename() == "i2c-bus");
    bus.expect("the board has an I²C bus")
}

/// Returns the board's bus, for a transfer.
#[track_caller]
fn idle_bus() -> *mut sys::BusState {
    if let Err(error) = AT_A_TRANSFER.check() {
        panic!("{}", error);
    }
    bus().as_object_ptr() as *mut sys::BusState
}

/// Puts a device on the board's bus, at an address, and realizes it.
///
/// # Errors
/// The error of its realize.
///
/// # Panics
/// If the board has no I²C bus.
#[track_caller]
pub fn plug<T: IsA<DeviceState>>(device: &T, address: u8) -> Result<()> {
    device.upcast::<DeviceState>().property_set_uint("address", address.into())?;
    machine::plug(device, &bus())
}

/// Writes bytes to a device; returns how many it has acknowledged, or None if it does not answer.
///
/// # Panics
/// If the board has no I²C bus, or in a method of a device for a transfer.
#[track_caller]
pub fn write(address: u8, bytes: &[u8]) -> Option<usize> {
    let bus = idle_bus();
    // SAFETY: the bus is live.
    unsafe {
        if qemu::i2c_start_transfer(bus, address, 0) != 0 {
            return None;
        }
        let taken = bytes.iter().take_while(|byte| qemu::i2c_send(bus, **byte) == 0).count();
        qemu::i2c_end_transfer(bus);
        Some(taken)
    }
}

/// Reads bytes from a device; returns None if it does not answer.
///
/// # Panics
/// If the board has no I²C bus, or in a method of a device for a transfer.
#[track_caller]
pub fn read(address: u8, count: usize) -> Option<Vec<u8>> {
    let bus = idle_bus();
    // SAFETY: the bus is live.
    unsafe {
        if qemu::i2c_start_transfer(bus, address, 1) != 0 {
            return None;
        }
        let bytes = (0..count).map(|_| qemu::i2c_recv(bus)).collect();
        qemu::i2c_nack(bus);
        qemu::i2c_end_transfer(bus);
        Some(bytes)
    }
}
