// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A board's I²C controller, as a device sees it.

use super::qemu;
use crate::qdev::{DeviceMethods, DeviceState};
use crate::qom::{IsA, Object, ObjectCast, ObjectClassMethods, ObjectMethods};
use crate::{sys, Error, Result};
use std::ptr;

/// Returns the board's bus.
#[track_caller]
fn bus() -> *mut sys::BusState {
    let objects = Object::find_all();
    let bus = objects.iter().find(|object| object.typename() == "i2c-bus");
    bus.expect("the board has an I²C bus").as_object_ptr() as *mut sys::BusState
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
    let mut err = ptr::null_mut();
    device.upcast::<DeviceState>().property_set_uint("address", address.into())?;
    // SAFETY: the bus and the device are live.
    unsafe {
        sys::qdev_realize(device.as_device_ptr(), bus(), &mut err);
        Error::err_or_unit(err)
    }
}

/// Writes bytes to a device; returns how many it has acknowledged, or None if it does not answer.
///
/// # Panics
/// If the board has no I²C bus.
#[track_caller]
pub fn write(address: u8, bytes: &[u8]) -> Option<usize> {
    let bus = bus();
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
/// If the board has no I²C bus.
#[track_caller]
pub fn read(address: u8, count: usize) -> Option<Vec<u8>> {
    let bus = bus();
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
