//! Holds every number of `src/sys` against what was read from the distributions' own builds of QEMU.
//!
//! `tests/data/qemu-abi*.toml` has the layouts, `tests/data/qemu-symbols.txt` the exported symbols.

use oldstable::sys::{
    self, DeviceClassLayout, I2cClassLayout, MemTxAttrsLayout, PciClassLayout, PciDeviceLayout,
    PropertyLayout, Release, VmStateDescriptionLayout, VmStateFieldLayout,
};
use oldstable_compat::mem::offset_of;
use std::collections::HashMap;
use std::mem::{align_of, size_of};

#[cfg(target_pointer_width = "64")]
const FACTS: &str = include_str!("data/qemu-abi.toml");
#[cfg(target_pointer_width = "32")]
const FACTS: &str = include_str!("data/qemu-abi-i386.toml");
const PCI_FACTS: &str = include_str!("data/qemu-abi-pci.toml");
const SYMBOLS: &str = include_str!("data/qemu-symbols.txt");

/// A C struct of one release.
#[derive(Default)]
struct Struct {
    size: usize,
    align: usize,
    fields: HashMap<&'static str, usize>,
}

/// What follows `key = ` in a line of the facts, up to the next comma.
fn value(line: &'static str, key: &str) -> Option<&'static str> {
    let start = line.find(&format!("{} = ", key))? + key.len() + 3;
    let rest = &line[start..];
    let end = rest.find(|c| c == ',' || c == ' ').unwrap_or(rest.len());
    Some(rest[..end].trim_matches('"'))
}

fn number(line: &'static str, key: &str) -> Option<usize> {
    value(line, key)?.parse().ok()
}

/// All structs of a release. The facts are written one table a struct and one line a field, so that they
/// can be read on a compiler for which no TOML parser builds.
fn structs(release: &str) -> HashMap<&'static str, Struct> {
    let mut structs = HashMap::new();
    let prefix = format!("[qemu.\"{}\".struct.", release);
    let mut current: Option<&'static str> = None;
    for line in FACTS.lines().chain(PCI_FACTS.lines()) {
        if line.starts_with('[') {
            current = line
                .strip_prefix(prefix.as_str())
                .and_then(|name| name.strip_suffix(']'));
            if let Some(name) = current {
                structs.insert(name, Struct::default());
            }
        } else if let Some(known) = current.and_then(|name| structs.get_mut(name)) {
            if line.starts_with("size = ") {
                known.size = number(line, "size").expect("a size");
            } else if line.starts_with("align = ") {
                known.align = number(line, "align").expect("an alignment");
            } else if line.contains("{ name = ") {
                let name = value(line, "name").expect("a name");
                known
                    .fields
                    .insert(name, number(line, "offset").expect("an offset"));
            }
        }
    }
    assert!(!structs.is_empty(), "no facts of QEMU {}", release);
    structs
}

/// The number of a name in an enum.
fn enum_number(release: &str, c_name: &str, value: &str) -> usize {
    let table = format!("[qemu.\"{}\".enum.{}]", release, c_name);
    let values = FACTS
        .lines()
        .chain(PCI_FACTS.lines())
        .skip_while(|line| *line != table)
        .find(|line| line.starts_with("values"))
        .expect("the enum");
    number(values, value).expect("the name")
}

/// The first bit of a field, counted from the start of its struct.
fn bit(release: &str, c_name: &str, field: &str) -> usize {
    let table = format!("[qemu.\"{}\".struct.{}]", release, c_name);
    let start = format!("{{ name = \"{}\",", field);
    let line = FACTS
        .lines()
        .skip_while(|line| *line != table)
        .find(|line| line.trim_start().starts_with(&start))
        .expect("the field");
    8 * number(line, "offset").expect("an offset") + number(line, "bit_offset").unwrap_or(0)
}

/// The name under which the facts have a release of this architecture.
fn name(release: &Release) -> String {
    let suffix = if cfg!(target_pointer_width = "32") {
        "-i386"
    } else {
        ""
    };
    format!("{}.{}{}", release.major, release.minor, suffix)
}

fn for_each_release(check: impl Fn(&Release, &HashMap<&'static str, Struct>)) {
    for release in &sys::RELEASES {
        check(release, &structs(&name(release)));
    }
}

/// A number of the facts that is no struct: `KEY = 7` in the table of constants of a release.
fn constant(release: &Release, key: &str) -> Option<&'static str> {
    let table = format!("[qemu.\"{}\".const]", name(release));
    FACTS
        .lines()
        .skip_while(|line| *line != table)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .find(|line| line.starts_with(&format!("{} = ", key)))
        .and_then(|line| value(line, key))
}

/// Which releases export each symbol.
fn exporters() -> HashMap<&'static str, Vec<&'static str>> {
    let lines = SYMBOLS.lines().filter(|line| !line.starts_with('#'));
    let symbols = lines.map(|line| {
        let mut words = line.split(' ');
        (words.next().expect("a name"), words.collect())
    });
    symbols.collect()
}

fn is_exported(symbol: &str, release: &str) -> bool {
    exporters()[symbol].contains(&release)
}

#[test]
fn numbers_of_each_release_are_those_of_its_build() {
    for_each_release(|release, facts| {
        let title = name(release);
        // No `..`: a number without a check does not compile.
        let Release {
            major: _,
            minor: _,
            module_init: _,
            plugin_version: _,
            lock_is_called_bql,
            bottom_halves_have_names,
            interface_class_size,
            device_class,
            sysbus_class_size,
            property,
            vmstate_description,
            vmstate_field,
            mem_tx_attrs,
            memory_region_container,
            pci_class,
            pci_device,
            i2c_class,
            resettable_phases,
            pl011_chr,
        } = release;
        assert_eq!(*lock_is_called_bql, is_exported("bql_locked", &title));
        assert_eq!(
            *bottom_halves_have_names,
            is_exported("qemu_bh_new_full", &title)
        );
        let DeviceClassLayout {
            size,
            user_creatable,
            hotpluggable,
            realize,
            unrealize,
            vmsd,
        } = device_class;
        let class = &facts["DeviceClass"];
        assert_eq!(*size, class.size);
        assert_eq!(*user_creatable, class.fields["user_creatable"]);
        assert_eq!(*hotpluggable, class.fields["hotpluggable"]);
        assert_eq!(*realize, class.fields["realize"]);
        assert_eq!(*unrealize, class.fields["unrealize"]);
        assert_eq!(*vmsd, class.fields["vmsd"]);

        assert_eq!(*interface_class_size, facts["InterfaceClass"].size);
        assert_eq!(*sysbus_class_size, facts["SysBusDeviceClass"].size);
        let PciClassLayout {
            size,
            realize,
            exit,
        } = pci_class;
        let fact = &facts["PCIDeviceClass"];
        assert_eq!(*size, fact.size);
        assert_eq!(*realize, fact.fields["realize"]);
        assert_eq!(*exit, fact.fields["exit"]);
        // The others follow in the same order everywhere.
        let words = |n| realize + n * size_of::<usize>();
        assert_eq!(words(3), fact.fields["config_write"]);
        assert_eq!(words(4), fact.fields["vendor_id"]);
        assert_eq!(words(4) + 2, fact.fields["device_id"]);
        assert_eq!(words(4) + 4, fact.fields["revision"]);
        assert_eq!(words(4) + 6, fact.fields["class_id"]);
        assert_eq!(words(4) + 8, fact.fields["subsystem_vendor_id"]);
        assert_eq!(words(4) + 10, fact.fields["subsystem_id"]);

        let PciDeviceLayout {
            config,
            wmask,
            cap_present,
            bus_master_as,
        } = pci_device;
        let fact = &facts["PCIDevice"];
        assert_eq!(*config, fact.fields["config"]);
        assert_eq!(*wmask, fact.fields["wmask"]);
        assert_eq!(*cap_present, fact.fields["cap_present"]);
        assert_eq!(*bus_master_as, fact.fields["bus_master_as"]);

        let I2cClassLayout {
            size,
            send,
            recv,
            event,
            finish,
            nack,
        } = i2c_class;
        let fact = &facts["I2CSlaveClass"];
        assert_eq!(*size, fact.size);
        assert_eq!(*send, fact.fields["send"]);
        assert_eq!(*recv, fact.fields["recv"]);
        assert_eq!(*event, fact.fields["event"]);
        let number_of = |event| enum_number(&title, "i2c_event", event) as i32;
        assert_eq!(*finish, number_of("I2C_FINISH"));
        assert_eq!(*nack, number_of("I2C_NACK"));
        assert_eq!(sys::I2C_START_RECEIVE, number_of("I2C_START_RECV"));
        assert_eq!(sys::I2C_START_SEND, number_of("I2C_START_SEND"));

        assert_eq!(
            *memory_region_container,
            facts["MemoryRegion"].fields["container"]
        );
        assert_eq!(
            *resettable_phases,
            facts["ResettableClass"].fields["phases"]
        );
        assert_eq!(*pl011_chr, facts["PL011State"].fields["chr"]);

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
            closed_by_empty_name,
            // Whoever uses an array inside QEMU sees it.
            frees_array_elements: _,
        } = property;
        let fact = &facts["Property"];
        assert_eq!(*size, fact.size);
        assert_eq!(*name, fact.fields["name"]);
        assert_eq!(*info, fact.fields["info"]);
        assert_eq!(*offset, fact.fields["offset"]);
        assert_eq!(*bitnr, fact.fields["bitnr"]);
        assert_eq!(*set_default, fact.fields["set_default"]);
        assert_eq!(*defval, fact.fields["defval"]);
        assert_eq!(*link_type, fact.fields["link_type"]);
        assert_eq!(*array_info, fact.fields["arrayinfo"]);
        assert_eq!(*array_offset, fact.fields["arrayoffset"]);
        assert_eq!(*array_field_size, fact.fields["arrayfieldsize"]);
        assert_eq!(*info_size, facts["PropertyInfo"].size);
        assert_eq!(*enum_count, facts["QEnumLookup"].fields["size"]);
        assert_eq!(
            Some(closed_by_empty_name.to_string().as_str()),
            constant(release, "property_list_nul_terminated")
        );

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
        } = vmstate_description;
        let fact = &facts["VMStateDescription"];
        assert_eq!(*size, fact.size);
        assert_eq!(*name, fact.fields["name"]);
        assert_eq!(*version_id, fact.fields["version_id"]);
        assert_eq!(*minimum_version_id, fact.fields["minimum_version_id"]);
        assert_eq!(*pre_load, fact.fields["pre_load"]);
        assert_eq!(*post_load, fact.fields["post_load"]);
        assert_eq!(*pre_save, fact.fields["pre_save"]);
        assert_eq!(*needed, fact.fields["needed"]);
        assert_eq!(*fields, fact.fields["fields"]);
        assert_eq!(*subsections, fact.fields["subsections"]);

        let VmStateFieldLayout {
            size,
            name,
            offset,
            size_,
            num,
            info,
            flags,
            vmsd,
            version_id,
            field_exists,
            end_flags,
        } = vmstate_field;
        let fact = &facts["VMStateField"];
        assert_eq!(*size, fact.size);
        assert_eq!(*name, fact.fields["name"]);
        assert_eq!(*offset, fact.fields["offset"]);
        assert_eq!(*size_, fact.fields["size"]);
        assert_eq!(*num, fact.fields["num"]);
        assert_eq!(*info, fact.fields["info"]);
        assert_eq!(*flags, fact.fields["flags"]);
        assert_eq!(*vmsd, fact.fields["vmsd"]);
        assert_eq!(*version_id, fact.fields["version_id"]);
        assert_eq!(*field_exists, fact.fields["field_exists"]);
        assert_eq!(
            Some(end_flags.to_string().as_str()),
            constant(release, "vmstate_end_of_list_flags")
        );

        let MemTxAttrsLayout {
            unspecified,
            secure,
            user,
            requester_id,
        } = mem_tx_attrs;
        assert_eq!(
            usize::from(*unspecified),
            bit(&title, "MemTxAttrs", "unspecified")
        );
        assert_eq!(usize::from(*secure), bit(&title, "MemTxAttrs", "secure"));
        assert_eq!(usize::from(*user), bit(&title, "MemTxAttrs", "user"));
        assert_eq!(
            usize::from(*requester_id),
            bit(&title, "MemTxAttrs", "requester_id")
        );
    });
}

#[test]
fn plugins_and_module_stages_are_those_of_each_build() {
    for_each_release(|release, _| {
        let enabled = constant(release, "plugins_enabled_in_stock_build") != Some("false");
        assert_eq!(
            release.plugin_version.is_some(),
            enabled,
            "{}",
            name(release)
        );
        if let Some(version) = release.plugin_version {
            let from = constant(release, "QEMU_PLUGIN_MIN_VERSION").expect("a lowest version");
            let to = constant(release, "QEMU_PLUGIN_VERSION").expect("a version");
            assert!(from.parse::<i32>().unwrap() <= version);
            assert!(version <= to.parse::<i32>().unwrap());
        }
        // Types may be registered once the stage has a number that is not before QOM's.
        let title = name(release);
        let qom = enum_number(&title, "module_init_type", "MODULE_INIT_QOM");
        let trace = enum_number(&title, "module_init_type", "MODULE_INIT_TRACE");
        assert!([qom, trace].contains(&(release.module_init as usize)));
    });
}

/// Checks that the space that a device embeds is enough for each release.
fn has_room<T>(c_names: &[&str]) {
    for_each_release(|release, facts| {
        let fact = c_names
            .iter()
            .find_map(|name| facts.get(name))
            .unwrap_or_else(|| panic!("no facts of {} in {}", c_names[0], name(release)));
        assert!(
            size_of::<T>() >= fact.size,
            "{} in {}",
            c_names[0],
            name(release)
        );
        assert!(
            align_of::<T>() >= fact.align,
            "{} in {}",
            c_names[0],
            name(release)
        );
    });
    let largest = sys::RELEASES
        .iter()
        .filter_map(|release| {
            let facts = structs(&name(release));
            c_names
                .iter()
                .find_map(|name| facts.get(name))
                .map(|fact| fact.size)
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
}

/// Checks that a struct that we hand to QEMU, or read, is laid out alike in each release.
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
fn structs_that_cross_the_border_are_the_same_in_every_release() {
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
        assert_eq!(
            offset_of!(sys::AccessValidity, min_access_size),
            fact["valid.min_access_size"] - valid
        );
        assert_eq!(
            offset_of!(sys::AccessValidity, max_access_size),
            fact["valid.max_access_size"] - valid
        );
        assert_eq!(
            offset_of!(sys::AccessValidity, unaligned),
            fact["valid.unaligned"] - valid
        );
        assert_eq!(
            offset_of!(sys::AccessValidity, accepts),
            fact["valid.accepts"] - valid
        );
        let implementation = fact["impl"];
        assert_eq!(
            offset_of!(sys::AccessImplementation, max_access_size),
            fact["impl.max_access_size"] - implementation
        );
        assert_eq!(
            offset_of!(sys::AccessImplementation, unaligned),
            fact["impl.unaligned"] - implementation
        );
    });
}

#[test]
fn fields_that_are_read_behind_the_object_are_there_in_every_release() {
    let object = size_of::<sys::Object>();
    for_each_release(|release, facts| {
        assert_eq!(facts["Clock"].fields["period"], object, "{}", name(release));
        assert_eq!(
            facts["MemoryRegion"].fields["ram"],
            object + 1,
            "{}",
            name(release)
        );
        assert_eq!(
            facts["MemoryRegion"].fields["rom_device"],
            object + 5,
            "{}",
            name(release)
        );
        assert_eq!(
            facts["QEMUTimer"].fields["timer_list"],
            8,
            "{}",
            name(release)
        );
    });
}

#[test]
fn symbols_are_looked_up_in_just_the_releases_that_export_them() {
    let known = exporters();
    let mut count = 0;
    for (symbol, exporters) in sys::symbols() {
        // GLib's own: QEMU is linked with the library that has them.
        if symbol.starts_with("g_") {
            continue;
        }
        let facts = known
            .get(symbol)
            .unwrap_or_else(|| panic!("{} is in no release", symbol));
        for (n, release) in sys::RELEASES.iter().enumerate() {
            let wanted = exporters & (1 << n) != 0;
            let there = facts.contains(&name(release).as_str());
            assert_eq!(wanted, there, "{} in QEMU {}", symbol, name(release));
        }
        count += 1;
    }
    assert!(count > 50, "only {} symbols", count);
}
