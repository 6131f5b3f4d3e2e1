// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The steps of any crate in one cell, and the execution of a step.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufReader;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result};

use crate::cell::cross;
use crate::cell::workbench::Ready;
use crate::host::cache::digest;
use crate::host::log_tail::Follower;
use crate::host::{ending, log, process, progress};
use crate::matrix::choice::Run;
use crate::matrix::results::Kept;
use crate::matrix::test_log::{self, Read};
use crate::matrix::{read_by, targets};
use crate::project::lockfile;
use crate::project::settings;
use crate::project::vendor;
use crate::project::version::Version;
use crate::project::workspace::Package;
use crate::report::model::{Counts, Outcome, Row, Step};

/// The test program that checks the layouts, which has its own column.
const LAYOUT: &str = "layout";

/// The run of one cell.
pub struct CellRun<'a> {
    pub run: &'a Run<'a>,
    pub ready: &'a Ready,
}

impl CellRun<'_> {
    /// Runs the steps of any crate.
    pub fn row(&self) -> Row {
        let cell = &self.ready.cell;
        let mut row = Row {
            name: cell.name.clone(),
            rustc: expected_and_found(cell.rustc.as_ref(), &self.ready.rustc) + &cross::remark(cell),
            ..Row::default()
        };
        if self.wants(Step::Build) {
            self.step(&mut row, Step::Build, || self.per_package("build", &build));
        }
        // One run serves both columns.
        if self.wants(Step::Test) || self.run.choice.steps.contains(&Step::Layout) {
            let mut layout = None;
            self.step(&mut row, Step::Test, || {
                let (tests, of_layout) = split(self.per_package("test", &test));
                layout = of_layout;
                tests
            });
            row.steps.extend(layout.map(|layout| (Step::Layout, layout)));
        }
        if self.wants(Step::Doc) {
            self.step(&mut row, Step::Doc, || self.per_package("doc", &build));
        }
        if cell.clippy && self.wants(Step::Clippy) {
            self.step(&mut row, Step::Clippy, || self.per_package("clippy", &build));
        }
        targets::all(self, &mut row);
        row
    }

    pub fn wants(&self, step: Step) -> bool {
        self.run.choice.wants_in(&self.ready.cell, step)
    }

    /// Runs a step, unless an earlier one has failed and the run stops at failures.
    pub fn step(&self, row: &mut Row, step: Step, work: impl FnOnce() -> Outcome) {
        in_turn(row, step, self.run.choice.keep_going, work);
    }

    /// Does some work, unless it has succeeded before with the same inputs.
    ///
    /// `depends` returns the inputs of the work besides this program, the cell and its compiler. It is called again
    /// after the work, because an input that changed meanwhile may not have been read.
    pub fn once(
        &self,
        name: &str,
        depends: impl Fn() -> Result<String>,
        work: impl FnOnce(&Path) -> Outcome,
    ) -> Outcome {
        self.once_for(name, depends, || true, work)
    }

    /// Does the same for work that makes files, and repeats it if they no longer exist.
    pub fn once_for(
        &self,
        name: &str,
        depends: impl Fn() -> Result<String>,
        are_there: impl Fn() -> bool,
        work: impl FnOnce(&Path) -> Outcome,
    ) -> Outcome {
        let row = &self.ready.cell.name;
        let log = self.run.bench.project.target().join("logs").join(row).join(format!("{name}.log"));
        let environment = self.run.bench.passed_environment();
        let key = || -> Result<String> {
            let (cell, environment) = (format!("{:?}", self.ready.cell), format!("{environment:?}"));
            let parts = [&self.run.tool, name, &cell, &self.ready.identity, &environment, &depends()?];
            Ok(digest(parts.iter().map(|part| part.as_bytes())))
        };
        let before = key();
        let of = |read: &BTreeSet<PathBuf>| self.run.digests.of(read, &self.built());
        let earlier = before.as_ref().ok().filter(|_| are_there()).and_then(|key| self.run.results.get(key, of));
        if let Some(outcome) = earlier {
            return outcome;
        }
        let start = SystemTime::now();
        let mut outcome = timed(row, name, &log, self.run.choice.verbose, || work(&log));
        let kept = before.and_then(|before| {
            let read = self.read_elsewhere();
            let is_same = key()? == before && !read.iter().any(|path| is_newer(path, start));
            match is_same {
                true => self.run.results.keep(&before, &Kept { outcome: outcome.clone(), digest: of(&read)?, read }),
                false => Ok(()),
            }
        });
        if let Err(error) = kept {
            outcome.notes.push(format!("the result could not be stored: {error:#}"));
        }
        outcome
    }

    /// Returns a digest of the repository and of cargo's configuration for it.
    pub fn sources(&self) -> Result<String> {
        let project = &self.run.bench.project;
        let workspace = project.workspace(&self.ready.cell);
        let mut all: BTreeSet<PathBuf> = settings::files(&workspace).into_iter().collect();
        all.extend([project.repository().to_path_buf(), workspace]);
        self.run.digests.of(&all, &self.built())
    }

    /// Returns the files that cargo has read for this cell and that are neither in the repository nor in the cache.
    fn read_elsewhere(&self) -> BTreeSet<PathBuf> {
        let bench = self.run.bench;
        let (repository, workspace) = (bench.project.repository(), bench.project.workspace(&self.ready.cell));
        let targets = [bench.target(&self.ready.cell), bench.built(&self.ready.cell)];
        let read = read_by::files(targets, &workspace, &self.ready.packages);
        // `src/../../x` may not be in the repository.
        let mut read: BTreeSet<PathBuf> = read.into_iter().map(|path| path.canonicalize().unwrap_or(path)).collect();
        // git's own files are the only ones that its digest omits.
        let is_known = |path: &PathBuf| {
            let git = path.components().any(|component| component.as_os_str() == ".git");
            path.starts_with(repository) && !git || self.built().iter().any(|built| path.starts_with(built))
        };
        read.retain(|path| !is_known(path) && path.parent().is_some());
        read
    }

    /// Returns the folders without sources.
    fn built(&self) -> [PathBuf; 2] {
        [self.run.bench.project.target(), self.run.bench.cache.path("")]
    }

    /// Returns a cargo command for each package with each set of features, or with the packages' defaults if msrv.toml
    /// has no set.
    fn per_package(&self, what: &str, work: &dyn Fn(&mut Command, &Path) -> Outcome) -> Outcome {
        let bench = self.run.bench;
        let mut total = Outcome::default();
        if what == "build" {
            for (name, why) in &self.ready.chosen.passed_over {
                total.add(Outcome::skipped(why.clone()), name);
            }
            total.notes.extend(self.ready.written_out());
        }
        let not_tested = match bench.remarks(&self.ready.cell) {
            Ok(remarks) => remarks.not_tested(),
            Err(error) => return Outcome::failed(format!("{error:#}")),
        };
        if let (Some(why), "test") = (not_tested, what) {
            return Outcome::skipped(why);
        }
        // Older cargos ignore it.
        let ignores = self.run.choice.ignore_rust_version && self.ready.rustc >= Version::release_of(1, 56);
        for package in &self.ready.chosen.built {
            let choices = match bench.feature_choices(self.ready, package) {
                Ok(choices) => choices,
                Err(error) => return Outcome::failed(format!("{error:#}")),
            };
            for (number, choice) in choices.iter().enumerate() {
                let name = format!("{what}-{}-{number}", package.name);
                let depends = || Ok(format!("{} {choice:?} {ignores}", self.sources()?));
                let outcome = self.once(&name, depends, |log| {
                    let mut arguments = vec![what];
                    if what == "doc" {
                        arguments.push("--no-deps");
                    }
                    if ignores {
                        arguments.push("--ignore-rust-version");
                    }
                    arguments.extend(choice.iter().map(String::as_str));
                    match bench.cargo(self.ready, package.folder(), &arguments) {
                        Ok(mut command) => {
                            if what == "clippy" {
                                // The old compilers themselves report missing items, while this lint does not consider
                                // gates.
                                command.args(["--all-targets", "--", "-D", "warnings"]);
                                command.args(["--allow", "clippy::incompatible_msrv"]);
                            }
                            if what == "test" {
                                command.args(self.without_native_tests());
                            }
                            work(&mut command, log)
                        }
                        Err(error) => Outcome::unable(format!("{error:#}")),
                    }
                });
                total.add(self.with_mend(outcome), &format!("{} {}", package.name, choice.join(" ")));
            }
            if let Some(why) = self.without_documentation_tests(package).filter(|_| what == "test") {
                // It says nothing new about whether something has run.
                total.add(Outcome { earlier: total.earlier, ..Outcome::skipped(why) }, &package.name);
            }
        }
        total
    }

    /// Returns the arguments by which a cell that is cross-built leaves out the tests that start programs.
    fn without_native_tests(&self) -> Vec<&str> {
        let tests = &self.run.bench.project.config.native_tests;
        match cross::target(&self.ready.cell) {
            Some(_) if !tests.is_empty() => {
                let skipped = tests.iter().flat_map(|name| ["--skip", name]);
                ["--", "--exact"].into_iter().chain(skipped).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns why the tests in a package's documentation do not run, if they do not.
    fn without_documentation_tests(&self, package: &Package) -> Option<String> {
        let rustc = &self.ready.rustc;
        let arch = cross::target(&self.ready.cell).filter(|_| *rustc < Version::release_of(1, 89))?;
        package.targets.iter().any(|target| target.doctest).then(|| {
            format!("the tests in its documentation are not run: the cargo of {rustc} builds none for {}", arch.debian)
        })
    }

    /// Returns whether the project itself is for newer compilers.
    fn blames_own(&self, note: &str) -> bool {
        let own = |package: &Package| note.contains(&format!("{}@{} requires rustc ", package.name, package.version));
        self.ready.packages.iter().any(own)
    }

    /// Returns whether cargo says of a locked package that it does not compile.
    fn dependency_failed(&self, outcome: &Outcome) -> bool {
        let lock = fs::read_to_string(self.run.bench.lockfile(&self.ready.cell)).unwrap_or_default();
        let (set, log) = (vendor::locked(&lock).unwrap_or_default(), outcome.log.as_deref().map(log::end_of));
        let lines = log.iter().flat_map(|log| log.lines());
        let mut failed = lines.filter_map(|line| line.strip_prefix("error: could not compile `")?.split('`').next());
        failed.any(|failed| set.iter().any(|(name, _)| name == failed))
    }

    /// Returns a remedy if a dependency is too new for the cell and the cell has no lock file of its own, if the lock
    /// file is older than the manifests, if the sources of a dependency were changed, or if a program or a library is
    /// missing.
    fn with_mend(&self, mut outcome: Outcome) -> Outcome {
        let cell = &self.ready.cell;
        let bench = self.run.bench;
        let cache = bench.cache.path("vendor");
        for note in outcome.notes.iter_mut().filter(|note| note.contains("the listed checksum of ")) {
            note.push_str(&format!(" somebody changed the cache: remove {} and run again", cache.display()));
        }
        for note in outcome.notes.iter_mut().filter(|note| note.contains("--locked was passed")) {
            // cargo names the workspace's lock file, even if the cell sees its own in that place.
            let (lock, workspace) = (bench.lockfile(cell), bench.project.workspace(cell));
            note.push_str(&format!(": {}: {}", lock.display(), vendor::mend(&lock, &workspace)));
        }
        if cell.suite.is_some() {
            for note in outcome.notes.iter_mut().filter(|note| lacks_a_package(note)) {
                note.push_str(": if Debian has it, add its package to the cell's `packages` in msrv.toml");
            }
        }
        let own = lockfile::file(&bench.project.root, &cell.name);
        if !own.is_file() {
            let failed = self.dependency_failed(&outcome);
            let blames = |note: &str| failed || blames_dependency(note) && !self.blames_own(note);
            for note in outcome.notes.iter_mut().filter(|note| blames(note)) {
                let name = &cell.name;
                note.push_str(&format!(": `cargo oldstable lock --cell {name}` looks for versions that build there"));
            }
        }
        outcome
    }
}

/// Returns whether cargo reports that it cannot read a dependency, or that a dependency is for newer compilers. The
/// project's own packages are named with their folders.
fn blames_dependency(note: &str) -> bool {
    note.contains(" as a dependency of package ")
        || note.contains("is not supported by the following package")
        || note.contains(" cannot be built because it requires rustc ") && !note.contains(" (/")
}

/// Returns whether a build lacks something other than a crate: a linker, a C library, or a program that a build script
/// starts.
fn lacks_a_package(note: &str) -> bool {
    note.starts_with("linker `")
        || note.starts_with("linking with ")
        || note.starts_with("failed to run custom build command")
}

/// Returns whether a file was written since some time.
fn is_newer(path: &Path, time: SystemTime) -> bool {
    fs::metadata(path).and_then(|metadata| metadata.modified()).map_or(false, |modified| modified >= time)
}

fn in_turn(row: &mut Row, step: Step, keep_going: bool, work: impl FnOnce() -> Outcome) {
    let failed = row.steps.iter().find(|(_, outcome)| outcome.counts.failed > 0);
    let outcome = match failed {
        Some((failed, _)) if !keep_going => {
            Outcome::skipped(format!("{} failed before it: --keep-going runs it anyway", failed.name()))
        }
        _ => work(),
    };
    row.steps.insert(step, outcome);
}

/// Returns the expected version, and the actual one if it differs.
pub fn expected_and_found(expected: Option<&Version>, found: &Version) -> String {
    match expected {
        Some(expected) if !expected.covers(found) => format!("{expected}, found {found}"),
        _ => found.to_string(),
    }
}

/// Runs a command of which only the success matters.
pub fn build(command: &mut Command, log: &Path) -> Outcome {
    match process::run(command, log) {
        Ok(status) if status.success() => Outcome::passed(),
        Ok(status) => failed(status, log),
        Err(error) => Outcome::unable(format!("{error:#}")),
    }
}

/// Returns the outcome of a failed command: no failure of the project if it was killed from outside.
fn failed(status: ExitStatus, log: &Path) -> Outcome {
    match (status.signal(), log::breakdown(log)) {
        (Some(signal), _) => Outcome::unable(format!("it was ended by signal {signal}")),
        (None, Some(why)) => Outcome::unable(why),
        (None, None) => Outcome::failed(log::first_error_in(log)),
    }
}

/// Runs a `cargo test` and counts its tests.
pub fn test(command: &mut Command, log: &Path) -> Outcome {
    let mut run = || -> Result<Outcome> {
        let status = process::run(command, log)?;
        let file = File::open(log).with_context(|| format!("cannot read the log {}", log.display()))?;
        let Read { programs, left_out, is_cut } = test_log::read(BufReader::new(file), status.success())?;
        let mut outcome = Outcome { programs, ..Outcome::default() };
        for (_, counts) in &outcome.programs {
            outcome.counts.add(*counts);
        }
        if !status.success() {
            // If a test program does not compile or dies, it prints no counts.
            outcome.counts.failed = outcome.counts.failed.max(1);
            let Outcome { notes, unable, .. } = failed(status, log);
            outcome.notes.extend(notes);
            outcome.unable = unable;
        }
        if is_cut {
            let why = "the middle of the log was too long to be kept: the tests in it are not counted";
            outcome.notes.push(why.to_string());
        }
        if outcome.counts.skipped > 0 {
            outcome.notes.push(format!("{} tests are marked as ignored", outcome.counts.skipped));
        }
        if left_out > 0 {
            outcome.counts.skipped += left_out;
            outcome.notes.push(format!("{left_out} tests start the compiler or what it has built: not run"));
        }
        if outcome.counts == Counts::default() {
            return Ok(Outcome::skipped("there are no tests"));
        }
        Ok(outcome)
    };
    run().unwrap_or_else(|error| Outcome::unable(format!("{error:#}")))
}

/// Separates the test program `layout`, if there is one, from the others.
fn split(mut tests: Outcome) -> (Outcome, Option<Outcome>) {
    let (layouts, others): (Vec<_>, Vec<_>) = tests.programs.drain(..).partition(|(name, _)| name == LAYOUT);
    tests.programs = others;
    if layouts.is_empty() {
        return (tests, None);
    }
    let mut layout =
        Outcome { log: tests.log.clone(), logs: tests.logs.clone(), earlier: tests.earlier, ..Outcome::default() };
    for (_, counts) in &layouts {
        layout.counts.add(*counts);
        tests.counts.passed -= counts.passed;
        tests.counts.failed -= counts.failed;
        tests.counts.skipped -= counts.skipped;
    }
    if layout.counts.failed > 0 {
        layout.notes = tests.notes.clone();
    }
    layout.programs = layouts;
    (tests, Some(layout))
}

/// Runs something with a new log, and prints a line with its outcome and duration.
pub fn timed(row: &str, what: &str, log: &Path, verbose: bool, work: impl FnOnce() -> Outcome) -> Outcome {
    let (step, start) = (progress::Bar::new(&format!("{row}: {what}"), None), Instant::now());
    let mut outcome = match fresh(log) {
        Ok(()) => {
            let _follower = verbose.then(|| Follower::start(log, &format!("{row}: {what}"), progress::note));
            work()
        }
        Err(error) => Outcome::failed(format!("{error:#}")),
    };
    ending::wait_if_ending();
    outcome.seconds = start.elapsed().as_secs_f64();
    outcome.log = Some(log.to_path_buf());
    outcome.logs = vec![log.to_path_buf()];
    drop(step);
    progress::note(&format!("{row}: {what}: {} ({:.1} s)", outcome.word(), outcome.seconds));
    outcome
}

/// Makes an empty log and its folder.
fn fresh(log: &Path) -> Result<()> {
    let make = || -> std::io::Result<()> {
        fs::create_dir_all(log.parent().unwrap_or(log))?;
        fs::write(log, "")
    };
    make().with_context(|| format!("cannot write the log {}", log.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed, skipped: 0 }
    }

    #[test]
    fn the_layout_program_is_counted_once() {
        let tests = Outcome {
            counts: counts(7, 1),
            programs: vec![("a".to_string(), counts(5, 1)), (LAYOUT.to_string(), counts(2, 0))],
            ..Outcome::default()
        };
        let (tests, layout) = split(tests);
        assert_eq!(tests.counts, counts(5, 1));
        assert_eq!(layout.unwrap().counts, counts(2, 0));
    }

    #[test]
    fn a_cell_ends_with_its_first_failure_unless_it_keeps_going() {
        for keep_going in [false, true] {
            let mut row = Row::default();
            in_turn(&mut row, Step::Build, keep_going, || Outcome::failed("x"));
            in_turn(&mut row, Step::Test, keep_going, Outcome::passed);
            let word = if keep_going { "ok" } else { "not run" };
            assert_eq!(row.steps[&Step::Test].word(), word);
        }
    }

    #[test]
    fn what_does_not_compile_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut command = Command::new("sh");
        command.args(["-c", "echo 'error[E0432]: unresolved import'; echo 'error: aborting'; exit 101"]);
        let outcome = test(&mut command, &log);
        assert_eq!(outcome.counts, counts(0, 1));
        assert_eq!(outcome.notes, ["error[E0432]: unresolved import"]);
    }

    #[test]
    fn a_dependency_is_told_from_the_project_itself() {
        assert!(blames_dependency("failed to get `x` as a dependency of package `y`: the `2024` edition"));
        assert!(blames_dependency("package `x v1.0.0` cannot be built because it requires rustc 1.68 or newer"));
        let own = "package `y v1.0.0 (/home/y)` cannot be built because it requires rustc 1.68 or newer";
        assert!(!blames_dependency(own) && !blames_dependency("error[E0432]: unresolved import"));
    }

    #[test]
    fn a_missing_linker_is_not_an_error_in_the_code() {
        assert!(lacks_a_package("linker `cc` not found"));
        assert!(lacks_a_package("failed to run custom build command for `x v1.0.0`: process didn't exit successfully"));
        assert!(!lacks_a_package("error[E0432]: unresolved import `linker`"));
    }

    #[test]
    fn a_suite_that_has_moved_on_is_said() {
        let v = |text: &str| text.parse::<Version>().unwrap();
        assert_eq!(expected_and_found(Some(&v("1.85")), &v("1.85.1")), "1.85.1");
        assert_eq!(expected_and_found(Some(&v("1.78.0")), &v("1.96.0")), "1.78.0, found 1.96.0");
    }
}
