// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU 7.2: the differences from 5.2.

use super::layout::{
    I2cClassLayout, MemTxAttrsLayout, PciDeviceLayout, PropertyLayout, Release, Sizes, VmStateDescriptionLayout,
};
use super::v5_2;

pub const RELEASE: Release = Release {
    major: 7,
    plugin_version: Some(1),
    bottom_halves_have_names: true,
    sizes: Sizes {
        device: 160,
        sysbus_device: 816,
        pci_device: 2608,
        i2c_slave: 168,
        memory_region: 272,
        clock: 120,
        pl011: 1344,
        ..v5_2::RELEASE.sizes
    },
    property: PropertyLayout {
        size: 88,
        set_default: 40,
        defval: 48,
        link_type: 80,
        array_info: 64,
        array_offset: 56,
        array_field_size: 72,
        info_size: 80,
        enum_count: 16,
        ..v5_2::RELEASE.property
    },
    vmstate_description: VmStateDescriptionLayout {
        size: 88,
        pre_load: 24,
        post_load: 32,
        pre_save: 40,
        needed: 56,
        fields: 72,
        subsections: 80,
        ..v5_2::RELEASE.vmstate_description
    },
    mem_tx_attrs: MemTxAttrsLayout { requester_id: 4, ..v5_2::RELEASE.mem_tx_attrs },
    memory_region_container: 96,
    clock_source: 88,
    pci_device: PciDeviceLayout { config: 168, cap_present: 1260 },
    i2c_class: I2cClassLayout { size: 216, recv: 192, event: 200, ..v5_2::RELEASE.i2c_class },
    device_hotplugged: 80,
    pl011_chr: 1216,
    ..v5_2::RELEASE
};
