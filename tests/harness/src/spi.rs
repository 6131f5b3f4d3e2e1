// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Our PL022 on PCI beside the one in C, each with a device on its bus: both are given the same, and must do the same.

use crate::buses::Shifter;
use crate::numbers::{operations, Numbers};
use oldstable::qdev::{DeviceMethods, DeviceState};
use oldstable::qom::{ObjectCast, ObjectClassMethods, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceMethods};
use oldstable::testing::pci::{config, guest_writes};
use oldstable::testing::{load, pci, plug, read_u32, save, write_u32, Lines};

const C: u64 = 0x3_f020_0000_0000;
/// Where virt has the memory of its PCI bus.
const CARD: u64 = 0x1130_0000;

/// Puts a device on the controller's bus, which is selected as long as nobody sets its line.
fn shifter(controller: &DeviceState) -> Owned<Shifter> {
    let shifter = Shifter::new();
    plug(&*shifter, &controller.property_get_link("ssi").unwrap().unwrap()).unwrap();
    shifter
}

fn card() -> Owned<DeviceState> {
    let card = DeviceState::new_by_name("pci-pl022").unwrap();
    pci::plug(&*card).unwrap();
    place(&card);
    card
}

/// What firmware does.
fn place(card: &DeviceState) {
    guest_writes(card, 0x10, CARD as u32);
    guest_writes(card, 0x04, 0b110);
}

fn interrupts(card: &DeviceState) -> bool {
    config(card, 0x04) >> 19 & 1 != 0
}

/// Eight bits a word, and the bus on.
fn turn_on(address: u64) {
    write_u32(address, 0x7);
    write_u32(address + 0x10, 0x2);
    write_u32(address + 0x04, 0x2);
}

oldstable::tests! {
    on "virt";

    fn pl022_does_what_the_one_in_c_does() {
        let (theirs, ours, lines) = (SysBusDevice::new_by_name("pl022").unwrap(), card(), Lines::watch());
        theirs.sysbus_realize().unwrap();
        theirs.mmio_map(0, C).unwrap();
        theirs.connect_irq(0, lines.input(0)).unwrap();
        let shifters = [shifter(theirs.upcast()), shifter(&ours)];
        [C, CARD].iter().for_each(|address| turn_on(*address));
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        for n in 0..operations() {
            let what = format!("operation {}", n);
            let value = numbers.next();
            match numbers.below(100) {
                0..=39 => [C, CARD].iter().for_each(|address| write_u32(address + 0x08, value)),
                40..=74 => assert_eq!(read_u32(CARD + 0x08), read_u32(C + 0x08), "{}", what),
                75..=94 => {
                    let registers = [0x00, 0x04, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x24, 0xfe0, 0xff4];
                    let offset = registers[numbers.below(10) as usize];
                    assert_eq!(read_u32(CARD + offset), read_u32(C + offset), "{} at {:#x}", what, offset);
                }
                95 => [C, CARD].iter().for_each(|address| write_u32(address + 0x14, value & 0xf)),
                // The length of words, less one.
                96 => [C, CARD].iter().for_each(|address| write_u32(*address, value & 0xff0f | 0x3)),
                // On or off, and with loopback.
                97..=98 => [C, CARD].iter().for_each(|address| write_u32(address + 0x04, value & 0x3)),
                _ => {
                    theirs.cold_reset();
                    ours.cold_reset();
                    // Two of the registers of the one in C stay as they are.
                    [C, CARD].iter().for_each(|address| turn_on(*address));
                }
            }
            assert_eq!(interrupts(&ours), lines.levels() & 1 != 0, "the interrupt after {}", what);
            assert_eq!(shifters[1].last.get(), shifters[0].last.get(), "the last word after {}", what);
        }
        ours.unparent();
    }

    fn words_wait_in_a_migration() {
        let card = card();
        let shifter = shifter(&card);
        write_u32(CARD, 0xf);
        for word in 1..=9 {
            write_u32(CARD + 0x08, word);
        }
        // The ninth had no room.
        assert_eq!((read_u32(CARD + 0x0c), shifter.last.get()), (0x10, 0));
        let state = save(&*card).unwrap();
        card.cold_reset();
        place(&card);
        assert_eq!(read_u32(CARD + 0x0c), 0x03);
        load(&*card, &state, 1).unwrap();
        write_u32(CARD + 0x04, 0x2);
        let words: Vec<u32> = (0..9).map(|_| read_u32(CARD + 0x08)).collect();
        assert_eq!((words, shifter.last.get()), (vec![0, 1, 2, 3, 4, 5, 6, 7, 0], 8));
        // The last byte of the state says how many words have been received.
        let mut state = save(&*card).unwrap();
        *state.last_mut().unwrap() = 8;
        load(&*card, &state, 1).unwrap();
        *state.last_mut().unwrap() = 9;
        assert!(load(&*card, &state, 1).is_err());
        card.unparent();
    }
}
