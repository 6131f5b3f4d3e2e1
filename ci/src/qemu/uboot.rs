// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Debian's U-Boot as a guest: it runs up to its prompt and one command.

use std::process::Command;

use anyhow::{ensure, Result};

use super::console::Console;
use super::emulator::{Emulator, Plugin};
use super::machine::{virt, Setting, PATIENCE};

/// U-Boot's prompt.
pub const PROMPT: &str = "=> ";
/// U-Boot's output while a key can stop the autoboot.
pub const COUNTDOWN: &str = "stop autoboot";

/// Returns the emulator with U-Boot as its firmware; the caller adds the serial port.
pub fn command(emulator: &Emulator, plugins: &[Plugin], system: &str) -> Result<Command> {
    let mut command = virt(emulator, plugins, system)?;
    command.arg("-bios").arg(emulator.uboot(system)?);
    Ok(command)
}

/// Boots to the prompt, types `line`, and returns the answer before the next prompt.
pub fn answer(emulator: &Emulator, plugins: &[Plugin], line: &str) -> Result<String> {
    let mut command = command(emulator, plugins, "aarch64")?;
    command.args(["-display", "none", "-serial", "stdio", "-monitor", "none"]);
    let mut console = Console::start(&mut command)?;
    prompt(&mut console)?;
    ask(&mut console, line)
}

/// Boots U-Boot by a command with the serial port on its input and output, and asks for its version.
pub fn version(command: &mut Command) -> Result<String> {
    let mut console = Console::start(command)?;
    prompt(&mut console)?;
    checked(ask(&mut console, "version")?)
}

/// Checks that `version` can be typed and is answered.
pub fn run(setting: &Setting, system: &str) -> Result<()> {
    let mut machine = setting.start(command(setting.emulator, setting.plugins, system)?)?;
    prompt(&mut machine.console)?;
    checked(ask(&mut machine.console, "version")?).map(drop)
}

/// Waits for the prompt.
pub fn prompt(console: &mut Console) -> Result<()> {
    console.expect(COUNTDOWN, PATIENCE)?;
    console.send(" ")?;
    console.expect(PROMPT, PATIENCE).map(drop)
}

/// Types a line at the prompt, and returns the answer before the next prompt.
pub fn ask(console: &mut Console, line: &str) -> Result<String> {
    console.send(line)?;
    console.send("\r")?;
    let answer = console.expect(PROMPT, PATIENCE)?;
    // The line itself is echoed first.
    let answer = answer.split_once('\n').map_or("", |(_, rest)| rest);
    Ok(answer.replace('\r', ""))
}

fn checked(answer: String) -> Result<String> {
    ensure!(answer.contains("U-Boot 20"), "U-Boot answered `version` with {answer:?}");
    Ok(answer)
}
