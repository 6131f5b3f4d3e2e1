// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The steps of a cell with a QEMU.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{ensure, Result};

use super::emulator::{Emulator, Emulators, Plugin};
use super::guests::{self, Guest};
use super::object::{example_build, harnesses, plugin_build};
use super::{edk2, harness, linux, symbols};
use crate::host::cache::digest;
use crate::host::{log, process};
use crate::matrix::choice::Choice;
use crate::matrix::steps::{expected_and_found, test, CellRun};
use crate::project::config::Cell;
use crate::report::model::{Outcome, Row, Step};

/// The object, and the steps that need it.
const GUESTS: [Step; 9] = [
    Step::Object,
    Step::BareMetal,
    Step::UBoot,
    Step::Edk2,
    Step::Linux,
    Step::Boards,
    Step::Migration,
    Step::SlowReader,
    Step::NewerQemus,
];

/// Returns whether any step needs a QEMU.
pub fn are_wanted(choice: &Choice) -> bool {
    GUESTS.iter().chain(&[Step::InQemu, Step::QemuTests]).any(|step| choice.wants(*step))
}

/// Runs the steps of a cell that has a QEMU.
pub fn all(run: &CellRun, emulators: &Emulators, row: &mut Row) {
    let cell = &run.ready.cell;
    match emulators.get(cell) {
        Some(Ok(own)) => {
            row.qemu = expected_and_found(cell.qemu.as_ref(), &own.release);
            with_emulator(run, own, emulators, row);
        }
        Some(Err(error)) => run.step(row, Step::Object, || Outcome::failed(format!("{error:#}"))),
        None => {}
    }
}

/// Builds the object, and runs the guests and the tests inside QEMU.
fn with_emulator(run: &CellRun, own: &Emulator, emulators: &Emulators, row: &mut Row) {
    let wanted: Vec<Step> = GUESTS
        .into_iter()
        .filter(|step| run.wants(*step))
        // The guests need a serial port of ours.
        .filter(|step| *step == Step::Object || has_types(run))
        .filter(|step| *step != Step::NewerQemus || newer_exist(run, own))
        .collect();
    if !wanted.is_empty() {
        let mut built = None;
        run.step(row, Step::Object, || {
            let (outcome, object) = object(run, "plugin", plugin_build(run.run.bench, run.ready));
            built = object;
            outcome
        });
        for step in wanted.into_iter().filter(|step| *step != Step::Object) {
            run.step(row, step, || match &built {
                None => Outcome::skipped("nothing was built"),
                Some(object) => with_object(run, own, emulators, object, step),
            });
        }
    }
    if run.wants(Step::InQemu) {
        run.step(row, Step::InQemu, || in_qemu(run, own));
    }
    if run.wants(Step::QemuTests) && !run.ready.cell.qemu_tests.is_empty() {
        run.step(row, Step::QemuTests, || tests(run));
    }
}

/// Runs one of the steps that need the object.
fn with_object(run: &CellRun, own: &Emulator, emulators: &Emulators, object: &Path, step: Step) -> Outcome {
    match step {
        Step::BareMetal => guests::in_turn(run, own, object, &guests::bare_metals()),
        Step::UBoot => guests::in_turn(run, own, object, &guests::uboots()),
        Step::Edk2 => guests::run(run, own, object, &Guest::fetched("edk2", edk2::run)),
        Step::Linux => linux(run, own, object),
        Step::Boards => guests::in_turn(run, own, object, &guests::boards()),
        Step::Migration => guests::in_turn(run, own, object, &guests::migrations(run, own, emulators)),
        Step::SlowReader => guests::in_turn(run, own, object, &guests::slow_readers()),
        _ => newer(run, own, emulators, object),
    }
}

/// Returns whether the object replaces a board's serial ports.
fn has_types(run: &CellRun) -> bool {
    run.run.bench.project.config.qemu.as_ref().map_or(false, |qemu| !qemu.types.is_empty())
}

/// Builds an object to plug in, unless the existing one was built from the same sources.
fn object(run: &CellRun, name: &str, build: Result<(Command, PathBuf)>) -> (Outcome, Option<PathBuf>) {
    let (mut command, file) = match build {
        Ok(prepared) => prepared,
        Err(error) => return (Outcome::unable(format!("{error:#}")), None),
    };
    let work = |log: &Path| match process::run(&mut command, log) {
        Ok(status) if !status.success() => Outcome::failed(log::first_error_in(log)),
        Ok(_) if !file.is_file() => Outcome::failed(format!("cargo made no {}", file.display())),
        Ok(_) => Outcome::passed(),
        Err(error) => Outcome::failed(format!("{error:#}")),
    };
    let outcome = run.once_for(&format!("object-{name}"), || run.sources(), || file.is_file(), work);
    let built = outcome.counts.failed == 0;
    (outcome, built.then_some(file))
}

/// Runs Debian's kernel, with a PCI device of ours if msrv.toml names one.
fn linux(run: &CellRun, emulator: &Emulator, object: &Path) -> Outcome {
    let config = match run.run.bench.project.config.qemu.as_ref().and_then(|qemu| qemu.pci.as_ref()) {
        Some(config) => config,
        None => {
            let kernel = Guest::fetched("linux", |setting| linux::run(setting, None));
            return guests::in_turn(run, emulator, object, &guests::with_typing(kernel));
        }
    };
    let (outcome, file) = {
        let build = example_build(run.run.bench, run.ready, &config.example, "debug");
        self::object(run, &config.example, build)
    };
    let file = match file {
        Some(file) => file,
        None => return outcome,
    };
    let pci = linux::Pci { plugin: Plugin::replacing(&file), device: &config.device, lspci: &config.lspci };
    let identity = fs::read(&file).map(|bytes| format!("{config:?} {}", digest([&bytes[..]]))).map_err(Into::into);
    let kernel = Guest::fetched("linux", |setting| linux::run(setting, Some(&pci))).reading(identity);
    let all = guests::with_typing(kernel);
    guests::in_turn(run, emulator, object, &all)
}

/// Runs the tests inside QEMU, each object's on each machine that msrv.toml names for it.
fn in_qemu(run: &CellRun, emulator: &Emulator) -> Outcome {
    let bench = run.run.bench;
    let harnesses = bench.project.config.qemu.as_ref().map_or_else(Vec::new, |qemu| harnesses(run.ready, qemu));
    if harnesses.is_empty() {
        return Outcome::skipped(
            "there is no example with crate-type cdylib in tests/, nor a [[qemu.harness]] in msrv.toml",
        );
    }
    if !emulator.is_known(&bench.project.config) {
        return Outcome::skipped(format!("the ABI of QEMU {} is not known", emulator.release));
    }
    let work = |log: &Path| -> Result<Outcome> {
        let mut total = Outcome::default();
        for harness in &harnesses {
            let (mut command, object) = example_build(bench, run.ready, &harness.example, "debug")?;
            if !process::run(&mut command, log)?.success() {
                return Ok(Outcome::failed(log::first_error_in(log)));
            }
            for machine in &harness.machines {
                let plugin = Plugin { object: &object, arguments: "" };
                let mut command = emulator.command(emulator.with_boards_of(&harness.system), &[plugin])?;
                command.arg("-M").args(machine.split_whitespace()).args(["-display", "none"]);
                let from = fs::metadata(log)?.len();
                let status = process::run(&mut command, log)?;
                let said = fs::read(log)?.split_off(from as usize);
                let (counts, notes) = harness::read(&String::from_utf8_lossy(&said), status.success());
                total.counts.add(counts);
                let notes = notes.iter().map(|note| format!("{} on -M {machine}: {note}", harness.example));
                total.notes.extend(notes);
            }
        }
        Ok(total)
    };
    let depends = || Ok(format!("{} {}", run.sources()?, emulator.identity()?));
    run.once("in-qemu", depends, |log| work(log).unwrap_or_else(|error| Outcome::failed(format!("{error:#}"))))
}

/// Runs the test programs that find the cell's QEMU on PATH.
fn tests(run: &CellRun) -> Outcome {
    let (bench, ready) = (run.run.bench, run.ready);
    let root = &bench.project.root;
    let command = || {
        let package = ready.packages.iter().find(|package| package.folder() == root);
        let features = package.map_or(Ok(Vec::new()), |package| bench.first_features(ready, package))?;
        let mut arguments = vec!["test"];
        arguments.extend(features.iter().map(String::as_str));
        arguments.extend(ready.cell.qemu_tests.iter().flat_map(|test| ["--test", test]));
        bench.cargo(ready, root, &arguments)
    };
    let work = |log: &Path| match command() {
        Ok(mut command) => test(&mut command, log),
        Err(error) => Outcome::failed(format!("{error:#}")),
    };
    run.once("qemu-tests", || run.sources(), work)
}

/// Returns whether some cell of this architecture expects a newer QEMU than the cell's own. rustup's cells have none of
/// their own, and the host's objects need the host's C library.
fn newer_exist(run: &CellRun, own: &Emulator) -> bool {
    let cell = &run.ready.cell;
    let newer = |other: &Cell| {
        other.arch() == cell.arch() && other.qemu.as_ref().map_or(false, |expected| *expected > own.release)
    };
    cell.qemu.is_some() && run.run.bench.project.config.cells.iter().any(newer)
}

/// Tries the object in every newer QEMU: its symbols exist, and both guests run.
fn newer(run: &CellRun, own: &Emulator, emulators: &Emulators, object: &Path) -> Outcome {
    let mut total = Outcome::default();
    let mut releases: Vec<String> = Vec::new();
    for other in emulators.newer(own) {
        let mut outcome = match needs_nothing_else(object, other) {
            Ok(()) => {
                let [boot, _] = guests::uboots();
                guests::in_turn(run, other, object, &[guests::bare(), boot])
            }
            Err(error) => Outcome::failed(format!("{error:#}")),
        };
        if outcome.counts.failed == 0 && outcome.counts.passed > 0 {
            releases.push(other.release.to_string());
        }
        outcome.notes.dedup();
        total.add(outcome, &format!("QEMU {} of {}", other.release, other.cell));
    }
    if total.is_empty() {
        return Outcome::skipped("no cell with a newer QEMU takes part in this run");
    }
    total.detail = Some(releases.join(" "));
    total
}

fn needs_nothing_else(object: &Path, emulator: &Emulator) -> Result<()> {
    let lacking = symbols::lacking(object, emulator, emulator.with_boards_of("aarch64"))?;
    ensure!(lacking.is_empty(), "the object needs {}, which it lacks", lacking.join(", "));
    Ok(())
}
