// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The time in which a sleeping guest echoes a byte on a pseudoterminal, and what QEMU does for it, which no other work
//! on the machine changes: how often it reads and writes, and how often a thread of it goes to sleep.

use crate::emulator::Device;
use crate::figures::{verdict, Summary};
use crate::guest;
use crate::machine::{Effort, OnTerminal};
use crate::Bench;
use anyhow::{ensure, Result};
use std::fs::File;
use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

/// The number of bytes that each device echoes in a pair.
const ECHOES: u32 = 200;
/// The time after which the guest is idle.
const PAUSE: Duration = Duration::from_millis(12);
const AT_MOST_MS: f64 = 2.0;

/// The figures of one device.
#[derive(Default)]
pub struct Echoes {
    /// Milliseconds from the host's write to its read of the same byte.
    pub times: Vec<f64>,
    /// For each pair the mean per echo.
    pub transfers: Vec<f64>,
    pub sleeps: Vec<f64>,
}

/// A guest that waits for bytes.
struct Guest {
    machine: OnTerminal,
    terminal: File,
}

impl Guest {
    fn start(bench: &Bench, device: Device) -> Result<Guest> {
        let mut machine = bench.machine(device, guest::echo)?.start_on_terminal()?;
        let terminal = machine.open()?;
        Ok(Guest { machine, terminal })
    }

    fn go(&mut self) -> Result<()> {
        self.machine.go()?;
        let mut prompt = [0];
        self.terminal.read_exact(&mut prompt)?;
        ensure!(prompt == [guest::PROMPT], "the guest began with {prompt:?}");
        Ok(())
    }

    fn echo(&mut self, byte: u8) -> Result<f64> {
        let mut answer = [0];
        let start = Instant::now();
        self.terminal.write_all(&[byte])?;
        self.terminal.read_exact(&mut answer)?;
        ensure!(answer == [byte], "the guest echoed {answer:?} for {byte}");
        Ok(start.elapsed().as_secs_f64() * 1e3)
    }

    fn end(mut self) -> Result<()> {
        self.terminal.write_all(&[guest::END])?;
        self.machine.finish().map(drop)
    }
}

/// Runs a guest on each device at the same time, and has them echo in turn, so that other work affects both alike.
pub fn pair(bench: &Bench, c: &mut Echoes, ours: &mut Echoes) -> Result<()> {
    let mut guests = [Guest::start(bench, Device::C)?, Guest::start(bench, Device::Ours)?];
    for guest in &mut guests {
        guest.go()?;
    }
    thread::sleep(PAUSE);
    let before = [guests[0].machine.effort()?, guests[1].machine.effort()?];
    for n in 0..ECHOES {
        // Each is first as often as the other.
        for turn in [n % 2, (n + 1) % 2] {
            thread::sleep(PAUSE);
            let figures = if turn == 0 { &mut *c } else { &mut *ours };
            figures.times.push(guests[turn as usize].echo(b'a' + (n % 26) as u8)?);
        }
    }
    thread::sleep(PAUSE);
    for ((guest, before), figures) in guests.into_iter().zip(before).zip([c, ours]) {
        let Effort { transfers, sleeps } = guest.machine.effort()?;
        figures.transfers.push((transfers - before.transfers) as f64 / f64::from(ECHOES));
        figures.sleeps.push((sleeps - before.sleeps) as f64 / f64::from(ECHOES));
        guest.end()?;
    }
    Ok(())
}

/// Prints the table, and returns whether half of the bytes return within two milliseconds, and whether ours does no
/// more for them.
pub fn measure(bench: &Bench) -> Result<bool> {
    let (mut c, mut ours) = (Echoes::default(), Echoes::default());
    for _ in 0..bench.pairs {
        pair(bench, &mut c, &mut ours)?;
    }
    println!("{:<12}{:>25}{:>25}{:>9}", "echo of", "C", "ours", "at most");
    let row = |name: &str, c: &[f64], ours: &[f64]| {
        let (c, ours) = (Summary::of(c.iter().copied()), Summary::of(ours.iter().copied()));
        print!("{name:<12}{c:>25.2}{ours:>25.2}");
        (c.median, ours.median)
    };
    let (_, time) = row("a byte, ms", &c.times, &ours.times);
    let mut holds = verdict(time, AT_MOST_MS);
    for (name, c, ours) in [("transfers", &c.transfers, &ours.transfers), ("sleeps", &c.sleeps, &ours.sleeps)] {
        let (c, ours) = row(name, c, ours);
        holds &= verdict(ours, c);
    }
    Ok(holds)
}
