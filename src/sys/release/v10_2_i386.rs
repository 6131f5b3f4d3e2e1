// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU 10.2 on 32 bits: the differences from 5.2.

use super::layout::{
    DeviceClassLayout, I2cClassLayout, MemTxAttrsLayout, PciClassLayout, PciDeviceLayout, PropertyLayout, Release,
    Sizes, VmStateDescriptionLayout, VmStateFieldLayout,
};
use super::v5_2_i386;

pub const RELEASE: Release = Release {
    major: 10,
    plugin_version: Some(5),
    lock_is_called_bql: true,
    bottom_halves_have_names: true,
    reset_has_kinds: true,
    interface_class_size: 52,
    sizes: Sizes {
        device: 92,
        sysbus_device: 612,
        pci_device: 1676,
        i2c_slave: 96,
        memory_region: 160,
        clock: 68,
        pl011: 976,
        resettable_class: 72,
        ..v5_2_i386::RELEASE.sizes
    },
    device_class: DeviceClassLayout {
        size: 92,
        user_creatable: 66,
        hotpluggable: 67,
        vmsd: 84,
        bus_type: 88,
        properties_count: Some(64),
        ..v5_2_i386::RELEASE.device_class
    },
    sysbus_class_size: 100,
    property: PropertyLayout {
        size: 48,
        bitnr: 44,
        set_default: 45,
        defval: 24,
        link_type: 12,
        array_info: 32,
        array_offset: 36,
        array_field_size: 40,
        info_size: 40,
        enum_count: 8,
        ..v5_2_i386::RELEASE.property
    },
    vmstate_description: VmStateDescriptionLayout {
        size: 64,
        pre_load: 20,
        post_load: 28,
        needed: 48,
        fields: 56,
        subsections: 60,
        ..v5_2_i386::RELEASE.vmstate_description
    },
    vmstate_field: VmStateFieldLayout { end_flags: 0x1_0000, ..v5_2_i386::RELEASE.vmstate_field },
    mem_tx_attrs: MemTxAttrsLayout { size: 8, unspecified: 32, secure: 0, user: 3, requester_id: 6 },
    memory_region_container: 52,
    clock_source: 52,
    pci_class: PciClassLayout { size: 128, realize: 92, exit: 96 },
    pci_device: PciDeviceLayout { config: 96, cap_present: 824 },
    i2c_class: I2cClassLayout { size: 112, send: 92, recv: 100, event: 104 },
    resettable_phases: 52,
    device_hotplugged: 40,
    pl011_chr: 892,
    ..v5_2_i386::RELEASE
};
