//! All steps in all cells, cells side by side.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::compiler::Missing;
use crate::config::Cell;
use crate::project::{cargo, Package};
use crate::qemu::emulator::{Emulator, Plugin};
use crate::qemu::{bare_metal, harness, symbols, uboot};
use crate::report::{Outcome, Report, Row, Step};
use crate::testlog::{self, Counts};
use crate::vendor::Vendor;
use crate::workbench::{Ready, Workbench};
use crate::{logged, progress};

/// Runs the steps of the cells, all of them when none is named, at most `jobs` cells at once.
pub fn run(bench: &Workbench, cells: &[&Cell], steps: &[Step], jobs: usize) -> Result<Report> {
    let packages = bench.project.packages()?;
    // Fetched once, before the cells ask for it side by side.
    Vendor::ensure(&bench.cache, &bench.project)?;
    let prepared = prepare(bench, cells, jobs);
    let emulators: Vec<Emulator> = prepared
        .iter()
        .flatten()
        .filter(|ready| ready.cell.qemu.is_some())
        .filter_map(|ready| ready.emulator.clone())
        .collect();
    let work: Vec<(&&Cell, &Result<Ready>)> = cells.iter().zip(&prepared).collect();
    let rows = side_by_side(&work, jobs, |(cell, ready)| match ready {
        Ok(ready) => Runner { bench, packages: &packages, emulators: &emulators, steps, ready }.row(),
        Err(error) => unprepared(cell, error),
    });
    Ok(Report { rows })
}

/// Makes the cells ready, at most `jobs` at once.
pub fn prepare(bench: &Workbench, cells: &[&Cell], jobs: usize) -> Vec<Result<Ready>> {
    side_by_side(cells, jobs, |cell| bench.prepare(cell))
}

/// Runs the tests of the host's workspaces with the cargo that started this program.
pub fn host(bench: &Workbench) -> Row {
    let mut row = Row { name: "host".to_string(), ..Row::default() };
    let logs = bench.project.target().join("logs/host");
    let mut total = Outcome::default();
    for workspace in &bench.project.config.host {
        let folder = bench.project.root.join(workspace);
        let name = workspace.display().to_string();
        let log = logs.join(format!("{}.log", name.replace(['/', '.'], "_")));
        let outcome = timed("host", &format!("tests of {name}"), || {
            let mut command = cargo();
            command.args(["test", "--workspace", "--locked", "--no-fail-fast"]).current_dir(&folder);
            tests(&mut [command], &log, |_| true)
        });
        total.counts.add(outcome.counts);
        total.seconds += outcome.seconds;
        total.notes.extend(outcome.notes.iter().map(|note| format!("{name}: {note}")));
        total.log = Some(log).filter(|_| outcome.counts.failed > 0).or(total.log);
    }
    row.steps.insert(Step::Test, total);
    row
}

/// Gives each item to a thread that has nothing to do; the results come in the order of the items.
fn side_by_side<T: Sync, R: Send>(items: &[T], jobs: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let waiting: Mutex<VecDeque<usize>> = Mutex::new((0..items.len()).collect());
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            scope.spawn(|| loop {
                let next = waiting.lock().unwrap_or_else(|e| e.into_inner()).pop_front();
                let index = match next {
                    Some(index) => index,
                    None => break,
                };
                let result = work(&items[index]);
                done.lock().unwrap_or_else(|e| e.into_inner()).push((index, result));
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|e| e.into_inner());
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn unprepared(cell: &Cell, error: &anyhow::Error) -> Row {
    let outcome = match error.downcast_ref::<Missing>() {
        Some(missing) => Outcome::skipped(missing.to_string()),
        None => Outcome::failed(format!("{error:#}")),
    };
    progress::note(&format!("{}: {}", cell.name, outcome.notes[0]));
    Row {
        name: cell.name.clone(),
        rustc: cell.rustc.as_ref().map_or_else(String::new, |v| v.to_string()),
        qemu: cell.qemu.as_ref().map_or_else(String::new, |v| v.to_string()),
        steps: [(Step::Setup, outcome)].into(),
    }
}

/// What is expected, and what is there where that is something else.
fn expected_and_found(expected: Option<&crate::version::Version>, found: &crate::version::Version) -> String {
    match expected {
        Some(expected) if !expected.covers(found) => format!("{expected}, found {found}"),
        _ => found.to_string(),
    }
}

/// The steps of one cell.
struct Runner<'a> {
    bench: &'a Workbench,
    packages: &'a [Package],
    emulators: &'a [Emulator],
    steps: &'a [Step],
    ready: &'a Ready,
}

impl Runner<'_> {
    fn row(&self) -> Row {
        let cell = &self.ready.cell;
        let emulator = self.ready.emulator.as_ref();
        let mut row = Row {
            name: cell.name.clone(),
            rustc: expected_and_found(cell.rustc.as_ref(), &self.ready.rustc),
            qemu: emulator.map_or_else(String::new, |e| expected_and_found(cell.qemu.as_ref(), &e.release)),
            ..Row::default()
        };
        let mut object = None;
        let guests = [Step::BareMetal, Step::UBoot, Step::NewerQemus];
        if self.wants(Step::Build) || guests.iter().any(|step| self.wants(*step)) {
            let build = self.timed(Step::Build, |log| self.build(log, &mut object));
            row.steps.insert(Step::Build, build);
        }
        if self.wants(Step::Test) || self.wants(Step::Layout) {
            row.steps.extend(self.tests());
        }
        let object = object.as_deref();
        if let Some(own) = emulator {
            let mut add = |step, work: &dyn Fn(&Path) -> Outcome| {
                if self.wants(step) {
                    row.steps.insert(step, self.timed(step, work));
                }
            };
            add(Step::BareMetal, &|log| self.guest(own, object, log, &bare));
            add(Step::UBoot, &|log| self.guest(own, object, log, &boot));
            add(Step::InQemu, &|log| self.in_qemu(own, log));
            if self.newer_exist(own) {
                add(Step::NewerQemus, &|log| self.newer(own, object, log));
            }
        }
        row
    }

    fn wants(&self, step: Step) -> bool {
        self.steps.is_empty() || self.steps.contains(&step)
    }

    /// Runs a step with a fresh log.
    fn timed(&self, step: Step, work: impl FnOnce(&Path) -> Outcome) -> Outcome {
        let log = self.log(step.name());
        let mut outcome = timed(&self.ready.cell.name, step.name(), || match fresh(&log) {
            Ok(()) => work(&log),
            Err(error) => Outcome::failed(format!("{error:#}")),
        });
        outcome.log = Some(log);
        outcome
    }

    fn log(&self, name: &str) -> PathBuf {
        let name = name.replace(' ', "-");
        self.bench.project.target().join("logs").join(&self.ready.cell.name).join(format!("{name}.log"))
    }

    /// Every package with every set of features, and the object for QEMU.
    fn build(&self, log: &Path, object: &mut Option<PathBuf>) -> Outcome {
        let mut build = || -> Result<Outcome> {
            for mut command in self.per_package("build")? {
                if !logged::run(&mut command, log)?.success() {
                    return Ok(Outcome::failed(last_error(log)));
                }
            }
            if self.ready.emulator.is_some() {
                let (mut command, file) = self.bench.example_build(self.ready, &self.bench.project.config.qemu()?.example, "release")?;
                if !logged::run(&mut command, log)?.success() {
                    return Ok(Outcome::failed(last_error(log)));
                }
                if !file.is_file() {
                    return Ok(Outcome::failed(format!("cargo made no {}", file.display())));
                }
                *object = Some(file);
            }
            Ok(Outcome::passed())
        };
        build().unwrap_or_else(|error| Outcome::failed(format!("{error:#}")))
    }

    /// One cargo command for each package and set of features; the packages' defaults when there is no set.
    fn per_package(&self, what: &str) -> Result<Vec<Command>> {
        let mut commands = Vec::new();
        for package in self.packages {
            let sets = &self.bench.project.config.features;
            let mut choices: Vec<Vec<String>> = sets.iter().map(|set| package.feature_arguments(set)).collect();
            choices.dedup();
            if choices.is_empty() {
                choices.push(Vec::new());
            }
            for choice in choices {
                let mut arguments = vec![what];
                arguments.extend(choice.iter().map(String::as_str));
                commands.push(self.bench.cargo(self.ready, package.folder(), &arguments)?);
            }
        }
        Ok(commands)
    }

    /// The tests of the packages, those of the test program `layout` as a step of their own.
    fn tests(&self) -> Vec<(Step, Outcome)> {
        let log = self.log("tests");
        let run = |wanted: &dyn Fn(&str) -> bool| {
            fresh(&log)
                .and_then(|()| self.per_package("test"))
                .map(|mut commands| tests(&mut commands, &log, wanted))
                .unwrap_or_else(|error| Outcome::failed(format!("{error:#}")))
        };
        let mut steps = Vec::new();
        let mut outcome = timed(&self.ready.cell.name, Step::Test.name(), || run(&|name| name != "layout"));
        outcome.log = Some(log.clone());
        steps.push((Step::Test, outcome));
        if self.ready.emulator.is_some() {
            let mut layout = Outcome { log: Some(log.clone()), ..Outcome::default() };
            match count(&log, |name| name == "layout") {
                Ok(counts) if counts != Counts::default() => layout.counts = counts,
                Ok(_) if self.bench.project.root.join("tests/layout.rs").is_file() => {
                    layout = Outcome { log: Some(log), ..Outcome::failed("the test program was not run") };
                }
                Ok(_) => layout = Outcome::skipped("there is no tests/layout.rs"),
                Err(error) => layout = Outcome::failed(format!("{error:#}")),
            }
            steps.push((Step::Layout, layout));
        }
        steps
    }

    fn guest(&self, emulator: &Emulator, object: Option<&Path>, log: &Path, guest: &Guest) -> Outcome {
        let object = match object {
            Some(object) => object,
            None => return Outcome::skipped("nothing was built"),
        };
        if !emulator.is_known(&self.bench.project.config) {
            return Outcome::skipped(format!("the ABI of QEMU {} is not known", emulator.release));
        }
        let type_name = self.bench.project.config.qemu.as_ref().map_or("", |q| q.type_name.as_str());
        let (result, transcript) = guest(emulator, object, type_name);
        let heading = format!("=== QEMU {} of cell {}\n", emulator.release, emulator.cell);
        let kept = append(log, &(heading + &transcript));
        match result.and(kept) {
            Ok(()) => Outcome::passed(),
            Err(error) => Outcome::failed(format!("{error:#}")),
        }
    }

    /// The tests that run inside QEMU, on each machine that msrv.toml names for them.
    fn in_qemu(&self, emulator: &Emulator, log: &Path) -> Outcome {
        let harness = match self.bench.project.config.qemu.as_ref().and_then(|qemu| qemu.harness.as_ref()) {
            Some(harness) => harness,
            None => return Outcome::skipped("msrv.toml has no [qemu.harness]"),
        };
        if !emulator.is_known(&self.bench.project.config) {
            return Outcome::skipped(format!("the ABI of QEMU {} is not known", emulator.release));
        }
        let run = || -> Result<Outcome> {
            let (mut command, object) = self.bench.example_build(self.ready, &harness.example, "debug")?;
            if !logged::run(&mut command, log)?.success() {
                return Ok(Outcome::failed(last_error(log)));
            }
            let mut total = Outcome::default();
            for machine in &harness.machines {
                let plugin = Plugin { object: &object, arguments: "" };
                let mut command = emulator.command(&harness.system, Some(plugin))?;
                command.arg("-M").args(machine.split_whitespace()).args(["-display", "none"]);
                let from = fs::metadata(log)?.len();
                let status = logged::run(&mut command, log)?;
                let said = fs::read(log)?.split_off(from as usize);
                let (counts, notes) = harness::read(&String::from_utf8_lossy(&said), status.success());
                total.counts.add(counts);
                total.notes.extend(notes.iter().map(|note| format!("-M {machine}: {note}")));
            }
            Ok(total)
        };
        run().unwrap_or_else(|error| Outcome::failed(format!("{error:#}")))
    }

    /// Whether some cell of this architecture expects a newer QEMU than the cell's own. rustup's cells have
    /// none of their own, and the host's objects need the host's C library.
    fn newer_exist(&self, own: &Emulator) -> bool {
        let cell = &self.ready.cell;
        let newer = |other: &Cell| {
            other.arch() == cell.arch() && other.qemu.as_ref().map_or(false, |expected| *expected > own.release)
        };
        cell.qemu.is_some() && self.bench.project.config.cells.iter().any(newer)
    }

    /// The object in every newer QEMU: its symbols are there, and both guests run.
    fn newer(&self, own: &Emulator, object: Option<&Path>, log: &Path) -> Outcome {
        let mut total = Outcome::default();
        let mut releases: Vec<String> = Vec::new();
        let config = &self.bench.project.config;
        let arch = |name: &str| config.cell(name).map(|cell| cell.arch().to_string()).unwrap_or_default();
        for other in self.emulators {
            if other.release <= own.release || arch(&other.cell) != self.ready.cell.arch() {
                continue;
            }
            let lacking = |path: &Path| -> Result<()> {
                let lacking = symbols::lacking(path, other, "aarch64")?;
                anyhow::ensure!(lacking.is_empty(), "the object needs {}, which it lacks", lacking.join(", "));
                Ok(())
            };
            let mut outcome = match object.map(lacking) {
                Some(Err(error)) => Outcome::failed(format!("{error:#}")),
                _ => {
                    let mut both = self.guest(other, object, log, &bare);
                    if both.counts.failed == 0 {
                        let second = self.guest(other, object, log, &boot);
                        both.counts.add(second.counts);
                        both.notes.extend(second.notes);
                        both.notes.dedup();
                    }
                    both
                }
            };
            if outcome.counts.failed == 0 && outcome.counts.passed > 0 {
                releases.push(other.release.to_string());
            }
            outcome.notes.iter_mut().for_each(|note| *note = format!("QEMU {} of {}: {note}", other.release, other.cell));
            total.counts.add(outcome.counts);
            total.notes.append(&mut outcome.notes);
        }
        if total.counts == Counts::default() {
            return Outcome::skipped("no cell with a newer QEMU takes part in this run");
        }
        total.detail = Some(releases.join(" "));
        total
    }
}

/// Runs a guest with the object; `type_name` must then be in the machine. Gives the transcript too.
type Guest = dyn Fn(&Emulator, &Path, &str) -> (Result<()>, String);

fn bare(emulator: &Emulator, object: &Path, type_name: &str) -> (Result<()>, String) {
    bare_metal::run(emulator, Some(Plugin::replacing(object)), type_name)
}

fn boot(emulator: &Emulator, object: &Path, _: &str) -> (Result<()>, String) {
    uboot::run(emulator, Some(Plugin::replacing(object)))
}

/// Runs `cargo test` commands one after the other and counts the test programs that are wanted.
fn tests(commands: &mut [Command], log: &Path, wanted: impl Fn(&str) -> bool) -> Outcome {
    let run = || -> Result<Outcome> {
        let mut broken = Vec::new();
        for command in commands {
            if !logged::run(command, log)?.success() {
                broken.push(last_error(log));
            }
        }
        let mut outcome = Outcome { counts: count(log, wanted)?, ..Outcome::default() };
        // What does not compile, or dies, is counted by no test program.
        if !broken.is_empty() && count(log, |_| true)?.failed == 0 {
            outcome.counts.failed = 1;
        }
        if outcome.counts.failed > 0 {
            outcome.notes = broken;
        }
        if outcome.counts.skipped > 0 {
            outcome.notes.push(format!("{} tests are marked as ignored", outcome.counts.skipped));
        }
        if outcome.counts == Counts::default() {
            return Ok(Outcome::skipped("there are no tests"));
        }
        Ok(outcome)
    };
    fresh(log).and_then(|()| run()).unwrap_or_else(|error| Outcome::failed(format!("{error:#}")))
}

fn count(log: &Path, wanted: impl Fn(&str) -> bool) -> Result<Counts> {
    let file = File::open(log).with_context(|| format!("cannot read the log {}", log.display()))?;
    let mut counts = Counts::default();
    for (name, of_program) in testlog::read(BufReader::new(file))? {
        if wanted(&name) {
            counts.add(of_program);
        }
    }
    Ok(counts)
}

/// Runs something and says in a line how it went and how long it took.
fn timed(row: &str, what: &str, work: impl FnOnce() -> Outcome) -> Outcome {
    let step = progress::Step::new(&format!("{row}: {what}"), None);
    let start = Instant::now();
    let mut outcome = work();
    outcome.seconds = start.elapsed().as_secs_f64();
    drop(step);
    progress::note(&format!("{row}: {what}: {} ({:.1} s)", outcome.word(), outcome.seconds));
    outcome
}

/// Makes an empty log, and the folder it lies in.
fn fresh(log: &Path) -> Result<()> {
    let make = || -> std::io::Result<()> {
        fs::create_dir_all(log.parent().unwrap_or(log))?;
        fs::write(log, "")
    };
    make().with_context(|| format!("cannot write the log {}", log.display()))
}

fn append(log: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let mut file = File::options().append(true).create(true).open(log)?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write the log {}", log.display()))
}

/// The first error in a log, for the line that says why; the log itself has the rest.
fn last_error(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let found = text
        .lines()
        .rev()
        .find(|line| line.starts_with("error") || line.contains(" panicked at ") || line.starts_with("test result: FAILED"))
        .or_else(|| text.lines().rev().find(|line| !line.trim().is_empty()));
    found.unwrap_or("it ended without a word").to_string()
}
