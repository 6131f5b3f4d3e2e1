//! Threads that do not hold the big lock.

use crate::runner::keep;
use oldstable::bql::BqlRefCell;
use oldstable::dma::AddressSpace;
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Child, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use std::thread;

oldstable::qdev_define_conf! {
    pub struct InnerConf {
        "text" => text: Option<String>,
    }
}
oldstable::qom_define_type! {
    pub struct Inner("attacks-lock-inner"): DeviceState, Object { conf: InnerConf }
}
impl ObjectImpl for Inner {}
impl DeviceImpl for Inner {}

oldstable::qom_define_type! {
    pub struct Outer("attacks-lock-outer"): DeviceState, Object { inner: Child<Inner> }
}
impl ObjectImpl for Outer {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|outer| outer.inner.init(outer, "inner"));
}
impl DeviceImpl for Outer {}

static SHARED: BqlRefCell<Vec<String>> = BqlRefCell::new(Vec::new());

/// Runs it on another thread, while this one waits.
fn elsewhere(what: impl FnOnce() + Send + 'static) {
    thread::spawn(what).join().unwrap_or_default()
}

programs! {
    the_root => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| drop(Object::root()))
    }

    an_instance => Sentence "does not hold the big QEMU lock" {
        register::<Inner>();
        elsewhere(|| drop(Inner::new()))
    }

    an_instance_by_its_name => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| drop(Object::new_by_name("container")))
    }

    a_search => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| drop(DeviceState::find_all()))
    }

    a_path => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| drop(Object::resolve("/machine")))
    }

    the_list_of_classes => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| drop(DeviceState::subclasses()))
    }

    memory => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| {
            AddressSpace::system_memory();
        })
    }

    a_cell_that_is_printed => SentenceWithoutLine "does not hold the big QEMU lock" {
        elsewhere(|| println!("{:?}", SHARED))
    }

    a_child_that_is_shared => Sentence "does not hold the big QEMU lock" {
        register::<Inner>();
        register::<Outer>();
        let outer: &'static Owned<Outer> = Box::leak(Box::new(Outer::new()));
        let inner: &'static Child<Inner> = &outer.inner;
        elsewhere(move || println!("{:?}", inner.conf.text.get()))
    }

    objects_that_the_main_thread_keeps => Clean "== done" {
        register::<Outer>();
        register::<Inner>();
        for n in 0..4 {
            let outer = Outer::new();
            Object::root().property_add_child(&format!("outer{}", n), outer.clone()).unwrap();
            keep(Owned::from(&*outer.inner));
            keep(Outer::new());
            keep(outer);
        }
    }
}
