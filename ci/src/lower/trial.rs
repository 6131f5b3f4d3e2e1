// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Building and testing a copy with the floor's compiler, which decides.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{ensure, Context, Result};

use super::copy::{self, COMPAT};
use super::manifest::{edition, Manifest};
use super::syntax::Target;
use crate::host::{log, process};
use crate::project::lockfile;
use crate::project::workspace::cargo;
use crate::resolve::constraints::{self, Bounds, HeldBack, HOLDER};
use crate::resolve::diagnosis;

/// The limit for the search for dependencies that suit, which takes a second each.
const TRIES: usize = 30;

/// Starts a compiler's cargo in a folder, with another folder for its output.
pub type Cargo<'a> = dyn Fn(&Path, &Path) -> Result<Command> + Sync + 'a;

/// A folder that presents a copy to a cargo that could not read its whole manifest.
pub struct Trial {
    pub folder: PathBuf,
    /// The folder of the build, and the oldstable-compat that it uses, which may have been built before.
    built: PathBuf,
}

/// The part of a package that a trial shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown<'a> {
    /// The library and the programs. Dependencies that they do not need are removed.
    Library,
    /// Its tests and examples too, with their dependencies, but not those that only benchmarks use, and not the given ones.
    Tests(&'a [String]),
}

impl Trial {
    pub fn new(copy: &Path, scratch: &Path, built: &Path, manifest: &Manifest, shown: Shown) -> Result<Trial> {
        let name = match shown {
            Shown::Library => "library".to_string(),
            Shown::Tests(missing) => format!("tests-{}", missing.len()),
        };
        let trial = Trial { folder: scratch.join(name), built: built.to_path_buf() };
        fs::create_dir_all(&trial.folder).with_context(|| format!("cannot write {}", trial.folder.display()))?;
        for entry in fs::read_dir(copy)? {
            let name = entry?.file_name();
            let link = trial.folder.join(&name);
            let of_cargo = ["Cargo.toml", "Cargo.lock", "target"].iter().any(|own| name == *own);
            if !of_cargo && fs::symlink_metadata(&link).is_err() {
                symlink(copy.join(&name), &link).with_context(|| format!("cannot write {}", link.display()))?;
            }
        }
        trial.manifest(copy, manifest, shown)?;
        Ok(trial)
    }

    /// Writes the manifest that cargo sees.
    fn manifest(&self, copy: &Path, manifest: &Manifest, shown: Shown) -> Result<()> {
        let floor = manifest.floor;
        let mut manifest = Manifest::parse(&manifest.text()).map_err(anyhow::Error::msg)?;
        // Cargo chooses the dependencies by it, and clippy what is newer. The package's own can be older than any of
        // their versions, and then cargo takes the newest.
        if let Some(minor) = floor {
            manifest.claim(minor);
        }
        let mut asked = manifest.asked_for();
        asked.push(COMPAT.to_string());
        match shown {
            Shown::Library => manifest.without_dependencies(&|name| asked.iter().any(|asked| asked == name)),
            Shown::Tests(missing) => {
                manifest.without_optional(&asked);
                let words = words(copy)?;
                manifest.without_tests_dependencies(&|name| {
                    words.contains(&name.replace('-', "_")) && !missing.iter().any(|missing| missing == name)
                });
                if !missing.is_empty() {
                    let names: Vec<String> = missing.iter().map(|name| name.replace('-', "_")).collect();
                    manifest.without_examples(&|path| {
                        let text = fs::read_to_string(copy.join(path)).unwrap_or_default();
                        !text.is_empty() && !names.iter().any(|name| text.contains(name.as_str()))
                    });
                }
            }
        }
        manifest.stand_alone();
        // The dependencies use oldstable-compat from the copy, and there can be only one.
        if !manifest.brings_dependencies() {
            manifest.move_compat(&self.built.join(COMPAT).display().to_string());
        }
        copy::write(&self.folder.join("Cargo.toml"), &manifest.text())
    }

    /// Fetches the package's dependencies, in versions whose rust-version suits the floor.
    ///
    /// Only the newest cargo chooses by rust-version; the floor's reads the resulting lock file.
    pub fn fetch(&self) -> Result<()> {
        if self.vendor().is_dir() {
            return Ok(());
        }
        let text = fs::read_to_string(self.folder.join("Cargo.toml"))?;
        let manifest = Manifest::parse(&text).map_err(anyhow::Error::msg)?;
        if manifest.dependencies().iter().all(|name| name == COMPAT) {
            return Ok(());
        }
        self.lock()?;
        let output = cargo()
            .args(["vendor", "--versioned-dirs", "--quiet", "vendor"])
            .current_dir(&self.folder)
            .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
            .output()
            .context("cannot start cargo")?;
        ensure!(output.status.success(), "{}", first_error(&output));
        let config = "[source.crates-io]\nreplace-with = \"vendored\"\n[source.vendored]\ndirectory = \"vendor\"\n";
        copy::write(&self.folder.join(".cargo/config.toml"), config)
    }

    /// Writes a lock file whose versions suit the floor as far as there are such.
    ///
    /// Cargo alone takes for each package the newest version that suits, and then what that asks for, even if nothing
    /// that it asks for suits.
    fn lock(&self) -> Result<()> {
        let file = self.folder.join("Cargo.toml");
        let own = fs::read_to_string(&file)?;
        let mut manifest = Manifest::parse(&own).map_err(anyhow::Error::msg)?;
        manifest.with_member(HOLDER);
        copy::write(&file, &manifest.text())?;
        copy::write(&self.folder.join(HOLDER).join("src/lib.rs"), "")?;
        self.hold_back();
        copy::write(&file, &own)?;
        fs::remove_dir_all(self.folder.join(HOLDER))?;
        // Without a set, cargo says why when it fetches.
        if self.folder.join("Cargo.lock").exists() {
            lockfile::prune(&self.folder)?;
        }
        Ok(())
    }

    /// Forbids versions that need what does not suit, as far as there are older ones.
    fn hold_back(&self) {
        let (mut held, mut refused): (Vec<HeldBack>, Vec<HeldBack>) = (Vec::new(), Vec::new());
        let mut waiting: Vec<Vec<HeldBack>> = Vec::new();
        for _ in 0..TRIES {
            let batch = waiting.pop().unwrap_or_default();
            let all = [&held[..], &batch[..]].concat();
            let said = match constraints::generate(&self.folder, &all, &Bounds::new()) {
                Ok(said) => said,
                Err(_) if batch.is_empty() => return,
                Err(_) if batch.len() == 1 => {
                    refused.extend(batch);
                    continue;
                }
                Err(_) => {
                    waiting.extend(batch.into_iter().map(|one| vec![one]));
                    continue;
                }
            };
            held = all;
            if waiting.is_empty() {
                let found = self.needing_unsuited(&said, &held, &refused);
                if found.is_empty() {
                    return;
                }
                waiting.push(found);
            }
        }
        // The last try may have failed.
        let _ = constraints::generate(&self.folder, &held, &Bounds::new());
    }

    /// Returns the versions that need what does not suit, or what could not be held back, by cargo's messages.
    fn needing_unsuited(&self, said: &[String], held: &[HeldBack], refused: &[HeldBack]) -> Vec<HeldBack> {
        let lock = fs::read_to_string(self.folder.join("Cargo.lock")).unwrap_or_default();
        let unsuited = said.iter().filter_map(|line| diagnosis::hopeless(line)).chain(refused.iter().cloned());
        let mut found: Vec<HeldBack> = Vec::new();
        for parent in unsuited.flat_map(|unsuited| constraints::needing(&lock, &unsuited)) {
            let is_it = |other: &&HeldBack| (&other.name, &other.version) == (&parent.name, &parent.version);
            if !held.iter().chain(refused).chain(&found).any(|other| is_it(&other)) {
                // Many releases in a row need the same.
                let all = [held, std::slice::from_ref(&parent)].concat();
                found.extend(constraints::further_down(&all, &parent, false));
                found.push(parent);
            }
        }
        found
    }

    /// Rewrites the fetched manifests for the floor's cargo: one that it cannot read fails the build, even of a package
    /// that no target needs.
    pub fn readable(&self, minor: u32) -> Result<()> {
        if !self.vendor().is_dir() {
            return Ok(());
        }
        for entry in fs::read_dir(self.vendor())? {
            let folder = entry?.path();
            let text = fs::read_to_string(folder.join("Cargo.toml"))?;
            let mut manifest = Manifest::parse(&text).map_err(anyhow::Error::msg)?;
            let from = manifest.edition;
            manifest.lower(&Target { minor, from, to: from.min(edition(minor)) });
            if manifest.changes.is_empty() && minor >= 60 {
                continue;
            }
            manifest.without_tests();
            copy::write(&folder.join("Cargo.toml"), &manifest.text())?;
            let sums = folder.join(".cargo-checksum.json");
            let mut parsed: serde_json::Value = serde_json::from_str(&fs::read_to_string(&sums)?)?;
            parsed["files"] = serde_json::json!({});
            copy::write(&sums, &parsed.to_string())?;
        }
        Ok(())
    }

    /// Returns the folder with the sources of the dependencies.
    pub fn vendor(&self) -> PathBuf {
        self.folder.join("vendor")
    }

    /// Empties the folder of fetched dependencies: all of them are elsewhere.
    pub fn forget_fetched(&self) -> Result<()> {
        fs::remove_dir_all(self.vendor()).and_then(|()| fs::create_dir(self.vendor()))?;
        fs::remove_file(self.folder.join("Cargo.lock")).context("cannot remove the lock file")
    }

    /// Runs cargo in the folder, within the time limit of a command. Both outputs are in one.
    pub fn run(&self, cargo: &Cargo, arguments: &[&str]) -> Result<Output> {
        let log = self.folder.with_extension("log");
        fs::write(&log, "").with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = cargo(&self.folder, &self.built.join("target"))?;
        let status = process::run(command.args(arguments), &log)?;
        let said = log::read(&log)?.into_bytes();
        Ok(Output { status, stdout: said.clone(), stderr: said })
    }
}

/// Returns what is said to the cargo of a floor, or to the newest. The compiler decides what builds there, not the
/// dependencies' rust-version, which cargo reads since 1.56.
pub fn flags(floor: Option<u32>) -> &'static [&'static str] {
    match floor {
        None => &[],
        Some(minor) if minor < 56 => &["--offline"],
        Some(_) => &["--offline", "--ignore-rust-version"],
    }
}

/// Returns the words in a package's sources and pages, without its benchmarks.
fn words(folder: &Path) -> Result<BTreeSet<String>> {
    let mut words = BTreeSet::new();
    for path in copy::files(folder)?.iter().filter(|path| !path.starts_with("benches")) {
        if path.extension().map_or(false, |extension| extension == "rs" || extension == "md") {
            let text = fs::read(folder.join(path)).with_context(|| format!("cannot read {}", path.display()))?;
            let text = String::from_utf8_lossy(&text);
            words.extend(text.split(|c: char| !c.is_alphanumeric() && c != '_').map(String::from));
        }
    }
    Ok(words)
}

/// Returns the newest compiler's warnings of these lints in a folder, if it builds, whatever the package allows or
/// denies.
pub fn lint(trial: &Trial, lints: &[&str]) -> Result<Option<String>> {
    let flags: String = lints.iter().map(|lint| format!(" --force-warn={lint}")).collect();
    newest_says(trial, &["check", "--message-format=json"], &format!("--cap-lints warn{flags}"))
}

/// Returns the output of the newest cargo in a folder, if it succeeds.
pub fn newest_says(trial: &Trial, arguments: &[&str], flags: &str) -> Result<Option<String>> {
    let output = cargo()
        .args(arguments)
        .current_dir(&trial.folder)
        .env("RUSTFLAGS", flags)
        .env("CARGO_TARGET_DIR", trial.built.join("newest"))
        .output()
        .context("cannot start cargo")?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Returns cargo's first error and its cause.
pub fn first_error(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let start = lines.iter().position(|line| line.starts_with("error")).unwrap_or(0);
    let said = lines[start..].iter().map(|line| line.trim()).filter(|line| *line != "Caused by:");
    said.take(8).collect::<Vec<_>>().join(": ")
}

/// Returns the newest cargo, the one that started this program.
pub fn newest(folder: &Path, target: &Path) -> Command {
    let mut command = cargo();
    command.current_dir(folder).env("RUSTFLAGS", "--cap-lints warn").env("CARGO_INCREMENTAL", "0");
    command.env("CARGO_PROFILE_DEV_DEBUG", "0");
    command.env("CARGO_TARGET_DIR", target.with_file_name("newest-tests"));
    command
}

/// Returns the cargo of a rustup toolchain.
pub fn rustup(name: &str, folder: &Path, target: &Path) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", name, "cargo"]).current_dir(folder);
    for variable in ["RUSTC", "RUSTUP_TOOLCHAIN", "CARGO", "RUSTFLAGS", "CARGO_BUILD_RUSTC", "RUSTDOC"] {
        command.env_remove(variable);
    }
    // Warnings of a newer or older compiler must not fail the build; packagers build like this.
    command.env("RUSTFLAGS", "--cap-lints warn").env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
    command.env("CARGO_PROFILE_DEV_DEBUG", "0");
    command
}
