// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Debian's own kernel as a guest: its shell, files through the console, baud rates, and breaks.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{ensure, Context, Result};
use serde_json::json;

use super::console::Console;
use super::emulator::Plugin;
use super::machine::{virt, Machine, Setting, PATIENCE};
use super::monitor::Monitor;
use super::program::{IBRD, VIRT_UART};
use super::shell;

/// The size of the files sent through the console.
const SIZE: usize = 300_000;
/// The amount sent before the guest confirms it: its kernel may lose input that arrives faster than its programs read.
const CHUNK: usize = 4096;

/// The virt board's clock, which the baud rate divisor divides.
const CLOCK: u32 = 24_000_000;

/// A PCI device to plug in as well.
pub struct Pci<'a> {
    pub plugin: Plugin<'a>,
    pub device: &'a str,
    /// The output of the guest's `lspci -n` for it.
    pub lspci: &'a str,
}

/// Runs the kernel from its start to the power-off.
pub fn run(setting: &Setting, pci: Option<&Pci>) -> Result<()> {
    let pci = pci.filter(|_| !setting.plugins.is_empty());
    let mut plugins = setting.plugins.to_vec();
    plugins.extend(pci.map(|pci| pci.plugin));
    let mut command = command(&Setting { plugins: &plugins, ..*setting })?;
    if let Some(pci) = pci {
        command.arg("-device").arg(pci.device);
    }
    let mut machine = setting.start(command)?;
    let Machine { console, monitor, .. } = &mut machine;
    shell::wait(console)?;
    if let Some(pci) = pci {
        let devices = shell::run(console, "lspci -n")?;
        ensure!(devices.contains(pci.lspci), "the guest's lspci does not list {}: {devices}", pci.lspci);
    }
    out(console)?;
    into(console)?;
    speeds(console, monitor)?;
    breaks(console, monitor)?;
    console.send("echo o >/proc/sysrq-trigger\r")?;
    machine.powered_off()
}

/// Returns the virt board with the kernel.
pub fn command(setting: &Setting) -> Result<Command> {
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.args(["-m", "512"]).args(shell::arguments(&setting.images.kernel("arm64")?, "ttyAMA0"));
    Ok(command)
}

/// Sends a large file out of the guest.
fn out(console: &mut Console) -> Result<()> {
    let sum = shell::run(console, &format!("head -c {SIZE} /bin/busybox >/tmp/out; sha256sum </tmp/out"))?;
    console.send("stty raw -echo; printf 'fi''le:'; cat /tmp/out; stty sane; echo 'do''ne'\r")?;
    console.expect("file:", PATIENCE)?;
    let file = console.take(SIZE, PATIENCE)?;
    console.expect("done", PATIENCE)?;
    compare("out of", &file, &sum)
}

/// Sends a large file into the guest.
fn into(console: &mut Console) -> Result<()> {
    let file = noise(SIZE);
    let chunks = (SIZE + CHUNK - 1) / CHUNK;
    let take = format!("head -c {CHUNK} >>/tmp/in; printf 'o''k'");
    console.send(&format!(
        "stty raw -echo; printf 'sta''rt'; for i in $(seq {chunks}); do {take}; done; stty sane; echo 'do''ne'\r"
    ))?;
    console.expect("start", PATIENCE)?;
    // The last chunk is padded, since the guest waits for a whole one.
    for chunk in file.chunks(CHUNK) {
        let mut chunk = chunk.to_vec();
        chunk.resize(CHUNK, 0);
        console.send_bytes(&chunk)?;
        console.expect("ok", PATIENCE)?;
    }
    console.expect("done", PATIENCE)?;
    let sum = shell::run(console, &format!("head -c {SIZE} /tmp/in | sha256sum"))?;
    compare("into", &file, &sum)
}

/// Returns bytes without repetition, the same in every run.
fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..size).map(|_| next()).collect()
}

fn compare(direction: &str, file: &[u8], said: &str) -> Result<()> {
    let sum = shell::sha256(file);
    ensure!(
        said.starts_with(&sum),
        "a file of {} bytes {direction} the guest has sum {sum}, in the guest {said}",
        file.len()
    );
    Ok(())
}

/// The guest sets the baud rate, and the device has the corresponding divisor.
fn speeds(console: &mut Console, monitor: &mut Monitor) -> Result<()> {
    for baud in [9600, 38400, 115_200] {
        let said = shell::run(console, &format!("stty {baud} && stty speed"))?;
        ensure!(said == baud.to_string(), "the guest set {baud} baud but reports {said:?}");
        let divisor = monitor.word((VIRT_UART + IBRD).into())?;
        let wanted = CLOCK / 16 / baud;
        ensure!(divisor == wanted, "at {baud} baud the divisor is {divisor} and not {wanted}");
    }
    Ok(())
}

/// A break makes the next key a SysRq; a second break in its place is input.
fn breaks(console: &mut Console, monitor: &mut Monitor) -> Result<()> {
    shell::run(console, "echo 1 >/proc/sys/kernel/sysrq")?;
    send_break(monitor)?;
    console.send("h")?;
    console.expect("sysrq: HELP", PATIENCE).context("SysRq by break")?;
    console.send("\r")?;
    console.send("stty raw -echo -ignbrk -brkint parmrk; printf 'rea''dy'; head -c 3; stty sane; echo 'do''ne'\r")?;
    console.expect("ready", PATIENCE)?;
    send_break(monitor)?;
    send_break(monitor)?;
    let read = console.take(3, PATIENCE).context("a break as input")?;
    ensure!(read == [0xff, 0, 0], "the guest read a break as {read:x?}");
    console.expect("done", PATIENCE).map(drop)
}

fn send_break(monitor: &mut Monitor) -> Result<()> {
    monitor.execute("chardev-send-break", json!({ "id": "serial0" }))?;
    // A break is not a byte: two at once count as one.
    thread::sleep(Duration::from_millis(300));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_every_byte_and_is_the_same_again() {
        let bytes = noise(SIZE);
        assert!((0..=255).all(|byte| bytes.contains(&byte)));
        assert_eq!(bytes, noise(SIZE));
    }

    #[test]
    fn a_file_that_lost_a_byte_is_found() {
        let bytes = noise(100);
        let sum = shell::sha256(&bytes);
        compare("into", &bytes, &format!("{sum}  -")).unwrap();
        assert!(compare("into", &bytes[1..], &sum).is_err());
    }
}
