//! EDK2, the UEFI firmware for the virt board, as a guest: up to its shell and one command further.

use anyhow::{ensure, Result};

use super::machine::{virt, Setting, PATIENCE};

/// What the shell writes before it counts down to a script that it looks for.
const COUNTDOWN: &str = "any other key to continue";
const PROMPT: &str = "Shell>";

/// Whether the shell answers `ver` with the version of its specification.
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
    // The shell ends QEMU by the firmware's own way.
    console.send("reset -s\r")?;
    machine.powered_off()
}
