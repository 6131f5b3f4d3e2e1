// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A guest's input.

use crate::emulator::Device;
use crate::figures::{verdict, Summary};
use crate::guest;
use crate::Bench;
use anyhow::{ensure, Context, Result};
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;

/// QEMU 7.2's device in C takes up to half a minute for them.
pub const BYTES: u32 = 200_000;

/// Ours over C.
const AT_MOST: f64 = 0.5;

/// Where the bytes come from.
#[derive(Clone, Copy)]
pub enum Source {
    Terminal,
    Socket,
}

/// Waits until the guest is ready, and sends it the bytes.
fn give(to: &mut (impl Read + Write)) -> Result<()> {
    let mut answer = [0];
    to.read_exact(&mut answer)?;
    ensure!(answer == [guest::PROMPT], "the guest began with {answer:?}");
    let bytes: Vec<u8> = (0..BYTES).map(|number| number as u8).collect();
    Ok(to.write_all(&bytes)?)
}

/// Returns the seconds that the guest takes to read the bytes, and checks that all arrive in order.
pub fn once(bench: &Bench, device: Device, source: Source) -> Result<f64> {
    let machine = bench.machine(device, |file| guest::reader(BYTES, file))?;
    let figures = match source {
        Source::Terminal => {
            let mut machine = machine.start_on_terminal()?;
            let mut terminal = machine.open()?;
            machine.go()?;
            give(&mut terminal)?;
            machine.finish()?
        }
        Source::Socket => {
            let path = bench.folder.path().join("input");
            let listener = UnixListener::bind(&path)?;
            let machine = machine.start(&format!("unix:{}", path.display()))?;
            // QEMU reads no more from a closed socket.
            let mut end = listener.accept()?.0;
            give(&mut end)?;
            fs::remove_file(path)?;
            machine.finish()?
        }
    };
    figures.first().copied().context("the guest read another byte than it was sent")
}

/// Prints the table, and returns whether our device takes at most half of the time of the one in C.
pub fn measure(bench: &Bench) -> Result<bool> {
    println!("{:<12}{:>12}{:>12}{:>25}{:>9}", "input from", "C, us", "ours, us", "ours / C", "at most");
    let mut holds = true;
    for (name, source) in [("a pty", Source::Terminal), ("a socket", Source::Socket)] {
        let (mut c, mut ours) = (vec![], vec![]);
        for pair in 0..bench.pairs {
            // Both devices are first equally often.
            for turn in [pair % 2, (pair + 1) % 2] {
                if turn == 0 {
                    c.push(once(bench, Device::C, source)?);
                } else {
                    ours.push(once(bench, Device::Ours, source)?);
                }
            }
        }
        let ratio = Summary::of_ratios(&ours, &c);
        let each = |times: &[f64]| Summary::of(times.iter().copied()).median * 1e6 / f64::from(BYTES);
        print!("{name:<12}{:>12.2}{:>12.2}{ratio:>25.3}", each(&c), each(&ours));
        holds &= verdict(ratio.median, AT_MOST);
    }
    Ok(holds)
}
