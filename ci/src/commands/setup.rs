// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable setup`: root file systems, and rustup's toolchains.

use anyhow::Result;

use crate::cell::compiler::Compiler;
use crate::cell::workbench::Workbench;
use crate::host::output;
use crate::host::process::side_by_side;
use crate::project::config::Cell;
use crate::qemu::emulator::Emulator;
use crate::qemu::images::Images;

/// Sets up the named cells, from scratch with `refresh`, and returns the exit status.
pub fn run(bench: &Workbench, names: &[String], refresh: bool, jobs: usize) -> Result<i32> {
    let config = &bench.project.config;
    let cells = config.select(names)?;
    let guests = config.guests().filter(|_| cells.iter().any(|cell| config.qemu_cell(cell).is_some()));
    if refresh {
        for cell in cells.iter().copied().chain(&guests) {
            bench.roots().remove(cell)?;
        }
    }
    let mut status = 0;
    let install = |cell: &&Cell| {
        let targets: Vec<&str> = config.targets_of(cell).map(|target| &*target.name).collect();
        Compiler::install(&bench.cache, cell, &targets, refresh)
    };
    let installed: Vec<_> = cells.iter().map(install).collect();
    for ((cell, installed), ready) in
        cells.iter().zip(installed).zip(side_by_side(&cells, jobs, |cell| made_ready(bench, cell)))
    {
        match installed.and(ready) {
            Ok(line) => output::line(line),
            Err(error) => {
                output::line(format_args!("{}: failed: {error:#}", cell.name));
                status = 1;
            }
        }
    }
    if let Some(guests) = guests {
        match Images::of(bench) {
            Ok(_) => output::line(format_args!("{}: unpacked", guests.name)),
            Err(error) => {
                output::line(format_args!("{}: failed: {error:#}", guests.name));
                status = 1;
            }
        }
    }
    Ok(status)
}

/// Prepares a cell and its QEMU, and prints their versions.
fn made_ready(bench: &Workbench, cell: &Cell) -> Result<String> {
    let ready = bench.make_ready(cell)?;
    let qemu = Emulator::of(bench, cell)?.map_or_else(String::new, |qemu| format!(", QEMU {}", qemu.release));
    Ok(format!("{}: rustc {}{qemu}", cell.name, ready.rustc))
}
