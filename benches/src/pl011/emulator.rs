// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The QEMUs of the cells.

use anyhow::{ensure, Context, Result};
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The implementation of the board's PL011.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    C,
    Ours,
}

/// The QEMU of a cell, and the commands that start it with either device.
pub struct Emulator {
    c: Invocation,
    ours: Invocation,
}

impl Emulator {
    /// Asks `cargo oldstable run`, which sets the cell up if necessary, and builds the object unless one is given.
    pub fn of_cell(cell: &str, object: Option<&Path>) -> Result<Emulator> {
        let ours: Vec<OsString> = match object {
            Some(file) => vec!["--object".into(), file.into()],
            None => vec![],
        };
        Ok(Emulator { c: Invocation::learn(cell, &["--stock".into()])?, ours: Invocation::learn(cell, &ours)? })
    }

    /// Returns a command that starts it.
    pub fn command(&self, device: Device) -> Command {
        match device {
            Device::C => self.c.command(),
            Device::Ours => self.ours.command(),
        }
    }
}

/// A program's arguments and environment.
struct Invocation {
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

/// The arguments of a QEMU that only reports how it was started.
const IDLE: [&str; 7] = ["-M", "none", "-S", "-display", "none", "-qmp", "stdio"];

impl Invocation {
    /// Starts a cell's QEMU once with the tool, and reads the command line of the resulting QEMU. Later starts omit the
    /// tool, so that its own time is in no figure.
    fn learn(cell: &str, device: &[OsString]) -> Result<Invocation> {
        let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let mut child = Command::new(env!("CARGO"))
            .current_dir(root)
            .args(["oldstable", "run", "--cell", cell, "--system", "aarch64"])
            .args(device)
            .arg("--")
            .args(IDLE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cargo cannot be started")?;
        let mut input = child.stdin.take().context("a pipe was asked for")?;
        let mut output = BufReader::new(child.stdout.take().context("a pipe was asked for")?);
        let mut greeting = String::new();
        output.read_line(&mut greeting)?;
        ensure!(greeting.contains("QMP"), "cell {cell} has no QEMU that starts");
        let of_process = |file: &str| -> Result<Vec<OsString>> {
            let text = fs::read(format!("/proc/{}/{file}", child.id()))?;
            let items = text.split(|byte| *byte == 0).filter(|item| !item.is_empty());
            Ok(items.map(|item| OsString::from_vec(item.to_vec())).collect())
        };
        let mut arguments = of_process("cmdline")?;
        let variables = of_process("environ")?;
        writeln!(input, "{{\"execute\":\"qmp_capabilities\"}}{{\"execute\":\"quit\"}}")?;
        child.wait()?;
        arguments.truncate(arguments.len() - IDLE.len());
        let pair = |variable: OsString| {
            let text = variable.into_vec();
            let end = text.iter().position(|byte| *byte == b'=').unwrap_or(text.len());
            let value = text.get(end + 1..).unwrap_or_default().to_vec();
            (OsString::from_vec(text[..end].to_vec()), OsString::from_vec(value))
        };
        Ok(Invocation { arguments, environment: variables.into_iter().map(pair).collect() })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.arguments[0]);
        command.args(&self.arguments[1..]);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}
