// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The program mmdebstrap: found, installed or unpacked into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{ensure, Context, Result};

use crate::cell::apt;
use crate::cell::sandbox::is_root;
use crate::host::cache::Cache;
use crate::host::process::on_path;

/// An mmdebstrap that can be started.
pub struct Tool {
    program: PathBuf,
}

/// Finds mmdebstrap: on PATH; otherwise installs it as root, or unpacks Debian's package into the cache.
pub fn find(cache: &Cache) -> Result<Tool> {
    if let Some(program) = on_path("mmdebstrap") {
        return Ok(Tool { program });
    }
    let advice = "mmdebstrap is missing and cannot be fetched: install the package mmdebstrap";
    ensure!(on_path("apt-get").is_some(), "{advice} (this machine has no apt)");
    if is_root() {
        apt::install(cache, &["mmdebstrap"]).context(advice)?;
        return on_path("mmdebstrap").map(|program| Tool { program }).context(advice);
    }
    ensure!(
        on_path("newuidmap").is_some(),
        "a root file system needs newuidmap when not made by root: install the packages uidmap and mmdebstrap"
    );
    let folder = cache.folder("tools/mmdebstrap", |partial| {
        apt::quiet(Command::new("apt-get").args(["download", "mmdebstrap"]).current_dir(partial)).context(advice)?;
        let package = fs::read_dir(partial)?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().map_or(false, |e| e == "deb"))
            .context(advice)?;
        apt::quiet(Command::new("dpkg-deb").arg("--extract").arg(package).arg(partial)).context(advice)
    })?;
    Ok(Tool { program: folder.join("usr/bin/mmdebstrap") })
}

impl Tool {
    /// Returns a command that dies with this process and keeps its temporary files below `partial` if possible.
    pub fn command(&self, partial: &Path) -> Result<Command> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if is_root() {
            // Its mounts are removed even if it is killed.
            command.args(["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
            let temporary = partial.join("tmp");
            fs::create_dir(&temporary)?;
            command.env("TMPDIR", temporary);
            command.arg(&self.program).arg("--mode=root");
        } else {
            // The users of its name space may have no access to the cache folder, so it uses /tmp.
            command.arg(&self.program).arg("--mode=unshare");
        }
        Ok(command)
    }
}
