// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A guest of our own for boards that Debian's kernels do not support: it prints a greeting, and echoes its input.

use anyhow::Result;

use super::a64::*;
use super::machine::Setting;
use super::program::{self, DR, FR, FR_RXFE_BIT};

pub const GREETING: &str = ">";

/// The first PL011 of the versatilepb board.
pub const VERSATILE_UART: u32 = 0x101f_1000;

/// A board, and the guest for the address of its first PL011.
pub struct Board {
    pub name: &'static str,
    system: &'static str,
    uart: u32,
    image: fn(u32) -> Vec<u8>,
    /// The size of the flash from which the board starts, if it takes no kernel.
    flash: Option<u64>,
    more: &'static [&'static str],
}

const fn kernel(name: &'static str, uart: u32, image: fn(u32) -> Vec<u8>) -> Board {
    Board { name, system: "arm", uart, image, flash: None, more: &[] }
}

pub const BOARDS: &[Board] = &[
    kernel("versatilepb", VERSATILE_UART, a32),
    kernel("realview-eb", 0x1000_9000, a32),
    kernel("integratorcp", 0x1600_0000, a32),
    // Luminary's variant.
    kernel("lm3s6965evb", 0x4000_c000, t16),
    Board {
        name: "sbsa-ref",
        system: "aarch64",
        uart: 0x6000_0000,
        image: a64,
        flash: Some(256 << 20),
        // Otherwise each processor would run the guest; and the display of either name needs a file that no guest uses.
        more: &["-smp", "1", "-global", "VGA.romfile=", "-global", "bochs-display.romfile="],
    },
];

impl Board {
    pub fn run(&self, setting: &Setting) -> Result<()> {
        let mut command = setting.command(self.system)?;
        command.args(["-M", self.name]).args(self.more);
        let file = program::file(&(self.image)(self.uart))?;
        match self.flash {
            Some(size) => {
                file.as_file().set_len(size)?;
                command.arg("-drive").arg(format!("if=pflash,format=raw,file={}", file.path().display()));
            }
            None => drop(command.arg("-kernel").arg(file.path())),
        }
        setting.start(command)?.greets_and_echoes(GREETING)
    }
}

/// Returns the guest for 32-bit processors.
pub fn a32(uart: u32) -> Vec<u8> {
    program::bytes(&[
        0xe59f_0024, // ldr r0, [pc, #36]
        0xe3a0_1070, // mov r1, #0x70       eight bits, FIFOs on
        0xe580_102c, // str r1, [r0, #LCR_H]
        0xe3a0_103e, // mov r1, #'>'
        0xe580_1000, // str r1, [r0]
        0xe590_2018, // ldr r2, [r0, #FR]
        0xe312_0010, // tst r2, #RXFE
        0x1aff_fffc, // bne .-8
        0xe590_1000, // ldr r1, [r0]
        0xe580_1000, // str r1, [r0]
        0xeaff_fff9, // b .-20
        uart,
    ])
}

/// For microcontrollers: a table with the stack and the entry point, then Thumb code.
fn t16(uart: u32) -> Vec<u8> {
    program::bytes(&[
        0x2000_1000, // the stack
        0x0000_0009, // the start, in Thumb code
        0x213e_4804, // ldr r0, [pc, #16];     movs r1, #'>'
        0x6982_6001, // str r1, [r0];          ldr r2, [r0, #FR]
        0xd4fc_06d2, // lsls r2, r2, #27;      bmi .-4
        0x6001_6801, // ldr r1, [r0];          str r1, [r0]
        0xbf00_e7f9, // b .-10;                nop
        uart,
    ])
}

/// For 64-bit processors.
fn a64(uart: u32) -> Vec<u8> {
    let (base, byte, flags) = (1, 2, 3);
    let echo = [
        movz(byte, u16::from(GREETING.as_bytes()[0]), 0),
        str(byte, base, DR),
        ldr(flags, base, FR),
        tbnz(flags, FR_RXFE_BIT, -1),
        ldr(byte, base, DR),
        str(byte, base, DR),
        b(-4),
    ];
    program::bytes(&[&program::address(base, uart)[..], &echo].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_lies_where_the_guests_look_for_it() {
        let uart = VERSATILE_UART.to_le_bytes();
        // The program counter is two instructions ahead, and in Thumb code rounded down to a multiple of four.
        assert_eq!(a32(VERSATILE_UART)[8 + 36..], uart);
        assert_eq!(t16(VERSATILE_UART)[8 + 4 + 16..], uart);
    }
}
