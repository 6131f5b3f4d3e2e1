// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A PL011 for tests, and the operations on it.

use oldstable::pl011::registers::{line, offset};
use oldstable::pl011::{Registers, Variant};

/// The combined interrupt among a PL011's outputs.
pub const COMBINED: u8 = 1 << 0;

pub fn pl011() -> Registers {
    Registers::new(Variant::Arm)
}

/// With FIFOs, everything unmasked, and 1 MHz / 16 = 62,500 baud: 32 bits take 512 µs.
pub fn clocked() -> Registers {
    let mut uart = pl011();
    uart.set_clock(1_000_000);
    set(&mut uart, offset::IBRD, 1);
    set(&mut uart, offset::LCR_H, line::FEN);
    set(&mut uart, offset::IMSC, !0);
    uart
}

pub fn get(uart: &mut Registers, offset: u64) -> u32 {
    uart.read(offset).0
}

/// A write whose effects do not matter to the test.
pub fn set(uart: &mut Registers, offset: u64, value: u32) {
    let _ = uart.write(offset, value);
}

pub fn give(uart: &mut Registers, bytes: &[u8]) {
    let _ = uart.receive(bytes);
}

pub fn ris(uart: &mut Registers) -> u32 {
    get(uart, offset::RIS)
}

pub fn fr(uart: &mut Registers) -> u32 {
    get(uart, offset::FR)
}
