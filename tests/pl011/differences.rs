// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The table of differences in the documentation of `oldstable::pl011`, held against the two models: each difference
//! between them has a row, and each row that tells of one has a difference.
//!
//! The models are held against the devices elsewhere: ours in `random`, QEMU's own in `tests/harness`.

use crate::model::c_model::{CModel, Release};
use crate::model::operation::Operation;
use crate::model::oracle::Model;
use crate::model::random::{operations, Random};
use oldstable::pl011::GATHERED;
use std::collections::BTreeSet;

const DR: u64 = 0x00;
const RSR: u64 = 0x04;
const FR: u64 = 0x18;
const LCR_H: u64 = 0x2c;
const CR: u64 = 0x30;
const RIS: u64 = 0x3c;
const ICR: u64 = 0x44;

/// The other registers that can be read without an effect; what MIS shows follows from two of them.
const SETTINGS: [u64; 8] = [0x20, 0x24, 0x28, LCR_H, CR, 0x34, 0x38, 0x48];

const MODEM: u32 = 0x00f;
const RX: u32 = 0x010;
const TX: u32 = 0x020;
const RT: u32 = 0x040;
const BE: u32 = 0x200;
const OE: u32 = 0x400;

/// Returns the rows of the table: the register, what the C model does, and what ours does.
fn rows() -> Vec<(&'static str, &'static str, &'static str)> {
    let text = include_str!("../../src/pl011/mod.rs");
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | "));
    let cells = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    cells
        .filter(|cells| cells.len() == 5 && cells[0] != "register")
        .map(|cells| (cells[0], cells[2], cells[3]))
        .collect()
}

/// The two models, after the same operations. The host takes output at once, but for what `Send` writes.
struct Models {
    ours: Model,
    c: CModel,
    /// The guest has acknowledged characters that it has not read.
    acknowledged: bool,
}

impl Models {
    fn new() -> Models {
        Models { ours: Model::new(false), c: CModel::new(Release::Since10), acknowledged: false }
    }

    fn write(&mut self, offset: u64, value: u32) {
        self.ours.write(offset, value);
        self.c.write(offset, value);
    }

    /// Applies an operation, and returns the rows of what differs after it, or what has no row.
    fn apply(&mut self, operation: &Operation) -> Result<BTreeSet<&'static str>, String> {
        let mut found = BTreeSet::new();
        match operation {
            Operation::Read(offset) => {
                let is_empty = self.ours.received.is_empty();
                let (ours, c) = (self.ours.read(*offset), self.c.read(*offset));
                if ours != c {
                    match offset / 4 * 4 {
                        DR if is_empty => drop(found.insert("DR, read when empty")),
                        other => return Err(format!("{:#x} reads as {:#x} and {:#x}", other, ours, c)),
                    }
                }
            }
            Operation::Write(offset, value) => {
                let waits = !self.ours.received.is_empty();
                self.write(*offset, *value);
                if offset / 4 * 4 == DR {
                    self.take();
                }
                self.acknowledged |= offset / 4 * 4 == ICR && waits && value & (RX | RT) != 0;
            }
            Operation::Send(count) => (0..*count).for_each(|i| self.write(DR, i as u32)),
            Operation::Input(bytes) => {
                self.ours.input(bytes);
                self.c.input(bytes);
            }
            Operation::Break => {
                self.ours.host_break();
                self.c.host_break();
            }
            Operation::Time(nanoseconds) => self.ours.advance(*nanoseconds),
            Operation::Clock(hz) => self.ours.set_clock(*hz),
            Operation::Reset => {
                self.ours.reset();
                self.c.reset();
            }
            // Not operations of a guest or its host.
            _ => {}
        }
        self.compare(operation, &mut found)?;
        Ok(found)
    }

    fn take(&mut self) {
        let waiting = self.ours.waiting.len();
        let taken = self.ours.take(waiting);
        self.c.sent.drain(..taken.len());
    }

    fn compare(&mut self, operation: &Operation, found: &mut BTreeSet<&'static str>) -> Result<(), String> {
        let written = match operation {
            Operation::Write(offset, _) => Some(offset / 4 * 4),
            _ => None,
        };
        for offset in &SETTINGS {
            if self.ours.read(*offset) != self.c.read(*offset) {
                found.insert("ILPR to DMACR");
            }
        }
        if self.ours.waiting != self.c.sent {
            found.insert("DR, write with TXFF");
        }
        if self.ours.breaks != self.c.breaks {
            found.insert("reset");
        }
        let sent_to_itself = written == Some(LCR_H) && self.ours.read(CR) & 0x80 != 0;
        if self.ours.can_receive() as i64 != self.c.can_receive() {
            found.insert(if sent_to_itself { "LCR_H.BRK" } else { "RIS.OE" });
        }
        if self.ours.read(RSR) != self.c.read(RSR) {
            found.insert("DR, read when empty");
        }
        let flags = self.ours.read(FR) ^ self.c.read(FR);
        let ris = self.ours.read(RIS) ^ self.c.read(RIS);
        let known = [
            (if sent_to_itself { flags & 0x50 } else { 0 }, "LCR_H.BRK"),
            (flags & 0x107, "CR, modem lines"),
            (flags & 0xa8, "FR.TXFE, TXFF, BUSY"),
            (ris & MODEM, "CR, modem lines"),
            (ris & TX, "RIS.TX"),
            (ris & BE, "RIS.BE"),
            (ris & OE, "RIS.OE"),
        ];
        found.extend(known.iter().filter(|(bits, _)| *bits != 0).map(|(_, row)| *row));
        if ris & (RX | RT) != 0 {
            found.insert(match operation {
                Operation::Write(..) if written == Some(LCR_H) => "LCR_H.FEN",
                Operation::Time(_) | Operation::Read(_) if self.acknowledged => "ICR of RX or RT, FIFO not empty",
                _ if ris & RT != 0 => "RIS.RT",
                _ => "RIS.RX",
            });
        }
        if self.ours.lines() != self.c.lines && found.is_empty() {
            match operation {
                Operation::Reset => drop(found.insert("reset")),
                _ => return Err(format!("outputs are {:#x} and {:#x}", self.ours.lines(), self.c.lines)),
            }
        }
        let unknown = (flags & !0x1ff, ris & !(MODEM | RX | TX | RT | BE | OE));
        // The C model's flags about input follow from its room.
        match (unknown, flags & 0x50 != 0 && found.is_empty()) {
            ((0, 0), false) => Ok(()),
            _ => Err(format!("FR differs by {:#x}, RIS by {:#x}", flags, ris)),
        }
    }
}

/// Returns how a driver sets a rate, so that the timeout takes time.
fn rate() -> Vec<Operation> {
    vec![Operation::Clock(24_000_000), Operation::Write(0x24, 13), Operation::Write(LCR_H, 0x70)]
}

/// Returns the shortest ways that lead to a difference, by the row that tells of it.
fn ways() -> Vec<(&'static str, Vec<Operation>)> {
    use self::Operation::*;
    let after = |mut first: Vec<Operation>, then: Vec<Operation>| {
        first.extend(then);
        first
    };
    vec![
        ("DR, write with TXFF", vec![Send(GATHERED + 20)]),
        ("DR, read when empty", after(rate(), vec![Write(LCR_H, 0), Input(vec![7]), Read(DR), Read(DR)])),
        ("FR.TXFE, TXFF, BUSY", vec![Send(GATHERED + 1)]),
        ("ILPR to DMACR", vec![Write(0x20, 0x100)]),
        ("LCR_H.FEN", after(rate(), vec![Input(vec![1; 8]), Write(LCR_H, 0)])),
        ("LCR_H.BRK", vec![Write(CR, 0x381), Write(LCR_H, 0x11)]),
        ("CR, modem lines", vec![Write(CR, 0xb81), Write(ICR, 0x7ff), Write(CR, 0xb81)]),
        ("RIS.RX", after(rate(), vec![Input(vec![1])])),
        ("RIS.TX", vec![Send(GATHERED + 10)]),
        ("RIS.RT", vec![Input(vec![1])]),
        ("RIS.OE", after(rate(), vec![Input(vec![1; 17])])),
        ("RIS.BE", after(rate(), vec![Break])),
        (
            "ICR of RX or RT, FIFO not empty",
            after(rate(), vec![Input(vec![1; 8]), Write(ICR, RX), Time(1_000_000_000)]),
        ),
        ("reset", vec![Write(LCR_H, 1), Reset]),
    ]
}

#[test]
fn each_row_that_tells_of_a_difference_has_one() {
    let told: BTreeSet<&str> =
        rows().into_iter().filter(|(_, c, ours)| !ours.starts_with("as C") && c != ours).map(|(row, ..)| row).collect();
    // It tells of what IBRD and FBRD do, which RIS.RT shows.
    let shown: BTreeSet<&str> = ways().into_iter().map(|(row, _)| row).chain(Some("IBRD, FBRD")).collect();
    let with_exceptions: BTreeSet<&str> = told.into_iter().chain(Some("LCR_H.BRK")).collect();
    assert_eq!(with_exceptions, shown);
    for (row, way) in ways() {
        let mut models = Models::new();
        let found: Vec<_> = way.iter().map(|operation| models.apply(operation).unwrap()).collect();
        assert!(found.iter().any(|rows| rows.contains(row)), "{}: {:?}", row, found);
    }
}

#[test]
fn each_difference_has_a_row() {
    let names: BTreeSet<&str> = rows().into_iter().map(|(row, ..)| row).collect();
    let mut random = Random::from_environment();
    let (mut models, mut trail) = (Models::new(), Vec::new());
    for _ in 0..operations(200_000) {
        let operation = Operation::decode(&mut random).unwrap();
        trail.push(operation);
        let found = models.apply(&trail[trail.len() - 1]).unwrap_or_else(|what| panic!("{} after {:?}", what, trail));
        assert!(found.is_subset(&names), "{:?} after {:?}", found, trail);
        // What differs once leads to other differences.
        if !found.is_empty() {
            models = Models::new();
            trail.clear();
            if random.byte() & 1 == 0 {
                trail.extend(rate());
                trail.iter().for_each(|operation| assert_eq!(models.apply(operation), Ok(BTreeSet::new())));
            }
        }
    }
}
