// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Parts that are removed from their owner.

use crate::runner::{keep, later};
use oldstable::bql::BqlCell;
use oldstable::clock::ClockInput;
use oldstable::compat::c_str;
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::Result;

oldstable::qom_define_type! {
    /// Has a part of each kind.
    pub struct Parts("attacks-parts"): SysBusDevice, DeviceState, Object {
        ram: MemoryRegion,
        io: MemoryRegion,
        clock: ClockInput,
        irq: InterruptSource,
        level: BqlCell<u32>,
    }
}

impl ObjectImpl for Parts {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.io.init_io(this, "io", 4096);
        this.init_mmio(&this.io);
        this.init_irq(&this.irq);
        this.init_gpio_in(None, 4, |this: &Parts, n, _| this.level.set(n));
        this.clock.init(this, c_str!("clk"), |_: &Parts| ());
    });
}

impl DeviceImpl for Parts {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| this.ram.init_ram(this, "ram", 1 << 20));
}

impl SysBusDeviceImpl for Parts {}
impl MemoryRegionOps for Parts {}

/// Removes all objects of a class below an object.
fn unparent_children(of: &impl ObjectMethods, class: &str) {
    for child in of.children() {
        if child.typename().contains(class) {
            child.unparent();
        }
    }
}

fn take_parts(class: &str) {
    register::<Parts>();
    let parts = Parts::new();
    parts.sysbus_realize().unwrap();
    unparent_children(&*parts, class);
    keep(parts);
    later(|| println!("they are gone"));
}

programs! {
    regions => Sentence "is not taken out of the tree" { take_parts("memory-region") }

    lines => Sentence "is not taken out of the tree" { take_parts("irq") }

    clocks => Sentence "is not taken out of the tree" { take_parts("clock") }

    c_devices_that_are_unrealized on "virt" => Clean "all 0 of them" {
        let devices = DeviceState::find_all();
        let gone = devices.iter().filter(|device| device.property_set_bool("realized", false).is_ok()).count();
        println!("all {} of them", gone);
    }

    c_devices_that_are_unrealized_by_text on "virt" => Clean "all 0 of them" {
        let devices = DeviceState::find_all();
        let gone = devices.iter().filter(|device| device.property_parse("realized", "off").is_ok()).count();
        println!("all {} of them", gone);
    }

    buses_that_are_unrealized on "virt" => Clean "all 0 of them" {
        let buses = Object::find_all().into_iter().filter(|object| object.typename().ends_with("-bus"));
        let gone = buses.filter(|bus| bus.property_set_bool("realized", false).is_ok()).count();
        println!("all {} of them", gone);
    }

    ours_that_is_unrealized => Clean "Ok(false)" {
        register::<Parts>();
        let parts = Parts::new();
        parts.sysbus_realize().unwrap();
        parts.property_set_bool("realized", false).unwrap();
        println!("{:?}", parts.property_get_bool("realized"));
    }

    the_machine => Sentence "is not taken out of the tree" {
        Object::resolve("/machine").unwrap().unparent()
    }

    the_place_of_what_users_plug => Sentence "is not taken out of the tree" {
        Object::resolve("/machine/peripheral").unwrap().unparent()
    }

    regions_of_a_c_device on "virt" => Sentence "is not taken out of the tree" {
        for device in SysBusDevice::find_all() {
            unparent_children(&*device, "memory-region")
        }
    }

    a_c_device_of_the_board on "virt" => Sentence "is not taken out of the tree" {
        unparent_children(&*Object::resolve("/machine/unattached").unwrap(), "arm-cpu");
        unparent_children(&*Object::resolve("/machine/unattached").unwrap(), "pl011")
    }

    a_region_that_is_found_by_its_path => Sentence "is not taken out of the tree" {
        register::<Parts>();
        let parts = Parts::new();
        Object::root().property_add_child("parts", parts.clone()).unwrap();
        let region = Object::resolve("/parts/io[0]").unwrap();
        drop(parts);
        region.unparent()
    }

    what_the_program_has_put_there_itself => Clean "both are gone" {
        register::<Parts>();
        let ours = Parts::new();
        let qemus = Object::new_by_name("container").unwrap();
        Object::root().property_add_child("ours", ours.clone()).unwrap();
        Object::root().property_add_child("qemus", qemus.clone()).unwrap();
        ours.unparent();
        qemus.unparent();
        qemus.unparent();
        if ours.parent().is_none() && qemus.parent().is_none() {
            println!("both are gone")
        }
    }
}
