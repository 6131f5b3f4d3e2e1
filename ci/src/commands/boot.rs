// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable boot`: U-Boot in a cell's QEMU, interactively or with one line of input.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::host::{output, progress};
use crate::qemu::emulator::{Emulator, Plugin};
use crate::qemu::{object, terminal, uboot};

/// Boots U-Boot and returns QEMU's exit status.
pub fn run(bench: &Workbench, name: &str, exec: Option<&str>, stock: bool, arguments: &[String]) -> Result<i32> {
    let cell = bench.project.config.cell(name)?;
    let emulator = Emulator::required(bench, cell)?;
    let built = match stock {
        true => None,
        false => Some(object::build(bench, &bench.make_ready_and_write_lock(cell)?)?),
    };
    let told = object::arguments(bench.project.config.qemu()?, arguments)?;
    let plugins: Vec<Plugin> = built.iter().map(|object| Plugin { object, arguments: &told }).collect();
    match exec {
        Some(line) => {
            output::all(uboot::answer(&emulator, &plugins, line)?);
            Ok(0)
        }
        None => {
            progress::note("Ctrl-A X ends QEMU");
            let mut command = uboot::command(&emulator, &plugins, "aarch64")?;
            Ok(code(terminal::attach(command.arg("-nographic"))?))
        }
    }
}

/// Returns the exit status of a finished program as a shell would.
fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}
