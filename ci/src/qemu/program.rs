// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parts that the programs of our own guests share: the registers of a PL011, its set-up, and the power-off.

use std::io::Write;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

use super::a64::*;

/// The first UART of the virt board.
pub const VIRT_UART: u32 = 0x0900_0000;
pub const DR: u32 = 0x00;
pub const FR: u32 = 0x18;
pub const IBRD: u32 = 0x24;
pub const FR_RXFE_BIT: u32 = 4;
pub const FR_TXFF_BIT: u32 = 5;
pub const FR_RXFF_BIT: u32 = 6;
const LCR_H: u32 = 0x2c;
const CR: u32 = 0x30;
/// Eight bits, FIFOs on.
const LCR_H_8_FIFO: u16 = 0x70;
/// UART, transmitter and receiver enabled.
const CR_ON: u16 = 0x301;

/// Loads the address of a UART.
pub fn address(base: Reg, uart: u32) -> [u32; 2] {
    [movz(base, (uart >> 16) as u16, 1), movk(base, uart as u16, 0)]
}

/// Loads the address of a UART, and switches it on.
pub fn set_up(base: Reg, uart: u32, scratch: Reg) -> [u32; 6] {
    let [high, low] = address(base, uart);
    [
        high,
        low,
        movz(scratch, LCR_H_8_FIFO, 0),
        str(scratch, base, LCR_H),
        movz(scratch, CR_ON, 0),
        str(scratch, base, CR),
    ]
}

/// PSCI's SYSTEM_OFF, on boards that have it as a hypervisor call.
pub fn power_off() -> [u32; 3] {
    [movz(0, 0x8400, 1), movk(0, 8, 0), hvc()]
}

/// Returns a program as it is in memory.
pub fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Writes a guest into a file for QEMU.
pub fn file(image: &[u8]) -> Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    file.write_all(image).context("the guest could not be written to a temporary file")?;
    Ok(file)
}
