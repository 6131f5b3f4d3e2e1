// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A device that reads and writes its own registers over the bus.

use crate::runner::{keep, later};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::dma::AddressSpace;
use oldstable::memory::{Attributes, MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};

oldstable::qom_define_type! {
    pub struct Mirror("attacks-mirror"): SysBusDevice, DeviceState, Object {
        outer: MemoryRegion,
        registers: MemoryRegion,
        text: BqlRefCell<String>,
        deed: BqlCell<Option<fn(&Mirror)>>,
    }
}

impl ObjectImpl for Mirror {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|mirror| {
        mirror.outer.init_container(mirror, "outer", 0x1000);
        mirror.registers.init_io(mirror, "registers", 0x1000);
        mirror.outer.add_subregion(0, &mirror.registers, 0);
        mirror.init_mmio(&mirror.outer);
        mirror.text.borrow_mut().push_str("a text");
    });
}

impl DeviceImpl for Mirror {}
impl SysBusDeviceImpl for Mirror {}

impl MemoryRegionOps for Mirror {
    const READ: fn(&Self, u64, u32) -> u64 = |mirror, _, _| {
        let text = mirror.text.borrow().clone();
        if let Some(deed) = mirror.deed.replace(None) {
            deed(mirror)
        }
        assert_eq!(*mirror.text.borrow(), text);
        println!("{}, still", text);
        0
    };
    const WRITE: fn(&Self, u64, u64, u32) = |mirror, _, _, _| mirror.text.borrow_mut().push('!');
}

const ADDRESS: u64 = 0x1000_0000;

fn look() {
    let _ = AddressSpace::system_memory().read(ADDRESS, &mut [0; 4], Attributes::UNSPECIFIED);
}

fn mirror(deed: fn(&Mirror)) {
    register::<Mirror>();
    let mirror = Mirror::new();
    Object::root().property_add_child("mirror", mirror.clone()).unwrap();
    mirror.sysbus_realize().unwrap();
    mirror.mmio_map(0, ADDRESS).unwrap();
    mirror.deed.set(Some(deed));
    drop(mirror);
    look();
    later(look);
}

programs! {
    it_reads_itself => Clean "a text, still" { mirror(|_| look()) }

    it_writes_itself_under_a_borrow => Sentence "changed while another borrow of it was still out" {
        mirror(|mirror| {
            let _text = mirror.text.borrow();
            // Only QEMU 5.2 calls a device recursively.
            let _ = AddressSpace::system_memory().write(ADDRESS, &[0; 4], Attributes::UNSPECIFIED);
            drop(mirror.text.borrow_mut());
        })
    }

    its_registers_leave_while_they_are_read => Clean "a text, still" {
        mirror(|mirror| mirror.outer.del_subregion(&mirror.registers))
    }

    it_leaves_while_it_is_read => Clean "a text, still" { mirror(|mirror| mirror.unparent()) }

    it_reads_and_writes_at_the_ends_of_the_address_space => Clean "a text, still" {
        mirror(|_| {
            let space = AddressSpace::system_memory();
            for address in &[u64::MAX, u64::MAX - 3, 0] {
                let _ = space.read(*address, &mut [0; 16], Attributes::UNSPECIFIED);
                let _ = space.write(*address, &[], Attributes::UNSPECIFIED);
                space.can_read(*address, u64::MAX, Attributes::UNSPECIFIED);
            }
        })
    }

    another_is_mapped_over_it_while_it_is_read => Clean "a text, still" {
        mirror(|_| {
            let other = Mirror::new();
            other.sysbus_realize().unwrap();
            other.mmio_map_overlap(0, ADDRESS, 9).unwrap();
            keep(other);
            look();
        })
    }
}
