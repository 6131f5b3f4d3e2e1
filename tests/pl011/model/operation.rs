// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Operations on a PL011, and random sequences of them.

use oldstable::pl011::{Snapshot, GATHERED, WAITING};

/// An action of a guest, the host or the machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    Read(u64),
    Write(u64, u32),
    Send(usize),
    Input(Vec<u8>),
    Break,
    /// A character is lost before it arrives here.
    Lose,
    Time(u64),
    Clock(u64),
    Reset,
    /// The host takes up to this many bytes.
    Take(usize),
    Pause,
    Resume,
    /// Save, and load into another device.
    Migrate,
    /// Load a stream that no device saved, with a count of unsent bytes.
    Load(Snapshot, u32),
}

/// Registers that can be read, a few that cannot, and the ends of the device.
const OFFSETS: [u64; 24] = [
    0x00, 0x00, 0x00, 0x04, 0x18, 0x20, 0x24, 0x28, 0x2c, 0x2c, 0x30, 0x30, 0x34, 0x38, 0x38, 0x3c, 0x40, 0x44, 0x44,
    0x48, 0x08, 0xfe0, 0xffc, 0xfff,
];

/// Words that a driver writes to some register: FIFOs on, masks, divisors, levels, loopback.
const DRIVER_VALUES: [u32; 16] =
    [0x10, 0x70, 0x71, 0x11, 0x60, 0x7ff, !0, 0x10, 0x50, 0x70, 0x301, 0x3f81, 0x09, 0x1b, 0x24, 0xd];

fn word(bytes: &mut dyn Iterator<Item = u8>) -> Option<u32> {
    let mut word = 0;
    for shift in &[0, 8, 16, 24] {
        word |= u32::from(bytes.next()?) << shift;
    }
    Some(word)
}

impl Operation {
    /// Returns the next operation that `bytes` encode, until they end.
    pub fn decode(bytes: &mut dyn Iterator<Item = u8>) -> Option<Operation> {
        let choice = bytes.next()?;
        Some(match choice {
            0..=79 => Operation::Read(offset(bytes)?),
            80..=159 => {
                let offset = offset(bytes)?;
                // A single bit, drivers' words, small numbers, or anything.
                let shape = bytes.next()?;
                let bit = 1 << (shape & 15);
                let value = match shape >> 4 {
                    0..=3 => bit,
                    4..=7 => DRIVER_VALUES[usize::from(shape & 15)],
                    8..=11 => u32::from(shape & 63),
                    _ => word(bytes)?,
                };
                Operation::Write(offset, value)
            }
            160..=191 => {
                // Seldom more than the FIFO holds, and then far more.
                let length = match bytes.next()? {
                    length @ 0..=223 => length % 20,
                    length => length,
                };
                Operation::Input(bytes.take(length.into()).collect())
            }
            192..=198 => Operation::Break,
            199 => Operation::Lose,
            200..=215 => {
                let scale = bytes.next()? % 32;
                Operation::Time(u64::from(word(bytes)?) >> scale)
            }
            216..=221 => {
                let hz = [0, 1, 3_000_000, 24_000_000, u64::from(u32::MAX)];
                Operation::Clock(hz[usize::from(bytes.next()?) % hz.len()])
            }
            222..=223 => Operation::Reset,
            224..=229 => Operation::Send(usize::from(bytes.next()?)),
            // Often enough that the transmit FIFO fills.
            230..=233 => Operation::Send(GATHERED),
            234..=239 => Operation::Take(usize::from(bytes.next()?)),
            240..=242 => Operation::Take(GATHERED + 16),
            243..=246 => Operation::Pause,
            247..=250 => Operation::Resume,
            251..=253 => Operation::Migrate,
            _ => Operation::Load(snapshot(bytes)?, unsent(bytes)?),
        })
    }
}

fn offset(bytes: &mut dyn Iterator<Item = u8>) -> Option<u64> {
    let byte = usize::from(bytes.next()?);
    Some(OFFSETS[byte % OFFSETS.len()] + (byte / OFFSETS.len()) as u64 % 4)
}

/// Returns a stream whose counts are in and around the allowed range.
fn snapshot(bytes: &mut dyn Iterator<Item = u8>) -> Option<Snapshot> {
    let mut read_fifo = [0; 16];
    for entry in read_fifo.iter_mut() {
        *entry = word(bytes)?;
    }
    Some(Snapshot {
        flags: word(bytes)?,
        lcr: word(bytes)?,
        rsr: word(bytes)?,
        cr: word(bytes)?,
        dmacr: word(bytes)?,
        int_enabled: word(bytes)?,
        int_level: word(bytes)?,
        read_fifo,
        ilpr: word(bytes)?,
        ibrd: word(bytes)?,
        fbrd: word(bytes)?,
        ifl: word(bytes)?,
        read_pos: i32::from(bytes.next()?) - 1,
        read_count: i32::from(bytes.next()? % 20) - 1,
        read_trigger: word(bytes)? as i32,
    })
}

/// Returns a count of unsent bytes in and around the allowed range, or any.
fn unsent(bytes: &mut dyn Iterator<Item = u8>) -> Option<u32> {
    Some(match bytes.next()? {
        choice @ 0..=63 => choice.into(),
        choice @ 64..=191 => WAITING as u32 + 64 - u32::from(choice),
        192..=223 => 0,
        _ => word(bytes)?,
    })
}
