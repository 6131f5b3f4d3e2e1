// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable run`: a cell's own QEMU with the object plugged in.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use crate::cell::workbench::Workbench;
use crate::commands::cli::RunArguments;
use crate::qemu::emulator::{Emulator, Plugin};
use crate::qemu::object;

/// Replaces this process with QEMU, so that the caller gets its input, output, signals and exit status.
pub fn run(bench: &Workbench, arguments: &RunArguments) -> Result<i32> {
    let cell = bench.project.config.cell(&arguments.cell)?;
    let emulator = Emulator::required(bench, cell)?;
    let built = match (&arguments.object, arguments.stock) {
        (Some(file), _) => Some(file.clone()),
        (None, true) => None,
        (None, false) => Some(object::build(bench, &bench.make_ready_and_write_lock(cell)?)?),
    };
    let told = object::arguments(bench.project.config.qemu()?, &arguments.plugin_arguments)?;
    let plugins: Vec<Plugin> = built.iter().map(|object| Plugin { object, arguments: &told }).collect();
    let mut command = emulator.command(&arguments.system, &plugins)?;
    Err(command.args(&arguments.arguments).exec()).context("cannot start QEMU")
}
