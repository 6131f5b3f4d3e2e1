// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A guest that migrates to another QEMU, with bytes in the FIFO and in the middle of its output.

use std::fs;
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use serde_json::{json, Value};

use super::console::Console;
use super::machine::{Machine, Setting, PATIENCE};
use super::program::{self, FR, FR_RXFF_BIT, FR_TXFF_BIT, VIRT_UART};
use super::socket::Socket;
use super::{echo, flood, linux, shell, uboot};
use crate::host::temporary;

/// Inputs that fill the FIFO: for U-Boot, and for a shell that calculates.
pub const LINE: &str = "echo 0123456789\r";
const SUM: &str = "echo $((60*70))\r";

/// The length of its own image that U-Boot prints while it migrates.
const DUMP: usize = 0x8_0000;

/// Migrates U-Boot from one device to the other within a release, and back.
pub fn uboot(from: &Setting, to: &Setting) -> Result<()> {
    let start = |setting: &Setting, incoming: &[&str]| -> Result<Machine> {
        let mut command = uboot::command(setting.emulator, setting.plugins, "aarch64")?;
        command.args(incoming);
        setting.start(command)
    };
    let mut first = start(from, &[])?;
    uboot::prompt(&mut first.console)?;
    fill(&mut first, VIRT_UART, LINE)?;
    let mut second = moved(&mut first, |incoming| start(to, incoming))?;
    let answer = second.console.expect(uboot::PROMPT, PATIENCE).context("a line typed before the move")?;
    let answer = answer.replace('\r', "");
    ensure!(answer == "echo 0123456789\n0123456789\n", "the line typed before the move was answered with {answer:?}");

    second.console.send(&format!("md.b 0 {DUMP:x}\r"))?;
    second.console.expect("\n", PATIENCE)?;
    let mut dump = second.console.take(4096, PATIENCE)?;
    second.monitor.execute("stop", json!({}))?;
    let mut third = moved(&mut second, |incoming| start(from, incoming))?;
    dump.extend(second.console.end());
    let before = dump.len();
    let rest = third.console.expect(uboot::PROMPT, PATIENCE).context("output after the move")?;
    ensure!(!rest.is_empty(), "the guest had written all its {before} bytes before the migration");
    dump.extend(rest.as_bytes());
    let image = fs::read(from.emulator.uboot("aarch64")?)?;
    let image = image.get(..DUMP).context("U-Boot is smaller than the part of itself that it is asked to print")?;
    same(&dump, image).with_context(|| format!("output around the move, after {before} bytes"))
}

/// Migrates Debian's kernel, which sleeps until an interrupt, from QEMU's device to ours, back, and to ours.
pub fn linux(ours: &Setting) -> Result<()> {
    let start = |setting: &Setting, incoming: &[&str]| -> Result<Machine> {
        let mut command = linux::command(setting)?;
        command.args(incoming);
        setting.start(command)
    };
    let stock = ours.stock();
    let mut machine = start(&stock, &[])?;
    shell::wait(&mut machine.console)?;
    for next in [ours, &stock, ours] {
        fill(&mut machine, VIRT_UART, SUM)?;
        machine = moved(&mut machine, |incoming| start(next, incoming))?;
        let which = if next.plugins.is_empty() { "QEMU's device" } else { "ours" };
        machine.console.expect("4200", PATIENCE).with_context(|| format!("a line typed before the move to {which}"))?;
        let answer = shell::run(&mut machine.console, "echo here")?;
        ensure!(answer == "here", "after the move to {which} the guest answers {answer:?}");
    }
    Ok(())
}

/// Migrates a bare-metal guest to another release.
///
/// It runs on the board whose processor all releases describe alike. Machines with the processors of virt and vexpress
/// do not migrate between most releases even with QEMU's own devices: the section `cpu` is refused.
pub fn bare_metal(from: &Setting, to: &Setting) -> Result<()> {
    let kernel = program::file(&echo::a32(echo::VERSATILE_UART))?;
    let start = |setting: &Setting, incoming: &[&str]| -> Result<Machine> {
        let mut command = versatile(setting, kernel.path())?;
        command.args(incoming);
        setting.start(command)
    };
    let mut first = start(from, &[])?;
    first.console.expect(echo::GREETING, PATIENCE)?;
    fill(&mut first, echo::VERSATILE_UART, LINE)?;
    let mut second = moved(&mut first, |incoming| start(to, incoming))?;
    second.console.send("more")?;
    let wanted = format!("{LINE}more");
    let echo = second.console.take(wanted.len(), PATIENCE)?;
    ensure!(echo == wanted.as_bytes(), "the guest echoed {:?}", String::from_utf8_lossy(&echo));
    Ok(())
}

/// The board whose processor all releases describe alike.
fn versatile(setting: &Setting, kernel: &Path) -> Result<Command> {
    let mut command = setting.command("arm")?;
    command.args(["-M", "versatilepb", "-m", "64", "-nic", "none", "-kernel"]).arg(kernel);
    Ok(command)
}

/// Migrates unread output to another machine with our device, where it arrives once and in order.
pub fn unsent(ours: &Setting) -> Result<()> {
    let kernel = flood::kernel()?;
    let (here, there) = (Socket::new()?, Socket::new()?);
    let mut first = unread(ours, kernel.path(), &here)?;
    let mut second = moved(&mut first, |incoming| writing(ours, kernel.path(), &there, incoming))?;
    // A reader at the first machine must not get the output that the second one has taken over.
    let mut stream = here.accept()?;
    let reader = thread::spawn(move || read_all(&mut stream));
    let rest = read_all(&mut there.accept()?)?;
    second.powered_off()?;
    first.monitor.execute("quit", json!({}))?;
    let mut read = reader.join().ok().context("the reader panicked")??;
    let before = read.len();
    read.extend(rest);
    flood::check(&read).with_context(|| format!("output around the move, after {before} bytes"))
}

/// Checks that output which nobody has read reaches another release, on the board that all releases describe alike.
pub fn unsent_to_newer(from: &Setting, to: &Setting) -> Result<()> {
    let kernel = program::file(&flood::a32(echo::VERSATILE_UART))?;
    let (here, there) = (Socket::new()?, Socket::new()?);
    let start = |setting: &Setting, socket: &Socket, more: &[&str]| -> Result<Machine> {
        let mut command = versatile(setting, kernel.path())?;
        command.args(["-serial", &socket.serial()]).args(more);
        setting.start_with(&mut command, Console::start)
    };
    let mut first = start(from, &here, &[])?;
    stop_when_full(&mut first, echo::VERSATILE_UART)?;
    let _second = moved(&mut first, |incoming| start(to, &there, incoming))?;
    first.monitor.execute("quit", json!({}))?;
    let mut read = read_all(&mut here.accept()?)?;
    let before = read.len();
    read.resize(flood::COUNT as usize, 0);
    there.accept()?.read_exact(&mut read[before..]).context("the guest's output ends early")?;
    flood::check(&read).with_context(|| format!("output around the move, after {before} bytes"))
}

/// QEMU's device has no field for unread output, and reports it. The guest continues on the first machine.
pub fn unsent_to_c(ours: &Setting) -> Result<()> {
    let kernel = flood::kernel()?;
    let (here, there) = (Socket::new()?, Socket::new()?);
    let mut machine = unread(ours, kernel.path(), &here)?;
    let error = match moved(&mut machine, |incoming| writing(&ours.stock(), kernel.path(), &there, incoming)) {
        Ok(_) => bail!("QEMU's device accepted the stream, and lost the unsent output"),
        Err(error) => format!("{error:#}"),
    };
    ensure!(error.contains("of device 'pl011'"), "the stream was not refused because of the unsent output: {error}");
    machine.monitor.execute("cont", json!({}))?;
    let read = read_all(&mut here.accept()?)?;
    machine.powered_off()?;
    flood::check(&read).context("output after the refusal")
}

/// Starts a machine with the guest that writes more than is read.
fn writing(setting: &Setting, kernel: &Path, socket: &Socket, more: &[&str]) -> Result<Machine> {
    let mut command = flood::command(setting, kernel, &socket.serial())?;
    setting.start_with(command.args(more), Console::start)
}

/// Starts the same machine, stopped when the FIFO is full without a reader.
fn unread(setting: &Setting, kernel: &Path, socket: &Socket) -> Result<Machine> {
    let mut machine = writing(setting, kernel, socket, &[])?;
    stop_when_full(&mut machine, VIRT_UART)?;
    Ok(machine)
}

/// Waits until the guest can write no more since nobody reads, and stops it.
fn stop_when_full(machine: &mut Machine, uart: u32) -> Result<()> {
    until("the FIFO is full", || has_flag(machine, uart, FR_TXFF_BIT))?;
    machine.monitor.execute("stop", json!({})).map(drop)
}

fn read_all(stream: &mut UnixStream) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).context("the guest's output does not end")?;
    Ok(all)
}

/// Stops the guest, and types as much as its FIFO holds.
pub fn fill(machine: &mut Machine, uart: u32, line: &str) -> Result<()> {
    machine.monitor.execute("stop", json!({}))?;
    machine.console.send(line)?;
    until("the typed bytes are in the FIFO", || has_flag(machine, uart, FR_RXFF_BIT))
}

/// Returns whether a bit is set in a UART's flag register.
fn has_flag(machine: &mut Machine, uart: u32, bit: u32) -> Result<bool> {
    Ok(machine.monitor.word((uart + FR).into())? & 1 << bit != 0)
}

/// Migrates a stopped guest to a newly started machine, and continues it there.
fn moved(from: &mut Machine, start: impl FnOnce(&[&str]) -> Result<Machine>) -> Result<Machine> {
    let folder = temporary::folder()?;
    let address = format!("unix:{}", folder.path().join("stream").display());
    let mut to = start(&["-incoming", &address])?;
    from.monitor.execute("migrate", json!({ "uri": address }))?;
    let sent = until("the guest has been sent", || match state(from, "query-migrate")?.as_str() {
        "completed" => Ok(true),
        "failed" | "cancelled" => bail!("the guest could not be sent"),
        _ => Ok(false),
    });
    let mut arrive = || until("the guest has arrived", || Ok(state(&mut to, "query-status")? != "inmigrate"));
    sent.and_then(|()| arrive()).map_err(|error| error.context(to.console.last_words()))?;
    to.monitor.execute("cont", json!({}))?;
    Ok(to)
}

/// Returns the status in the answer to a query.
fn state(machine: &mut Machine, query: &str) -> Result<String> {
    let answer = machine.monitor.execute(query, json!({}))?;
    Ok(answer.get("status").and_then(Value::as_str).unwrap_or_default().to_string())
}

/// Polls until the answer is yes.
pub fn until(what: &str, mut ask: impl FnMut() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !ask()? {
        ensure!(Instant::now() < end, "it takes too long until {what}");
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Returns whether lines such as `00000010: 14 00 00 ea …` show the whole image.
fn same(dump: &[u8], image: &[u8]) -> Result<()> {
    let text = String::from_utf8_lossy(dump);
    let mut lines = text.lines();
    for (number, wanted) in image.chunks(16).enumerate() {
        let line = lines.next().unwrap_or_default();
        let bytes: Vec<String> = wanted.iter().map(|byte| format!(" {byte:02x}")).collect();
        let start = format!("{:08x}:{}", 16 * number, bytes.concat());
        ensure!(line.starts_with(&start), "the line is {line:?} and not {start:?}");
    }
    match lines.next() {
        None => Ok(()),
        Some(line) => bail!("an extra line: {line:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_is_held_against_the_image() {
        let image: Vec<u8> = (0..32).collect();
        let good = "00000000: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f    ....\r\n\
                    00000010: 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f  ....\r\n";
        same(good.as_bytes(), &image).unwrap();
        assert!(same(good.replacen("07 08", "07", 1).as_bytes(), &image).is_err());
        assert!(same(&good.as_bytes()[..70], &image).is_err());
        assert!(same(format!("{good}x").as_bytes(), &image).is_err());
    }

    #[test]
    fn the_lines_fill_the_fifo() {
        assert_eq!((LINE.len(), SUM.len()), (16, 16));
    }
}
