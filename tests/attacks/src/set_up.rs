// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Parts that are set up twice, by another object, or too late.

use crate::runner::keep;
use oldstable::bh::BottomHalf;
use oldstable::clock::{ClockInput, ClockOutput};
use oldstable::compat::c_str;
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Child, Object, ObjectClassMethods, ObjectImpl};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::timer::{ClockType, Timer};

oldstable::qom_define_type! {
    /// Has a part of each kind, and sets up none.
    pub struct Parts("attacks-set-up"): SysBusDevice, DeviceState, Object {
        region: MemoryRegion,
        line: InterruptSource,
        lines: [InterruptSource; 4],
        input: ClockInput,
        output: ClockOutput,
        timer: Timer,
        bottom_half: BottomHalf,
        child: Child<Small>,
    }
}

impl ObjectImpl for Parts {}
impl DeviceImpl for Parts {}
impl SysBusDeviceImpl for Parts {}
impl MemoryRegionOps for Parts {}

oldstable::qom_define_type! {
    pub struct Small("attacks-set-up-small"): Object {}
}

impl ObjectImpl for Small {}

/// Does something to a device, and keeps it.
fn with_parts(what: fn(&Parts)) {
    register::<Small>();
    register::<Parts>();
    let parts = Parts::new();
    what(&parts);
    keep(parts);
}

/// Does something to a device that is realized, and keeps it.
fn when_realized(what: fn(&Parts)) {
    register::<Small>();
    register::<Parts>();
    let parts = Parts::new();
    parts.sysbus_realize().unwrap();
    what(&parts);
    keep(parts);
}

programs! {
    a_region_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.region.init_io(parts, "late", 4096))
    }

    memory_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.region.init_ram(parts, "late", 4096).unwrap())
    }

    a_line_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.init_irq(&parts.line))
    }

    outputs_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.init_gpio_out(None, &parts.lines))
    }

    inputs_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.init_gpio_in(None, 4, |_: &Parts, _, _| ()))
    }

    a_clock_input_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.input.init(parts, c_str!("late"), |_: &Parts| ()))
    }

    a_clock_output_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.output.init(parts, c_str!("late")))
    }

    a_timer_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.timer.init(parts, ClockType::Virtual, |_: &Parts| ()))
    }

    a_bottom_half_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.bottom_half.init(parts, |_: &Parts| ()))
    }

    a_child_too_late => Sentence "is realized already" {
        when_realized(|parts| parts.child.init(parts, "late"))
    }

    a_line_twice => Sentence "the field is a line of the device already" {
        with_parts(|parts| {
            parts.init_irq(&parts.line);
            parts.init_irq(&parts.line);
        })
    }

    a_line_of_two_names => Sentence "the field is a line of the device already" {
        with_parts(|parts| {
            parts.init_gpio_out(Some("a"), &parts.lines);
            parts.init_gpio_out(Some("b"), &parts.lines[2..]);
        })
    }

    a_line_on_the_bus_and_by_name => Sentence "the field is a line of the device already" {
        with_parts(|parts| {
            parts.init_irq(&parts.lines[0]);
            parts.init_gpio_out(None, &parts.lines);
        })
    }

    a_region_twice => Sentence "has been made already" {
        with_parts(|parts| {
            parts.region.init_io(parts, "one", 4096);
            parts.region.init_container(parts, "two", 4096);
        })
    }

    a_region_on_the_bus_twice => Sentence "a memory region is handed to a bus once" {
        with_parts(|parts| {
            parts.region.init_io(parts, "one", 4096);
            parts.init_mmio(&parts.region);
            parts.init_mmio(&parts.region);
        })
    }

    a_clock_twice => Sentence "a clock input is made once" {
        with_parts(|parts| {
            parts.input.init(parts, c_str!("one"), |_: &Parts| ());
            parts.input.init(parts, c_str!("two"), |_: &Parts| ());
        })
    }

    a_timer_twice => Sentence "a timer is made once" {
        with_parts(|parts| {
            parts.timer.init(parts, ClockType::Virtual, |_: &Parts| ());
            parts.timer.init(parts, ClockType::Host, |_: &Parts| ());
        })
    }

    a_bottom_half_twice => Sentence "a bottom half is initialised once" {
        with_parts(|parts| {
            parts.bottom_half.init(parts, |_: &Parts| ());
            parts.bottom_half.init(parts, |_: &Parts| ());
        })
    }

    a_child_twice => Sentence "the child two has been made already" {
        with_parts(|parts| {
            parts.child.init(parts, "one");
            parts.child.init(parts, "two");
        })
    }

    a_part_of_another_object => Sentence "it must be a field of the object" {
        with_parts(|parts| {
            let other = Parts::new();
            parts.timer.init(&*other, ClockType::Virtual, |_: &Parts| ());
        })
    }

    // Each object of a class has its own.
    each_object_its_own => Clean "both have their lines" {
        for _ in 0..3 {
            let parts = Parts::new_of_registered();
            parts.init_irq(&parts.line);
            parts.init_gpio_out(None, &parts.lines);
        }
        println!("both have their lines");
    }
}

impl Parts {
    fn new_of_registered() -> oldstable::qom::Owned<Parts> {
        if Parts::subclasses().is_empty() {
            register::<Small>();
            register::<Parts>();
        }
        Parts::new()
    }
}
