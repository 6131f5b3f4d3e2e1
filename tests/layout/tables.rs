// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The numbers that differ between releases, table by table.
//! Each table is destructured without `..`, so that a number without a check does not compile.

use crate::facts::{bit, constant, enum_number, for_each_release, is_exported, name, table, Struct};
use oldstable::sys::{
    self, DeviceClassLayout, I2cClassLayout, MemTxAttrsLayout, PciClassLayout, PciDeviceLayout, PropertyLayout,
    Release, Sizes, VmStateDescriptionLayout, VmStateFieldLayout,
};
use std::collections::HashMap;
use std::mem::size_of;

type Facts = HashMap<&'static str, Struct>;

/// Checks offsets that have the names of their fields in C.
macro_rules! are_offsets {
    ($struct:expr, $($field:ident),* $(,)?) => {
        $(assert_eq!(*$field, $struct.fields[stringify!($field)], stringify!($field));)*
    };
}

#[test]
fn numbers_of_each_release_are_those_of_its_build() {
    for_each_release(|release, facts| {
        let Release {
            major: _,
            minor: _,
            // Another test checks these two.
            module_init: _,
            plugin_version: _,
            lock_is_called_bql,
            bottom_halves_have_names,
            reset_has_kinds,
            interface_class_size,
            sizes,
            device_class,
            sysbus_class_size,
            property,
            vmstate_description,
            vmstate_field,
            mem_tx_attrs,
            memory_region_container,
            clock_source,
            pci_class,
            pci_device,
            i2c_class,
            resettable_phases,
            device_hotplugged,
            pl011_chr,
        } = release;
        let is_exported = |symbol| is_exported(symbol, &name(release));
        assert_eq!(*lock_is_called_bql, is_exported("bql_locked"));
        assert_eq!(*bottom_halves_have_names, is_exported("qemu_bh_new_full"));
        let has_kind = |line: &str| line.contains("RESET_TYPE_SNAPSHOT_LOAD = 1, RESET_TYPE_WAKEUP = 2");
        assert_eq!(*reset_has_kinds, table(&name(release), "enum.ResetType").any(has_kind));
        assert_eq!(*interface_class_size, facts["InterfaceClass"].size);
        assert_eq!(*sysbus_class_size, facts["SysBusDeviceClass"].size);
        let container = facts["MemoryRegion"].fields["container"];
        assert_eq!(*memory_region_container, container);
        assert_eq!(*clock_source, facts["Clock"].fields["source"]);
        let phases = facts["ResettableClass"].fields["phases"];
        assert_eq!(*resettable_phases, phases);
        assert_eq!(*device_hotplugged, facts["DeviceState"].fields["hotplugged"]);
        assert_eq!(*pl011_chr, facts["PL011State"].fields["chr"]);
        check_sizes(sizes, facts);
        check_device_class(device_class, facts);
        check_property(property, release, facts);
        check_vmstate_description(vmstate_description, facts);
        check_vmstate_field(vmstate_field, release, facts);
        check_mem_tx_attrs(mem_tx_attrs, release, facts);
        check_pci_class(pci_class, facts);
        check_pci_device(pci_device, facts);
        check_i2c_class(i2c_class, release, facts);
    });
}

fn check_sizes(sizes: &Sizes, facts: &Facts) {
    let Sizes {
        device,
        sysbus_device,
        pci_device,
        i2c_slave,
        memory_region,
        irq,
        clock,
        pl011,
        resettable_class,
        vmstate_info,
    } = sizes;
    for (size, c_name) in &[
        (device, "DeviceState"),
        (sysbus_device, "SysBusDevice"),
        (pci_device, "PCIDevice"),
        (i2c_slave, "I2CSlave"),
        (memory_region, "MemoryRegion"),
        (irq, "IRQState"),
        (clock, "Clock"),
        (pl011, "PL011State"),
        (resettable_class, "ResettableClass"),
        (vmstate_info, "VMStateInfo"),
    ] {
        assert_eq!(**size, facts[c_name].size, "{}", c_name);
    }
}

fn check_device_class(layout: &DeviceClassLayout, facts: &Facts) {
    let DeviceClassLayout {
        size,
        user_creatable,
        hotpluggable,
        realize,
        unrealize,
        vmsd,
        bus_type,
        properties,
        properties_count,
    } = layout;
    let fact = &facts["DeviceClass"];
    assert_eq!(*size, fact.size);
    assert_eq!(*properties, fact.fields["props_"]);
    assert_eq!(*properties_count, fact.fields.get("props_count_").copied());
    are_offsets!(fact, user_creatable, hotpluggable, realize, unrealize, vmsd, bus_type);
}

fn check_property(layout: &PropertyLayout, release: &Release, facts: &Facts) {
    let PropertyLayout {
        size,
        name,
        info,
        offset,
        bitnr,
        set_default,
        defval,
        link_type,
        array_info,
        array_offset,
        array_field_size,
        info_size,
        enum_count,
    } = layout;
    let fact = &facts["Property"];
    assert_eq!(*size, fact.size);
    are_offsets!(fact, name, info, offset, bitnr, set_default, defval, link_type);
    assert_eq!(*array_info, fact.fields["arrayinfo"]);
    assert_eq!(*array_offset, fact.fields["arrayoffset"]);
    assert_eq!(*array_field_size, fact.fields["arrayfieldsize"]);
    assert_eq!(*info_size, facts["PropertyInfo"].size);
    assert_eq!(*enum_count, facts["QEnumLookup"].fields["size"]);
    let is_closed = release.device_class.properties_count.is_none();
    assert_eq!(Some(is_closed.to_string().as_str()), constant(release, "property_list_nul_terminated"));
}

fn check_vmstate_description(layout: &VmStateDescriptionLayout, facts: &Facts) {
    let VmStateDescriptionLayout {
        size,
        name,
        version_id,
        minimum_version_id,
        pre_load,
        post_load,
        pre_save,
        needed,
        fields,
        subsections,
    } = layout;
    let fact = &facts["VMStateDescription"];
    assert_eq!(*size, fact.size);
    are_offsets!(fact, name, version_id, minimum_version_id, pre_load, post_load, pre_save);
    are_offsets!(fact, needed, fields, subsections);
}

fn check_vmstate_field(layout: &VmStateFieldLayout, release: &Release, facts: &Facts) {
    let VmStateFieldLayout { size, name, offset, size_, num, info, flags, vmsd, version_id, field_exists, end_flags } =
        layout;
    let fact = &facts["VMStateField"];
    assert_eq!(*size, fact.size);
    are_offsets!(fact, name, offset, num, info, flags, vmsd, version_id, field_exists);
    assert_eq!(*size_, fact.fields["size"]);
    assert_eq!(Some(end_flags.to_string().as_str()), constant(release, "vmstate_end_of_list_flags"));
}

fn check_mem_tx_attrs(layout: &MemTxAttrsLayout, release: &Release, facts: &Facts) {
    let MemTxAttrsLayout { size, unspecified, secure, user, requester_id } = layout;
    assert_eq!(usize::from(*size), facts["MemTxAttrs"].size);
    let is_bit = |number: u8, field| {
        assert_eq!(usize::from(number), bit(&name(release), "MemTxAttrs", field));
    };
    is_bit(*unspecified, "unspecified");
    is_bit(*secure, "secure");
    is_bit(*user, "user");
    is_bit(*requester_id, "requester_id");
}

fn check_pci_class(layout: &PciClassLayout, facts: &Facts) {
    let PciClassLayout { size, realize, exit } = layout;
    let fact = &facts["PCIDeviceClass"];
    assert_eq!(*size, fact.size);
    are_offsets!(fact, realize, exit);
    // The others follow in the same order everywhere.
    let words = |n| realize + n * size_of::<usize>();
    assert_eq!(words(3), fact.fields["config_write"]);
    assert_eq!(words(4), fact.fields["vendor_id"]);
    assert_eq!(words(4) + 2, fact.fields["device_id"]);
    assert_eq!(words(4) + 4, fact.fields["revision"]);
    assert_eq!(words(4) + 6, fact.fields["class_id"]);
    assert_eq!(words(4) + 8, fact.fields["subsystem_vendor_id"]);
    assert_eq!(words(4) + 10, fact.fields["subsystem_id"]);
}

fn check_pci_device(layout: &PciDeviceLayout, facts: &Facts) {
    let PciDeviceLayout { config, cap_present } = layout;
    let fact = &facts["PCIDevice"];
    are_offsets!(fact, config, cap_present);
    assert_eq!(config + sys::PCI_BEHIND_CONFIG.wmask, fact.fields["wmask"]);
    assert_eq!(config + sys::PCI_BEHIND_CONFIG.used, fact.fields["used"]);
    assert_eq!(config + sys::PCI_BEHIND_CONFIG.bus_master_as, fact.fields["bus_master_as"]);
}

fn check_i2c_class(layout: &I2cClassLayout, release: &Release, facts: &Facts) {
    let I2cClassLayout { size, send, recv, event } = layout;
    let fact = &facts["I2CSlaveClass"];
    assert_eq!(*size, fact.size);
    are_offsets!(fact, send, recv, event);
    let number_of = |event| enum_number(&name(release), "i2c_event", event) as i32;
    assert_eq!(sys::i2c_finish_and_nack(release), (number_of("I2C_FINISH"), number_of("I2C_NACK")));
    assert_eq!(sys::I2C_START_RECEIVE, number_of("I2C_START_RECV"));
    assert_eq!(sys::I2C_START_SEND, number_of("I2C_START_SEND"));
}
