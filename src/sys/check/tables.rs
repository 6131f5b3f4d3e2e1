// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The tables of properties and of migrated fields of QEMU's own devices.

use super::memory::{Memory, NOTHING};
use crate::sys::release::Release;
use crate::sys::{
    arrays_are_lists, qdev_prop_array, qdev_prop_arraylen, qdev_prop_bit, qdev_prop_bool, qdev_prop_chr,
    qdev_prop_link, qdev_prop_on_off_auto, qdev_prop_uint32, vmstate_clock, vmstate_info_uint32,
};
use std::mem::size_of;

const WORD: usize = size_of::<usize>();

/// No table in these checks has more entries.
const MOST: usize = 64;

/// A kind of property with three names: at, off and auto.
pub(super) fn property_kinds(release: &Release, memory: &Memory) {
    let kind = qdev_prop_on_off_auto() as usize;
    let names = memory.pointer(kind + 2 * WORD);
    let count = names.wrapping_add(release.property.enum_count);
    memory.is("QEnumLookup.size of OnOffAuto", 3, memory.int(count));
}

/// Returns the entry with this name in a class's table of properties.
fn property(release: &Release, memory: &Memory, class: usize, what: &'static str, name: &str) -> usize {
    let layout = &release.property;
    let table = memory.pointer(class + release.device_class.properties);
    let count = match release.device_class.properties_count {
        Some(offset) => memory.half(class + offset).min(MOST),
        None => MOST,
    };
    for n in 0..count {
        let entry = table.wrapping_add(n * layout.size);
        if memory.is_text(entry.wrapping_add(layout.name), name) {
            return entry;
        }
        if memory.word(entry.wrapping_add(layout.name)) == 0 && release.device_class.properties_count.is_none() {
            break;
        }
    }
    memory.is_there(what, false);
    NOTHING
}

/// Checks the character device of a UART, and the end of the table.
pub(super) fn pl011_properties(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.property;
    let table = memory.pointer(class + release.device_class.properties);
    let chardev = property(release, memory, class, "the property chardev of pl011", "chardev");
    memory.is("the first property of pl011", table, chardev);
    let info = memory.word(chardev + layout.info);
    memory.is("Property.info of pl011.chardev", qdev_prop_chr() as usize, info);
    memory.is("Property.offset of pl011.chardev", release.pl011_chr, memory.word(chardev + layout.offset));
    memory.is("Property.set_default of pl011.chardev", 0, memory.byte(chardev + layout.set_default));
    memory.is("Property.link_type of pl011.chardev", 0, memory.word(chardev + layout.link_type));
    // 7.2 has one more than 5.2. The low half of a pointer is never such a number.
    if let Some(offset) = release.device_class.properties_count {
        let few = (1..4).contains(&memory.half(class + offset));
        memory.is_there("the number of pl011's properties", few);
    } else {
        let ends = (1..3).any(|n| memory.word(chardev + n * layout.size + layout.name) == 0);
        memory.is_there("the end of pl011's properties", ends);
    }
    if memory.is_text(chardev + layout.size + layout.name, "migrate-clk") {
        let clock = chardev + layout.size;
        memory.is("Property.info of pl011.migrate-clk", qdev_prop_bool() as usize, memory.word(clock + layout.info));
        memory.is("Property.set_default of pl011.migrate-clk", 1, memory.byte(clock + layout.set_default));
        memory.is("Property.defval of pl011.migrate-clk", 1, memory.int(clock + layout.defval));
    }
}

pub(super) fn link(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.property;
    let entry = property(release, memory, class, "the property downstream of pl080", "downstream");
    memory.is("Property.info of pl080.downstream", qdev_prop_link() as usize, memory.word(entry + layout.info));
    let names = ["memory-region", "qemu:memory-region"];
    let named = names.iter().any(|name| memory.is_text(entry + layout.link_type, name));
    memory.is_there("Property.link_type of pl080.downstream", named);
}

pub(super) fn array(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.property;
    let number = property(release, memory, class, "the property sys_id of realview_sysctl", "sys_id");
    memory.is(
        "Property.info of realview_sysctl.sys_id",
        qdev_prop_uint32() as usize,
        memory.word(number + layout.info),
    );
    memory.is("Property.defval of realview_sysctl.sys_id", 0, memory.int(number + layout.defval));
    memory.is("Property.set_default of realview_sysctl.sys_id", 1, memory.byte(number + layout.set_default));
    let what = "the property db-voltage of realview_sysctl";
    let (name, kind) =
        if arrays_are_lists() { ("db-voltage", qdev_prop_array()) } else { ("len-db-voltage", qdev_prop_arraylen()) };
    let entry = property(release, memory, class, what, name);
    memory.is(what, kind as usize, memory.word(entry + layout.info));
    let element = memory.word(entry + layout.array_info);
    memory.is("Property.arrayinfo of realview_sysctl.db-voltage", qdev_prop_uint32() as usize, element);
    memory.is("Property.arrayfieldsize of realview_sysctl.db-voltage", 4, memory.int(entry + layout.array_field_size));
    // The pointer follows the number of elements, at its own alignment.
    let count = memory.word(entry + layout.offset);
    let pointer = memory.int(entry + layout.array_offset);
    memory.is(
        "Property.arrayoffset of realview_sysctl.db-voltage",
        count.wrapping_add(4 + WORD - 1) / WORD * WORD,
        pointer,
    );
}

/// Checks the multifunction bit of a PCI device's capabilities, and the offset of its configuration space in the
/// migration table.
pub(super) fn pci(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.property;
    let what = "the property multifunction of pci-device";
    let entry = property(release, memory, class, what, "multifunction");
    memory.is(what, qdev_prop_bit() as usize, memory.word(entry + layout.info));
    let offset = memory.word(entry + layout.offset);
    memory.is("PCIDevice.cap_present", release.pci_device.cap_present, offset);
    memory.is("Property.bitnr of pci-device.multifunction", 3, memory.byte(entry + layout.bitnr));
    let section = crate::sys::vmstate_pci_device() as usize;
    let description = &release.vmstate_description;
    memory.text("the name of PCI's section", section + description.name, "PCIDevice");
    memory.is("VMStateDescription.version_id of PCIDevice", 2, memory.int(section + description.version_id));
    memory.is(
        "VMStateDescription.minimum_version_id of PCIDevice",
        1,
        memory.int(section + description.minimum_version_id),
    );
    let field = &release.vmstate_field;
    let config = entry_of(release, memory, section, "the field config of PCIDevice", "config");
    memory.is("PCIDevice.config", release.pci_device.config, memory.word(config + field.offset));
    memory.function("VMStateField.field_exists of PCIDevice.config", config + field.field_exists);
}

/// Returns the entry with this name in a section's table of fields.
fn entry_of(release: &Release, memory: &Memory, section: usize, what: &'static str, name: &str) -> usize {
    let layout = &release.vmstate_field;
    let table = memory.pointer(section.wrapping_add(release.vmstate_description.fields));
    for n in 0..MOST {
        let entry = table.wrapping_add(n * layout.size);
        if memory.is_text(entry.wrapping_add(layout.name), name) {
            return entry;
        }
        if memory.word(entry.wrapping_add(layout.name)) == 0 {
            break;
        }
    }
    memory.is_there(what, false);
    NOTHING
}

/// Checks a section with hooks before and after it is loaded.
pub(super) fn hooks(release: &Release, memory: &Memory, class: usize) {
    let section = memory.pointer(class + release.device_class.vmsd);
    let description = &release.vmstate_description;
    memory.function("VMStateDescription.pre_load of cadence_uart", section + description.pre_load);
    memory.function("VMStateDescription.post_load of cadence_uart", section + description.post_load);
    let clock = entry_of(release, memory, section, "the field refclk of cadence_uart", "refclk");
    let version = memory.int(clock + release.vmstate_field.version_id);
    memory.is("VMStateField.version_id of cadence_uart.refclk", 3, version);
    let differ = memory.word(section + description.pre_load) != memory.word(section + description.post_load);
    memory.is_there("VMStateDescription.post_load of cadence_uart", differ);
}

/// Checks a default that is not 0, a hook before the section is saved, and a subsection that is not always needed.
pub(super) fn interrupt_controller(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.property;
    let number = property(release, memory, class, "the property num-cpu of arm_gic_common", "num-cpu");
    memory.is("Property.defval of arm_gic_common.num-cpu", 1, memory.int(number + layout.defval));
    let description = &release.vmstate_description;
    let section = memory.pointer(class + release.device_class.vmsd);
    memory.function("VMStateDescription.pre_save of arm_gic_common", section + description.pre_save);
    let differ = memory.word(section + description.pre_save) != memory.word(section + description.post_load);
    memory.is_there("VMStateDescription.pre_save of arm_gic_common", differ);
    let subsection = memory.pointer(memory.word(section + description.subsections));
    memory.function("VMStateDescription.needed of arm_gic_virt_state", subsection + description.needed);
}

/// Checks the section of a UART, whose registers are consecutive 32-bit numbers, and whose clock has a subsection.
pub(super) fn pl011_section(release: &Release, memory: &Memory, class: usize) {
    let layout = &release.vmstate_field;
    let description = &release.vmstate_description;
    let section = memory.pointer(class + release.device_class.vmsd);
    memory.is("VMStateDescription.version_id of pl011", 2, memory.int(section + description.version_id));
    memory.is(
        "VMStateDescription.minimum_version_id of pl011",
        2,
        memory.int(section + description.minimum_version_id),
    );
    for (what, offset) in &[
        ("VMStateDescription.pre_load of pl011", description.pre_load),
        ("VMStateDescription.pre_save of pl011", description.pre_save),
        ("VMStateDescription.needed of pl011", description.needed),
    ] {
        memory.is(what, 0, memory.word(section + offset));
    }
    let entry = |what, name| entry_of(release, memory, section, what, name);
    let flags = entry("the field flags of pl011", "flags");
    let lcr = entry("the field lcr of pl011", "lcr");
    memory.is("VMStateField of pl011", layout.size, lcr.wrapping_sub(flags));
    let place = memory.word(flags + layout.offset).wrapping_add(4);
    memory.is("VMStateField.offset of pl011.lcr", place, memory.word(lcr + layout.offset));
    memory.is("VMStateField.size of pl011.lcr", 4, memory.word(lcr + layout.size_));
    let info = memory.word(lcr + layout.info);
    memory.is("VMStateField.info of pl011.lcr", vmstate_info_uint32() as usize, info);
    memory.is("VMStateField.flags of pl011.lcr", 1, memory.int(lcr + layout.flags));
    memory.is("VMStateField.vmsd of pl011.lcr", 0, memory.word(lcr + layout.vmsd));
    memory.is("VMStateField.version_id of pl011.lcr", 0, memory.int(lcr + layout.version_id));
    memory.is("VMStateField.field_exists of pl011.lcr", 0, memory.word(lcr + layout.field_exists));
    let fifo = entry("the field read_fifo of pl011", "read_fifo");
    memory.is("VMStateField.num of pl011.read_fifo", 16, memory.int(fifo + layout.num));
    memory.is("VMStateField.flags of pl011.read_fifo", 4, memory.int(fifo + layout.flags));
    let last = entry("the field read_trigger of pl011", "read_trigger");
    let end = last + layout.size;
    memory.is("the name of the entry that ends pl011's fields", 0, memory.word(end + layout.name));
    memory.is(
        "the flags of the entry that ends pl011's fields",
        layout.end_flags as usize,
        memory.int(end + layout.flags),
    );

    let subsections = memory.word(section + description.subsections);
    let clock = memory.pointer(subsections);
    memory.text("the subsection of pl011", clock.wrapping_add(description.name), "pl011/clock");
    let properties = memory.pointer(class + release.device_class.properties);
    let second = properties.wrapping_add(release.property.size);
    let migrates = memory.is_text(second.wrapping_add(release.property.name), "migrate-clk");
    // If a property controls whether the clock migrates.
    if migrates {
        memory.function("VMStateDescription.needed of pl011/clock", clock + description.needed);
    }
    let field = entry_of(release, memory, clock, "the field clk of pl011/clock", "clk");
    let nested = memory.word(field + layout.vmsd);
    memory.is("VMStateField.vmsd of pl011/clock", vmstate_clock() as usize, nested);
}
