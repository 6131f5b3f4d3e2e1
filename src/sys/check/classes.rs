// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Classes of QEMU's own devices.

use super::Memory;
use crate::sys::release::Release;
use std::mem::size_of;

const WORD: usize = size_of::<usize>();

/// The flags of the class that all devices have, which is realized by nothing.
pub(super) fn device(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.device_class;
    memory.is("DeviceClass.realize of device", 0, memory.word(class + layout.realize));
    memory.is("DeviceClass.user_creatable of device", 1, memory.byte(class + layout.user_creatable));
    memory.is("DeviceClass.hotpluggable of device", 1, memory.byte(class + layout.hotpluggable));
}

/// Only boards make these, unless a class says otherwise.
pub(super) fn sysbus_device(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.device_class;
    memory.is("DeviceClass.user_creatable of sys-bus-device", 0, memory.byte(class + layout.user_creatable));
    memory.is("DeviceClass.hotpluggable of sys-bus-device", 1, memory.byte(class + layout.hotpluggable));
    memory.text("DeviceClass.bus_type of sys-bus-device", class + layout.bus_type, "System");
}

/// It has a realize and a section, but no unrealize.
pub(super) fn pl011(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.device_class;
    memory.function("DeviceClass.realize of pl011", class + layout.realize);
    memory.is("DeviceClass.unrealize of pl011", 0, memory.word(class + layout.unrealize));
    let section = memory.pointer(class + layout.vmsd);
    memory.text(
        "the name of pl011's section of the migration stream",
        section.wrapping_add(release.vmstate_description.name),
        "pl011",
    );
}

/// It has a realize and an unrealize, for its bus.
pub(super) fn pci_device(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.device_class;
    memory.function("DeviceClass.realize of pci-device", class + layout.realize);
    memory.function("DeviceClass.unrealize of pci-device", class + layout.unrealize);
}

/// The IDs of a PCI device follow its functions.
pub(super) fn pci(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.pci_class;
    memory.function("PCIDeviceClass.realize of pci-testdev", class + layout.realize);
    memory.function("PCIDeviceClass.exit of pci-testdev", class + layout.exit);
    memory.is("PCIDeviceClass.config_read of pci-testdev", 0, memory.word(class + layout.exit + WORD));
    let numbers = class + layout.realize + 4 * WORD;
    memory.is("PCIDeviceClass.vendor_id of pci-testdev", 0x1b36, memory.half(numbers));
    memory.is("PCIDeviceClass.device_id of pci-testdev", 0x0005, memory.half(numbers + 2));
    memory.is("PCIDeviceClass.class_id of pci-testdev", 0x00ff, memory.half(numbers + 6));
}

/// A sensor with a function each for writes, reads and events.
pub(super) fn i2c(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.i2c_class;
    let functions = [
        ("I2CSlaveClass.send of tmp105", layout.send),
        ("I2CSlaveClass.recv of tmp105", layout.recv),
        ("I2CSlaveClass.event of tmp105", layout.event),
    ];
    for (n, (what, offset)) in functions.iter().enumerate() {
        memory.function(what, class + offset);
        memory.is_there(what, *offset + WORD <= layout.size);
        for (_, other) in &functions[..n] {
            let differ = memory.word(class + offset) != memory.word(class + other);
            memory.is_there(what, differ);
        }
    }
    // The first one follows the parent's.
    memory.is("I2CSlaveClass.send", release.device_class.size, layout.send);
}

/// A flash memory with a method each, which is selected while its line is low.
pub(super) fn ssi(release: &Release, memory: &Memory, class: usize) {
    let methods = class + release.device_class.size;
    memory.function("SSIPeripheralClass.realize of m25p05", methods);
    memory.function("SSIPeripheralClass.transfer of m25p05", methods + WORD);
    memory.function("SSIPeripheralClass.set_cs of m25p05", methods + 2 * WORD);
    memory.is("SSIPeripheralClass.cs_polarity of m25p05", 1, memory.int(methods + 3 * WORD));
    memory.function("SSIPeripheralClass.transfer_raw of m25p05", methods + 4 * WORD);
}

/// The abstract slave has none of these functions.
pub(super) fn i2c_slave(release: &Release, memory: &Memory, class: usize) {
    let event = memory.word(class + release.i2c_class.event);
    memory.is("I2CSlaveClass.event of i2c-slave", 0, event);
}
