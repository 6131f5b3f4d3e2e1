// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The time from QEMU's start to its end with nothing in between.

use crate::emulator::Device;
use crate::figures::{verdict, Summary};
use crate::Bench;
use anyhow::{ensure, Context, Result};
use nix::sys::resource::{getrusage, UsageWho};
use nix::sys::time::TimeValLike;
use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

const AT_MOST_MS: f64 = 10.0;

/// A board and its arguments.
const BOARDS: [(&str, &[&str]); 2] = [
    ("none", &["-M", "none"]),
    ("virt", &["-M", "virt", "-cpu", "cortex-a57", "-nic", "none", "-serial", "null", "-S"]),
];

/// Milliseconds of wall time and of processor time.
fn once(bench: &Bench, device: Device, board: &[&str]) -> Result<(f64, f64)> {
    let processor_ms = || -> Result<f64> {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        Ok((usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e3)
    };
    let mut command = bench.emulator.command(device);
    command.args(board).args(["-display", "none", "-monitor", "stdio"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let (start, before) = (Instant::now(), processor_ms()?);
    let mut child = command.spawn()?;
    child.stdin.take().context("a pipe was asked for")?.write_all(b"quit\n")?;
    let status = child.wait()?;
    ensure!(status.success(), "QEMU ended with {status}");
    Ok((start.elapsed().as_secs_f64() * 1e3, processor_ms()? - before))
}

/// Prints the table, and returns whether our object adds at most ten milliseconds.
pub fn measure(bench: &Bench) -> Result<bool> {
    println!(
        "{:<12}{:>12}{:>12}{:>25}{:>25}{:>9}",
        "board", "without, ms", "with, ms", "more, ms", "more of processor, ms", "at most"
    );
    let mut holds = true;
    for (name, board) in BOARDS {
        let (mut without, mut with) = (vec![], vec![]);
        for pair in 0..bench.pairs {
            for turn in [pair % 2, (pair + 1) % 2] {
                if turn == 0 {
                    without.push(once(bench, Device::C, board)?);
                } else {
                    with.push(once(bench, Device::Ours, board)?);
                }
            }
        }
        let wall = |times: &[(f64, f64)]| Summary::of(times.iter().map(|(wall, _)| *wall)).median;
        let pairs = || with.iter().zip(&without);
        let more = Summary::of(pairs().map(|(with, without)| with.0 - without.0));
        let more_of_processor = Summary::of(pairs().map(|(with, without)| with.1 - without.1));
        print!("{name:<12}{:>12.1}{:>12.1}{more:>25.1}{more_of_processor:>25.1}", wall(&without), wall(&with));
        holds &= verdict(more.median, AT_MOST_MS);
    }
    Ok(holds)
}
