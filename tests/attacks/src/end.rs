// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The end of an object's life, which nothing must revert.

use oldstable::bql::BqlCell;
use oldstable::irq::GpioMethods;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{
    register, Child, Interface, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned,
};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::user_creatable::{create, UserCreatableImpl};
use oldstable::Result;

/// The action of the inner object when the outer one ends.
static DEED: BqlCell<Option<fn(&Inner)>> = BqlCell::new(None);

oldstable::qom_define_type! {
    pub struct Inner("attacks-end-inner"): SysBusDevice, DeviceState, Object { registers: MemoryRegion }
}
impl ObjectImpl for Inner {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|inner| {
        inner.registers.init_io(inner, "registers", 4096);
        inner.init_mmio(&inner.registers);
        inner.init_gpio_in(None, 1, |_: &Inner, _, _| ());
    });
    const UNPARENT: Option<fn(&Self)> = Some(|inner| {
        if let Some(deed) = DEED.get() {
            deed(inner)
        }
        inner.parent_unparent();
    });
}
impl DeviceImpl for Inner {}
impl SysBusDeviceImpl for Inner {}
impl MemoryRegionOps for Inner {}

oldstable::qom_define_type! {
    pub struct Outer("attacks-end-outer"): DeviceState, Object { inner: Child<Inner> }
}
impl ObjectImpl for Outer {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|outer| outer.inner.init(outer, "inner"));
}
impl DeviceImpl for Outer {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|outer| outer.inner.sysbus_realize());
}

/// Looks at the surroundings when it is dropped.
#[derive(Default)]
pub struct Looker(());

impl Drop for Looker {
    fn drop(&mut self) {
        println!("{} objects, {} of them here", Object::find_all().len(), Looking::find_all().len());
        drop(Outer::new());
    }
}

oldstable::qom_define_type! {
    pub struct Looking("attacks-looking"): Object { looker: Looker }
}
impl ObjectImpl for Looking {}

/// Makes an outer object, and ends it in the next iteration of the main loop.
fn end_of_an_outer_one(deed: fn(&Inner)) {
    register::<Inner>();
    register::<Outer>();
    DEED.set(Some(deed));
    drop(Outer::new());
}

oldstable::qom_define_type! {
    /// Removes something from the tree when it is realized, unrealized or removed from the tree.
    pub struct Leaving("attacks-leaving"): SysBusDevice, DeviceState, Object {
        on_realize: BqlCell<Deed>,
        on_unrealize: BqlCell<Deed>,
        on_unparent: BqlCell<Deed>,
    }
}

/// The action that it performs once.
type Deed = Option<fn(&Leaving)>;

impl ObjectImpl for Leaving {
    const UNPARENT: Option<fn(&Self)> = Some(|leaving| {
        leaving.once(&leaving.on_unparent);
        leaving.parent_unparent()
    });
}

impl DeviceImpl for Leaving {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|leaving| {
        leaving.once(&leaving.on_realize);
        Ok(())
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|leaving| leaving.once(&leaving.on_unrealize));
}

impl SysBusDeviceImpl for Leaving {}

impl Leaving {
    fn once(&self, deed: &BqlCell<Deed>) {
        if let Some(deed) = deed.replace(None) {
            deed(self)
        }
    }
}

/// Realizes one and removes it from the tree.
fn leave(plan: fn(&Leaving)) {
    register::<Leaving>();
    let leaving = Leaving::new();
    plan(&leaving);
    leaving.sysbus_realize().unwrap();
    leaving.unparent();
}

oldstable::qom_define_type! {
    /// Removes itself from the tree before it is complete, and then fails.
    pub struct Refusing("attacks-refusing"): Object {}
}
impl ObjectImpl for Refusing {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::USER_CREATABLE];
}
impl UserCreatableImpl for Refusing {
    const COMPLETE: Option<fn(&Self) -> Result<()>> = Some(|refusing| {
        refusing.unparent();
        Err("no".into())
    });
}

programs! {
    unparent_in_complete => Sentence "is not taken out of the tree by a REALIZE, COMPLETE" {
        register::<Refusing>();
        if let Err(error) = create::<Refusing>("refusing") {
            println!("{}", error)
        }
    }

    unparent_in_realize => Sentence "is not taken out of the tree by a REALIZE" {
        leave(|leaving| leaving.on_realize.set(Some(|leaving| leaving.unparent())))
    }

    unparent_in_unrealize => Sentence "is not taken out of the tree by a REALIZE" {
        leave(|leaving| leaving.on_unrealize.set(Some(|leaving| leaving.unparent())))
    }

    unparent_in_unparent => Sentence "is not taken out of the tree by a REALIZE" {
        leave(|leaving| leaving.on_unparent.set(Some(|leaving| leaving.unparent())))
    }

    unparent_of_what_is_above_in_unrealize => Sentence "is not taken out of the tree by a REALIZE" {
        register::<Leaving>();
        let (outer, inner) = (Leaving::new(), Leaving::new());
        Object::root().property_add_child("outer", outer.clone()).unwrap();
        outer.property_add_child("inner", inner.clone()).unwrap();
        inner.on_unrealize.set(Some(|inner| inner.parent().unwrap().unparent()));
        inner.sysbus_realize().unwrap();
        inner.unparent();
    }

    the_parent_of_what_is_unrealized_at_its_parent_s_end => Clean "the parent is None" {
        register::<Leaving>();
        let (outer, inner) = (Leaving::new(), Leaving::new());
        Object::root().property_add_child("outer", outer.clone()).unwrap();
        outer.property_add_child("inner", inner.clone()).unwrap();
        inner.on_unrealize.set(Some(|inner| println!("the parent is {:?}", inner.parent())));
        inner.sysbus_realize().unwrap();
        outer.unparent();
    }


    the_parent => Clean "no parent" {
        end_of_an_outer_one(|inner| {
            if inner.parent().is_none() {
                println!("no parent")
            }
        })
    }

    a_new_reference => Sentence "at its end cannot be owned" {
        end_of_an_outer_one(|inner| drop(Owned::from(inner)))
    }

    a_line => Sentence "at its end cannot be owned" {
        end_of_an_outer_one(|inner| drop(inner.gpio_in(None, 0)))
    }

    a_search => Clean "it is not found" {
        end_of_an_outer_one(|inner| {
            let found = Inner::find_all().len() + inner.upcast::<Object>().children().len();
            inner.unparent();
            if found < 10 && inner.parent().is_none() {
                println!("it is not found")
            }
        })
    }

    a_search_in_a_drop => Clean "objects, 0 of them here" {
        register::<Inner>();
        register::<Outer>();
        register::<Looking>();
        drop(Looking::new())
    }

    a_region_that_is_still_mapped => SentenceWithoutLine "is still in use" {
        register::<Inner>();
        register::<Outer>();
        let outer = Outer::new();
        outer.realize().unwrap();
        outer.inner.mmio_map(0, 0x1000).unwrap();
        outer.unparent()
    }
}
