// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Memory of the guest that a device has mapped, and that ends, changes or is another device's.

use crate::lock::Frame;
use crate::runner::{keep, later, wait_until};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::dma::{AddressSpace, Mapping};
use oldstable::memory::{Attributes, MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::timer::{ClockType, Timer};
use std::cell::RefCell;

oldstable::qom_define_type! {
    /// Has memory and registers, and ends its own mapping from its timer.
    pub struct Store("attacks-store"): SysBusDevice, DeviceState, Object {
        memory: MemoryRegion,
        registers: MemoryRegion,
        timer: Timer,
        text: BqlRefCell<String>,
        noted: Noted,
    }
}

impl ObjectImpl for Store {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|store| {
        store.memory.init_ram(store, "memory", 0x1000).unwrap();
        store.registers.init_io(store, "registers", 0x1000);
        store.timer.init(store, ClockType::Realtime, Store::give_back);
        store.text.borrow_mut().push_str("a text that is freed");
    });
}

impl DeviceImpl for Store {}
impl SysBusDeviceImpl for Store {}
impl MemoryRegionOps for Store {}

/// Ends with the device.
#[derive(Default)]
struct Noted;

impl Drop for Noted {
    fn drop(&mut self) {
        println!("the device has ended, and gives back is {}", GIVES_BACK.get());
        HAS_ENDED.set(true);
    }
}

impl Store {
    fn give_back(&self) {
        GIVES_BACK.set(true);
        self.unparent();
        MAPPED.with(|mapped| mapped.borrow_mut().take());
        println!("{}, still", self.text.borrow());
        GIVES_BACK.set(false);
    }
}

static GIVES_BACK: BqlCell<bool> = BqlCell::new(false);
static HAS_ENDED: BqlCell<bool> = BqlCell::new(false);

const ADDRESS: u64 = 0x1000_0000;

thread_local! {
    static MAPPED: RefCell<Option<Mapping>> = RefCell::default();
}

fn map(address: u64, length: u64) -> Option<Mapping> {
    AddressSpace::system_memory().map(address, length, Attributes::UNSPECIFIED)
}

/// Memory, and registers behind it.
fn store() -> Owned<Store> {
    register::<Store>();
    register::<Frame>();
    let (store, frame) = (Store::new(), Frame::new());
    Object::root().property_add_child("store", store.clone()).unwrap();
    frame.outer.add_subregion(0, &store.memory, 0);
    frame.outer.add_subregion(0x1000, &store.registers, 0);
    store.sysbus_realize().unwrap();
    frame.sysbus_realize().unwrap();
    frame.mmio_map(0, ADDRESS).unwrap();
    keep(frame);
    store
}

fn keep_mapped() {
    MAPPED.with(|mapped| *mapped.borrow_mut() = map(ADDRESS, 0x1000));
}

/// The guest does not see it any more: after that only its mapping keeps the memory.
fn hide(store: &Store) {
    let frame = Frame::find_all().remove(0);
    frame.outer.del_subregion(&store.memory);
    frame.outer.del_subregion(&store.registers);
}

programs! {
    it_lasts_until_the_thread_ends => Clean "== done" {
        keep(store());
        keep_mapped();
    }

    it_is_the_last_that_keeps_the_device_which_gives_it_back => Clean "the device has ended, and gives back is false" {
        drop(store());
        keep_mapped();
        hide(&Store::find_all()[0]);
        // QEMU's view of the memory goes on a thread of its own.
        wait_until(|| {
            let store = Store::find_all().remove(0);
            // The tree's, its bus's, the mapping's and this one.
            oldstable::testing::references(&*store) == 4
        });
        later(|| Store::find_all()[0].timer.start_at(0));
        wait_until(|| HAS_ENDED.get());
    }

    it_outlives_its_device => Clean "[7, 0]" {
        drop(store());
        let mapping = map(ADDRESS, 2).unwrap();
        let store = Store::find_all().remove(0);
        hide(&store);
        store.unparent();
        drop(store);
        mapping.write(0, &[7]);
        let mut bytes = [9; 2];
        mapping.read(0, &mut bytes);
        println!("{:?}", bytes);
    }

    bytes_behind_its_end => Sentence "are mapped, not" {
        keep(store());
        let mapping = map(ADDRESS, 0x10).unwrap();
        mapping.read(mapping.length() - 1, &mut [0; 2]);
    }

    an_offset_that_overflows => Sentence "are mapped, not" {
        keep(store());
        map(ADDRESS, 0x10).unwrap().write(usize::MAX, &[1]);
    }

    more_than_there_is => Clean "4096 and 1 bytes" {
        keep(store());
        let length = |address, length| map(address, length).map_or(0, |mapping| mapping.length());
        assert_eq!(length(ADDRESS, 0), 0);
        assert_eq!(length(ADDRESS + 0x1000, 1), 0, "registers");
        assert_eq!(length(u64::MAX, u64::MAX), 0);
        println!("{} and {} bytes", length(ADDRESS, u64::MAX), length(ADDRESS + 0xfff, 1 << 40));
    }
}
