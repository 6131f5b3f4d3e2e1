// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The number of instructions of an access with QEMU's own PL011 and with ours, from the memory region on.

use crate::instructions::count;
use crate::pl011::board::Board;
use oldstable::compat::c_str;
use oldstable::pl011::registers::{line, offset};
use oldstable::pl011::Pl011;
use oldstable::qom::ObjectType;

oldstable::tests! {
    // As for the tests of `pl011`.
    on "none";

    fn an_access_takes_no_more_instructions_than_with_the_device_in_c() {
        let figures: Vec<_> = ACCESSES.iter().map(|access| {
            let of = |name| {
                let board = Board::new(name);
                board.make_room(usize::MAX);
                board.write(offset::LCR_H, u64::from(line::FEN), 2);
                for _ in 0..access.behind {
                    board.write(offset::DR, 0, 2);
                }
                count(|| access.make(&board))
            };
            (of(c_str!("pl011")), of(Pl011::TYPE))
        }).collect();
        println!("{:<14}{:>6}{:>6}", "instructions", "C", "ours");
        for (access, (c, ours)) in ACCESSES.iter().zip(&figures) {
            println!("{:<14}{:>6}{:>6}", access.name, c, ours);
        }
        for (access, (c, ours)) in ACCESSES.iter().zip(&figures) {
            assert!(*c > 10 && *ours > 10, "{}: nothing was counted", access.name);
            // Without optimisation the numbers are meaningless and only the counting is tested.
            let most = c + c * PERCENT / 100;
            assert!(
                cfg!(debug_assertions) || *ours <= most,
                "{}: {} instead of at most {}",
                access.name,
                ours,
                most
            );
        }
    }
}

struct Access {
    name: &'static str,
    offset: u64,
    /// The value to write; a read if `None`.
    value: Option<u64>,
    /// The number of bytes that the guest has written just before.
    behind: usize,
}

/// The number of instructions that an access may take more than with the device in C: a read takes ten more, which
/// check the big lock and the borrow.
const PERCENT: u64 = 5;

impl Access {
    fn make(&self, board: &Board) {
        match self.value {
            None => drop(board.read(self.offset, 2)),
            Some(value) => drop(board.write(self.offset, value, 2)),
        }
    }
}

const fn read(name: &'static str, offset: u64) -> Access {
    Access { name, offset, value: None, behind: 0 }
}

const fn write(name: &'static str, offset: u64, value: u64) -> Access {
    Access { name, offset, value: Some(value), behind: 0 }
}

const ACCESSES: [Access; 25] = [
    read("read DR", offset::DR),
    read("read RSR", offset::RSR),
    read("read FR", offset::FR),
    read("read ILPR", offset::ILPR),
    read("read IBRD", offset::IBRD),
    read("read FBRD", offset::FBRD),
    read("read LCR_H", offset::LCR_H),
    read("read CR", offset::CR),
    read("read IFLS", offset::IFLS),
    read("read IMSC", offset::IMSC),
    read("read RIS", offset::RIS),
    read("read MIS", offset::MIS),
    read("read DMACR", offset::DMACR),
    read("read an id", offset::ID),
    write("write RSR", offset::RSR, 0),
    write("write ILPR", offset::ILPR, 1),
    write("write IBRD", offset::IBRD, 1),
    write("write FBRD", offset::FBRD, 1),
    write("write LCR_H", offset::LCR_H, 0x70),
    write("write CR", offset::CR, 0x301),
    write("write IFLS", offset::IFLS, 0x12),
    write("write IMSC", offset::IMSC, 0),
    write("write ICR", offset::ICR, 0x7ff),
    write("write DR", offset::DR, 0x41),
    Access { name: "DR, long text", offset: offset::DR, value: Some(0x41), behind: 64 },
];
