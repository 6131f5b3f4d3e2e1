// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A guest's output.

use crate::emulator::Device;
use crate::figures::{verdict, Summary};
use crate::guest;
use crate::Bench;
use anyhow::{bail, ensure, Context, Result};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::thread;

pub const BYTES: u32 = 10_000_000;

/// Ours, writing, over C, writing nothing.
const AT_MOST: f64 = 1.25;

/// Where the bytes go.
#[derive(Clone, Copy)]
pub enum Sink {
    Null,
    File,
    Terminal,
    Socket,
}

/// Reads the guest's output, bytes that count up, and checks that nothing follows them.
fn expect_all(mut from: impl Read) -> Result<()> {
    let mut buffer = vec![0; 65_536];
    let mut count: u32 = 0;
    while count < BYTES {
        let length = from.read(&mut buffer)?;
        ensure!(length > 0, "{count} of {BYTES} bytes arrived");
        for byte in &buffer[..length] {
            ensure!(*byte == count as u8, "byte {count} is {byte:#x}: bytes were lost or reordered");
            count += 1;
        }
    }
    ensure!(count == BYTES, "{} bytes too many arrived", count - BYTES);
    Ok(())
}

/// Returns the seconds that the guest takes to print the bytes, and checks that all arrive.
pub fn once(bench: &Bench, device: Device, sink: Sink) -> Result<f64> {
    let machine = bench.machine(device, |file| guest::printer(BYTES, matches!(sink, Sink::Terminal), file))?;
    let figures = match sink {
        Sink::Null => machine.run("null")?,
        Sink::File => {
            let path = bench.folder.path().join("output");
            let figures = machine.run(&format!("file:{}", path.display()))?;
            expect_all(File::open(path)?)?;
            figures
        }
        Sink::Terminal => {
            let mut machine = machine.start_on_terminal()?;
            let mut terminal = machine.open()?;
            machine.go()?;
            expect_all(&terminal)?;
            // Unread output is lost when QEMU closes a pseudoterminal.
            terminal.write_all(b"read")?;
            machine.finish()?
        }
        Sink::Socket => {
            let path = bench.folder.path().join("socket");
            let listener = UnixListener::bind(&path)?;
            let reader = thread::spawn(move || expect_all(listener.accept()?.0));
            let figures = machine.run(&format!("unix:{}", path.display()))?;
            joined(reader)?;
            fs::remove_file(path)?;
            figures
        }
    };
    figures.first().copied().context("the guest left no figure")
}

fn joined(reader: thread::JoinHandle<Result<()>>) -> Result<()> {
    match reader.join() {
        Ok(result) => result,
        Err(_) => bail!("the reader panicked"),
    }
}

/// Prints the table, and returns whether our device writes ten million bytes to each sink in at most 1.25 times the
/// time in which the device in C discards them.
pub fn measure(bench: &Bench) -> Result<bool> {
    println!("{:<12}{:>12}{:>12}{:>25}{:>9}", "ours to", "C null, ns", "ours, ns", "ours / C null", "at most");
    let mut holds = true;
    for (name, sink) in
        [("null", Sink::Null), ("a file", Sink::File), ("a pty", Sink::Terminal), ("a socket", Sink::Socket)]
    {
        let (mut c, mut ours) = (vec![], vec![]);
        for pair in 0..bench.pairs {
            // Each is first as often as the other.
            for turn in [pair % 2, (pair + 1) % 2] {
                if turn == 0 {
                    c.push(once(bench, Device::C, Sink::Null)?);
                } else {
                    ours.push(once(bench, Device::Ours, sink)?);
                }
            }
        }
        let ratio = Summary::of_ratios(&ours, &c);
        let each = |times: &[f64]| Summary::of(times.iter().copied()).median * 1e9 / f64::from(BYTES);
        print!("{name:<12}{:>12.1}{:>12.1}{ratio:>25.2}", each(&c), each(&ours));
        holds &= verdict(ratio.median, AT_MOST);
    }
    Ok(holds)
}
