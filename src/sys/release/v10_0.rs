// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU 10.0: the differences from 7.2.

use super::layout::{
    DeviceClassLayout, I2cClassLayout, MemTxAttrsLayout, PciClassLayout, PciDeviceLayout, PropertyLayout, Release,
    Sizes, VmStateFieldLayout,
};
use super::v7_2;

pub const RELEASE: Release = Release {
    major: 10,
    minor: 0,
    plugin_version: Some(4),
    lock_is_called_bql: true,
    reset_has_kinds: true,
    interface_class_size: 104,
    sizes: Sizes {
        device: 152,
        sysbus_device: 808,
        pci_device: 2736,
        i2c_slave: 160,
        pl011: 1360,
        resettable_class: 144,
        ..v7_2::RELEASE.sizes
    },
    device_class: DeviceClassLayout {
        size: 184,
        user_creatable: 130,
        hotpluggable: 131,
        vmsd: 168,
        bus_type: 176,
        properties_count: Some(128),
        ..v7_2::RELEASE.device_class
    },
    sysbus_class_size: 200,
    property: PropertyLayout {
        size: 72,
        bitnr: 64,
        set_default: 65,
        defval: 40,
        link_type: 24,
        array_info: 48,
        array_field_size: 60,
        ..v7_2::RELEASE.property
    },
    vmstate_field: VmStateFieldLayout { end_flags: 0x1_0000, ..v7_2::RELEASE.vmstate_field },
    mem_tx_attrs: MemTxAttrsLayout { size: 8, unspecified: 32, secure: 0, user: 3, requester_id: 6 },
    pci_class: PciClassLayout { size: 240, realize: 184, exit: 192 },
    pci_device: PciDeviceLayout { config: 160, cap_present: 1324 },
    i2c_class: I2cClassLayout { size: 224, send: 184, recv: 200, event: 208 },
    resettable_phases: 104,
    device_hotplugged: 72,
    pl011_chr: 1208,
    ..v7_2::RELEASE
};
