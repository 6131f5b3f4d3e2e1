// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Threads that do not hold the big lock.

use crate::runner::{forever, keep, later, wait_until};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::dma::AddressSpace;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Child, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
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

thread_local! {
    static IS_MAIN: Cell<bool> = Cell::default();
    static FOUND: RefCell<Vec<Owned<Object>>> = RefCell::default();
    static LOOKS_AT_ITS_END: LooksAtItsEnd = LooksAtItsEnd;
    static OF_A_THREAD: BqlCell<u32> = BqlCell::default();
}

struct LooksAtItsEnd;

impl Drop for LooksAtItsEnd {
    fn drop(&mut self) {
        println!("{} objects", Object::find_all().len())
    }
}

/// Whether a finder has.
static HAS_ENDED: AtomicBool = AtomicBool::new(false);

/// Keeps objects in a variable of the thread that it ends on.
#[derive(Default)]
struct Finder;

impl Drop for Finder {
    fn drop(&mut self) {
        println!("it ends on the main thread: {}", IS_MAIN.with(Cell::get));
        FOUND.with(|found| found.borrow_mut().extend(Object::find_all()));
        HAS_ENDED.store(true, Ordering::Relaxed)
    }
}

oldstable::qom_define_type! {
    /// Has a region, which the guest's view of the memory keeps alive.
    pub struct Seen("attacks-lock-seen"): SysBusDevice, DeviceState, Object {
        registers: MemoryRegion,
        finder: Finder,
    }
}

impl ObjectImpl for Seen {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|seen| seen.registers.init_io::<_, ()>(seen, "registers", 4));
}

impl DeviceImpl for Seen {}
impl SysBusDeviceImpl for Seen {}
impl MemoryRegionOps for Seen {}

oldstable::qom_define_type! {
    /// What another device is seen through.
    pub struct Frame("attacks-frame"): SysBusDevice, DeviceState, Object {
        pub outer: MemoryRegion,
    }
}

impl ObjectImpl for Frame {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|frame| {
        frame.outer.init_container(frame, "outer", 0x2000);
        frame.init_mmio(&frame.outer);
    });
}

impl DeviceImpl for Frame {}
impl SysBusDeviceImpl for Frame {}

/// Runs it in another thread, while this one waits.
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
        let outer = forever(Outer::new());
        let inner: &'static Child<Inner> = &outer.inner;
        elsewhere(move || println!("{:?}", inner.conf.text.get()))
    }

    // Its view of the memory is given back on a thread of QEMU's, and the device's last reference with it.
    objects_that_a_thread_of_qemus_keeps => Clean "it ends on the main thread: false" {
        IS_MAIN.with(|is_main| is_main.set(true));
        register::<Seen>();
        register::<Frame>();
        let (seen, frame) = (Seen::new(), Frame::new());
        Object::root().property_add_child("seen", seen.clone()).unwrap();
        frame.outer.add_subregion(0, &seen.registers, 0);
        frame.sysbus_realize().unwrap();
        frame.mmio_map(0, 0x1000_0000).unwrap();
        keep(frame);
        drop(seen);
        later(|| {
            let seen = Seen::find_all().remove(0);
            Frame::find_all()[0].outer.del_subregion(&seen.registers);
            seen.unparent();
        });
        wait_until(|| HAS_ENDED.load(Ordering::Relaxed));
    }

    a_cell_in_a_variable_of_a_thread => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| OF_A_THREAD.with(|cell| cell.set(1)))
    }

    what_a_thread_does_when_it_ends => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| LOOKS_AT_ITS_END.with(|_| ()))
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
