// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Guests that write more than is read: they wait, and nothing is lost or reordered.

use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};

use super::console::{Console, Pace};
use super::machine::{devices, Setting, PATIENCE};
use super::program::{self, VIRT_UART};
use super::socket::Socket;
use super::{flood, linux, shell};

/// A reader that starts late and is slower than the guest.
const PACE: Pace = Pace { chunk: 4000, delay: Duration::from_secs(2), pause: Duration::from_millis(1) };

/// The number of lines that Linux writes: several times a pipe's capacity.
const LINES: u32 = 40_000;
/// A third of Linux's output in the same time, so that the pipe is soon full and stays so.
pub const PACE_FOR_LINUX: Pace = Pace { chunk: 500, delay: Duration::ZERO, pause: Duration::from_millis(10) };

/// Runs the guest with a reader at a pipe.
pub fn pipe(setting: &Setting) -> Result<()> {
    let kernel = flood::kernel()?;
    let mut command = flood::command(setting, kernel.path(), "stdio")?;
    let mut machine = setting.start_with(&mut command, |command| Console::with_reader(command, PACE))?;
    let read = machine.console.take(flood::COUNT as usize, PATIENCE)?;
    machine.powered_off()?;
    flood::check(&read)
}

/// Runs the guest with a reader at a socket.
pub fn socket(setting: &Setting) -> Result<()> {
    let socket = Socket::new()?;
    let kernel = flood::kernel()?;
    let mut command = flood::command(setting, kernel.path(), &socket.serial())?;
    let reader = thread::spawn(move || read(&socket, PACE, usize::MAX));
    let mut machine = setting.start_with(&mut command, Console::start)?;
    let read = reader.join().ok().context("the reader panicked")??;
    machine.powered_off()?;
    flood::check(&read)
}

/// Runs Debian's kernel with a reader at a pipe.
///
/// Its driver assumes at each transmit interrupt that half the FIFO is free, without a check of TXFF. The other guest
/// checks TXFF, so it would not notice a wrong interrupt.
pub fn linux(setting: &Setting) -> Result<()> {
    let mut command = linux::command(setting)?;
    command.args(["-serial", "stdio"]);
    let mut machine = setting.start_with(&mut command, |command| Console::with_reader(command, PACE_FOR_LINUX))?;
    let console = &mut machine.console;
    shell::wait(console)?;
    shell::run(console, &format!("seq {LINES} >/tmp/lines"))?;
    console.send("stty raw -echo; printf 'li''nes:'; cat /tmp/lines; printf 'e''nd'\r")?;
    console.expect("lines:", PATIENCE)?;
    let read = console.expect("end", PATIENCE)?;
    let written: String = (1..=LINES).map(|line| format!("{line}\n")).collect();
    flood::same(read.as_bytes(), written.as_bytes())
}

/// Two ports, one with a reader who is always there and one with a slow one: virt's second is for software that is
/// trusted, and runs in the most privileged mode.
pub fn two_ports(setting: &Setting) -> Result<()> {
    const PORTS: [u32; 2] = [VIRT_UART, 0x0904_0000];
    let (fast, slow) = (Socket::new()?, Socket::new()?);
    let firmware = program::file(&flood::two_ports(PORTS))?;
    let mut command = setting.command("aarch64")?;
    command.args(["-M", "virt,secure=on", "-cpu", "cortex-a57", "-nic", "none", "-bios"]).arg(firmware.path());
    command.args(["-serial", &fast.serial(), "-serial", &slow.serial()]);
    let mut machine = setting.start_with(&mut command, Console::start)?;
    if !setting.plugins.is_empty() {
        let tree = machine.monitor.human("info qtree")?;
        let count = setting.types.iter().map(|name| devices(&tree, name)).sum::<usize>();
        ensure!(count == PORTS.len(), "{count} of {} ports are ours: {tree}", PORTS.len());
    }
    let count = flood::COUNT_OF_TWO as usize;
    let at_once = Pace { chunk: 4096, ..Pace::default() };
    let readers =
        [(fast, at_once), (slow, PACE)].map(|(socket, pace)| thread::spawn(move || read(&socket, pace, count)));
    for (reader, which) in readers.into_iter().zip(["fast", "slow"]) {
        let read = reader.join().ok().context("the reader ended by a panic")??;
        flood::check_one_of_two(&read).with_context(|| format!("the {which} reader"))?;
    }
    Ok(())
}

/// Reads until there is no more, or this many bytes are there.
fn read(socket: &Socket, pace: Pace, count: usize) -> Result<Vec<u8>> {
    let end = Instant::now() + PATIENCE;
    let mut stream = socket.accept()?;
    thread::sleep(pace.delay);
    let mut all = Vec::new();
    let mut buffer = vec![0; pace.chunk];
    while Instant::now() < end && all.len() < count {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        all.extend(&buffer[..n]);
        thread::sleep(pace.pause);
    }
    Ok(all)
}
