//! A guest without an operating system: it greets, echoes what it is sent, and powers the machine off.
//!
//! It drives the PL011 of the virt board by polling, which needs no memory but its own words.

use std::io::Write;

use anyhow::{ensure, Result};

use super::a64::*;
use super::machine::{virt, Setting, PATIENCE};

const GREETING: &str = "bare metal speaks\r\n";
const SENT: &str = "the quick brown fox jumps over the lazy dog 0123456789";
/// The byte that ends the echo: ASCII's end of transmission.
const END: u8 = 4;

/// The first UART of the virt board.
pub const UART: u16 = 0x0900;
pub const DR: u32 = 0x00;
pub const FR: u32 = 0x18;
pub const LCR_H: u32 = 0x2c;
pub const CR: u32 = 0x30;
pub const FR_RXFE_BIT: u32 = 4;
pub const FR_TXFF_BIT: u32 = 5;
/// Eight bits, FIFOs on.
pub const LCR_H_8_FIFO: u16 = 0x70;
/// UART, transmitter and receiver enabled.
pub const CR_ON: u16 = 0x301;

/// The guest's image, which runs wherever it is loaded.
fn image() -> Vec<u8> {
    let (base, text, byte, flags) = (1, 2, 3, 4);
    let program = [
        movz(base, UART, 1),
        movz(byte, LCR_H_8_FIFO, 0),
        str(byte, base, LCR_H),
        movz(byte, CR_ON, 0),
        str(byte, base, CR),
        adr(text, 20),
        // Greet.
        ldrb_next(byte, text),
        cbz(byte, 5),
        ldr(flags, base, FR),
        tbnz(flags, FR_TXFF_BIT, -1),
        str(byte, base, DR),
        b(-5),
        // Echo until the end is sent. The upper bits of what is read are error flags.
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
        // PSCI's SYSTEM_OFF.
        movz(0, 0x8400, 1),
        movk(0, 8, 0),
        hvc(),
    ];
    let mut image: Vec<u8> = program.iter().flat_map(|word| word.to_le_bytes()).collect();
    image.extend(GREETING.as_bytes());
    image.push(0);
    image
}

/// Runs the guest to its end.
pub fn run(setting: &Setting) -> Result<()> {
    let mut kernel = tempfile::NamedTempFile::new()?;
    kernel.write_all(&image())?;
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.arg("-kernel").arg(kernel.path());
    let mut machine = setting.start(command)?;
    let console = &mut machine.console;
    console.expect(GREETING, PATIENCE)?;
    console.send(SENT)?;
    let before = console.expect(SENT, PATIENCE)?;
    ensure!(before.is_empty(), "the guest echoed {before:?} that it was not sent");
    console.send_bytes(&[END])?;
    machine.powered_off()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_lies_where_the_guest_looks_for_it() {
        let image = image();
        let address_of_adr = 5 * 4;
        assert!(image[address_of_adr + 20 * 4..].starts_with(GREETING.as_bytes()));
    }
}
