// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! EDK2, the UEFI firmware for the virt board, as a guest: it runs up to its shell and one command.

use anyhow::{ensure, Result};

use super::machine::{virt, Setting, PATIENCE};

/// The shell's output before its countdown to a startup script.
const COUNTDOWN: &str = "any other key to continue";
const PROMPT: &str = "Shell>";

/// Checks that the shell answers `ver` with the version of its specification.
pub fn run(setting: &Setting) -> Result<()> {
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.args(["-m", "512", "-bios"]).arg(setting.images.edk2()?);
    let mut machine = setting.start(command)?;
    let console = &mut machine.console;
    console.expect(COUNTDOWN, PATIENCE)?;
    console.send("\r")?;
    console.expect(PROMPT, PATIENCE)?;
    console.send("ver\r")?;
    let answer = console.expect(PROMPT, PATIENCE)?;
    ensure!(answer.contains("UEFI v"), "EDK2's shell answered `ver` with {answer:?}");
    // The shell powers the machine off through the firmware.
    console.send("reset -s\r")?;
    machine.powered_off()
}
