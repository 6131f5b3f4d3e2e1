// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The time in which a sleeping guest echoes a byte on a pseudoterminal.

use crate::emulator::Device;
use crate::figures::{verdict, Summary};
use crate::guest;
use crate::Bench;
use anyhow::{ensure, Result};
use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

/// The number of bytes that a run echoes.
const ECHOES: usize = 50;
/// The time after which the guest is idle.
const PAUSE: Duration = Duration::from_millis(12);
const AT_MOST_MS: f64 = 2.0;

/// Returns the milliseconds from the host's write to its read of the same byte.
pub fn once(bench: &Bench, device: Device) -> Result<Vec<f64>> {
    let mut machine = bench.machine(device, guest::echo)?.start_on_terminal()?;
    let mut terminal = machine.open()?;
    machine.go()?;
    let mut answer = [0];
    terminal.read_exact(&mut answer)?;
    ensure!(answer == [guest::PROMPT], "the guest began with {answer:?}");
    let mut echo = |byte: u8| -> Result<f64> {
        let start = Instant::now();
        terminal.write_all(&[byte])?;
        terminal.read_exact(&mut answer)?;
        ensure!(answer == [byte], "the guest echoed {answer:?} for {byte}");
        Ok(start.elapsed().as_secs_f64() * 1e3)
    };
    let mut times = vec![];
    for n in 0..ECHOES {
        thread::sleep(PAUSE);
        times.push(echo(b'a' + (n % 26) as u8)?);
    }
    terminal.write_all(&[guest::END])?;
    machine.finish()?;
    Ok(times)
}

/// Prints the table, and returns whether half of the bytes return within two milliseconds.
pub fn measure(bench: &Bench) -> Result<bool> {
    let (mut c, mut ours) = (vec![], vec![]);
    for _ in 0..bench.pairs {
        c.extend(once(bench, Device::C)?);
        ours.extend(once(bench, Device::Ours)?);
    }
    println!("{:<12}{:>25}{:>25}{:>9}", "echo of", "C, ms", "ours, ms", "at most");
    let (c, ours) = (Summary::of(c), Summary::of(ours));
    print!("{:<12}{c:>25.2}{ours:>25.2}", "a byte");
    Ok(verdict(ours.median, AT_MOST_MS))
}
