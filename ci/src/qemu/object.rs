//! The shared object that is plugged into a QEMU: an example of the project, built in a cell.

use std::io::stderr;
use std::os::unix::io::AsFd;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{bail, ensure, Context, Result};

use crate::cell::workbench::{Ready, Workbench};
use crate::host::progress;

/// The command that builds an example as a shared object, and the file that it makes.
///
/// `profile` is the folder that cargo builds in: `debug` or `release`.
pub fn example_build(bench: &Workbench, ready: &Ready, example: &str, profile: &str) -> Result<(Command, PathBuf)> {
    let arguments = match profile {
        "release" => vec!["build", "--release", "--example", example],
        // The harness opens the other examples.
        _ => vec!["build", "--examples"],
    };
    let command = bench.cargo(ready, &bench.project.root, &arguments)?;
    let file = format!("{profile}/examples/lib{}.so", example.replace('-', "_"));
    Ok((command, bench.target(&ready.cell).join(file)))
}

/// Builds the object for QEMU, cargo's messages on standard error, and gives its path.
pub fn build(bench: &Workbench, ready: &Ready) -> Result<PathBuf> {
    let (mut command, object) = example_build(bench, ready, &bench.project.config.qemu()?.example, "release")?;
    progress::note(&format!("building with the rustc {} of cell {}", ready.rustc, ready.cell.name));
    let messages = stderr().as_fd().try_clone_to_owned().context("standard error is closed")?;
    let status = command.stdin(Stdio::null()).stdout(Stdio::from(messages)).status()?;
    if !status.success() {
        bail!("the object does not build with the rustc {} of cell {}", ready.rustc, ready.cell.name);
    }
    ensure!(object.is_file(), "cargo made no {}: give the example the crate-type cdylib", object.display());
    Ok(object)
}
