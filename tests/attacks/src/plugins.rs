// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Another author's plugin in the same QEMU: the example with the counter, or the PL011 in the place of QEMU's.

use crate::runner::{ask, keep, later, pause};
use oldstable::bql::BqlRefCell;
use oldstable::dma::AddressSpace;
use oldstable::memory::Attributes;
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};

oldstable::qom_define_type! {
    /// Has the other's name, and other fields.
    pub struct Counter("counter"): SysBusDevice, DeviceState, Object {
        pad: BqlRefCell<[u64; 32]>,
        text: BqlRefCell<Option<Box<String>>>,
    }
}

impl ObjectImpl for Counter {}
impl DeviceImpl for Counter {}
impl SysBusDeviceImpl for Counter {}

oldstable::qdev_define_conf! {
    pub struct HolderConf { "counter" => counter: Option<Owned<Counter>>, }
}

oldstable::qom_define_type! {
    pub struct Holder("attacks-holder-of-another"): DeviceState, Object { conf: HolderConf }
}

impl ObjectImpl for Holder {}
impl DeviceImpl for Holder {}

oldstable::qom_define_type! {
    /// Calls for the other's end in its own methods.
    pub struct Greedy("attacks-greedy"): DeviceState, Object {
    }
}

impl ObjectImpl for Greedy {}

impl DeviceImpl for Greedy {
    const REALIZE: Option<fn(&Self) -> oldstable::Result<()>> = Some(|_| {
        Object::resolve("/counter").unwrap().unparent();
        Ok(())
    });
}

const ADDRESS: u64 = 0x1000_0000;

/// The other's device, where a guest reads it.
fn counter() -> Owned<SysBusDevice> {
    let counter = SysBusDevice::new_by_name("counter").unwrap();
    Object::root().property_add_child("counter", counter.clone()).unwrap();
    counter.sysbus_realize().unwrap();
    counter.mmio_map(0, ADDRESS).unwrap();
    counter
}

fn read() -> bool {
    AddressSpace::system_memory().read(ADDRESS, &mut [0; 4], Attributes::UNSPECIFIED).is_ok()
}

/// Once the board is built, and what is replaced has been.
fn all_of(class: &str) -> Vec<Owned<SysBusDevice>> {
    SysBusDevice::find_all().into_iter().filter(|device| device.typename() == class).collect()
}

/// Ends the devices of a class, as far as they let it, and uses what is in their place.
fn end(class: &str) {
    const UART: u64 = 0x0900_0000;
    let devices = all_of(class);
    let ended = devices.iter().filter(|device| device.property_set_bool("realized", false).is_ok()).count();
    println!("{} of {} have ended", ended, devices.len());
    ask("system_reset");
    later(|| AddressSpace::system_memory().write(UART, b"A", Attributes::UNSPECIFIED).unwrap());
    pause(1);
}

programs! {
    a_cast_to_its_name beside "counter" => Clean "it is none of ours" {
        let counter = counter();
        assert!(counter.dynamic_cast::<Counter>().is_none() && Counter::find_all().is_empty());
        println!("it is none of ours");
    }

    an_instance_of_its_name beside "counter" => Sentence "there is no class counter" {
        drop(Counter::new());
    }

    its_class_once_more beside "counter" => Sentence "the class counter exists already" {
        register::<Counter>();
    }

    a_link_to_it beside "counter" => Sentence "is not of the struct that is asked for" {
        register::<Holder>();
        let (counter, holder) = (counter(), Holder::new());
        holder.property_set_link("counter", Some(&*counter)).unwrap();
        let counter: Owned<Counter> = holder.conf.counter.get().unwrap();
        println!("{:?} {:?}", counter.pad.borrow(), counter.text.borrow());
    }

    its_parts beside "counter" => Sentence "is not taken out of the tree" {
        for child in counter().children() {
            child.unparent();
        }
    }

    it_is_realized_once_more beside "counter" => Clean "is realized already" {
        println!("{}", counter().sysbus_realize().unwrap_err());
    }

    // As long as it is mapped, the guest's view of the memory keeps it.
    it_leaves_in_our_realize beside "counter" => Clean "it is read: true" {
        register::<Greedy>();
        drop(counter());
        Greedy::new().realize().unwrap();
        later(|| println!("it is read: {}", read()));
    }

    it_is_unrealized_while_it_is_mapped beside "counter" => Clean "it is over" {
        let counter = counter();
        println!("{:?}", counter.property_set_bool("realized", false).is_ok());
        read();
        keep(counter);
        later(|| { read(); });
        later(|| println!("it is over"));
    }

    an_original_that_is_replaced_leaves on "virt" beside "pl011,replace=on" => Sentence "is not taken out of the tree" {
        later(|| all_of("pl011").iter().for_each(|device| device.unparent()))
    }

    a_replacement_leaves on "virt" beside "pl011,replace=on" => Sentence "is not taken out of the tree" {
        later(|| all_of("x-pl011-rust").iter().for_each(|device| device.unparent()))
    }

    an_original_that_is_replaced_ends on "virt" beside "pl011,replace=on" => Clean "0 of 1 have ended" {
        later(|| end("pl011"))
    }

    a_replacement_ends on "virt" beside "pl011,replace=on" => Clean "0 of 1 have ended" {
        later(|| end("x-pl011-rust"))
    }
}
