// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A guest of our own that writes as fast as the FIFO takes it, and powers the machine off.

use std::path::Path;
use std::process::Command;

use anyhow::{ensure, Result};
use tempfile::NamedTempFile;

use super::a64::*;
use super::machine::{virt, Setting};
use super::program::{self, DR, FR, FR_TXFF_BIT, VIRT_UART};

/// More than a pipe or a socket buffers for a late reader.
pub const COUNT: u32 = 1_000_000;

/// How many bytes the guest with two ports writes to each.
pub const COUNT_OF_TWO: u32 = 200_000;

/// Returns the guest's program in a file.
pub fn kernel() -> Result<NamedTempFile> {
    program::file(&image())
}

/// Returns the virt board with the guest, which writes to `serial`.
pub fn command(setting: &Setting, kernel: &Path, serial: &str) -> Result<Command> {
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.args(["-serial", serial, "-kernel"]).arg(kernel);
    Ok(command)
}

/// It powers off right after its last bytes, which are still in the FIFO.
fn image() -> Vec<u8> {
    let (base, count, number, byte, flags) = (1, 2, 3, 4, 5);
    let write = [
        movz(count, (COUNT >> 16) as u16, 1),
        movk(count, COUNT as u16, 0),
        movz(number, 0, 0),
        // For each number.
        lsr(byte, number, 8),
        eor(byte, byte, number),
        and_byte(byte, byte),
        ldr(flags, base, FR),
        tbnz(flags, FR_TXFF_BIT, -1),
        str(byte, base, DR),
        add(number, number, 1),
        cmp_reg(number, count),
        b_ne(-8),
    ];
    program::bytes(&[&program::set_up(base, VIRT_UART, byte)[..], &write, &program::power_off()].concat())
}

/// It writes each byte to two ports in turn, and then waits for ever: where a processor starts in its most privileged
/// mode, nobody is there to power off.
pub fn two_ports(uarts: [u32; 2]) -> Vec<u8> {
    let (bases, count, number, byte, flags) = ([1, 6], 2, 3, 4, 5);
    let [first, second] = [0, 1].map(|n| program::set_up(bases[n], uarts[n], byte));
    let write = [
        movz(count, (COUNT_OF_TWO >> 16) as u16, 1),
        movk(count, COUNT_OF_TWO as u16, 0),
        movz(number, 0, 0),
        // For each number.
        lsr(byte, number, 8),
        eor(byte, byte, number),
        and_byte(byte, byte),
        ldr(flags, bases[0], FR),
        tbnz(flags, FR_TXFF_BIT, -1),
        str(byte, bases[0], DR),
        ldr(flags, bases[1], FR),
        tbnz(flags, FR_TXFF_BIT, -1),
        str(byte, bases[1], DR),
        add(number, number, 1),
        cmp_reg(number, count),
        b_ne(-11),
        b(0),
    ];
    program::bytes(&[&first[..], &second, &write].concat())
}

/// Returns the guest with one port for 32-bit processors.
pub fn a32(uart: u32) -> Vec<u8> {
    program::bytes(&[
        0xe59f_0034, // ldr r0, [pc, #52]   the address
        0xe3a0_1070, // mov r1, #0x70       eight bits, FIFOs on
        0xe580_102c, // str r1, [r0, #LCR_H]
        0xe3a0_3000, // mov r3, #0
        0xe59f_4028, // ldr r4, [pc, #40]   the count
        0xe023_1423, // eor r1, r3, r3, lsr #8
        0xe201_10ff, // and r1, r1, #0xff
        0xe590_2018, // ldr r2, [r0, #FR]
        0xe312_0020, // tst r2, #TXFF
        0x1aff_fffc, // bne .-8
        0xe580_1000, // str r1, [r0]
        0xe283_3001, // add r3, r3, #1
        0xe153_0004, // cmp r3, r4
        0x1aff_fff6, // bne .-32
        0xeaff_fffe, // b .
        uart,
        COUNT,
    ])
}

/// Returns the guest's output.
fn written(count: u32) -> Vec<u8> {
    (0..count).map(|number| (number >> 8 ^ number) as u8).collect()
}

/// Checks that everything that the guest wrote was read, in order.
pub fn check(read: &[u8]) -> Result<()> {
    same(read, &written(COUNT))
}

/// Checks the same of one port of the guest that writes to two.
pub fn check_one_of_two(read: &[u8]) -> Result<()> {
    same(read, &written(COUNT_OF_TWO))
}

/// Checks that the data read equals a guest's output.
pub fn same(read: &[u8], written: &[u8]) -> Result<()> {
    let differs = read.iter().zip(written).position(|(a, b)| a != b);
    ensure!(differs.is_none(), "byte {} is not the one that the guest wrote", differs.unwrap_or_default());
    ensure!(read.len() == written.len(), "the guest wrote {} bytes, but {} were read", written.len(), read.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_byte_and_two_in_the_wrong_order_are_found() {
        let mut bytes = written(COUNT);
        check(&bytes).unwrap();
        bytes.swap(70_000, 70_001);
        assert!(check(&bytes).unwrap_err().to_string().contains("byte 70000"));
        bytes.swap(70_000, 70_001);
        bytes.remove(300_000);
        assert!(check(&bytes).is_err());
        bytes.truncate(300_000);
        assert!(check(&bytes).unwrap_err().to_string().contains("300000 were read"));
    }
}
