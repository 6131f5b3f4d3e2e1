//! The end of a life, which nothing must bring back.

use oldstable::bql::BqlCell;
use oldstable::irq::GpioMethods;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Child, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::Result;

/// What the inner one does when the outer one ends.
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

/// Finds what there is when it is dropped.
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

/// Makes an outer one, and ends it when the main loop comes around.
fn end_of_an_outer_one(deed: fn(&Inner)) {
    register::<Inner>();
    register::<Outer>();
    DEED.set(Some(deed));
    drop(Outer::new());
}

programs! {
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
