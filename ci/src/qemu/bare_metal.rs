//! A guest without an operating system: it greets, echoes what it is sent, and powers the machine off.
//!
//! It drives the PL011 of the virt board by polling, which needs no memory but its own words.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{ensure, Context, Result};

use super::a64::*;
use super::console::Console;
use super::emulator::{Emulator, Plugin};
use super::monitor::Monitor;

const GREETING: &str = "bare metal speaks\r\n";
const SENT: &str = "the quick brown fox jumps over the lazy dog 0123456789";
/// The byte that ends the echo: ASCII's end of transmission.
const END: u8 = 4;

/// The first UART of the virt board.
const UART: u16 = 0x0900;
const DR: u32 = 0x00;
const FR: u32 = 0x18;
const LCR_H: u32 = 0x2c;
const CR: u32 = 0x30;
const FR_RXFE_BIT: u32 = 4;
const FR_TXFF_BIT: u32 = 5;
/// Eight bits, FIFOs on.
const LCR_H_8_FIFO: u16 = 0x70;
/// UART, transmitter and receiver enabled.
const CR_ON: u16 = 0x301;

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

/// Runs the guest to its end. With a plugin, also checks that a device of type `type_name` is in the machine.
///
/// Gives the transcript, whatever the outcome.
pub fn run(emulator: &Emulator, plugin: Option<Plugin>, type_name: &str) -> (Result<()>, String) {
    let mut transcript = String::new();
    let result = converse(emulator, plugin, type_name, &mut transcript);
    (result, transcript)
}

fn converse(emulator: &Emulator, plugin: Option<Plugin>, type_name: &str, transcript: &mut String) -> Result<()> {
    let patience = Duration::from_secs(60);
    let folder = tempfile::tempdir().context("no temporary folder can be made: set TMPDIR to one that is writable")?;
    let kernel = folder.path().join("guest.bin");
    let socket = folder.path().join("monitor");
    fs::write(&kernel, image())?;
    let mut command = emulator.command("aarch64", plugin)?;
    machine(&mut command);
    command.args(["-display", "none", "-serial", "stdio", "-monitor", "none", "-kernel"]).arg(&kernel);
    command.arg("-qmp").arg(format!("unix:{},server=on,wait=off", socket.display()));
    let mut console = Console::start(&mut command)?;
    let mut talk = || -> Result<()> {
        console.expect(GREETING, patience)?;
        if plugin.is_some() {
            let tree = Monitor::connect(&socket, patience)?.human("info qtree")?;
            ensure!(has_device(&tree, type_name), "the machine has no {type_name}, although its object was loaded");
        }
        console.send(SENT)?;
        let before = console.expect(SENT, patience)?;
        ensure!(before.is_empty(), "the guest echoed {before:?} that it was not sent");
        console.send(char::from(END).encode_utf8(&mut [0; 1]))?;
        let status = console.wait(patience)?;
        ensure!(status.success(), "QEMU ended with {status} after the guest had powered off");
        Ok(())
    };
    let result = talk();
    *transcript = console.transcript();
    result
}

/// The board and the processor that both guests run on.
pub fn machine(command: &mut Command) {
    command.args(["-M", "virt", "-cpu", "cortex-a57", "-nic", "none"]);
}

/// Whether `info qtree` lists a device of the type: `dev: pl011, id ""`.
fn has_device(tree: &str, type_name: &str) -> bool {
    tree.lines().any(|line| {
        let rest = line.trim_start().strip_prefix("dev: ").and_then(|l| l.strip_prefix(type_name));
        rest.map_or(false, |rest| rest.starts_with(','))
    })
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

    #[test]
    fn a_device_is_known_by_its_whole_type_name() {
        let tree = "bus: main\n  dev: x-pl011-rust-2, id \"\"\n  dev: pl011, id \"\"\n";
        assert!(has_device(tree, "pl011"));
        assert!(!has_device(tree, "x-pl011-rust"));
    }
}
