// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A loop of accesses to another device, while the guest's output is not read.

use crate::emulator::Device;
use crate::figures::{verdict, Summary};
use crate::guest;
use crate::Bench;
use anyhow::Result;
use std::os::unix::net::UnixListener;
use std::thread;

/// Returns the seconds that all of the guest's reads of the other device take, including stalls.
fn once(bench: &Bench, serial: &str) -> Result<f64> {
    let figures = bench.machine(Device::Ours, guest::bystander)?.run(serial)?;
    Ok(figures.iter().sum())
}

/// Prints the table, and returns whether the other device's loop takes as long as when all output is read.
pub fn measure(bench: &Bench) -> Result<bool> {
    let reads = f64::from(guest::ROUNDS) * f64::from(guest::ACCESSES);
    let path = bench.folder.path().join("unread");
    let listener = UnixListener::bind(&path)?;
    thread::spawn(move || {
        // Both ends stay open, and nothing is read.
        let mut ends = vec![];
        for end in listener.incoming() {
            ends.push(end);
        }
    });
    let unread_socket = format!("unix:{}", path.display());
    let (mut taken, mut unread, mut again) = (vec![], vec![], vec![]);
    for pair in 0..bench.pairs as usize {
        for turn in 0..3 {
            match (pair + turn) % 3 {
                0 => taken.push(once(bench, "null")?),
                1 => unread.push(once(bench, &unread_socket)?),
                _ => again.push(once(bench, "null")?),
            }
        }
    }
    let each = |times: &[f64]| Summary::of(times.iter().copied()).median * 1e9 / reads;
    let ratio = Summary::of_ratios(&unread, &taken);
    let noise = Summary::of_ratios(&again, &taken);
    println!(
        "{:<12}{:>12}{:>12}{:>25}{:>25}{:>9}",
        "read", "taken, ns", "unread, ns", "unread / taken", "taken / taken", "at most"
    );
    print!("{:<12}{:>12.1}{:>12.1}{ratio:>25.2}{noise:>25.2}", "PL031", each(&taken), each(&unread));
    Ok(verdict(ratio.median, noise.max))
}
