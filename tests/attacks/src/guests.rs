// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! What a guest writes and reads, of devices whose authors did not think of it.

use crate::runner::keep;
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::dma::AddressSpace;
use oldstable::memory::{AccessSizes, Attributes, MemoryRegion, MemoryRegionOps};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{register, Object, ObjectClassMethods, ObjectImpl};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};

/// What a device does with what is written to it.
type Write = fn(&Careless, u64, u64);

oldstable::qom_define_type! {
    pub struct Careless("attacks-careless"): SysBusDevice, DeviceState, Object {
        registers: MemoryRegion,
        table: BqlRefCell<[u32; 4]>,
        text: BqlRefCell<String>,
        write: BqlCell<Option<Write>>,
    }
}

impl ObjectImpl for Careless {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|careless| {
        careless.registers.init_io(careless, "registers", 0x100);
        careless.init_mmio(&careless.registers);
        careless.text.borrow_mut().push_str("a text");
    });
}

impl DeviceImpl for Careless {}
impl SysBusDeviceImpl for Careless {}

impl MemoryRegionOps for Careless {
    const VALID: AccessSizes = AccessSizes::aligned(1, 8);
    const IMPLEMENTED: AccessSizes = AccessSizes::aligned(1, 8);
    const READ: fn(&Self, u64, u32) -> u64 = |careless, offset, size| {
        assert!(offset + u64::from(size) <= 0x100 && [1, 2, 4, 8].contains(&size));
        u64::from(careless.table.borrow()[0])
    };
    const WRITE: fn(&Self, u64, u64, u32) = |careless, offset, value, _| {
        if let Some(write) = careless.write.get() {
            write(careless, offset, value)
        }
    };
}

const ADDRESS: u64 = 0x1000_0000;

fn map(write: Write) {
    register::<Careless>();
    let careless = Careless::new();
    careless.write.set(Some(write));
    careless.sysbus_realize().unwrap();
    careless.mmio_map(0, ADDRESS).unwrap();
    keep(careless);
}

fn guest_writes(address: u64, bytes: &[u8]) {
    // Where there is nothing it is an error, which the guest sees.
    let _ = AddressSpace::system_memory().write(address, bytes, Attributes::UNSPECIFIED);
}

fn guest_reads(address: u64, bytes: &mut [u8]) {
    let _ = AddressSpace::system_memory().read(address, bytes, Attributes::UNSPECIFIED);
}

programs! {
    a_number_is_an_index => Sentence "a memory region's write panicked" {
        map(|careless, _, value| careless.table.borrow_mut()[value as usize] = 1);
        guest_writes(ADDRESS, &[0xff; 4]);
    }

    a_number_divides => Sentence "a memory region's write panicked" {
        map(|careless, _, value| careless.table.borrow_mut()[0] = 1000 / value as u32);
        guest_writes(ADDRESS, &[0; 4]);
    }

    // Old releases of std name a line of their own.
    a_number_is_a_place_in_a_text => SentenceWithoutLine "a memory region's write panicked" {
        map(|careless, _, value| {
            careless.text.borrow_mut().remove(value as usize);
        });
        guest_writes(ADDRESS, &[0xff; 4]);
    }

    // Rust 1.63's std does not say which line takes a range out of a slice.
    a_number_is_a_length => SentenceWithoutLine "a memory region's write panicked" {
        map(|careless, _, value| {
            let sum: u32 = careless.table.borrow()[..value as usize].iter().sum();
            careless.table.borrow_mut()[0] = sum
        });
        guest_writes(ADDRESS, &[0xff; 4]);
    }

    a_number_is_an_address => Clean "it was ffffffffffffffff" {
        map(|_, _, value| {
            guest_writes(value, &[1; 16]);
            guest_reads(value.wrapping_sub(8), &mut [0; 16]);
            println!("it was {:x}", value);
        });
        for address in &[0, 1, ADDRESS - 8, ADDRESS + 0xf8, 1 << 32, u64::MAX - 7, 1 << 63, 1 << 52, u64::MAX] {
            guest_writes(ADDRESS + 8, &u64::to_le_bytes(*address));
        }
    }

    each_size_at_each_place => Clean "nothing is broken" {
        map(|careless, offset, value| {
            let mut table = careless.table.borrow_mut();
            table[(offset % 4) as usize] = table[0].wrapping_add(value as u32);
        });
        for offset in 0..0x110 {
            for size in &[1, 2, 3, 4, 5, 8, 16, 64] {
                let address = ADDRESS - 8 + offset;
                guest_writes(address, &[0xff; 64][..*size]);
                guest_reads(address, &mut [0; 64][..*size]);
            }
        }
        println!("nothing is broken");
    }
}
