// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The behaviour of QEMU's own PL011 in C: the oracle of its side of the differential test.
//! There are two groups of releases; within the first one, the sending of breaks differs too.

use std::collections::VecDeque;

const FEN: u32 = 0x10;
const BRK: u32 = 0x01;
const LBE: u32 = 0x80;
const RXFE: u32 = 0x10;
const TXFF: u32 = 0x20;
const RXFF: u32 = 0x40;
const TXFE: u32 = 0x80;
const RX: u32 = 0x10;
const TX: u32 = 0x20;

#[derive(Clone, Copy, PartialEq)]
pub enum Release {
    V5_2,
    V7_2,
    /// 10.0 and 11.1.
    Since10,
}

pub struct CModel {
    release: Release,
    flags: u32,
    lcr: u32,
    rsr: u32,
    cr: u32,
    dmacr: u32,
    imsc: u32,
    ris: u32,
    fifo: [u32; 16],
    ilpr: u32,
    ibrd: u32,
    fbrd: u32,
    ifls: u32,
    position: i64,
    count: i64,
    /// The outputs, which are driven only at some times.
    pub lines: u8,
    pub sent: VecDeque<u8>,
    pub breaks: Vec<bool>,
}

impl CModel {
    /// The state after the first reset.
    pub fn new(release: Release) -> CModel {
        CModel {
            release,
            flags: RXFE | TXFE,
            lcr: 0,
            rsr: 0,
            cr: 0x300,
            dmacr: 0,
            imsc: 0,
            ris: 0,
            fifo: [0; 16],
            ilpr: 0,
            ibrd: 0,
            fbrd: 0,
            ifls: 0x12,
            position: 0,
            count: 0,
            lines: 0,
            sent: VecDeque::new(),
            breaks: Vec::new(),
        }
    }

    fn since_10(&self) -> bool {
        self.release == Release::Since10
    }

    fn depth(&self) -> i64 {
        if self.lcr & FEN != 0 {
            16
        } else {
            1
        }
    }

    fn in_loopback(&self) -> bool {
        self.since_10() && self.cr & LBE != 0
    }

    fn drive(&mut self) {
        let on = self.ris & self.imsc;
        self.lines = 0;
        for (line, mask) in [0x7ff, 0x010, 0x020, 0x040, 0x00f, 0x780].iter().enumerate() {
            if on & mask != 0 {
                self.lines |= 1 << line;
            }
        }
    }

    pub fn can_receive(&self) -> i64 {
        if self.since_10() {
            self.depth() - self.count
        } else {
            (self.count < self.depth()) as i64
        }
    }

    /// Returns whether the C code would write outside its array for one more character.
    pub fn is_about_to_corrupt_memory(&self) -> bool {
        !self.since_10() && self.position + self.count >= 32
    }

    /// Returns whether the C code can compute a baud rate from any divisor.
    pub fn survives_a_clock(&self) -> bool {
        self.since_10()
    }

    fn put(&mut self, value: u32) {
        let slot = if self.since_10() {
            (self.position + self.count) % self.depth()
        } else if self.position + self.count >= 16 {
            self.position + self.count - 16
        } else {
            self.position + self.count
        };
        self.fifo[slot as usize] = value;
        self.count += 1;
        self.flags &= !RXFE;
        let full = if self.since_10() { self.count == self.depth() } else { self.lcr & FEN == 0 || self.count == 16 };
        if full {
            self.flags |= RXFF;
        }
        if self.count == 1 {
            self.ris |= RX;
            self.drive();
        }
    }

    /// Reads up to 32 bits.
    pub fn read(&mut self, offset: u64) -> u32 {
        match offset / 4 {
            0x00 => {
                self.flags &= !RXFF;
                let word = self.fifo[self.position as usize];
                if self.count > 0 {
                    self.count -= 1;
                    let places = if self.since_10() { self.depth() } else { 16 };
                    self.position = (self.position + 1) % places;
                }
                if self.count == 0 {
                    self.flags |= RXFE;
                    self.ris &= !RX;
                }
                self.rsr = word >> 8;
                self.drive();
                word
            }
            0x01 => self.rsr,
            0x06 => self.flags,
            0x08 => self.ilpr,
            0x09 => self.ibrd,
            0x0a => self.fbrd,
            0x0b => self.lcr,
            0x0c => self.cr,
            0x0d => self.ifls,
            0x0e => self.imsc,
            0x0f => self.ris,
            0x10 => self.ris & self.imsc,
            0x12 => self.dmacr,
            0x3f8 => 0x11,
            0x3f9 => 0x10,
            0x3fa => 0x14,
            0x3fb => 0x00,
            0x3fc => 0x0d,
            0x3fd => 0xf0,
            0x3fe => 0x05,
            0x3ff => 0xb1,
            _ => 0,
        }
    }

    /// Writes up to 32 bits.
    pub fn write(&mut self, offset: u64, value: u32) {
        match offset / 4 {
            0x00 => {
                self.sent.push_back(value as u8);
                if self.in_loopback() {
                    self.put(value & 0xff);
                }
                self.ris |= TX;
                self.drive();
            }
            0x01 => self.rsr = 0,
            0x08 => self.ilpr = value,
            0x09 => self.ibrd = if self.since_10() { value & 0xffff } else { value },
            0x0a => self.fbrd = if self.since_10() { value & 0x3f } else { value },
            0x0b => {
                if (self.lcr ^ value) & FEN != 0 {
                    self.count = 0;
                    self.position = 0;
                    if self.since_10() {
                        self.flags &= !(RXFF | TXFF);
                        self.flags |= RXFE | TXFE;
                    }
                }
                if (self.lcr ^ value) & BRK != 0 {
                    let on = value & BRK != 0;
                    if self.release != Release::V5_2 {
                        self.breaks.push(on);
                    }
                    if on && self.in_loopback() {
                        self.put(0x400);
                    }
                }
                self.lcr = value;
            }
            0x0c => {
                self.cr = value;
                if self.in_loopback() {
                    self.flags &= !0x107;
                    self.ris &= !0xf;
                    // Which output, which input, which interrupt.
                    for (output, flag, interrupt) in [(13, 8, 0), (12, 2, 2), (11, 0, 1), (10, 1, 3)].iter() {
                        if value >> output & 1 != 0 {
                            self.flags |= 1 << flag;
                            self.ris |= 1 << interrupt;
                        }
                    }
                    self.drive();
                }
            }
            0x0d => self.ifls = value,
            0x0e => {
                self.imsc = value;
                self.drive();
            }
            0x11 => {
                self.ris &= !value;
                self.drive();
            }
            0x12 => self.dmacr = value,
            _ => {}
        }
    }

    pub fn input(&mut self, bytes: &[u8]) {
        if self.in_loopback() {
            return;
        }
        let taken = if self.since_10() { bytes.len() } else { 1 };
        for byte in bytes.iter().take(taken) {
            self.put(u32::from(*byte));
        }
    }

    pub fn host_break(&mut self) {
        if !self.in_loopback() {
            self.put(0x400);
        }
    }

    pub fn reset(&mut self) {
        if self.since_10() {
            let old = std::mem::replace(self, CModel::new(self.release));
            self.fifo = old.fifo;
            self.lines = old.lines;
            self.sent = old.sent;
            self.breaks = old.breaks;
        }
    }
}
