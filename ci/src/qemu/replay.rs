// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A guest that is recorded with somebody at its serial port, and replayed with nobody there.

use anyhow::{Context, Result};

use super::machine::{Machine, Setting, PATIENCE};
use super::{bare_metal, program};
use crate::host::temporary;

/// Runs the guest twice: what it writes the second time follows from the record alone.
pub fn run(setting: &Setting) -> Result<()> {
    let kernel = program::file(&bare_metal::image())?;
    let folder = temporary::folder()?;
    let record = folder.path().join("record");
    let start = |mode: &str| -> Result<Machine> {
        let mut command = bare_metal::command(setting, kernel.path())?;
        // Input waits while the guest runs for two of its seconds: with the largest shift they are two million instructions.
        command.arg("-icount").arg(format!("shift=10,rr={mode},rrfile={}", record.display()));
        setting.start(command)
    };
    let mut machine = start("record")?;
    machine.greets_and_echoes(bare_metal::GREETING)?;
    machine.console.send_bytes(&[bare_metal::END])?;
    machine.powered_off()?;
    let mut machine = start("replay")?;
    machine.console.expect(bare_metal::GREETING, PATIENCE).context("in the replay")?;
    machine.has_echoed().context("in the replay")?;
    machine.powered_off()
}
