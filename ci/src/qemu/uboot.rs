//! Debian's U-Boot as a guest, up to its prompt and one command further.

use std::process::Command;
use std::time::Duration;

use anyhow::{ensure, Result};

use super::bare_metal::machine;
use super::console::Console;
use super::emulator::{Emulator, Plugin};

/// What U-Boot writes when it waits for a line.
const PROMPT: &str = "=> ";
/// What U-Boot writes while a key keeps it from looking for something to boot.
pub const COUNTDOWN: &str = "stop autoboot";

/// The emulator with U-Boot as its firmware; the serial port is left to the caller.
pub fn command(emulator: &Emulator, plugin: Option<Plugin>) -> Result<Command> {
    let mut command = emulator.command("aarch64", plugin)?;
    machine(&mut command);
    command.arg("-bios").arg(emulator.uboot()?);
    Ok(command)
}

/// Boots to the prompt, types `line`, and gives what is answered before the prompt returns.
///
/// The transcript is given whatever the outcome.
pub fn answer(emulator: &Emulator, plugin: Option<Plugin>, line: &str) -> (Result<String>, String) {
    let mut transcript = String::new();
    let result = command(emulator, plugin).and_then(|mut command| {
        command.args(["-display", "none", "-serial", "stdio", "-monitor", "none"]);
        converse(&mut command, line, &mut transcript)
    });
    (result, transcript)
}

/// Boots U-Boot by a command that has the serial port on its input and output, and asks for its version.
pub fn version(command: &mut Command) -> Result<String> {
    checked(converse(command, "version", &mut String::new())?)
}

fn converse(command: &mut Command, line: &str, transcript: &mut String) -> Result<String> {
    let mut console = Console::start(command)?;
    let mut talk = || -> Result<String> {
        let patience = Duration::from_secs(120);
        console.expect(COUNTDOWN, patience)?;
        console.send(" ")?;
        console.expect(PROMPT, patience)?;
        console.send(line)?;
        console.send("\r")?;
        let answer = console.expect(PROMPT, patience)?;
        // The line itself is echoed first.
        let answer = answer.split_once('\n').map_or("", |(_, rest)| rest);
        Ok(answer.replace('\r', ""))
    };
    let result = talk();
    *transcript = console.transcript();
    result
}

/// Whether `version` is typed and answered.
pub fn run(emulator: &Emulator, plugin: Option<Plugin>) -> (Result<()>, String) {
    let (result, transcript) = answer(emulator, plugin, "version");
    (result.and_then(checked).map(drop), transcript)
}

fn checked(answer: String) -> Result<String> {
    ensure!(answer.contains("U-Boot 20"), "U-Boot answered `version` with {answer:?}");
    Ok(answer)
}
