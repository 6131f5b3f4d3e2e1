// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Debian packages that this tool needs on the machine itself.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use anyhow::{bail, Context, Result};

use crate::host::cache::Cache;
use crate::host::progress;

/// Has apt install packages, as root.
pub fn install(cache: &Cache, packages: &[&str]) -> Result<()> {
    progress::note(&format!("installing {}", packages.join(", ")));
    let _claim = cache.claim("apt", "installs packages")?;
    quiet(Command::new("apt-get").arg("update"))?;
    quiet(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// Runs a program, whose output is shown only if it fails.
pub fn quiet(command: &mut Command) -> Result<()> {
    let name = OsString::from(command.get_program()).to_string_lossy().into_owned();
    let output = command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("{name}: {}", text.lines().last().unwrap_or("failed without a message"));
    }
    Ok(())
}
