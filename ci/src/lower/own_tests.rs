// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A package's own tests, on the floor and on the newest compiler, and clippy's findings there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::Result;

use super::copy;
use super::errors::Message;
use super::manifest::Manifest;
use super::report::Tests;
use super::trial::{self, Cargo, Shown, Trial};

/// The parts of a package that its tests see, and the cargo that runs them.
pub struct Runner<'a> {
    pub manifest: &'a Manifest,
    /// The folder of the package's files.
    pub files: &'a Path,
    pub scratch: &'a Path,
    pub built: &'a Path,
    pub cargo: &'a Cargo<'a>,
    /// The floor of the cargo, which cannot read newer manifests; `None` for the newest cargo.
    pub floor: Option<u32>,
}

impl Runner<'_> {
    /// Runs all tests. If their dependencies cannot be fetched or built there, only the tests without them run.
    pub fn run(&self) -> Result<Tests> {
        let trial = Trial::new(self.files, self.scratch, self.built, self.manifest, Shown::Tests)?;
        let why = match self.fetch(&trial) {
            Ok(()) => {
                let built = self.test(&trial, &["--no-run"])?;
                if built.status.success() {
                    return Ok(Tests::of(&self.test(&trial, &["--no-fail-fast"])?));
                }
                format!("not all of them build there: {}", trial::first_error(&built))
            }
            Err(error) => format!("their dependencies are not available: {error:#}"),
        };
        self.one_by_one(why)
    }

    fn test(&self, trial: &Trial, arguments: &[&str]) -> Result<Output> {
        let offline: &[&str] = if self.floor.is_some() { &["--offline"] } else { &[] };
        trial.run(self.cargo, &[&["test"], offline, arguments].concat())
    }

    fn fetch(&self, trial: &Trial) -> Result<()> {
        match self.floor {
            Some(minor) => trial.fetch().and_then(|()| trial.readable(minor)),
            None => Ok(()),
        }
    }

    fn one_by_one(&self, why: String) -> Result<Tests> {
        let trial = Trial::new(self.files, self.scratch, self.built, self.manifest, Shown::PlainTests)?;
        if self.fetch(&trial).is_err() {
            return Ok(Tests::NotRun(why));
        }
        let (mut passed, mut failed, mut ran, mut left_out) = (0, 0, false, Vec::new());
        let has_library = trial.folder.join(self.manifest.library()).exists();
        let needs_more = has_library && self.documentation_needs_more()?;
        for (name, target) in self.targets(&trial.folder, has_library, needs_more)? {
            let target: Vec<&str> = target.iter().map(String::as_str).collect();
            if target != ["--doc"] {
                let built = self.test(&trial, &[&["--no-run"], &target[..]].concat())?;
                if !built.status.success() {
                    left_out.push(format!("{name} ({})", short(&built)));
                    continue;
                }
            }
            let output = self.test(&trial, &[&["--no-fail-fast"], &target[..]].concat())?;
            if let Tests::Run { passed: more, failed: worse, .. } = Tests::of(&output) {
                passed += more;
                failed += worse;
                ran = true;
            }
        }
        if needs_more {
            left_out.push("the documentation's".to_string());
        }
        let why = match left_out.is_empty() {
            true => why,
            false => format!("{}: {why}", left_out.join(", ")),
        };
        Ok(if ran { Tests::Run { passed, failed, left_out: Some(why) } } else { Tests::NotRun(why) })
    }

    /// Returns cargo's arguments for each of the package's tests.
    fn targets(&self, folder: &Path, has_library: bool, needs_more: bool) -> Result<Vec<(String, Vec<String>)>> {
        let argument = |text: &str| vec![text.to_string()];
        let mut targets = Vec::new();
        if has_library {
            targets.push(("the library's".to_string(), argument("--lib")));
            if !needs_more {
                targets.push(("the documentation's".to_string(), argument("--doc")));
            }
        }
        let declared = self.manifest.declared_tests();
        let mut names: Vec<String> = declared.iter().map(|(name, _)| name.clone()).collect();
        let entries = fs::read_dir(folder.join("tests")).ok().filter(|_| self.manifest.finds_tests());
        for entry in entries.into_iter().flatten() {
            let path = entry?.path();
            let test = path.extension().map_or(false, |extension| extension == "rs") || path.join("main.rs").exists();
            let taken = declared.iter().any(|(_, file)| file.as_ref().map_or(false, |file| path.ends_with(file)));
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if test && !taken && !names.contains(&name) {
                names.push(name);
            }
        }
        names.sort();
        targets.extend(names.into_iter().map(|name| (format!("tests/{name}"), vec!["--test".to_string(), name])));
        Ok(targets)
    }

    /// Returns whether the documentation's examples use dependencies that only tests have.
    fn documentation_needs_more(&self) -> Result<bool> {
        let names: Vec<String> = self.manifest.only_of_tests().iter().map(|name| name.replace('-', "_")).collect();
        if names.is_empty() {
            return Ok(false);
        }
        let files: Vec<PathBuf> = copy::files(self.files)?;
        let sources = copy::sources(self.files, &files)?;
        let mut lines = sources.values().flat_map(|text| text.lines()).map(str::trim_start);
        Ok(lines.any(|line| {
            let shown = line.starts_with("///") || line.starts_with("//!");
            shown && names.iter().any(|name| line.contains(&format!("{name}::")))
        }))
    }
}

/// Returns in a few words why a test does not build.
fn short(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let errors = text.lines().filter(|line| line.starts_with("error"));
    let first = errors.map(|line| line.trim_start_matches("error").trim_start_matches(": ")).next();
    first.unwrap_or("it does not build").to_string()
}

/// Returns clippy's findings of items in a copy that the floor's std lacks; `None` if the copy does not build.
pub fn newer(runner: &Runner) -> Result<Option<Vec<String>>> {
    let trial = Trial::new(runner.files, runner.scratch, runner.built, runner.manifest, Shown::Library)?;
    let lint = "clippy::incompatible_msrv";
    let arguments = ["clippy", "--message-format=json", "--", "--force-warn", lint];
    let said = trial::newest_says(&trial, &arguments, "--cap-lints warn")?;
    Ok(said.map(|said| Message::warnings(&said, &[lint]).into_iter().map(|message| message.message).collect()))
}
