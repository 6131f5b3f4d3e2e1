// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Texts that are unsuitable for C: with a NUL, extremely long, or with format directives.

use crate::runner::{ask, keep, later};
use oldstable::clock::ClockInput;
use oldstable::compat::c_str;
use oldstable::dma::AddressSpace;
use oldstable::irq::GpioMethods;
use oldstable::memory::{AccessSizes, Attributes, MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};

oldstable::qdev_define_conf! {
    pub struct NamedConf {
        "text" => text: Option<String>,
        "number" => number: u32 = 7,
    }
}

oldstable::qom_define_type! {
    pub struct Named("attacks-named"): SysBusDevice, DeviceState, Object {
        conf: NamedConf,
        region: MemoryRegion,
        clock: ClockInput,
    }
}

impl ObjectImpl for Named {}
impl DeviceImpl for Named {}
impl SysBusDeviceImpl for Named {}

impl MemoryRegionOps for Named {
    const VALID: AccessSizes = AccessSizes { min: 1, max: 8, unaligned: true };
    const IMPLEMENTED: AccessSizes = AccessSizes { min: 8, max: 8, unaligned: false };
}

fn named(what: fn(&Named)) {
    register::<Named>();
    let named = Named::new();
    what(&named);
    Object::root().property_add_child("named", named.clone()).unwrap();
    named.sysbus_realize().unwrap();
    keep(named);
    later(|| ask("human-monitor-command\", \"arguments\": {\"command-line\": \"info mtree\"}, \"id\": \"x"));
}

/// Returns a text of 14 million bytes.
fn long() -> String {
    "%s%n\u{fffd}".repeat(1 << 21)
}

programs! {
    a_property_with_a_nul => Clean "it is an error" {
        named(|named| {
            assert!(named.property_set_str("te\0xt", "a").is_err());
            assert!(named.property_set_str("text", "a\0b").is_err());
            assert!(named.property_parse("number", "1\0x").is_err());
            assert!(named.property_get_link("\0").is_err());
            assert!(named.property_type("").is_err());
            println!("it is an error")
        })
    }

    a_child_with_a_nul => Clean "it is an error" {
        named(|_| {
            let child = Object::new_by_name("container").unwrap();
            assert!(Object::root().property_add_child("a\0b", child.clone()).is_err());
            assert!(Object::resolve("/machine\0/x").is_err());
            assert!(Object::new_by_name("container\0").is_err());
            println!("it is an error")
        })
    }

    a_region_with_a_nul => Sentence "NUL" {
        named(|named| named.region.init_io(named, "a\0b", 4096))
    }

    wires_with_a_nul => Sentence "NUL" {
        named(|named| named.init_gpio_in(Some("a\0b"), 1, |_: &Named, _, _| ()))
    }

    texts_without_end => Clean "14680064" {
        named(|named| {
            named.property_set_str("text", &long()).unwrap();
            assert!(named.property_set_str(&long(), "").is_err());
            assert!(named.property_parse("number", &long()).is_err());
            assert!(Object::resolve(&long()).is_err());
            assert!(Object::new_by_name(&long()).is_err());
            println!("{}", named.conf.text.get().map_or(0, |text| text.len()));
        })
    }

    names_without_end => Clean "== done" {
        named(|named| {
            named.region.init_io(named, &long(), 4096);
            named.init_mmio(&named.region);
            named.init_gpio_in(Some(&long()[1..]), 1, |_: &Named, _, _| ());
        })
    }

    a_child_of_an_empty_name => Clean "== done" {
        named(|_| {
            for name in &["", "/", "..", "[*]", "%s%n", "a/b", "x[0]"] {
                let child = Object::new_by_name("container").unwrap();
                if Object::root().property_add_child(name, child.clone()).is_ok() {
                    println!("{:?} {:?}", name, child);
                    Object::resolve(&child.canonical_path().unwrap()).ok();
                    child.unparent();
                }
            }
        })
    }

    numbers_that_do_not_fit => Clean "they are errors" {
        named(|named| {
            assert!(named.property_set_int("number", -1).is_err());
            assert!(named.property_set_uint("number", u64::MAX).is_err());
            assert!(named.property_set_bool("number", true).is_err());
            assert!(named.property_get_str("number").is_err());
            assert!(named.property_set_link::<Object>("number", None).is_err());
            println!("they are errors");
        })
    }

    sizes_of_regions => Clean "they are read" {
        named(|named| {
            named.region.init_io(named, "all", u64::MAX);
            named.init_mmio(&named.region);
        });
        let named = Named::find_all().remove(0);
        for address in &[0, 1, u64::MAX - 8, 0x1000_0000] {
            named.mmio_map(0, *address).unwrap();
            for size in 1..=17 {
                let _ = AddressSpace::system_memory().read(u64::MAX - size as u64, &mut vec![0; size], Attributes::UNSPECIFIED);
                let _ = AddressSpace::system_memory().read(3, &mut vec![0; size], Attributes::UNSPECIFIED);
            }
        }
        println!("they are read")
    }

    a_region_of_no_bytes => Clean "== done" {
        named(|named| {
            named.region.init_io(named, "none", 0);
            named.init_mmio(&named.region);
        });
        let named = Named::find_all().remove(0);
        named.mmio_map(0, 0x1000).unwrap();
    }

    a_clock_without_a_name => Clean "== done" {
        named(|named| named.clock.init(named, c_str!(""), |_: &Named| ()))
    }
}
