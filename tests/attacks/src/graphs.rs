// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Regions, aliases and containers that form a cycle.

use crate::runner::{ask, keep, later};
use oldstable::memory::MemoryRegion;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};

oldstable::qom_define_type! {
    pub struct Regions("attacks-regions"): SysBusDevice, DeviceState, Object {
        outer: MemoryRegion,
        inner: MemoryRegion,
        first: MemoryRegion,
        second: MemoryRegion,
    }
}

impl ObjectImpl for Regions {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.outer.init_container(this, "outer", 4096);
        this.inner.init_container(this, "inner", 4096);
    });
}

impl DeviceImpl for Regions {}
impl SysBusDeviceImpl for Regions {}

/// Does something to the regions of a device, and maps the outer one for the guest.
fn with_regions(what: fn(&Regions)) {
    register::<Regions>();
    let regions = Regions::new();
    regions.init_mmio(&regions.outer);
    what(&regions);
    regions.sysbus_realize().unwrap();
    regions.mmio_map(0, 0x1000_0000).unwrap();
    println!("it is seen");
    keep(regions);
    later(|| ask("query-status"));
}

programs! {
    inside_itself => Sentence "a memory region cannot be inside itself" {
        with_regions(|this| {
            this.inner.add_subregion(0, &this.inner, 0);
        })
    }

    inside_what_it_contains => Sentence "a memory region cannot be inside itself" {
        with_regions(|this| {
            this.outer.add_subregion(0, &this.inner, 0);
            this.inner.add_subregion(0, &this.outer, 0);
        })
    }

    shown_inside_itself => Sentence "a memory region cannot be inside itself" {
        with_regions(|this| {
            this.first.init_alias(this, "first", &this.outer, 0, 4096);
            this.outer.add_subregion(0, &this.first, 0);
        })
    }

    shown_inside_itself_over_two_steps => Sentence "a memory region cannot be inside itself" {
        with_regions(|this| {
            this.outer.add_subregion(0, &this.inner, 0);
            this.first.init_alias(this, "first", &this.outer, 0, 4096);
            this.second.init_alias(this, "second", &this.first, 0, 4096);
            this.inner.add_subregion(0, &this.second, 0);
        })
    }

    an_alias_of_itself => Sentence "a memory region" {
        with_regions(|this| this.first.init_alias(this, "first", &this.first, 0, 4096))
    }

    // Two views of one region side by side are not a cycle.
    shown_twice => Clean "it is seen" {
        with_regions(|this| {
            this.first.init_alias(this, "first", &this.inner, 0, 2048);
            this.second.init_alias(this, "second", &this.inner, 0, 2048);
            this.outer.add_subregion(0, &this.first, 0);
            this.outer.add_subregion(2048, &this.second, 0);
        })
    }

    an_object_below_itself => Clean "refused thrice" {
        register::<Regions>();
        let (above, below) = (Regions::new(), Regions::new());
        above.property_add_child("below", below.clone()).unwrap();
        assert!(below.property_add_child("above", above.clone()).is_err());
        assert!(above.property_add_child("self", above.clone()).is_err());
        Object::root().property_add_child("above", above.clone()).unwrap();
        assert!(above.property_add_child("root", Object::root()).is_err());
        println!("refused thrice");
    }
}
