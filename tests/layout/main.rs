// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Checks every number of `src/sys` against the distributions' own builds of QEMU.

use facts::{constant, entries, enum_number, for_each_release, name, structs};
use oldstable::sys;
use oldstable_compat::mem::offset_of;
use std::mem::{align_of, size_of};

mod facts;
mod prototypes;
mod tables;

#[test]
fn plugins_and_module_stages_are_those_of_each_build() {
    for_each_release(|release, _| {
        let enabled = constant(release, "plugins_enabled_in_stock_build") != Some("false");
        assert_eq!(release.plugin_version.is_some(), enabled, "{}", name(release));
        if let Some(version) = release.plugin_version {
            let from = constant(release, "QEMU_PLUGIN_MIN_VERSION").expect("a lowest version");
            let to = constant(release, "QEMU_PLUGIN_VERSION").expect("a version");
            assert!(from.parse::<i32>().unwrap() <= version);
            assert!(version <= to.parse::<i32>().unwrap());
        }
        // The sources of 11.1 were not there to say it.
        let inactive = constant(release, "BDRV_O_INACTIVE").map(|flag| flag.parse::<i32>().unwrap());
        assert_eq!(inactive.unwrap_or(sys::BDRV_O_INACTIVE), sys::BDRV_O_INACTIVE);
        // Types may be registered as soon as the stage's number is at least QOM's.
        let title = name(release);
        let qom = enum_number(&title, "module_init_type", "MODULE_INIT_QOM");
        let trace = enum_number(&title, "module_init_type", "MODULE_INIT_TRACE");
        assert!([qom, trace].contains(&(release.module_init as usize)));
    });
}

/// Checks that the space embedded in a device is sufficient for each release.
fn has_room<T>(c_names: &[&str]) {
    for_each_release(|release, facts| {
        let fact = c_names
            .iter()
            .find_map(|name| facts.get(name))
            .unwrap_or_else(|| panic!("no facts of {} in {}", c_names[0], name(release)));
        assert!(size_of::<T>() >= fact.size, "{} in {}", c_names[0], name(release));
        assert!(align_of::<T>() >= fact.align, "{} in {}", c_names[0], name(release));
    });
    let largest = sys::RELEASES
        .iter()
        .filter_map(|release| {
            let facts = structs(&name(release));
            c_names.iter().find_map(|name| facts.get(name)).map(|fact| fact.size)
        })
        .max();
    assert_eq!(largest, Some(size_of::<T>()), "{} wastes space", c_names[0]);
}

#[test]
fn embedded_structs_have_room_in_every_release() {
    has_room::<sys::Object>(&["Object"]);
    has_room::<sys::DeviceState>(&["DeviceState"]);
    has_room::<sys::SysBusDevice>(&["SysBusDevice"]);
    has_room::<sys::MemoryRegion>(&["MemoryRegion"]);
    has_room::<sys::CharFrontend>(&["CharBackend", "CharFrontend"]);
    has_room::<sys::Timer>(&["QEMUTimer"]);
    has_room::<sys::PciDevice>(&["PCIDevice"]);
    has_room::<sys::I2cSlave>(&["I2CSlave"]);
    has_room::<sys::SsiPeripheral>(&["SSIPeripheral", "SSISlave"]);
}

/// Checks that a struct that we pass to QEMU, or read, has the same layout in each release.
macro_rules! same_layout {
    ($type:ident as $c_name:literal { $($field:tt = $c_field:literal),* $(,)? }) => {
        for_each_release(|release, facts| {
            let fact = &facts[$c_name];
            $(assert_eq!(
                offset_of!(sys::$type, $field), fact.fields[$c_field],
                concat!($c_name, ".", $c_field, " in {}"), name(release)
            );)*
        })
    };
    ($type:ident as $c_name:literal, whole { $($fields:tt)* }) => {
        same_layout!($type as $c_name { $($fields)* });
        for_each_release(|release, facts| {
            assert_eq!(size_of::<sys::$type>(), facts[$c_name].size, "{}", name(release));
        })
    };
}

#[test]
fn structs_passed_to_c_are_equal_in_every_release() {
    same_layout!(Object as "Object", whole {
        class = "class", free = "free", properties = "properties", references = "ref",
        parent = "parent",
    });
    same_layout!(ObjectClass as "ObjectClass", whole { unparent = "unparent" });
    same_layout!(TypeImpl as "TypeImpl" { instance_size = "instance_size" });
    same_layout!(TypeInfo as "TypeInfo", whole {
        name = "name", parent = "parent",
        instance_size = "instance_size", instance_align = "instance_align",
        instance_init = "instance_init", instance_post_init = "instance_post_init",
        instance_finalize = "instance_finalize", abstract_ = "abstract", class_size = "class_size",
        class_init = "class_init", class_base_init = "class_base_init", class_data = "class_data",
        interfaces = "interfaces",
    });
    same_layout!(InterfaceInfo as "InterfaceInfo", whole { type_ = "type" });
    same_layout!(ResettablePhases as "ResettablePhases", whole {
        enter = "enter", hold = "hold", exit = "exit",
    });
    same_layout!(Notifier as "Notifier", whole { notify = "notify", node = "node" });
    same_layout!(MemoryRegionOps as "MemoryRegionOps", whole {
        read = "read", write = "write", read_with_attrs = "read_with_attrs",
        write_with_attrs = "write_with_attrs", endianness = "endianness",
        valid = "valid", implementation = "impl",
    });
    for_each_release(|_, facts| {
        let fact = &facts["MemoryRegionOps"].fields;
        let valid = fact["valid"];
        assert_eq!(offset_of!(sys::AccessValidity, min_access_size), fact["valid.min_access_size"] - valid);
        assert_eq!(offset_of!(sys::AccessValidity, max_access_size), fact["valid.max_access_size"] - valid);
        assert_eq!(offset_of!(sys::AccessValidity, unaligned), fact["valid.unaligned"] - valid);
        assert_eq!(offset_of!(sys::AccessValidity, accepts), fact["valid.accepts"] - valid);
        let implementation = fact["impl"];
        assert_eq!(
            offset_of!(sys::AccessImplementation, max_access_size),
            fact["impl.max_access_size"] - implementation
        );
        assert_eq!(offset_of!(sys::AccessImplementation, unaligned), fact["impl.unaligned"] - implementation);
    });
}

#[test]
fn an_ssi_class_has_its_methods_behind_those_of_a_device() {
    for_each_release(|release, facts| {
        let fact = facts.get("SSIPeripheralClass").unwrap_or_else(|| &facts["SSISlaveClass"]);
        let place = |offset| release.device_class.size + offset;
        assert_eq!(place(size_of::<sys::SsiMethods>()), fact.size, "{}", name(release));
        assert_eq!(place(offset_of!(sys::SsiMethods, realize)), fact.fields["realize"]);
        assert_eq!(place(offset_of!(sys::SsiMethods, transfer)), fact.fields["transfer"]);
        assert_eq!(place(offset_of!(sys::SsiMethods, set_cs)), fact.fields["set_cs"]);
        assert_eq!(place(offset_of!(sys::SsiMethods, cs_polarity)), fact.fields["cs_polarity"]);
        assert_eq!(place(offset_of!(sys::SsiMethods, transfer_raw)), fact.fields["transfer_raw"]);
        let number_of = |mode| enum_number(&name(release), "SSICSMode", mode) as i32;
        let numbers = [number_of("SSI_CS_NONE"), number_of("SSI_CS_LOW"), number_of("SSI_CS_HIGH")];
        assert_eq!(numbers, [sys::SSI_CS_NONE, sys::SSI_CS_LOW, sys::SSI_CS_HIGH]);
    });
}

#[test]
fn fields_past_the_object_exist_in_every_release() {
    let object = size_of::<sys::Object>();
    for_each_release(|release, facts| {
        assert_eq!(facts["Clock"].fields["period"], object, "{}", name(release));
        assert_eq!(offset_of!(sys::BusState, realized), facts["BusState"].fields["realized"], "{}", name(release));
        assert_eq!(facts["DeviceState"].fields["id"], object, "{}", name(release));
        assert_eq!(facts["MemoryRegion"].fields["ram"], object + 1, "{}", name(release));
        assert_eq!(facts["MemoryRegion"].fields["rom_device"], object + 5, "{}", name(release));
        assert_eq!(facts["QEMUTimer"].fields["timer_list"], 8, "{}", name(release));
    });
}

#[test]
fn symbols_are_looked_up_where_they_are_exported() {
    for (n, release) in sys::RELEASES.iter().enumerate() {
        let title = name(release);
        let functions = entries(&title, "function");
        let variables = entries(&title, "variable");
        let mut count = 0;
        for (symbol, exporters) in sys::symbols() {
            let wanted = exporters & (1 << n) != 0;
            let there = functions.contains_key(symbol) || variables.contains_key(symbol);
            assert_eq!(wanted, there, "{} in QEMU {} (abi/README.md says how to list anew)", symbol, title);
            count += 1;
        }
        assert!(count > 100, "only {} symbols", count);
    }
}
