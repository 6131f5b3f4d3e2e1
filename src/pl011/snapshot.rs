//! The registers in the terms of QEMU's migration stream `pl011`, version 2, and what travels besides.

#![forbid(unsafe_code)]

use super::bits::{interrupt, mask};
use super::fifo::{Receive, DEPTH, WAITING};
use super::line::LINE;
use super::registers::Registers;
use std::fmt;

/// What the stream holds, field by field in its order, behind a first word without meaning.
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
    /// Where in the FIFO the oldest character is, 0 to 15.
    pub read_pos: i32,
    /// How many characters there are, 0 to 16.
    pub read_count: i32,
    /// The level of the C model's RX interrupt, always 1, and ignored when loaded.
    pub read_trigger: i32,
}

/// What the guest sent and the host has not taken, which the C model has no place for.
#[derive(Clone, Copy)]
pub struct Unsent {
    /// How many bytes there are.
    pub len: u32,
    /// The bytes, oldest first, and zeros behind them.
    pub bytes: [u8; WAITING],
}

impl Default for Unsent {
    fn default() -> Self {
        Unsent { len: 0, bytes: [0; WAITING] }
    }
}

/// What the host sent and the receive FIFO has not taken, which the C model leaves with the host.
#[derive(Clone, Copy)]
pub struct Unread {
    /// How many characters there are.
    pub len: u32,
    /// The characters, oldest first, a break as its bit BE alone, and zeros behind them.
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
    /// There are more unsent bytes than can be.
    Unsent(u32),
    /// There are more unread characters than can be.
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
    /// What the stream has to hold so that QEMU's C model, or this one, goes on from here.
    ///
    /// The C model raises RX for the first character only and RT never lets go of it, so with
    /// characters in the FIFO RX is saved as raised, and RT as not. The latched divisor and an overrun that
    /// no character has told of yet have no place in it.
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

    /// What the guest sent and the host has not taken.
    pub fn save_unsent(&self) -> Unsent {
        let mut unsent = Unsent::default();
        let (first, rest) = self.transmit.pieces();
        unsent.bytes[..first.len()].copy_from_slice(first);
        unsent.bytes[first.len()..][..rest.len()].copy_from_slice(rest);
        unsent.len = self.transmit.len() as u32;
        unsent
    }

    /// Takes over what a stream holds. [`resume`](Self::resume) must follow before the guest runs.
    ///
    /// Bits that a register does not have are dropped. If there are more characters than the FIFO
    /// takes, which a break into a full FIFO of the C model can cause, the first ones stay and the
    /// rest is an overrun.
    ///
    /// # Errors
    ///
    /// An index or a count is outside what it counts. Nothing has changed then.
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
