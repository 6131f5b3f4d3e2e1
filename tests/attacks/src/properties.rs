// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Functions of a property with improper actions.

use crate::runner::keep;
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Property};
use oldstable::Result;

/// The action of a device when its property is set.
type Deed = Option<fn(&Obliging)>;

oldstable::qom_define_type! {
    pub struct Obliging("attacks-obliging"): DeviceState, Object {
        deed: BqlCell<Deed>,
        text: BqlRefCell<String>,
    }
}

impl ObjectImpl for Obliging {
    const PROPERTIES: &'static [Property<Self>] = oldstable::qom_properties! {
        "deed": u32 => |this| this.act(), |this, _| { this.act(); Ok(()) };
        "text": String => |this| this.text.borrow().clone(), |this, text| this.store(text);
    };
}

impl DeviceImpl for Obliging {}

impl Obliging {
    fn act(&self) -> u32 {
        if let Some(deed) = self.deed.replace(None) {
            deed(self)
        }
        0
    }

    fn store(&self, text: String) -> Result<()> {
        *self.text.borrow_mut() = text;
        Ok(())
    }
}

/// Makes a device in the tree whose property performs an action.
fn with(deed: fn(&Obliging), what: fn(&Obliging)) {
    register::<Obliging>();
    let device = Obliging::new();
    Object::root().property_add_child("obliging", device.clone()).unwrap();
    device.deed.set(Some(deed));
    what(&device);
    keep(device);
}

oldstable::qom_define_type! {
    pub struct Twice("attacks-twice"): DeviceState, Object {}
}

impl ObjectImpl for Twice {
    const PROPERTIES: &'static [Property<Self>] = oldstable::qom_properties! {
        "same": bool => |_| true;
        "same": bool => |_| false;
    };
}

impl DeviceImpl for Twice {}

oldstable::qom_define_type! {
    pub struct Realized("attacks-realized"): DeviceState, Object {}
}

impl ObjectImpl for Realized {
    const PROPERTIES: &'static [Property<Self>] = oldstable::qom_properties! {
        "realized": bool => |_| true;
    };
}

impl DeviceImpl for Realized {}

programs! {
    a_setter_that_unparents => Sentence "in a property's getter or setter" {
        with(|device| device.unparent(), |device| device.property_set_uint("deed", 1).unwrap())
    }
    a_getter_that_unparents => Sentence "in a property's getter or setter" {
        with(|device| device.unparent(), |device| drop(device.property_get_uint("deed")))
    }
    a_setter_that_realizes => Clean "no device is realized" {
        with(
            |device| println!("{}", device.realize().unwrap_err()),
            |device| device.property_set_uint("deed", 1).unwrap(),
        )
    }
    a_setter_that_realizes_by_the_property => Clean "no device is realized" {
        with(
            |device| println!("{}", device.property_set_bool("realized", true).unwrap_err()),
            |device| device.property_set_uint("deed", 1).unwrap(),
        )
    }
    a_setter_that_sets_itself => Clean "set" {
        with(
            |device| device.property_set_uint("deed", 2).unwrap(),
            |device| {
                device.property_set_uint("deed", 1).unwrap();
                println!("set");
            },
        )
    }
    a_getter_that_finds_its_cell_borrowed => Sentence "while a borrow to change it was still out" {
        with(|_| {}, |device| {
            let _text = device.text.borrow_mut();
            drop(device.property_get_str("text"));
        })
    }
    a_setter_that_panics => Sentence "whatever" {
        with(|_| panic!("whatever"), |device| device.property_set_uint("deed", 1).unwrap())
    }
    two_of_a_name => Sentence "has a property same already" {
        register::<Twice>();
        keep(Twice::new());
    }
    one_of_qemus_name => Sentence "has a property realized already" {
        register::<Realized>();
        keep(Realized::new());
    }
}
