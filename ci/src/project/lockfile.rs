// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lock files: their places, the remarks at their top, the cargos that read them, and their creation.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};

use crate::host::log::first_error;
use crate::project::manifest::{self, write};
use crate::project::reduced::LeftOut;
use crate::project::version::Version;
use crate::project::workspace::{cargo, Project};

/// The prefix of the lines before a lock file.
pub const HELD: &str = "# held back: ";
pub const LEFT: &str = "# left out: ";
pub const STUBBED: &str = "# stubbed: ";
pub const UNTESTED: &str = "# the tests do not build: ";
const HEADS: [&str; 4] = [HELD, LEFT, STUBBED, UNTESTED];

/// The remarks at the top of a lock file, besides the versions held back.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Dependencies left out of the manifests because only tests or disabled features need them.
    pub left: BTreeSet<String>,
    /// Names and versions of packages that the cell's cargo cannot read and nothing in the cell builds.
    pub stubbed: BTreeSet<(String, String)>,
    /// The reason why the tests do not build in the cell.
    pub untested: Option<String>,
}

impl Remarks {
    /// Returns why the tests are not run in the cell, if so.
    pub fn not_tested(&self) -> Option<String> {
        self.untested.as_ref().map(|why| format!("the tests do not build with this compiler: {why}"))
    }
}

/// Returns the file of a cell's set of versions.
pub fn file(root: &Path, cell: &str) -> PathBuf {
    root.join("ci/locks").join(format!("{cell}.lock"))
}

/// Returns the commands that check ci/locks.
pub fn checks(root: &Path) -> Vec<&'static str> {
    let entries = fs::read_dir(root.join("ci/locks")).into_iter().flatten().filter_map(|entry| entry.ok());
    let names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let is_packagers = |name: &&String| name.ends_with(".packager.lock");
    let mut checks = Vec::new();
    if names.iter().any(|name| name.ends_with(".lock") && !is_packagers(&name)) {
        checks.push("cargo oldstable lock --check");
    }
    if names.iter().any(|name| is_packagers(&name)) {
        checks.push("cargo oldstable lock --packager --check");
    }
    checks
}

/// Writes a lock file completely or not at all.
pub fn keep(file: &Path, text: &str) -> Result<()> {
    let partial = file.with_extension("partial");
    write(&partial, text)?;
    fs::rename(&partial, file).with_context(|| format!("cannot write {}", file.display()))
}

/// A copy of the workspace's manifests beside a lock file.
pub fn copy_with(project: &Project, workspace: &Path, copy: &Path, lock: &Path) -> Result<()> {
    let text = fs::read_to_string(lock)?;
    let rustc = project.config.floor.to_string();
    let packages = project.packages_in(workspace)?;
    let left = LeftOut::named(&packages, &remarks(&text).left);
    manifest::BareCopy { rustc: &rustc, holder: None, left: &left }.write(workspace, &packages, copy)?;
    write(&copy.join("Cargo.lock"), &without_reasons(&text))
}

/// Has cargo write the Cargo.lock of a workspace. Returns cargo's messages about each version.
pub fn generate(workspace: &Path) -> Result<Vec<String>> {
    let output = cargo()
        // The project's configuration of cargo applies to its copy.
        .args(["generate-lockfile", "--manifest-path"])
        .arg(workspace.join("Cargo.toml"))
        .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
        .output()
        .context("cannot start cargo: install Rust from rustup or from Debian")?;
    let text = String::from_utf8_lossy(&output.stderr);
    if let (false, true) = (output.status.success(), is_unreachable(&text)) {
        bail!("a registry cannot be reached ({}): connect to the network, or correct its address", first_error(&text));
    }
    ensure!(output.status.success(), "cargo finds no set of dependencies: {}", first_error(&text));
    Ok(text.lines().map(str::to_string).collect())
}

/// Returns whether cargo reports that a server does not answer.
fn is_unreachable(text: &str) -> bool {
    [
        "Could not connect",
        "Couldn't connect",
        "Could not resolve",
        "Couldn't resolve",
        "Timeout was reached",
        "spurious network error",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// Removes packages that no member of the workspace needs from its Cargo.lock, and changes nothing else.
pub fn prune(workspace: &Path) -> Result<()> {
    match update(workspace, &["--workspace", "--offline"])? {
        Some(refused) => bail!("cargo update: {refused}"),
        None => Ok(()),
    }
}

/// Has cargo move a version in the Cargo.lock of a workspace to another one; returns its message if it refuses.
pub fn moves(workspace: &Path, name: &str, version: &str, to: &str) -> Result<Option<String>> {
    update(workspace, &["--package", &format!("{name}@{version}"), "--precise", to])
}

/// Has cargo update the Cargo.lock of a workspace; returns its message if it refuses.
fn update(workspace: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let output = cargo()
        .arg("update")
        .args(arguments)
        .arg("--manifest-path")
        .arg(workspace.join("Cargo.toml"))
        .output()
        .context("cannot start cargo: install Rust from rustup or from Debian")?;
    Ok((!output.status.success()).then(|| first_error(&String::from_utf8_lossy(&output.stderr))))
}

/// Returns the version of a lock file's format.
pub fn format(text: &str) -> u32 {
    let number =
        text.lines().find_map(|line| line.strip_prefix("version = ")).and_then(|word| word.trim().parse().ok());
    // The first two formats do not state their version.
    number.unwrap_or(2)
}

/// Returns whether the cargo of a rustc reads lock files of a format.
pub fn reads(rustc: &Version, format: u32) -> bool {
    let release = |minor: u32| Version::release_of(1, minor);
    // Before 1.53 cargo ignored the version.
    format < 4 || *rustc >= release(78) || *rustc < release(53)
}

/// Parses the lines that `cargo oldstable lock` puts before a lock file.
pub fn remarks(text: &str) -> Remarks {
    let mut remarks = Remarks::default();
    for line in text.lines().take_while(|line| line.starts_with('#')) {
        if let Some((name, _)) = line.strip_prefix(LEFT).and_then(|rest| rest.split_once(": ")) {
            remarks.left.insert(name.to_string());
        } else if let Some((stub, _)) = line.strip_prefix(STUBBED).and_then(|rest| rest.split_once(": ")) {
            remarks.stubbed.extend(stub.split_once(' ').map(|(name, version)| (name.into(), version.into())));
        } else if let Some(why) = line.strip_prefix(UNTESTED) {
            remarks.untested = Some(why.to_string());
        }
    }
    remarks
}

/// Returns the comments at the top of a lock file: the versions held back, with reasons.
pub fn reasons(text: &str) -> Vec<String> {
    let remark = |line: &str| match line.strip_prefix(HELD) {
        Some(held) => Some(held.to_string()),
        None => HEADS.iter().any(|head| line.starts_with(head)).then(|| line[2..].to_string()),
    };
    text.lines().map_while(remark).collect()
}

pub fn without_reasons(text: &str) -> String {
    let rest: Vec<&str> = text.lines().skip_while(|line| HEADS.iter().any(|head| line.starts_with(head))).collect();
    rest.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_what_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| write(&file(folder.path(), name), "").unwrap();
        assert!(checks(folder.path()).is_empty());
        put("a.packager");
        assert_eq!(checks(folder.path()), ["cargo oldstable lock --packager --check"]);
        put("a");
        assert_eq!(checks(folder.path()), ["cargo oldstable lock --check", "cargo oldstable lock --packager --check"]);
    }

    #[test]
    fn a_lock_file_is_refused_by_the_cargos_that_cannot_read_it() {
        let of = |rustc: &str, text: &str| reads(&rustc.parse().unwrap(), format(text));
        let four = "# This file is automatically @generated by Cargo.\nversion = 4\n\n[[package]]\nversion = \"9\"\n";
        assert!(!of("1.63.0", four) && !of("1.77.2", four));
        assert!(of("1.48.0", four) && of("1.78.0", four));
        assert!(of("1.63.0", "version = 3\n") && of("1.63.0", "[[package]]\nname = \"x\"\nversion = \"4.0.0\"\n"));
    }
}
