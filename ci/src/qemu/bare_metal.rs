// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A guest without an operating system: it prints a greeting, echoes its input, and powers the machine off.
//! It drives the PL011 of the virt board by polling, which needs no memory except its own code.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::a64::*;
use super::machine::{virt, Setting};
use super::program::{self, DR, FR, FR_RXFE_BIT, FR_TXFF_BIT, VIRT_UART};

pub const GREETING: &str = "bare metal speaks\r\n";
/// The byte that ends the echo: ASCII's end of transmission.
pub const END: u8 = 4;

/// Returns the guest's image, which runs wherever it is loaded.
pub fn image() -> Vec<u8> {
    let (base, text, byte, flags) = (1, 2, 3, 4);
    let greet_and_echo = [
        adr(text, 20),
        // Greet.
        ldrb_next(byte, text),
        cbz(byte, 5),
        ldr(flags, base, FR),
        tbnz(flags, FR_TXFF_BIT, -1),
        str(byte, base, DR),
        b(-5),
        // Echo until the end is sent. The upper bits of a read value are error flags.
        ldr(flags, base, FR),
        tbnz(flags, FR_RXFE_BIT, -1),
        ldr(byte, base, DR),
        and_byte(byte, byte),
        cmp(byte, END.into()),
        b_eq(5),
        ldr(flags, base, FR),
        tbnz(flags, FR_TXFF_BIT, -1),
        str(byte, base, DR),
        b(-9),
    ];
    let set_up = program::set_up(base, VIRT_UART, byte);
    let mut image = program::bytes(&[&set_up[..], &greet_and_echo, &program::power_off()].concat());
    image.extend(GREETING.as_bytes());
    image.push(0);
    image
}

/// Returns the command that starts the guest on the board virt.
pub fn command(setting: &Setting, kernel: &Path) -> Result<Command> {
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.arg("-kernel").arg(kernel);
    Ok(command)
}

/// Runs the guest to its end.
pub fn run(setting: &Setting) -> Result<()> {
    let kernel = program::file(&image())?;
    let mut machine = setting.start(command(setting, kernel.path())?)?;
    machine.greets_and_echoes(GREETING)?;
    machine.console.send_bytes(&[END])?;
    machine.powered_off()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_lies_where_the_guest_looks_for_it() {
        let image = image();
        let address_of_adr = program::set_up(1, VIRT_UART, 2).len() * 4;
        assert!(image[address_of_adr + 20 * 4..].starts_with(GREETING.as_bytes()));
    }
}
