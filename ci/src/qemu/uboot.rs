//! Debian's U-Boot as a guest, up to its prompt and one command further.

use std::process::Command;

use anyhow::{ensure, Result};

use super::console::Console;
use super::emulator::{Emulator, Plugin};
use super::machine::{virt, Setting, PATIENCE};

/// What U-Boot writes when it waits for a line.
pub const PROMPT: &str = "=> ";
/// What U-Boot writes while a key keeps it from looking for something to boot.
pub const COUNTDOWN: &str = "stop autoboot";

/// The emulator with U-Boot as its firmware; the serial port is left to the caller.
pub fn command(emulator: &Emulator, plugins: &[Plugin], system: &str) -> Result<Command> {
    let mut command = virt(emulator, plugins, system)?;
    command.arg("-bios").arg(emulator.uboot(system)?);
    Ok(command)
}

/// Boots to the prompt, types `line`, and gives what is answered before the prompt returns.
pub fn answer(emulator: &Emulator, plugins: &[Plugin], line: &str) -> Result<String> {
    let mut command = command(emulator, plugins, "aarch64")?;
    command.args(["-display", "none", "-serial", "stdio", "-monitor", "none"]);
    let mut console = Console::start(&mut command)?;
    prompt(&mut console)?;
    ask(&mut console, line)
}

/// Boots U-Boot by a command that has the serial port on its input and output, and asks for its version.
pub fn version(command: &mut Command) -> Result<String> {
    let mut console = Console::start(command)?;
    prompt(&mut console)?;
    checked(ask(&mut console, "version")?)
}

/// Whether `version` is typed and answered.
pub fn run(setting: &Setting, system: &str) -> Result<()> {
    let mut machine = setting.start(command(setting.emulator, setting.plugins, system)?)?;
    prompt(&mut machine.console)?;
    checked(ask(&mut machine.console, "version")?).map(drop)
}

/// Waits until U-Boot waits for a line.
pub fn prompt(console: &mut Console) -> Result<()> {
    console.expect(COUNTDOWN, PATIENCE)?;
    console.send(" ")?;
    console.expect(PROMPT, PATIENCE).map(drop)
}

/// Types a line at the prompt, and gives what is answered before the prompt returns.
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
