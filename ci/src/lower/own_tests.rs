// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A package's own tests, on the floor and on the newest compiler.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::Result;
use toml_edit::{Item, Value};

use super::excuses::{short, Missing};
use super::failures::{self, Failure};
use super::manifest::Manifest;
use super::messages::Message;
use super::results::{Run, Tests, DOCUMENTATION};
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
        for target in self.targets(&trial.folder)? {
            let target: Vec<&str> = target.arguments.iter().map(String::as_str).collect();
            if target != ["--doc"] {
                let json = ["--no-run", "--message-format=json"];
                let output =
                    trial.run(self.cargo, &[&["test"], trial::flags(self.floor), &json, &target[..]].concat())?;
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
                let (mut run, excused) = self.judged(&self.test(&trial, &["--no-fail-fast"])?, &Missing::default());
                run.left_out = excused;
                Ok(Tests::Run(run))
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
        trial.run(self.cargo, &[&["test"], trial::flags(self.floor), arguments].concat())
    }

    fn fetch(&self, trial: &Trial) -> Result<()> {
        match self.floor {
            Some(minor) => trial.fetch().and_then(|()| trial.readable(minor)),
            None => Ok(()),
        }
    }

    /// Runs each target's tests by themselves. One that does not build has failed, unless each of its errors is about a
    /// dependency that is missing or about the floor's language.
    fn one_by_one(&self, trial: &Trial, missing: &Missing) -> Result<Tests> {
        let (mut run, mut ran, mut left_out) = (Run::default(), false, Vec::new());
        for target in self.targets(&trial.folder)? {
            let arguments: Vec<&str> = target.arguments.iter().map(String::as_str).collect();
            if arguments != ["--doc"] {
                let built = self.test(trial, &[&["--no-run"], &arguments[..]].concat())?;
                if !built.status.success() {
                    let text = String::from_utf8_lossy(&built.stderr);
                    let lines: Vec<&str> = text.lines().filter(|line| is_error(line)).collect();
                    match self.excuse(&lines, missing) {
                        Ok(why) => {
                            left_out.push(format!("{} ({why})", target.name));
                            run.apart.push(target.source);
                        }
                        Err(line) => {
                            run.failed += 1;
                            run.unbuilt.push(format!("{} ({})", target.name, short(line)));
                        }
                    }
                    continue;
                }
            }
            let output = self.test(trial, &[&["--no-fail-fast"], &arguments[..]].concat())?;
            let (more, excused) = self.judged(&output, missing);
            left_out.extend(excused);
            run.add(more);
            ran = true;
        }
        let why = [left_out.join(", "), missing.why.join("; ")].join(": ");
        let why = why.trim_end_matches(": ").to_string();
        run.left_out = (!left_out.is_empty()).then(|| why.clone());
        Ok(if ran || run.failed > 0 { Tests::Run(run) } else { Tests::NotRun(why) })
    }

    /// Returns the results, and apart from them the documentation's examples that lack a dependency, or something in
    /// the floor's language.
    fn judged(&self, output: &Output, missing: &Missing) -> (Run, Option<String>) {
        let all = failures::all(&String::from_utf8_lossy(&output.stdout));
        let why = |failure: &Failure| {
            let messages: Vec<&str> = failure.errors.iter().map(|error| error.message.as_str()).collect();
            self.excuse(&messages, missing).ok().filter(|_| !messages.is_empty())
        };
        let excused: Vec<(&Failure, String)> =
            all.iter().filter_map(|failure| Some((failure, why(failure)?))).collect();
        let mut run = Run::of(output);
        run.failed = run.failed.saturating_sub(excused.len() as u32);
        for (failure, _) in &excused {
            if let Some(n) = run.failures.iter().position(|name| *name == failure.name) {
                run.failures.remove(n);
            }
            let example = format!("{DOCUMENTATION}: {}", failure.name);
            let ran = format!("{example}: FAILED");
            if let Some(n) = run.each.iter().position(|test| *test == ran) {
                run.each.remove(n);
            }
            run.apart.push(example);
        }
        let first = excused.first().map(|(failure, why)| match excused.len() {
            1 => format!("{} ({why})", failure.name),
            more => format!("{} and {} other examples ({why})", failure.name, more - 1),
        });
        (run, first)
    }

    /// Returns each of the package's programs with tests.
    fn targets(&self, folder: &Path) -> Result<Vec<Target>> {
        let target = |name: &str, source: &Path, arguments: &[&str]| {
            let arguments = arguments.iter().map(|argument| argument.to_string()).collect();
            Target { name: name.to_string(), source: source.display().to_string(), arguments }
        };
        let mut targets = Vec::new();
        let library = self.manifest.library();
        if folder.join(&library).exists() {
            targets.push(target("the library's", &library, &["--lib"]));
            targets.push(target("the documentation's", DOCUMENTATION.as_ref(), &["--doc"]));
        }
        let declared = self.manifest.declared_tests();
        let mut tests: Vec<(String, PathBuf)> = Vec::new();
        let entries = fs::read_dir(folder.join("tests")).ok().filter(|_| self.manifest.finds_tests());
        for entry in entries.into_iter().flatten() {
            let path = entry?.path();
            let main = path.join("main.rs");
            let is_test = path.extension().map_or(false, |extension| extension == "rs") || main.exists();
            let taken = declared.iter().any(|(_, file)| file.as_ref().map_or(false, |file| path.ends_with(file)));
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let source = if main.exists() { main } else { path };
            if is_test && !taken {
                tests.push((name, source.strip_prefix(folder).unwrap_or(&source).to_path_buf()));
            }
        }
        for (name, file) in declared {
            let found = tests.iter().position(|(other, _)| *other == name).map(|n| tests.remove(n).1);
            let file = file.or(found).unwrap_or_else(|| Path::new("tests").join(&name).with_extension("rs"));
            tests.push((name, file));
        }
        tests.sort();
        targets.extend(tests.iter().map(|(name, file)| target(&format!("tests/{name}"), file, &["--test", name])));
        Ok(targets)
    }
}

/// A program with tests.
struct Target {
    /// Its name for the user.
    name: String,
    source: String,
    /// Cargo's arguments for it.
    arguments: Vec<String>,
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

/// Returns a text without the trial's folder, which is another each time.
fn plain(trial: &Trial, text: &str) -> String {
    text.replace(&trial.folder.display().to_string(), ".")
}

/// Returns whether a line begins an error of the compiler, and is not about the others.
fn is_error(line: &str) -> bool {
    let about = ["aborting due to", "could not compile", "build failed", "Compilation failed"];
    line.starts_with("error") && !about.iter().any(|text| line.contains(text))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::lower::copy;

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
        write("own/tests/both.rs", "use broken::x;\nuse std::nowhere;");
        // An older compiler says of each name of the import that it is not found.
        write("own/tests/names.rs", "use broken::Name;\nfn f<T: broken::Other>() {}\nenum E { A(Nowhere) }");
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
        let run = match runner.run().unwrap() {
            Tests::Run(run) => run,
            Tests::NotRun(why) => panic!("{why}"),
        };
        assert_eq!((run.passed, run.failed, run.failures), (2, 3, vec!["src/lib.rs -".to_string()]));
        let why = run.left_out.unwrap();
        assert!(why.starts_with("src/lib.rs - (broken), tests/with ("), "{why}");
        assert_eq!(run.apart, ["Doc-tests: src/lib.rs -", "tests/with.rs"]);
        // An error that is of our making is not hidden by one that is not.
        assert_eq!(run.unbuilt.len(), 2);
        assert!(run.unbuilt[0].contains("`std::nowhere`") && run.unbuilt[1].contains("`Nowhere`"), "{:?}", run.unbuilt);
        let missing = Missing { names: vec!["broken".to_string()], why: Vec::new() };
        let lines = |name: &'static str| ["unresolved import `broken`", name];
        assert!(runner.excuse(&lines("cannot find trait `Name` in this scope"), &missing).is_ok());
        assert!(runner.excuse(&lines("cannot find trait `Nowhere` in this scope"), &missing).is_err());
        let undeclared = |name: &str| format!("failed to resolve: use of undeclared type `{name}`");
        let module = "failed to resolve: use of undeclared crate or module `Name`";
        assert!(runner.excuse(&["unresolved import `broken`", module], &missing).is_ok());
        assert!(runner.excuse(&["unresolved import `broken`", &undeclared("Name")], &missing).is_ok());
        assert!(runner.excuse(&["unresolved import `broken`", &undeclared("Nowhere")], &missing).is_err());
        let derived = ["unresolved import `broken`", "cannot find derive macro `X`", "no method named `x` found"];
        assert!(runner.excuse(&derived, &missing).is_ok() && runner.excuse(&lines(derived[2]), &missing).is_err());
        let undetermined = "cannot determine resolution for the attribute macro `x`";
        assert!(
            runner.excuse(&lines(undetermined), &missing).is_ok() && runner.excuse(&[undetermined], &missing).is_err()
        );
        write("own/tests/cases.rs", "#[cfg_attr(x, case::first(1))]\n#[case::other(2)]\nfn f() { module::g(); }\n");
        let undeclared = |name: &str| format!("failed to resolve: use of undeclared crate or module `{name}`");
        for (name, is_excused) in [("case", true), ("module", false), ("nowhere", false)] {
            let error = undeclared(name);
            assert_eq!(runner.excuse(&["unresolved import `broken`", &error], &missing).is_ok(), is_excused, "{name}");
            assert!(runner.excuse(&[&error], &missing).is_err());
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
