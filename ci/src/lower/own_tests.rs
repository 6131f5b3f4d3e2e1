// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A package's own tests, on the floor and on the newest compiler.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use anyhow::Result;
use toml_edit::{Item, Value};

use super::errors::Message;
use super::failures::{self, Failure};
use super::language;
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
    /// What was found out about the tests' dependencies, which holds for all questions about one copy.
    pub known: &'a Known,
}

/// The dependencies of the tests that cannot be had, which takes fetching and building to find out.
#[derive(Default)]
pub struct Known {
    missing: RefCell<Missing>,
    /// Why no tests can be run at all.
    none: RefCell<Option<String>>,
}

impl Runner<'_> {
    /// Runs all tests. If their dependencies cannot be fetched or built there, only the tests without them run.
    pub fn run(&self) -> Result<Tests> {
        // Tests that hang are not run; the package builds nevertheless.
        self.all().or_else(|error| Ok(Tests::NotRun(format!("{error:#}"))))
    }

    /// Returns the errors in the tests.
    pub fn errors(&self) -> Result<Vec<Message>> {
        let trial = match self.ready()? {
            Ready::All(_) | Ready::None(_) => return Ok(Vec::new()),
            Ready::Some(trial, _) => trial,
        };
        let mut errors = Vec::new();
        for (_, target) in self.targets(&trial.folder)? {
            let target: Vec<&str> = target.iter().map(String::as_str).collect();
            if target != ["--doc"] {
                let json = ["--no-run", "--message-format=json"];
                let output = trial.run(self.cargo, &[&["test"], self.flags(), &json, &target[..]].concat())?;
                errors.extend(Message::errors(&String::from_utf8_lossy(&output.stdout)));
            }
        }
        Ok(errors)
    }

    /// Returns the documentation's examples that fail.
    pub fn failed_examples(&self) -> Result<Vec<Failure>> {
        let trial = match self.ready()? {
            Ready::All(trial) | Ready::Some(trial, _) if trial.folder.join(self.manifest.library()).exists() => trial,
            _ => return Ok(Vec::new()),
        };
        let output = self.test(&trial, &["--doc"])?;
        Ok(failures::all(&String::from_utf8_lossy(&output.stdout)))
    }

    fn all(&self) -> Result<Tests> {
        match self.ready()? {
            Ready::All(trial) => {
                let (tests, excused) = self.judged(&self.test(&trial, &["--no-fail-fast"])?, &Missing::default());
                Ok(tests.without(excused))
            }
            Ready::Some(trial, missing) => self.one_by_one(&trial, &missing),
            Ready::None(why) => Ok(Tests::NotRun(why)),
        }
    }

    /// Fetches and builds what the tests need, as far as it can be had.
    fn ready(&self) -> Result<Ready> {
        if let Some(why) = &*self.known.none.borrow() {
            return Ok(Ready::None(why.clone()));
        }
        let mut missing = self.known.missing.borrow().clone();
        let lost = self.manifest.lost();
        if self.floor.is_some() && !lost.is_empty() && missing.names.is_empty() {
            missing.why.push(format!("{} cannot be had there: features have their names", lost.join(", ")));
            missing.names = lost;
        }
        loop {
            let trial = Trial::new(self.files, self.scratch, self.built, self.manifest, Shown::Tests(&missing.names))?;
            let failed = match self.fetch(&trial) {
                Err(error) => Failed { why: format!("{error:#}"), text: format!("{error:#}"), fetched: false },
                Ok(()) => {
                    let built = self.test(&trial, &["--no-run"])?;
                    match (built.status.success(), missing.names.is_empty()) {
                        (true, true) => return Ok(Ready::All(trial)),
                        (true, false) => return Ok(Ready::Some(trial, missing)),
                        (false, _) => Failed {
                            why: trial::first_error(&built),
                            text: String::from_utf8_lossy(&built.stderr).into_owned(),
                            fetched: true,
                        },
                    }
                }
            };
            let more = self.not_to_be_had(&trial, &failed, &missing.names)?;
            if more.is_empty() && !failed.fetched {
                let why = plain(&trial, &failed.why);
                *self.known.none.borrow_mut() = Some(why.clone());
                return Ok(Ready::None(why));
            }
            if more.is_empty() {
                return Ok(Ready::Some(trial, missing));
            }
            missing.why.push(format!("{} cannot be had there: {}", more.join(", "), plain(&trial, &failed.why)));
            missing.names.extend(more);
            *self.known.missing.borrow_mut() = missing.clone();
        }
    }

    /// Returns the dependencies of the tests that cannot be fetched or built.
    fn not_to_be_had(&self, trial: &Trial, failed: &Failed, known: &[String]) -> Result<Vec<String>> {
        let mut left = self.manifest.only_of_tests();
        left.retain(|name| !known.contains(name));
        let says = |name: &String| {
            let texts = [format!("requirement `{name} = "), format!("no matching package named `{name}` found")];
            texts.iter().any(|text| failed.text.contains(text))
        };
        let named: Vec<String> = left.iter().filter(|name| says(name)).cloned().collect();
        if !named.is_empty() || !failed.fetched {
            return Ok(if named.is_empty() { left } else { named });
        }
        let unbuilt: Vec<&str> = failed.text.lines().filter_map(uncompiled).collect();
        let lock = fs::read_to_string(trial.folder.join("Cargo.lock")).unwrap_or_default();
        left.retain(|name| unbuilt.iter().any(|other| *other != self.manifest.name && needs(&lock, name, other)));
        Ok(left)
    }

    fn test(&self, trial: &Trial, arguments: &[&str]) -> Result<Output> {
        trial.run(self.cargo, &[&["test"], self.flags(), arguments].concat())
    }

    /// The compiler decides what builds there, not the dependencies' rust-version, which cargo reads since 1.56.
    fn flags(&self) -> &'static [&'static str] {
        match self.floor {
            None => &[],
            Some(minor) if minor < 56 => &["--offline"],
            Some(_) => &["--offline", "--ignore-rust-version"],
        }
    }

    fn fetch(&self, trial: &Trial) -> Result<()> {
        match self.floor {
            Some(minor) => trial.fetch().and_then(|()| trial.readable(minor)),
            None => Ok(()),
        }
    }

    /// Runs each target's tests by themselves. One that does not build has failed, unless a dependency is missing or the
    /// floor's language lacks something.
    fn one_by_one(&self, trial: &Trial, missing: &Missing) -> Result<Tests> {
        let (mut passed, mut failed, mut ran) = (0, 0, false);
        let (mut failures, mut left_out) = (Vec::new(), Vec::new());
        for (name, target) in self.targets(&trial.folder)? {
            let target: Vec<&str> = target.iter().map(String::as_str).collect();
            if target != ["--doc"] {
                let built = self.test(trial, &[&["--no-run"], &target[..]].concat())?;
                if !built.status.success() {
                    let why = self.language(&built);
                    let excused = why.is_some() || missing.named(&built) || self.is_about_a_dependency(&built);
                    failed += u32::from(!excused);
                    left_out.push(format!("{name} ({})", why.unwrap_or_else(|| short(&built))));
                    continue;
                }
            }
            let output = self.test(trial, &[&["--no-fail-fast"], &target[..]].concat())?;
            let (tests, excused) = self.judged(&output, missing);
            left_out.extend(excused);
            if let Tests::Run { passed: more, failed: worse, failures: named, .. } = tests {
                passed += more;
                failed += worse;
                failures.extend(named);
                ran = true;
            }
        }
        let why = [left_out.join(", "), missing.why.join("; ")].join(": ");
        let why = why.trim_end_matches(": ").to_string();
        let left_out = (!left_out.is_empty()).then(|| why.clone());
        Ok(if ran || failed > 0 { Tests::Run { passed, failed, failures, left_out } } else { Tests::NotRun(why) })
    }

    /// Returns the results, and apart from them the documentation's examples that lack a dependency, or something in
    /// the floor's language.
    fn judged(&self, output: &Output, missing: &Missing) -> (Tests, Option<String>) {
        let all = failures::all(&String::from_utf8_lossy(&output.stdout));
        let why = |failure: &Failure| {
            let mut messages = failure.errors.iter().map(|error| error.message.as_str());
            messages.find_map(|message| self.excuse(message).or_else(|| missing.name(message)))
        };
        let excused: Vec<(&Failure, String)> =
            all.iter().filter_map(|failure| Some((failure, why(failure)?))).collect();
        let mut tests = Tests::of(output);
        if let Tests::Run { failed, failures, .. } = &mut tests {
            *failed = failed.saturating_sub(excused.len() as u32);
            for (failure, _) in &excused {
                if let Some(n) = failures.iter().position(|name| *name == failure.name) {
                    failures.remove(n);
                }
            }
        }
        let first = excused.first().map(|(failure, why)| match excused.len() {
            1 => format!("{} ({why})", failure.name),
            more => format!("{} and {} other examples ({why})", failure.name, more - 1),
        });
        (tests, first)
    }

    /// Returns what the floor's language lacks, if an error is about that.
    fn excuse(&self, message: &str) -> Option<String> {
        let (what, since) = language::named(message, self.manifest.floor?)?;
        Some(format!("{what}: 1.{since}"))
    }

    fn language(&self, output: &Output) -> Option<String> {
        let text = String::from_utf8_lossy(&output.stderr);
        let mut errors = text.lines().filter(|line| line.starts_with("error"));
        errors.find_map(|line| self.excuse(line))
    }

    /// Returns whether an import from a dependency of the tests fails: the version that can be had there is older.
    fn is_about_a_dependency(&self, output: &Output) -> bool {
        let text = String::from_utf8_lossy(&output.stderr);
        let names = self.manifest.only_of_tests();
        names.iter().any(|name| text.contains(&format!("unresolved import `{}::", name.replace('-', "_"))))
    }

    /// Returns cargo's arguments for each of the package's tests.
    fn targets(&self, folder: &Path) -> Result<Vec<(String, Vec<String>)>> {
        let argument = |text: &str| vec![text.to_string()];
        let mut targets = Vec::new();
        if folder.join(self.manifest.library()).exists() {
            targets.push(("the library's".to_string(), argument("--lib")));
            targets.push(("the documentation's".to_string(), argument("--doc")));
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
}

/// Returns the name of the package that cargo could not compile, if a line says so.
fn uncompiled(line: &str) -> Option<&str> {
    line.split_once("could not compile `")?.1.split('`').next()
}

/// Returns whether a package needs another, or is it, by the lock file.
fn needs(lock: &str, name: &str, other: &str) -> bool {
    let document: toml_edit::Document = lock.parse().unwrap_or_default();
    let packages = document.get("package").and_then(|packages| packages.as_array_of_tables());
    let packages: Vec<_> = packages.into_iter().flat_map(|packages| packages.iter()).collect();
    let (mut seen, mut pending) = (BTreeSet::new(), vec![name.to_string()]);
    while let Some(name) = pending.pop() {
        if name == other {
            return true;
        }
        if !seen.insert(name.clone()) {
            continue;
        }
        for package in packages.iter().filter(|package| package.get("name").and_then(Item::as_str) == Some(&name)) {
            let needed = package.get("dependencies").and_then(Item::as_array);
            let names = needed.into_iter().flat_map(|needed| needed.iter()).filter_map(Value::as_str);
            // With a version, if there are several.
            pending.extend(names.filter_map(|name| name.split(' ').next()).map(String::from));
        }
    }
    false
}

/// What can be run.
enum Ready {
    /// All tests.
    All(Trial),
    /// Those that build.
    Some(Trial, Missing),
    None(String),
}

/// Why not all tests were built at once.
struct Failed {
    why: String,
    /// Everything that cargo said.
    text: String,
    /// Whether all dependencies were fetched.
    fetched: bool,
}

/// The dependencies of the tests that cannot be had.
#[derive(Clone, Default)]
struct Missing {
    names: Vec<String>,
    why: Vec<String>,
}

impl Missing {
    /// Returns whether the errors name one of them.
    fn named(&self, output: &Output) -> bool {
        self.name(&String::from_utf8_lossy(&output.stderr)).is_some()
    }

    /// Returns the one that an error names.
    fn name(&self, text: &str) -> Option<String> {
        self.names.iter().find(|name| text.contains(&format!("`{}`", name.replace('-', "_")))).cloned()
    }
}

/// Returns a text without the trial's folder, which is another each time.
fn plain(trial: &Trial, text: &str) -> String {
    text.replace(&trial.folder.display().to_string(), ".")
}

/// Returns in a few words why a test does not build.
fn short(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let errors = text.lines().filter(|line| line.starts_with("error"));
    let first = errors.map(|line| line.trim_start_matches("error").trim_start_matches(": ")).next();
    first.unwrap_or("it does not build").to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::super::copy;
    use super::*;

    #[test]
    fn a_dependency_that_cannot_be_had_is_found_out_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| copy::write(&folder.path().join(name), text).unwrap();
        let head = |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2018\"\n");
        write("broken/Cargo.toml", &head("broken"));
        write("broken/src/lib.rs", "fn f( {");
        let path = folder.path().join("broken").display().to_string();
        let text = format!("{}[dev-dependencies]\nbroken = {{ path = {path:?} }}\n", head("own"));
        // One example can do without it, the other fails anyway.
        let example = |line: &str| format!("//! ```\n//! {line}\n//! ```\n");
        write("own/src/lib.rs", &["use broken::x;", "", "let x: u8 = \"\";"].map(example).join("//!\n"));
        write("own/tests/with.rs", "use broken::x;");
        write("own/tests/without.rs", "#[test]\nfn f() {}\n");
        let (manifest, calls) = (Manifest::parse(&text).unwrap(), AtomicU32::new(0));
        let cargo = |folder: &Path, target: &Path| {
            calls.fetch_add(1, Ordering::Relaxed);
            let mut command = trial::newest(folder, target);
            command.arg("--offline");
            Ok(command)
        };
        let (files, built) = (folder.path().join("own"), folder.path().join("built/target"));
        let (scratch, known) = (folder.path(), Known::default());
        let runner = Runner {
            manifest: &manifest,
            files: &files,
            scratch,
            built: &built,
            cargo: &cargo,
            floor: None,
            known: &known,
        };
        let ready = || match runner.ready().unwrap() {
            Ready::Some(_, missing) => missing.names,
            Ready::All(_) | Ready::None(_) => panic!("a dependency is missing"),
        };
        assert_eq!(ready(), ["broken"]);
        let first = calls.swap(0, Ordering::Relaxed);
        assert_eq!(ready(), ["broken"]);
        assert_eq!((first, calls.swap(0, Ordering::Relaxed)), (2, 1));
        match runner.run().unwrap() {
            Tests::Run { passed, failed, failures, left_out } => {
                assert_eq!((passed, failed, failures), (2, 1, vec!["src/lib.rs -".to_string()]));
                let why = left_out.unwrap();
                assert!(why.starts_with("src/lib.rs - (broken), tests/with ("), "{why}");
            }
            Tests::NotRun(why) => panic!("{why}"),
        }
    }

    #[test]
    fn a_package_that_does_not_compile_is_missed_by_those_that_need_it() {
        let lock = "[[package]]\nname = \"a\"\ndependencies = [\"b 1.0.0\"]\n\
                    [[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"a\", \"c\"]\n\
                    [[package]]\nname = \"c\"\n[[package]]\nname = \"d\"\n";
        let line = "error: could not compile `c` (lib) due to 2 previous errors";
        assert_eq!(uncompiled(line), Some("c"));
        let needing: Vec<&str> = ["a", "b", "c", "d"].iter().copied().filter(|name| needs(lock, name, "c")).collect();
        assert_eq!(needing, ["a", "b", "c"]);
    }
}
