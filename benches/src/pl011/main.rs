// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011 in a cell's QEMU: QEMU's own device and ours, in turn.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench pl011 -- --cell bookworm` prints a table a
//! subject, and ends with status 1 if a figure exceeds its limit. A pair is a run with each device, one right after the
//! other, and a ratio is taken within a pair, so that other work on the machine affects both.

mod bystander;
mod echo;
mod emulator;
mod figures;
mod guest;
mod input;
mod machine;
mod output;
mod registers;
mod start;
mod table;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use emulator::{Device, Emulator};
use machine::Machine;
use std::path::{Path, PathBuf};
use std::process::exit;
use tempfile::TempDir;

#[derive(Debug, Parser)]
struct Arguments {
    /// The cells whose QEMUs are measured.
    #[arg(long = "cell", value_name = "NAME", default_values = ["bullseye", "bookworm", "trixie", "trixie-backports"])]
    cells: Vec<String>,
    /// The object with our device, in place of the one that each cell builds.
    #[arg(long, value_name = "FILE")]
    object: Option<PathBuf>,
    /// The number of pairs of runs.
    #[arg(long, value_name = "N", default_value = "15", value_parser = clap::value_parser!(u32).range(1..))]
    pairs: u32,
    /// Print only the figures in README: echo, input and output, on a quiet machine and with two busy processes.
    #[arg(long, conflicts_with = "subjects")]
    table: bool,
    /// The subjects to measure; by default all.
    #[arg(value_enum)]
    subjects: Vec<Subject>,
    /// Cargo passes it to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// Register accesses in a guest's loop
    Registers,
    /// Ten million bytes to a file, a pty and a socket
    Output,
    /// Two hundred thousand bytes from a pty and from a socket
    Input,
    /// Another device, while the guest's output is not read
    Bystander,
    /// The time of an echo
    Echo,
    /// The time of QEMU's start
    Start,
}

/// The parts that every subject needs.
struct Bench {
    emulator: Emulator,
    pairs: u32,
    /// For guests, figures and sockets.
    folder: TempDir,
}

impl Bench {
    /// Returns a machine with a guest, which `assemble` makes for a given file for its figures.
    fn machine(&self, device: Device, assemble: impl FnOnce(&Path) -> Result<Vec<u8>>) -> Result<Machine> {
        Machine::new(&self.emulator, device, self.folder.path(), assemble)
    }
}

fn run(arguments: &Arguments) -> Result<bool> {
    let mut holds = true;
    if arguments.table {
        println!("{}", table::HEAD);
    }
    for cell in &arguments.cells {
        let bench = Bench {
            emulator: Emulator::of_cell(cell, arguments.object.as_deref())?,
            pairs: arguments.pairs,
            folder: tempfile::tempdir().context("cannot make a temporary folder: set TMPDIR to a writable folder")?,
        };
        if arguments.table {
            holds &= table::measure(&bench, cell)?;
            continue;
        }
        for subject in Subject::value_variants() {
            if !arguments.subjects.is_empty() && !arguments.subjects.contains(subject) {
                continue;
            }
            println!("{cell}, {} pairs:", arguments.pairs);
            holds &= match subject {
                Subject::Registers => registers::measure(&bench)?,
                Subject::Output => output::measure(&bench)?,
                Subject::Input => input::measure(&bench)?,
                Subject::Bystander => bystander::measure(&bench)?,
                Subject::Echo => echo::measure(&bench)?,
                Subject::Start => start::measure(&bench)?,
            };
            println!();
        }
    }
    Ok(holds)
}

fn main() -> Result<()> {
    let holds = run(&Arguments::parse())?;
    exit(if holds { 0 } else { 1 });
}
