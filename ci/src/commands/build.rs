// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable build`: the object for QEMU, built with a cell's compiler.

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::host::output;
use crate::qemu::object;

/// Builds the object, and prints its path as the last line.
pub fn run(bench: &Workbench, cell: &str) -> Result<i32> {
    let ready = bench.make_ready_and_write_lock(bench.project.config.cell(cell)?)?;
    output::line(object::build(bench, &ready)?.display());
    Ok(0)
}
