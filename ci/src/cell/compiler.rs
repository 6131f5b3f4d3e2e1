// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The compiler of a cell: that of a suite inside its root file system, rustup's, or the one on PATH.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{bail, ensure, Context, Result};

use crate::cell::rootfs::{RootFs, Roots};
use crate::cell::sandbox::{self, Inside};
use crate::host::cache::Cache;
use crate::host::log::first_error;
use crate::host::process::on_path;
use crate::host::progress;
use crate::project::config::Cell;

/// An environment variable and its value.
pub type Variable = (OsString, OsString);

/// The environment variables that rustup's toolchains and the compiler on PATH inherit: they are not found without
/// them. A root file system has its own.
const KEPT: [&str; 6] = ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "RUSTUP_HOME"];

/// The place where rustc and cargo are started.
#[derive(Clone)]
pub enum Compiler {
    Root {
        root: RootFs,
        /// Whether programs inside it have this machine's network.
        network: bool,
    },
    Rustup(String),
    Path,
}

/// Something that a cell needs and that this tool was not asked to install. The cell is skipped, not failed.
#[derive(Debug)]
pub struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

impl Compiler {
    /// Returns the compiler of a cell and makes its root file system unless it exists.
    ///
    /// Fails with [`Missing`] when the cell wants a toolchain that is not installed.
    pub fn ensure(roots: Roots, cell: &Cell) -> Result<Compiler> {
        if let Some(toolchain) = &cell.rustup {
            if on_path("rustup").is_none() {
                bail!(Missing("rustup is not installed".to_string()));
            }
            let compiler = Compiler::Rustup(toolchain.clone());
            if compiler.verbose_version().is_err() {
                bail!(Missing(format!(
                    "the toolchain is not installed: `cargo oldstable setup --cell {}` installs it",
                    cell.name
                )));
            }
            return Ok(compiler);
        }
        if cell.path {
            if on_path("cargo").is_none() {
                bail!(Missing("there is no cargo on PATH".to_string()));
            }
            return Ok(Compiler::Path);
        }
        Ok(Compiler::Root { root: roots.ensure(cell)?, network: cell.net })
    }

    /// Has rustup install a cell's toolchain with some targets, if it is rustup's and not complete; with `anew`, rustup
    /// also looks for a newer one.
    pub fn install(cache: &Cache, cell: &Cell, targets: &[&str], anew: bool) -> Result<()> {
        let toolchain = match &cell.rustup {
            Some(toolchain) if on_path("rustup").is_some() => toolchain,
            // `ensure` reports a missing rustup.
            _ => return Ok(()),
        };
        // rustup does not allow for a second one that installs at the same time.
        let _claim = cache.claim("rustup", "installs something by rustup")?;
        let compiler = Compiler::Rustup(toolchain.clone());
        let runs = |program| {
            let output = compiler.command(program, Path::new("/"), &[], &[]).arg("--version").output();
            output.map_or(false, |output| output.status.success())
        };
        if anew || !runs("rustc") || cell.clippy && !runs("cargo-clippy") {
            progress::note(&format!("{}: rustup installs {toolchain}", cell.name));
            let mut command = Command::new("rustup");
            command.args(["toolchain", "install", toolchain, "--profile=minimal", "--no-self-update"]);
            if cell.clippy {
                command.arg("--component=clippy");
            }
            rustup(&mut command, toolchain)?;
        }
        if !targets.is_empty() {
            // rustup fetches only missing targets.
            let mut command = Command::new("rustup");
            command.args(["target", "add", "--toolchain", toolchain]).args(targets);
            rustup(&mut command, &targets.join(", "))?;
        }
        Ok(())
    }

    /// Returns a command that starts `program` in `folder`. Inside a root the program sees each `shown` path of this
    /// machine at the path paired with it; outside of a root, a path shown elsewhere is mounted over the file there.
    pub fn command(&self, program: &str, folder: &Path, shown: &[(&Path, &Path)], env: &[Variable]) -> Command {
        let mut command = match self {
            Compiler::Root { root, network } => {
                let mut inside = Inside::new(&root.path()).with_network(*network);
                for (what, path) in shown {
                    inside = inside.show_at(what, path);
                }
                for (name, value) in env {
                    inside = inside.env(name, value);
                }
                return inside.command(folder, program);
            }
            Compiler::Rustup(toolchain) => {
                let mut command = sandbox::covering(shown, "rustup");
                command.args(["run", toolchain, program]);
                command
            }
            Compiler::Path => sandbox::covering(shown, program),
        };
        command.env_clear().env("LC_ALL", "C.UTF-8").env("RUSTUP_AUTO_INSTALL", "0");
        command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.envs(env.iter().cloned()).current_dir(folder);
        command
    }

    /// Returns the output of `rustc -vV`.
    pub fn verbose_version(&self) -> Result<String> {
        let output = self
            .command("rustc", Path::new("/"), &[], &[])
            .arg("-vV")
            .output()
            .context("cannot start the cell's rustc")?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr);
            let reason = reason.lines().next().unwrap_or("no message");
            match self {
                Compiler::Root { .. } if sandbox::is_refusal(reason) => {
                    bail!("the cell's rustc does not run ({reason}): {}", sandbox::refusal(sandbox::is_root()))
                }
                Compiler::Root { .. } => bail!(
                    "the cell's rustc does not run ({reason}): `cargo oldstable setup --refresh` makes its root file \
                        system again"
                ),
                Compiler::Rustup(_) | Compiler::Path => bail!("the cell's rustc does not run ({reason})"),
            }
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Runs a command of rustup that installs something.
fn rustup(command: &mut Command, what: &str) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().context("cannot start rustup")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "rustup cannot install {what}: {}", first_error(&said));
    Ok(())
}
