// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The figures in README: a row for each QEMU, on a quiet machine and with two busy processes.

use crate::echo::Echoes;
use crate::emulator::Device;
use crate::figures::Summary;
use crate::input::Source;
use crate::output::Sink;
use crate::{echo, input, output, Bench};
use anyhow::Result;
use std::process::{Child, Command};

const BUSY: usize = 2;

/// Ours over C.
const ECHO_AT_MOST: f64 = 1.15;
const EFFORT_AT_MOST: f64 = 1.0;
const INPUT_AT_MOST: f64 = 0.5;
const OUTPUT_AT_MOST: f64 = 1.0;

/// Busy processes, which are killed on drop.
struct Busy(Vec<Child>);

impl Busy {
    fn new(count: usize) -> Result<Busy> {
        let mut busy = Busy(vec![]);
        for _ in 0..count {
            busy.0.push(Command::new("sh").args(["-c", "while :; do :; done"]).spawn()?);
        }
        Ok(busy)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The figures of each device.
#[derive(Default)]
struct Figures {
    echo: Echoes,
    input: Vec<f64>,
    output: Vec<f64>,
}

impl Figures {
    fn take(&mut self, bench: &Bench, device: Device) -> Result<()> {
        self.input.push(input::once(bench, device, Source::Terminal)? * 1e6 / f64::from(input::BYTES));
        self.output.push(output::once(bench, device, Sink::File)? * 1e9 / f64::from(output::BYTES));
        Ok(())
    }
}

pub const HEAD: &str = "\
| QEMU of | beside it | echo, ms: C, ours | 90 of 100 echoes, ms: C, ours | reads and writes an echo: C, ours \
| sleeps an echo: C, ours | input, us a byte: C, ours | output, ns a byte: C, ours |
|---|---|---|---|---|---|---|---|";

/// Prints both rows, and returns whether each figure is within its limit.
pub fn measure(bench: &Bench, cell: &str) -> Result<bool> {
    let mut holds = true;
    for busy in [0, BUSY] {
        let _busy = Busy::new(busy)?;
        let (mut c, mut ours) = (Figures::default(), Figures::default());
        for pair in 0..bench.pairs {
            echo::pair(bench, &mut c.echo, &mut ours.echo)?;
            // Each is first as often as the other.
            for turn in [pair % 2, (pair + 1) % 2] {
                match turn {
                    0 => c.take(bench, Device::C)?,
                    _ => ours.take(bench, Device::Ours)?,
                }
            }
        }
        let [c_echo, echo] = [&c.echo, &ours.echo].map(|echo| Summary::of(echo.times.iter().copied()));
        let median = |times: &[f64]| Summary::of(times.iter().copied()).median;
        let cells = [
            (c_echo.median, echo.median, 3, ECHO_AT_MOST),
            (c_echo.ninetieth, echo.ninetieth, 3, ECHO_AT_MOST),
            (median(&c.echo.transfers), median(&ours.echo.transfers), 2, EFFORT_AT_MOST),
            (median(&c.echo.sleeps), median(&ours.echo.sleeps), 2, EFFORT_AT_MOST),
            (median(&c.input), median(&ours.input), 2, INPUT_AT_MOST),
            (median(&c.output), median(&ours.output), 1, OUTPUT_AT_MOST),
        ];
        let beside = if busy == 0 { "nothing" } else { "two busy processes" };
        print!("| {cell} | {beside} |");
        for (c, ours, digits, at_most) in cells {
            let within = ours <= c * at_most;
            holds &= within;
            print!(" {c:.digits$}, {ours:.digits$}{} |", if within { "" } else { " OVER" });
        }
        println!();
    }
    Ok(holds)
}
