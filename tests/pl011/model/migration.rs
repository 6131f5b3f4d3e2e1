// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The naive model's behaviour when the machine stops, continues and migrates.

use super::oracle::{Model, BRK, RT, RX};

/// The words of a stream that matter to a load, unchecked.
pub struct Stream {
    pub lcr: u32,
    pub rsr: u32,
    pub cr: u32,
    pub dmacr: u32,
    pub imsc: u32,
    pub ris: u32,
    pub fifo: [u32; 16],
    pub ilpr: u32,
    pub ibrd: u32,
    pub fbrd: u32,
    pub ifls: u32,
    pub position: i32,
    pub count: i32,
    pub unsent_count: u32,
    /// The whole buffer for unsent bytes.
    pub unsent: Vec<u8>,
}

impl Model {
    pub fn pause(&mut self) {
        self.paused = true;
        if !self.received.is_empty() {
            self.ris |= RX | RT;
            self.due = None;
        }
    }

    pub fn resume(&mut self) {
        self.paused = false;
        if self.lcr & BRK != 0 {
            self.breaks.push(true);
        }
        if self.received.is_empty() {
            return;
        }
        if self.ris & RT == 0 {
            self.count_down();
        } else if self.due.is_some() {
            self.due = Some(self.now + self.timeout().unwrap_or(277_777));
        }
    }

    /// Loads a stream, or refuses it.
    pub fn load(&mut self, stream: &Stream) -> bool {
        if !(0..16).contains(&stream.position) || !(0..=16).contains(&stream.count) {
            return false;
        }
        if stream.unsent_count > 4096 {
            return false;
        }
        self.lcr = stream.lcr & 0xff;
        self.rsr = stream.rsr & 0xf;
        self.cr = stream.cr & 0xff87;
        self.dmacr = stream.dmacr & 7;
        self.imsc = stream.imsc & 0x7ff;
        self.ilpr = stream.ilpr & 0xff;
        self.ibrd = stream.ibrd & 0xffff;
        self.fbrd = stream.fbrd & 0x3f;
        self.ifls = stream.ifls & 0x3f;
        self.divisor = self.ibrd * 64 + self.fbrd;
        self.received = (0..stream.count).map(|i| stream.fifo[((stream.position + i) % 16) as usize] & 0xfff).collect();
        self.lost = self.received.len() > self.depth();
        self.received.truncate(self.depth());
        self.ris = stream.ris & 0x7ff & !RT;
        if self.received.is_empty() {
            self.ris &= !RX;
        }
        self.due = None;
        self.waiting = stream.unsent[..stream.unsent_count as usize].iter().copied().collect();
        self.compare_transmit();
        true
    }
}
