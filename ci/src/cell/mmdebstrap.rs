//! The program mmdebstrap: found, installed or unpacked into the cache.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{bail, ensure, Context, Result};

use crate::cell::sandbox::is_root;
use crate::host::cache::Cache;
use crate::host::process::on_path;
use crate::host::progress;

/// A mmdebstrap that can be started.
pub struct Tool {
    program: PathBuf,
}

/// The one on PATH; else installs it as root, or unpacks Debian's package into the cache.
pub fn find(cache: &Cache) -> Result<Tool> {
    if let Some(program) = on_path("mmdebstrap") {
        return Ok(Tool { program });
    }
    let advice = "mmdebstrap is missing and cannot be fetched: install the package mmdebstrap";
    ensure!(on_path("apt-get").is_some(), "{advice} (this machine has no apt)");
    if is_root() {
        progress::note("installing mmdebstrap");
        let _claim = cache.claim("apt", "installs mmdebstrap")?;
        quiet(Command::new("apt-get").args(["update"])).context(advice)?;
        quiet(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends", "mmdebstrap"]))
            .context(advice)?;
        return on_path("mmdebstrap").map(|program| Tool { program }).context(advice);
    }
    ensure!(
        on_path("newuidmap").is_some(),
        "a root file system needs newuidmap when not made by root: install the packages uidmap and mmdebstrap"
    );
    let folder = cache.folder("tools/mmdebstrap", |partial| {
        quiet(Command::new("apt-get").args(["download", "mmdebstrap"]).current_dir(partial)).context(advice)?;
        let package = fs::read_dir(partial)?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().map_or(false, |e| e == "deb"))
            .context(advice)?;
        quiet(Command::new("dpkg-deb").arg("--extract").arg(package).arg(partial)).context(advice)
    })?;
    Ok(Tool { program: folder.join("usr/bin/mmdebstrap") })
}

impl Tool {
    /// A command that dies with this process and leaves its temporary files below `partial`, where it can.
    pub fn command(&self, partial: &Path) -> Result<Command> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if is_root() {
            // Its mounts end with it, however it ends.
            command.args(["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
            let temporary = partial.join("tmp");
            fs::create_dir(&temporary)?;
            command.env("TMPDIR", temporary);
            command.arg(&self.program).arg("--mode=root");
        } else {
            // The users of its name space need not be let into the cache folder, so /tmp has to do.
            command.arg(&self.program).arg("--mode=unshare");
        }
        Ok(command)
    }
}

/// Runs a program; its output is shown only as the reason of a failure.
fn quiet(command: &mut Command) -> Result<()> {
    let name = OsString::from(command.get_program()).to_string_lossy().into_owned();
    let output = command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("{name}: {}", text.lines().last().unwrap_or("failed without a word"));
    }
    Ok(())
}
