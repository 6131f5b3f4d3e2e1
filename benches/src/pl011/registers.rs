// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Reads and writes of registers in a guest's loop.

use crate::emulator::Device;
use crate::figures::{verdict, Summary};
use crate::guest::{self, Access};
use crate::Bench;
use anyhow::{ensure, Result};

const ACCESSES: [(&str, Access); 12] = [
    ("read DR", Access::Read(guest::DR)),
    ("read FR", Access::Read(guest::FR)),
    ("read IBRD", Access::Read(guest::IBRD)),
    ("read LCR_H", Access::Read(guest::LCR_H)),
    ("read CR", Access::Read(guest::CR)),
    ("read RIS", Access::Read(guest::RIS)),
    ("write DR", Access::Write(guest::DR, 0x41)),
    ("write IBRD", Access::Write(guest::IBRD, 1)),
    ("write LCR_H", Access::Write(guest::LCR_H, 0x70)),
    ("write CR", Access::Write(guest::CR, 0x301)),
    ("write IMSC", Access::Write(guest::IMSC, 0)),
    ("write ICR", Access::Write(guest::ICR, 0x7ff)),
];

/// Returns the nanoseconds for each access in one run.
fn once(bench: &Bench, device: Device) -> Result<Vec<f64>> {
    let accesses: Vec<Access> = ACCESSES.iter().map(|(_, access)| *access).collect();
    let figures = bench.machine(device, |file| guest::accesses(&accesses, file))?.run("null")?;
    let rounds = guest::ROUNDS as usize;
    ensure!(figures.len() == ACCESSES.len() * rounds, "the guest left {} figures", figures.len());
    Ok(figures.chunks(rounds).map(|rounds| undisturbed(rounds) * 1e9 / f64::from(guest::ACCESSES)).collect())
}

/// Returns the time of a round on a quiet machine, estimated by the 10th percentile: other work only makes rounds
/// longer, on a busy machine most of them.
fn undisturbed(rounds: &[f64]) -> f64 {
    let mut rounds = rounds.to_vec();
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 10]
}

/// Prints the table, and returns whether no access is slower with our device than with the one in C by more than the
/// latter's own variation.
pub fn measure(bench: &Bench) -> Result<bool> {
    // C, ours, and C again, in an order that changes.
    let turns = [Device::C, Device::Ours, Device::C];
    let mut times = vec![[vec![], vec![], vec![]]; ACCESSES.len()];
    for pair in 0..bench.pairs as usize {
        for turn in 0..turns.len() {
            let turn = (pair + turn) % turns.len();
            for (times, time) in times.iter_mut().zip(once(bench, turns[turn])?) {
                times[turn].push(time);
            }
        }
    }
    println!("{:<12}{:>9}{:>9}{:>25}{:>25}{:>9}", "access", "C, ns", "ours, ns", "ours / C", "C / C", "at most");
    let mut holds = true;
    for ((name, _), [c, ours, c_again]) in ACCESSES.iter().zip(&times) {
        let median = |times: &[f64]| Summary::of(times.iter().copied()).median;
        let ratio = Summary::of_ratios(ours, c);
        let noise = Summary::of_ratios(c_again, c);
        print!("{name:<12}{:>9.1}{:>9.1}{ratio:>25.2}{noise:>25.2}", median(c), median(ours));
        holds &= verdict(ratio.median, noise.max);
    }
    Ok(holds)
}
