// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Functions of firmware and of a guest's driver for a PCI device.

use super::{machine, qemu};
use crate::bql;
use crate::pci::{PciDevice, PciDeviceMethods};
use crate::qdev::DeviceState;
use crate::qom::{IsA, Object, ObjectCast};
use crate::{sys, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::c_char;

/// Puts a device on the board's PCI bus, and realizes it.
///
/// # Errors
/// The error of its realize.
///
/// # Panics
/// If the board has no PCI bus, or several.
#[track_caller]
pub fn plug<T: IsA<DeviceState>>(device: &T) -> Result<()> {
    bql::expect_locked();
    // SAFETY: the board has one PCI bus.
    unsafe {
        let empty = "\0".as_ptr() as *const c_char;
        let bus = sys::object_resolve_path_type(empty, c_str!("PCI").as_ptr(), &mut false);
        assert!(!bus.is_null(), "the board has no PCI bus, or several");
        machine::plug(device, &*(bus as *const Object))
    }
}

/// Writes four bytes of a device's configuration space as the guest does: the BARs' addresses from 0x10 on, the command
/// at 0x04.
///
/// # Panics
/// If it is not a PCI device, or not on its bus.
#[track_caller]
pub fn guest_writes<T: IsA<DeviceState>>(device: &T, offset: u32, value: u32) {
    let device = pci(device);
    // There is something to read only as long as it is on its bus.
    device.read_config(0, &mut []);
    // SAFETY: the device is live and on a bus.
    unsafe { qemu::pci_host_config_write_common(device as *const _ as *mut sys::PciDevice, offset, 256, value, 4) }
}

/// Reads four bytes of a device's configuration space.
///
/// # Panics
/// If it is not a PCI device.
#[track_caller]
pub fn config<T: IsA<DeviceState>>(device: &T, offset: u16) -> u32 {
    let mut bytes = [0; 4];
    pci(device).read_config(offset, &mut bytes);
    u32::from_le_bytes(bytes)
}

/// Returns the offset of a capability in a device's configuration space.
///
/// # Panics
/// If it is not a PCI device.
#[track_caller]
pub fn capability<T: IsA<DeviceState>>(device: &T, id: u8) -> Option<u16> {
    let mut place = config(device, 0x34) as u8;
    while place != 0 {
        let header = config(device, place.into());
        if header as u8 == id {
            return Some(place.into());
        }
        place = (header >> 8) as u8;
    }
    None
}

#[track_caller]
fn pci<T: IsA<DeviceState>>(device: &T) -> &PciDevice {
    device.upcast::<DeviceState>().dynamic_cast::<PciDevice>().expect("a PCI device")
}
