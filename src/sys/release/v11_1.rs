// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU 11.1: the differences from 10.0.

use super::layout::{PciClassLayout, PciDeviceLayout, Release, Sizes, VmStateDescriptionLayout, VmStateFieldLayout};
use super::v10_0;

pub const RELEASE: Release = Release {
    major: 11,
    minor: 1,
    plugin_version: Some(7),
    sizes: Sizes { pci_device: 2768, irq: 72, vmstate_info: 40, ..v10_0::RELEASE.sizes },
    sysbus_class_size: 192,
    vmstate_description: VmStateDescriptionLayout {
        size: 112,
        post_load: 40,
        pre_save: 56,
        needed: 80,
        fields: 96,
        subsections: 104,
        ..v10_0::RELEASE.vmstate_description
    },
    vmstate_field: VmStateFieldLayout {
        size: 96,
        offset: 8,
        size_: 16,
        num: 48,
        info: 56,
        flags: 64,
        vmsd: 72,
        version_id: 80,
        field_exists: 88,
        end_flags: 0x2_0000,
        ..v10_0::RELEASE.vmstate_field
    },
    pci_class: PciClassLayout { size: 248, ..v10_0::RELEASE.pci_class },
    pci_device: PciDeviceLayout { config: 168, cap_present: 1340 },
    ..v10_0::RELEASE
};
