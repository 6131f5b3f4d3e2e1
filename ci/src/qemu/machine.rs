// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parts that all guests share: a QEMU with the object, its serial port and monitor, and a log.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{ensure, Result};
use tempfile::TempDir;

use super::console::Console;
use super::emulator::{Emulator, Plugin};
use super::images::Images;
use super::monitor::Monitor;
use crate::host::log::append;
use crate::host::temporary;

/// Longer than any single action of a guest takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// What a guest that echoes is sent.
const SENT: &str = "the quick brown fox jumps over the lazy dog 0123456789";

/// The environment of a guest.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    pub emulator: &'a Emulator,
    /// Empty if QEMU's own devices run for comparison.
    pub plugins: &'a [Plugin<'a>],
    /// QOM types; one of them in the machine shows that the object is in use.
    pub types: &'a [String],
    pub images: &'a Images,
    pub log: &'a Path,
}

impl<'a> Setting<'a> {
    /// Returns the emulator with the object; the caller adds the board and the guest.
    pub fn command(&self, system: &str) -> Result<Command> {
        self.emulator.command(system, self.plugins)
    }

    /// Returns the same environment with QEMU's own devices.
    pub fn stock(&self) -> Setting<'a> {
        Setting { plugins: &[], ..*self }
    }

    /// Starts a machine whose serial port is this program's.
    pub fn start(&self, mut command: Command) -> Result<Machine> {
        self.start_with(command.args(["-serial", "stdio"]), Console::start)
    }

    /// Starts a machine whose command configures the serial port differently.
    pub fn start_with(
        &self,
        command: &mut Command,
        start: impl Fn(&mut Command) -> Result<Console>,
    ) -> Result<Machine> {
        let folder = temporary::folder()?;
        let socket = folder.path().join("monitor");
        command.args(["-display", "none", "-monitor", "none", "-qmp"]);
        command.arg(format!("unix:{},server=on,wait=off", socket.display()));
        append(self.log, &format!("{command:?}\n"))?;
        let mut console = start(&mut mortal(command))?;
        let monitor = match monitor(&mut console, &socket) {
            Ok(monitor) => monitor,
            Err(error) => {
                let said = console.transcript();
                append(self.log, &said)?;
                let last = said.lines().last().unwrap_or("nothing");
                return Err(error.context(format!("QEMU does not start: {last}")));
            }
        };
        let mut machine = Machine { console, monitor, log: self.log.to_path_buf(), _folder: folder };
        if !self.plugins.is_empty() {
            let tree = machine.monitor.human("info qtree")?;
            let is_used = self.types.iter().any(|name| devices(&tree, name) > 0);
            ensure!(is_used, "the machine has no {}, although its object was loaded", self.types.join(" and no "));
        }
        Ok(machine)
    }
}

/// Returns the same command for a program that dies with this one, however that ends.
fn mortal(command: &Command) -> Command {
    let mut mortal = Command::new("setpriv");
    mortal.args(["--pdeathsig", "KILL"]).arg(command.get_program()).args(command.get_args());
    mortal.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    mortal
}

/// Waits for the monitor of a newly started QEMU.
fn monitor(console: &mut Console, socket: &Path) -> Result<Monitor> {
    let end = Instant::now() + PATIENCE;
    while !socket.exists() {
        ensure!(!console.has_ended(), "it ended before its monitor was ready");
        ensure!(Instant::now() < end, "its monitor was not ready in time");
        thread::sleep(Duration::from_millis(20));
    }
    Monitor::connect(socket, PATIENCE)
}

/// A QEMU that runs a guest. On drop it is killed, and the guest's output is added to the log.
pub struct Machine {
    pub console: Console,
    pub monitor: Monitor,
    log: PathBuf,
    _folder: TempDir,
}

impl Machine {
    /// Waits for the guest's greeting, and checks that it echoes exactly its input.
    pub fn greets_and_echoes(&mut self, greeting: &str) -> Result<()> {
        self.console.expect(greeting, PATIENCE)?;
        self.console.send(SENT)?;
        self.has_echoed()
    }

    /// Sees that the guest echoes what it was sent at its greeting, and nothing else.
    pub fn has_echoed(&mut self) -> Result<()> {
        let before = self.console.expect(SENT, PATIENCE)?;
        ensure!(before.is_empty(), "the guest echoed {before:?}, which it was not sent");
        Ok(())
    }

    /// Waits until the guest has powered the machine off.
    pub fn powered_off(&mut self) -> Result<()> {
        let status = self.console.wait(PATIENCE)?;
        ensure!(status.success(), "QEMU ended with {status} after the guest had powered off");
        Ok(())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // The guest's outcome does not depend on whether its output could be saved.
        let _ = append(&self.log, &self.console.transcript());
    }
}

/// Returns the board of most guests, with a processor that all releases have.
pub fn virt(emulator: &Emulator, plugins: &[Plugin], system: &str) -> Result<Command> {
    let mut command = emulator.command(system, plugins)?;
    let processor = if system == "aarch64" { "cortex-a57" } else { "cortex-a15" };
    command.args(["-M", "virt", "-cpu", processor, "-nic", "none"]);
    Ok(command)
}

/// Returns how many devices of the type `info qtree` lists: `dev: pl011, id ""`.
pub fn devices(tree: &str, type_name: &str) -> usize {
    let is_one = |line: &&str| {
        let rest = line.trim_start().strip_prefix("dev: ").and_then(|l| l.strip_prefix(type_name));
        rest.map_or(false, |rest| rest.starts_with(','))
    };
    tree.lines().filter(is_one).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mortal_command_does_the_same() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo \"$WORD $0\"", "b"]).env("WORD", "a");
        assert_eq!(mortal(&command).output().unwrap().stdout, b"a b\n");
    }

    #[test]
    fn a_device_is_known_by_its_whole_type_name() {
        let tree = "bus: main\n  dev: x-pl011-rust-2, id \"\"\n  dev: pl011, id \"\"\n";
        assert_eq!(devices(tree, "pl011"), 1);
        assert_eq!(devices(tree, "x-pl011-rust"), 0);
    }
}
