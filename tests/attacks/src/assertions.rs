// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Errors that QEMU itself would end with an assertion.

use crate::runner::keep;
use oldstable::clock::{ClockInput, ClockMethods, ClockOutput};
use oldstable::compat::c_str;
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Child, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::Result;

oldstable::qdev_define_conf! {
    pub struct SizedConf {
        "size" => size: u64,
    }
}

oldstable::qom_define_type! {
    /// Has memory of a given size.
    pub struct Sized_("attacks-sized"): DeviceState, Object {
        conf: SizedConf,
        ram: MemoryRegion,
    }
}

impl ObjectImpl for Sized_ {}

impl DeviceImpl for Sized_ {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| this.ram.init_ram(this, "ram", this.conf.size.get()));
}

oldstable::qom_define_type! {
    pub struct Device("attacks-device"): SysBusDevice, DeviceState, Object {
        regions: [MemoryRegion; 32],
        one_more: MemoryRegion,
        input: ClockInput,
        output: ClockOutput,
        child: Child<Plain>,
    }
}

impl ObjectImpl for Device {}
impl DeviceImpl for Device {}
impl SysBusDeviceImpl for Device {}
impl MemoryRegionOps for Device {}

oldstable::qom_define_type! {
    pub struct Plain("attacks-plain"): DeviceState, Object {}
}

impl ObjectImpl for Plain {}
impl DeviceImpl for Plain {}

oldstable::qom_define_type! {
    /// Realizes itself while it is being realized.
    pub struct Inward("attacks-inward"): SysBusDevice, DeviceState, Object {}
}

impl ObjectImpl for Inward {}

impl DeviceImpl for Inward {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        println!("{}", this.sysbus_realize().unwrap_err());
        println!("{}", this.property_set_bool("realized", true).unwrap_err());
        Ok(())
    });
}

impl SysBusDeviceImpl for Inward {}

oldstable::qdev_define_conf! {
    pub struct TakenConf {
        "hotpluggable" => hotpluggable: u32,
    }
}

oldstable::qom_define_type! {
    pub struct Taken("attacks-taken"): DeviceState, Object {
        conf: TakenConf,
    }
}

impl ObjectImpl for Taken {}
impl DeviceImpl for Taken {}

oldstable::qdev_define_conf! {
    pub struct TwiceConf {
        "size" => size: u32,
        "size" => same: u32,
    }
}

oldstable::qom_define_type! {
    pub struct Twice("attacks-twice"): DeviceState, Object {
        conf: TwiceConf,
    }
}

impl ObjectImpl for Twice {}
impl DeviceImpl for Twice {}

/// Does something to a device, and keeps it.
fn with_device(what: fn(&Device)) {
    register::<Plain>();
    register::<Device>();
    let device = Device::new();
    what(&device);
    keep(device);
}

fn memory_of(size: u64) {
    register::<Sized_>();
    let device = Sized_::new();
    device.property_set_uint("size", size).unwrap();
    println!("{}", device.realize().unwrap_err());
}

oldstable::qdev_define_conf! {
    pub struct NamedAsALineConf { "sysbus-irq[0]" => first: bool, }
}

oldstable::qom_define_type! {
    pub struct NamedAsALine("attacks-named-as-a-line"): SysBusDevice, DeviceState, Object {
        conf: NamedAsALineConf,
        line: InterruptSource,
    }
}

oldstable::qom_define_type! {
    pub struct Wired("attacks-wired"): SysBusDevice, DeviceState, Object {
        ram: MemoryRegion,
        lines: [InterruptSource; 2],
        more_lines: [InterruptSource; 2],
    }
}

impl ObjectImpl for Wired {}
impl DeviceImpl for Wired {}
impl SysBusDeviceImpl for Wired {}

impl ObjectImpl for NamedAsALine {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| this.init_irq(&this.line));
}

impl DeviceImpl for NamedAsALine {}
impl SysBusDeviceImpl for NamedAsALine {}

programs! {
    inputs_that_are_called_unnamed => Sentence "is what QEMU calls wires without a name" {
        register::<Wired>();
        Wired::new().init_gpio_in(Some("unnamed-gpio-in"), 1, |_: &Wired, _, _| ());
    }

    outputs_that_are_called_unnamed => Sentence "is what QEMU calls wires without a name" {
        register::<Wired>();
        let wired = Wired::new();
        wired.init_gpio_out(None, &wired.lines);
        wired.init_gpio_out(Some("unnamed-gpio-out"), &wired.more_lines);
    }

    memories_whose_names_do_not_fit => Clean "at most 127 bytes, not 301" {
        register::<Wired>();
        println!("{}", Wired::new().ram.init_ram(&*Wired::new(), &"a".repeat(301), 4096).unwrap_err());
    }

    a_property_of_the_name_of_a_line => Sentence "has a property sysbus-irq[0]" {
        register::<NamedAsALine>();
        NamedAsALine::new();
    }

    realized_twice => Clean "is realized already" {
        register::<Plain>();
        let plain = Plain::new();
        plain.realize().unwrap();
        println!("{}", plain.realize().unwrap_err());
        plain.property_set_bool("realized", true).unwrap();
    }

    realized_on_the_bus_twice => Clean "is realized already" {
        with_device(|device| {
            device.sysbus_realize().unwrap();
            println!("{}", device.sysbus_realize().unwrap_err());
        })
    }

    realized_inside_realize => Clean "is being realized" {
        register::<Inward>();
        let inward = Inward::new();
        inward.sysbus_realize().unwrap();
        keep(inward);
    }

    realized_without_a_bus => Clean "attacks-device needs a System to be on" {
        with_device(|device| println!("{}", device.realize().unwrap_err()))
    }

    realized_without_a_bus_by_a_property => Clean "e1000 needs a PCI to be on" {
        let card = DeviceState::new_by_name("e1000").unwrap();
        println!("{}", card.property_set_bool("realized", true).unwrap_err());
        println!("{}", card.property_parse("realized", "on").unwrap_err());
        println!("{}", card.realize().unwrap_err());
    }

    memory_of_no_bytes => Clean "memory has 1 to" { memory_of(0) }

    memory_of_all_bits => Clean "memory has 1 to" { memory_of(u64::MAX) }

    memory_that_is_nothing_on_32_bits => Clean "memory" { memory_of(1 << 62) }

    a_property_of_every_device => Sentence "the class attacks-taken has a property hotpluggable already" {
        register::<Taken>();
        Taken::new();
    }

    two_properties_of_a_name => Sentence "the class attacks-twice has a property size already" {
        register::<Twice>();
        Twice::new();
    }

    a_child_of_a_taken_name => Sentence "the object has a property realized already" {
        with_device(|device| device.child.init(device, "realized"))
    }

    a_clock_of_a_taken_name => Sentence "the object has a property hotplugged already" {
        with_device(|device| device.output.init(device, c_str!("hotplugged")))
    }

    wires_in_and_out_of_a_name => Sentence "the device has a property wire[0] that is a child<irq>" {
        with_device(|device| {
            static LINES: [oldstable::irq::InterruptSource; 0] = [];
            device.init_gpio_in(Some("wire"), 2, |_: &Device, _, _| ());
            device.init_gpio_out(Some("wire"), &LINES);
        })
    }

    more_regions_than_fit => Sentence "a device of the system bus has at most 32 regions" {
        with_device(|device| {
            for region in device.regions.iter().chain(Some(&device.one_more)) {
                region.init_io(device, "region", 16);
                device.init_mmio(region);
            }
        })
    }

    a_region_inside_another_and_on_the_bus => Sentence "is mapped by no bus" {
        with_device(|device| {
            device.regions[0].init_container(device, "outer", 64);
            device.regions[1].init_io(device, "inner", 16);
            device.regions[0].add_subregion(0, &device.regions[1], 0);
            device.init_mmio(&device.regions[1]);
        })
    }

    a_clock_connected_twice => Clean "the clock in is connected already" {
        with_device(|device| {
            device.input.init(device, c_str!("in"), ());
            device.output.init(device, c_str!("out"));
            device.connect_clock_in(c_str!("in"), &device.output).unwrap();
            println!("{}", device.connect_clock_in(c_str!("in"), &device.output).unwrap_err());
            println!("{}", device.connect_clock_in(c_str!("out"), &device.output).unwrap_err());
        })
    }
}
