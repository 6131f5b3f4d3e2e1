// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A second, naive implementation of a PL011: the oracle of the tests.
//!
//! Written from the manual's rules and the table in the documentation of `oldstable::pl011`, with
//! nothing in common with the code under test. It keeps absolute time and unbounded queues, and derives other values
//! each time.

use std::collections::VecDeque;

/// The host's side of the transmitter takes this many bytes before the FIFO begins to fill.
const GATHERED: usize = 4080;

const FEN: u32 = 0x10;
const LBE: u32 = 0x80;
pub(super) const BRK: u32 = 0x01;

pub(super) const RX: u32 = 0x10;
const TX: u32 = 0x20;
pub(super) const RT: u32 = 0x40;
const OE: u32 = 0x400;

pub struct Model {
    pub now: u64,
    pub(super) clock: u64,
    pub(super) id: [u8; 8],
    pub(super) rsr: u32,
    pub(super) ilpr: u32,
    pub(super) ibrd: u32,
    pub(super) fbrd: u32,
    pub(super) lcr: u32,
    pub(super) cr: u32,
    pub(super) ifls: u32,
    pub(super) imsc: u32,
    pub(super) ris: u32,
    pub(super) dmacr: u32,
    /// The divisor latched by LCR_H, in 64ths.
    pub(super) divisor: u32,
    pub received: VecDeque<u32>,
    pub(super) lost: bool,
    /// The time of the receive timeout.
    pub due: Option<u64>,
    /// The machine is stopped.
    pub(super) paused: bool,
    /// The bytes that the guest sent and the host has not taken.
    pub waiting: VecDeque<u8>,
    /// Each break that was sent, true for its beginning.
    pub breaks: Vec<bool>,
}

impl Model {
    pub fn new(luminary: bool) -> Model {
        Model {
            now: 0,
            clock: 0,
            id: if luminary {
                [0x11, 0x00, 0x18, 0x01, 0x0d, 0xf0, 0x05, 0xb1]
            } else {
                [0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1]
            },
            rsr: 0,
            ilpr: 0,
            ibrd: 0,
            fbrd: 0,
            lcr: 0,
            cr: 0x300,
            ifls: 0x12,
            imsc: 0,
            ris: 0,
            dmacr: 0,
            divisor: 0,
            received: VecDeque::new(),
            lost: false,
            due: None,
            paused: false,
            waiting: VecDeque::new(),
            breaks: Vec::new(),
        }
    }

    pub(super) fn depth(&self) -> usize {
        match self.lcr & FEN {
            0 => 1,
            _ => 16,
        }
    }

    fn level(&self, step: u32, without_fifo: usize) -> usize {
        if self.lcr & FEN == 0 {
            return without_fifo;
        }
        match step & 7 {
            0 => 16 / 8,
            1 => 16 / 4,
            2 => 16 / 2,
            3 => 16 * 3 / 4,
            _ => 16 * 7 / 8,
        }
    }

    fn unsent_in_fifo(&self) -> usize {
        if self.waiting.len() > GATHERED {
            self.waiting.len() - GATHERED
        } else {
            0
        }
    }

    /// 32 bits at the rate, if there is one.
    pub(super) fn timeout(&self) -> Option<u64> {
        if self.clock == 0 || self.divisor == 0 {
            return None;
        }
        let nanoseconds = 32 * 16 * 1_000_000_000 * u128::from(self.divisor) / 64 / u128::from(self.clock);
        Some(nanoseconds as u64)
    }

    fn flags(&self) -> u32 {
        let mut flags = 0;
        if self.cr & LBE != 0 {
            flags |= self.cr >> 11 & 1; // RTS to CTS
            flags |= (self.cr >> 10 & 1) << 1; // DTR to DSR
            flags |= (self.cr >> 12 & 1) << 2; // Out1 to DCD
            flags |= (self.cr >> 13 & 1) << 8; // Out2 to RI
        }
        if self.unsent_in_fifo() > 0 {
            flags |= 0x08;
        } else {
            flags |= 0x80;
        }
        if self.received.is_empty() {
            flags |= 0x10;
        }
        if self.unsent_in_fifo() >= self.depth() {
            flags |= 0x20;
        }
        if self.received.len() >= self.depth() {
            flags |= 0x40;
        }
        flags
    }

    pub fn lines(&self) -> u8 {
        let on = self.ris & self.imsc;
        let mut lines = 0;
        for (line, bits) in [0x7ff, 0x010, 0x020, 0x040, 0x00f, 0x780].iter().enumerate() {
            if on & bits != 0 {
                lines |= 1 << line;
            }
        }
        lines
    }

    pub fn can_receive(&self) -> usize {
        self.depth() - self.received.len()
    }

    fn compare(&mut self) {
        if self.received.len() >= self.level(self.ifls >> 3, 1) {
            self.ris |= RX;
        } else if self.ris & RT == 0 {
            self.ris &= !RX;
        }
        if self.received.is_empty() {
            self.ris &= !(RX | RT);
            self.due = None;
        }
    }

    pub(super) fn compare_transmit(&mut self) {
        if self.unsent_in_fifo() > self.level(self.ifls, 0) {
            self.ris &= !TX;
        }
    }

    pub(super) fn count_down(&mut self) {
        match self.timeout() {
            Some(time) if !self.paused => self.due = Some(self.now + time),
            _ => {
                self.ris |= RX | RT;
                self.due = None;
            }
        }
    }

    fn put(&mut self, word: u32) {
        if self.received.len() == self.depth() {
            self.lost = true;
            self.ris |= OE;
            return;
        }
        let mut word = word;
        if self.lost {
            word |= 0x800;
            self.lost = false;
        }
        if word & 0x400 != 0 {
            self.ris |= 0x200;
        }
        self.received.push_back(word);
        self.compare();
        self.count_down();
    }

    pub fn read(&mut self, offset: u64) -> u32 {
        match offset / 4 * 4 {
            0x00 => match self.received.pop_front() {
                Some(word) => {
                    self.rsr = word >> 8;
                    self.compare();
                    word
                }
                None => 0,
            },
            0x04 => self.rsr,
            0x18 => self.flags(),
            0x20 => self.ilpr,
            0x24 => self.ibrd,
            0x28 => self.fbrd,
            0x2c => self.lcr,
            0x30 => self.cr,
            0x34 => self.ifls,
            0x38 => self.imsc,
            0x3c => self.ris,
            0x40 => self.ris & self.imsc,
            0x48 => self.dmacr,
            id if (0xfe0..0x1000).contains(&id) => self.id[(id as usize - 0xfe0) / 4].into(),
            _ => 0,
        }
    }

    pub fn write(&mut self, offset: u64, value: u32) {
        match offset / 4 * 4 {
            0x00 if self.unsent_in_fifo() < self.depth() => {
                self.waiting.push_back(value as u8);
                if self.cr & LBE != 0 {
                    self.put(value & 0xff);
                }
                if self.unsent_in_fifo() == 0 {
                    self.ris |= TX;
                }
                self.compare_transmit();
            }
            0x04 => self.rsr = 0,
            0x20 => self.ilpr = value & 0xff,
            0x24 => self.ibrd = value & 0xffff,
            0x28 => self.fbrd = value & 0x3f,
            0x2c => {
                let old = self.lcr;
                self.lcr = value & 0xff;
                self.divisor = self.ibrd * 64 + self.fbrd;
                if (old ^ value) & FEN != 0 {
                    self.received.clear();
                    self.ris &= !(RX | RT);
                    self.due = None;
                    self.compare_transmit();
                }
                if (old ^ value) & BRK != 0 {
                    self.breaks.push(value & BRK != 0);
                    if value & BRK != 0 && self.cr & LBE != 0 {
                        self.put(0x400);
                    }
                }
            }
            0x30 => {
                let before = self.flags();
                self.cr = value & 0xff87;
                let changed = before ^ self.flags();
                for (flag, raised) in [(0x100, 1), (1, 2), (4, 4), (2, 8)].iter() {
                    if changed & flag != 0 {
                        self.ris |= raised;
                    }
                }
            }
            0x34 => {
                self.ifls = value & 0x3f;
                self.compare();
                self.compare_transmit();
            }
            0x38 => self.imsc = value & 0x7ff,
            0x44 => {
                self.ris &= !value;
                let waits = !self.received.is_empty() && self.ris & (RX | RT) != RX | RT;
                if waits && self.due.is_none() {
                    self.due = Some(self.now + self.timeout().unwrap_or(277_777));
                }
            }
            0x48 => self.dmacr = value & 7,
            _ => {}
        }
    }

    pub fn input(&mut self, bytes: &[u8]) {
        if self.cr & LBE == 0 {
            for byte in bytes {
                self.put(u32::from(*byte));
            }
        }
    }

    pub fn host_break(&mut self) {
        if self.cr & LBE == 0 {
            self.put(0x400);
        }
    }

    /// A character was lost before it arrived.
    pub fn lose(&mut self) {
        self.lost = true;
        self.ris |= OE;
    }

    pub fn set_clock(&mut self, hz: u64) {
        self.clock = hz;
    }

    pub fn advance(&mut self, nanoseconds: u64) {
        self.now += nanoseconds;
        if matches!(self.due, Some(due) if due <= self.now) {
            self.due = None;
            self.ris |= RX | RT;
        }
    }

    /// The host takes some of the waiting bytes.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        let before = self.unsent_in_fifo();
        let taken = self.waiting.drain(..count).collect();
        let after = self.unsent_in_fifo();
        if after < before && after <= self.level(self.ifls, 0) {
            self.ris |= TX;
        }
        taken
    }

    pub fn reset(&mut self) {
        if self.lcr & BRK != 0 {
            self.breaks.push(false);
        }
        let fresh = Model::new(self.id[1] == 0);
        let old = std::mem::replace(self, fresh);
        self.now = old.now;
        self.paused = old.paused;
        self.clock = old.clock;
        self.waiting = old.waiting;
        self.breaks = old.breaks;
    }
}
