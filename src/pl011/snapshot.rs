// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The registers in the format of QEMU's migration stream `pl011`, version 2, and the additional subsections.

#![forbid(unsafe_code)]

use super::bits::{interrupt, mask};
use super::fifo::{Receive, DEPTH, WAITING};
use super::line::LINE;
use super::registers::Registers;
use std::fmt;

/// The fields of the stream, in order, after a first word without meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// FR. It follows from the rest, and is ignored when loaded.
    pub flags: u32,
    /// LCR_H.
    pub lcr: u32,
    /// RSR.
    pub rsr: u32,
    /// CR.
    pub cr: u32,
    /// DMACR.
    pub dmacr: u32,
    /// IMSC.
    pub int_enabled: u32,
    /// RIS.
    pub int_level: u32,
    /// The receive FIFO.
    pub read_fifo: [u32; DEPTH],
    /// ILPR.
    pub ilpr: u32,
    /// IBRD.
    pub ibrd: u32,
    /// FBRD.
    pub fbrd: u32,
    /// IFLS.
    pub ifl: u32,
    /// The index of the oldest character in the FIFO, 0 to 15.
    pub read_pos: i32,
    /// The number of characters, 0 to 16.
    pub read_count: i32,
    /// The level of the C model's RX interrupt, always 1, and ignored when loaded.
    pub read_trigger: i32,
}

/// Output that the host has not accepted, for which the C model has no place.
#[derive(Clone, Copy)]
pub struct Unsent {
    /// The number of bytes.
    pub len: u32,
    /// The bytes, oldest first, followed by zeros.
    pub bytes: [u8; WAITING],
}

impl Default for Unsent {
    fn default() -> Self {
        Unsent { len: 0, bytes: [0; WAITING] }
    }
}

/// Input that is not in the receive FIFO yet, which the C model leaves with the host.
#[derive(Clone, Copy)]
pub struct Unread {
    /// The number of characters.
    pub len: u32,
    /// The characters, oldest first, a break as its bit BE alone, followed by zeros.
    pub words: [u16; LINE],
}

impl Default for Unread {
    fn default() -> Self {
        Unread { len: 0, words: [0; LINE] }
    }
}

/// Why a stream cannot be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// `read_pos` is not in 0 to 15.
    ReadPosition(i32),
    /// `read_count` is not in 0 to 16.
    ReadCount(i32),
    /// There are more unsent bytes than the buffer holds.
    Unsent(u32),
    /// There are more unread characters than the line holds.
    Unread(u32),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::ReadPosition(position) => {
                write!(f, "the stream's read_pos is {}, but must be in 0 to 15", position)
            }
            LoadError::ReadCount(count) => write!(f, "the stream's read_count is {}, but must be in 0 to 16", count),
            LoadError::Unsent(len) => {
                write!(f, "the stream has {} unsent bytes, but can have at most {}", len, WAITING)
            }
            LoadError::Unread(len) => {
                write!(f, "the stream has {} unread characters, but can have at most {}", len, LINE)
            }
        }
    }
}

impl std::error::Error for LoadError {}

impl Registers {
    /// Returns the stream from which QEMU's C model, or this one, can continue.
    ///
    /// The C model raises RX for the first character only, and never clears RT, so if there are characters in the FIFO,
    /// RX is saved as raised, and RT as not raised. The stream has no place for the latched divisor and for an overrun
    /// that no character has reported yet.
    pub fn save(&self) -> Snapshot {
        let mut read_fifo = [0; DEPTH];
        for (saved, word) in read_fifo.iter_mut().zip(self.receive.in_order().iter()) {
            *saved = u32::from(*word);
        }
        let mut int_level = self.ris & !interrupt::RT;
        if self.receive.len() > 0 {
            int_level |= interrupt::RX;
        }
        Snapshot {
            flags: self.flags(),
            lcr: self.lcr_h,
            rsr: self.rsr,
            cr: self.cr,
            dmacr: self.dmacr,
            int_enabled: self.imsc,
            int_level,
            read_fifo,
            ilpr: self.ilpr,
            ibrd: self.ibrd,
            fbrd: self.fbrd,
            ifl: self.ifls,
            read_pos: 0,
            read_count: self.receive.len() as i32,
            read_trigger: 1,
        }
    }

    /// Returns the output that the host has not accepted.
    pub fn save_unsent(&self) -> Unsent {
        let mut unsent = Unsent::default();
        let (first, rest) = self.transmit.pieces();
        unsent.bytes[..first.len()].copy_from_slice(first);
        unsent.bytes[first.len()..][..rest.len()].copy_from_slice(rest);
        unsent.len = self.transmit.len() as u32;
        unsent
    }

    /// Loads a stream. Call [`resume`](Self::resume) before the guest runs.
    ///
    /// Bits that a register does not have are dropped. If there are more characters than the FIFO can hold, which a
    /// break into a full FIFO of the C model can cause, the first ones stay and the rest are an overrun.
    ///
    /// # Errors
    ///
    /// If an index or a count is out of range. Nothing has changed then.
    pub fn load(&mut self, from: &Snapshot, unsent: &Unsent) -> Result<(), LoadError> {
        if from.read_pos < 0 || from.read_pos >= DEPTH as i32 {
            return Err(LoadError::ReadPosition(from.read_pos));
        }
        if from.read_count < 0 || from.read_count > DEPTH as i32 {
            return Err(LoadError::ReadCount(from.read_count));
        }
        let unsent = match unsent.bytes.get(..unsent.len as usize) {
            Some(bytes) => bytes,
            None => return Err(LoadError::Unsent(unsent.len)),
        };
        self.rsr = from.rsr & mask::RSR;
        self.ilpr = from.ilpr & mask::ILPR;
        self.ibrd = from.ibrd & mask::IBRD;
        self.fbrd = from.fbrd & mask::FBRD;
        self.lcr_h = from.lcr & mask::LCR_H;
        self.cr = from.cr & mask::CR;
        self.ifls = from.ifl & mask::IFLS;
        self.imsc = from.int_enabled & mask::INTERRUPTS;
        self.dmacr = from.dmacr & mask::DMACR;
        self.latch_divisor();

        let (position, count) = (from.read_pos as usize, from.read_count as usize);
        self.overrun = count > self.depth();
        self.receive = Receive::new();
        for i in 0..count.min(self.depth()) {
            let word = from.read_fifo[(position + i) % DEPTH];
            self.receive.push(word as u16 & mask::DATA);
        }
        self.transmit.clear();
        for byte in unsent {
            self.transmit.push(*byte);
        }
        self.counting = false;
        self.ris = from.int_level & mask::INTERRUPTS & !interrupt::RT;
        if count == 0 {
            self.ris &= !interrupt::RX;
        }
        self.compare_with_transmit_level();
        Ok(())
    }
}
