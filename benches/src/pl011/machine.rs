// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! One run of a guest.

use crate::emulator::{Device, Emulator};
use crate::guest;
use anyhow::{ensure, Context, Result};
use nix::sys::termios::{cfmakeraw, tcgetattr, tcsetattr, SetArg};
use serde_json::Value;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A machine that is about to run a guest.
pub struct Machine {
    command: Command,
    figures: PathBuf,
}

impl Machine {
    /// Puts a guest into a board. `assemble` gets the file for the guest's figures.
    pub fn new(
        emulator: &Emulator,
        device: Device,
        folder: &Path,
        assemble: impl FnOnce(&Path) -> Result<Vec<u8>>,
    ) -> Result<Machine> {
        let kernel = folder.join("guest");
        let figures = folder.join("figures");
        fs::write(&kernel, assemble(&figures)?)?;
        fs::write(&figures, "")?;
        let mut command = emulator.command(device);
        command.args(["-M", "virt,gic-version=2", "-cpu", "cortex-a57", "-nic", "none"]);
        command.args(["-display", "none", "-monitor", "none"]);
        command.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(kernel);
        Ok(Machine { command, figures })
    }

    /// Runs the guest to its end with a serial port, and returns its figures in seconds.
    pub fn run(self, serial: &str) -> Result<Vec<f64>> {
        self.start(serial)?.finish()
    }

    /// Starts the guest with a serial port.
    pub fn start(mut self, serial: &str) -> Result<Started> {
        let child = self.command.args(["-serial", serial]).spawn()?;
        Ok(Started { machine: self, child })
    }

    /// Starts the guest with a pseudoterminal, whose name QEMU knows before the guest runs.
    pub fn start_on_terminal(mut self) -> Result<OnTerminal> {
        // Only the monitor uses standard output, where QEMU prints the name too at some time.
        self.command.args(["-chardev", "pty,id=terminal", "-serial", "chardev:terminal", "-S", "-qmp", "stdio"]);
        let mut child = self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut monitor = child.stdin.take().context("a pipe was asked for")?;
        let mut output = BufReader::new(child.stdout.take().context("a pipe was asked for")?);
        writeln!(monitor, "{{\"execute\":\"qmp_capabilities\"}}{{\"execute\":\"query-chardev\"}}")?;
        let terminal = loop {
            let mut line = String::new();
            ensure!(output.read_line(&mut line)? > 0, "QEMU ended at once");
            if let Some(name) = name_of_terminal(&line) {
                break name;
            }
        };
        Ok(OnTerminal { machine: self, child, monitor, _output: output, terminal, opened: Instant::now() })
    }

    fn finish(self, mut child: Child) -> Result<Vec<f64>> {
        let status = child.wait()?;
        ensure!(status.success(), "QEMU ended with {status}");
        let figures = fs::read(self.figures)?;
        let ticks = figures.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
        Ok(ticks.map(|ticks| f64::from(ticks) / guest::COUNTER_HZ).collect())
    }
}

/// A machine with a running guest.
pub struct Started {
    machine: Machine,
    child: Child,
}

impl Started {
    /// Waits for the guest's end and returns its figures in seconds.
    pub fn finish(self) -> Result<Vec<f64>> {
        self.machine.finish(self.child)
    }
}

/// Returns the file of the character device `terminal`, if the line is QEMU's answer that lists it.
fn name_of_terminal(line: &str) -> Option<PathBuf> {
    let answer: Value = serde_json::from_str(line).ok()?;
    let devices = answer["return"].as_array()?;
    let terminal = devices.iter().find(|device| device["label"] == "terminal")?;
    terminal["filename"].as_str()?.strip_prefix("pty:").map(PathBuf::from)
}

/// Returns the number behind a name at the start of a line.
fn number(text: &str, name: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    Ok(line.with_context(|| format!("the kernel does not count {name}"))?.trim().parse()?)
}

/// A machine whose guest is still stopped.
pub struct OnTerminal {
    machine: Machine,
    child: Child,
    monitor: ChildStdin,
    /// QEMU's answers, which are not needed, but must be read.
    _output: BufReader<ChildStdout>,
    terminal: PathBuf,
    opened: Instant,
}

/// What a process has done since its start.
pub struct Effort {
    /// System calls that read or write.
    pub transfers: u64,
    /// How often one of its threads has waited.
    pub sleeps: u64,
}

impl OnTerminal {
    /// Opens the guest's terminal in raw mode, like programs for serial ports.
    pub fn open(&mut self) -> Result<File> {
        let terminal = OpenOptions::new().read(true).write(true).open(&self.terminal)?;
        self.opened = Instant::now();
        let mut settings = tcgetattr(&terminal)?;
        cfmakeraw(&mut settings);
        tcsetattr(&terminal, SetArg::TCSANOW, &settings)?;
        Ok(terminal)
    }

    /// Continues the guest when QEMU knows that its terminal is open.
    pub fn go(&mut self) -> Result<()> {
        // QEMU checks every second, and drops the guest's output until then.
        thread::sleep(Duration::from_millis(1_200).saturating_sub(self.opened.elapsed()));
        Ok(writeln!(self.monitor, "{{\"execute\":\"cont\"}}")?)
    }

    pub fn effort(&self) -> Result<Effort> {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        let calls = fs::read_to_string(process.join("io"))?;
        let mut effort = Effort { transfers: number(&calls, "syscr:")? + number(&calls, "syscw:")?, sleeps: 0 };
        for thread in fs::read_dir(process.join("task"))? {
            let status = fs::read_to_string(thread?.path().join("status"))?;
            effort.sleeps += number(&status, "voluntary_ctxt_switches:")?;
        }
        Ok(effort)
    }

    /// Waits for the guest's end and returns its figures in seconds.
    pub fn finish(self) -> Result<Vec<f64>> {
        self.machine.finish(self.child)
    }
}
