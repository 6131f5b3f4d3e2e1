//! The steps of a cell with a QEMU.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Result};

use super::emulator::{Emulator, Plugin};
use super::{bare_metal, harness, symbols, uboot};
use crate::cache::digest;
use crate::config::Cell;
use crate::fingerprint;
use crate::logged;
use crate::report::{Outcome, Row, Step};
use crate::steps::{append, last_error, test, CellRun};

/// Builds the object, and runs the guests and the tests inside QEMU.
pub fn all(run: &CellRun, own: &Emulator, row: &mut Row) {
    let wanted: Vec<Step> = [Step::Object, Step::BareMetal, Step::UBoot, Step::NewerQemus]
        .into_iter()
        .filter(|step| run.wants(*step))
        .filter(|step| *step != Step::NewerQemus || newer_exist(run, own))
        .collect();
    if !wanted.is_empty() {
        let mut built = None;
        run.step(row, Step::Object, || {
            let (outcome, object) = object(run);
            built = object;
            outcome
        });
        let object = built.as_deref();
        for step in wanted {
            match step {
                Step::BareMetal => run.step(row, step, || guest(run, own, object, &bare())),
                Step::UBoot => run.step(row, step, || guest(run, own, object, &boot())),
                Step::NewerQemus => run.step(row, step, || newer(run, own, object)),
                _ => {}
            }
        }
    }
    if run.wants(Step::InQemu) {
        run.step(row, Step::InQemu, || in_qemu(run, own));
    }
    if run.wants(Step::QemuTests) && !run.ready.cell.qemu_tests.is_empty() {
        run.step(row, Step::QemuTests, || tests(run));
    }
}

/// All sources: the object and the tests inside QEMU are made of several packages.
fn sources(run: &CellRun) -> Result<String> {
    fingerprint::of_packages(&run.workspace_files(), &run.ready.packages)
}

/// Builds the object that is plugged in, unless the one that is there was built from the same sources.
fn object(run: &CellRun) -> (Outcome, Option<PathBuf>) {
    let bench = run.run.bench;
    let example = bench.project.config.qemu().map(|qemu| qemu.example.as_str()).unwrap_or_default();
    let prepared = bench.example_build(run.ready, example, "release");
    let (mut command, file) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return (Outcome::failed(format!("{error:#}")), None),
    };
    let depends = || Ok(format!("{} {}", sources(run)?, file.is_file()));
    let outcome = run.once("object", depends, |log| match logged::run(&mut command, log) {
        Ok(status) if !status.success() => Outcome::failed(last_error(log)),
        Ok(_) if !file.is_file() => Outcome::failed(format!("cargo made no {}", file.display())),
        Ok(_) => Outcome::passed(),
        Err(error) => Outcome::failed(format!("{error:#}")),
    });
    let built = outcome.counts.failed == 0;
    (outcome, built.then(|| file))
}

/// A guest: its name, and how it is run with an object. `type_name` must then be in the machine.
struct Guest {
    name: &'static str,
    run: fn(&Emulator, Plugin, &str) -> (Result<()>, String),
}

fn bare() -> Guest {
    Guest { name: "bare-metal", run: |emulator, plugin, name| bare_metal::run(emulator, Some(plugin), name) }
}

fn boot() -> Guest {
    Guest { name: "u-boot", run: |emulator, plugin, _| uboot::run(emulator, Some(plugin)) }
}

/// A guest in a QEMU, driven by the object.
fn guest(run: &CellRun, emulator: &Emulator, object: Option<&Path>, guest: &Guest) -> Outcome {
    let object = match object {
        Some(object) => object,
        None => return Outcome::skipped("nothing was built"),
    };
    let config = &run.run.bench.project.config;
    if !emulator.is_known(config) {
        return Outcome::skipped(format!("the ABI of QEMU {} is not known", emulator.release));
    }
    let type_name = config.qemu.as_ref().map_or("", |qemu| qemu.type_name.as_str());
    let depends = || {
        let object = digest([&fs::read(object)?[..]]);
        Ok(format!("{object} {type_name} {}", emulator.identity()?))
    };
    run.once(&format!("{}-{}", guest.name, emulator.cell), depends, |log| {
        let (result, transcript) = (guest.run)(emulator, Plugin::replacing(object), type_name);
        match result.and(append(log, &transcript)) {
            Ok(()) => Outcome::passed(),
            Err(error) => Outcome::failed(format!("{error:#}")),
        }
    })
}

/// The tests that run inside QEMU, on each machine that msrv.toml names for them.
fn in_qemu(run: &CellRun, emulator: &Emulator) -> Outcome {
    let bench = run.run.bench;
    let harness = match bench.project.config.qemu.as_ref().and_then(|qemu| qemu.harness.as_ref()) {
        Some(harness) => harness,
        None => return Outcome::skipped("msrv.toml has no [qemu.harness]"),
    };
    if !emulator.is_known(&bench.project.config) {
        return Outcome::skipped(format!("the ABI of QEMU {} is not known", emulator.release));
    }
    let work = |log: &Path| -> Result<Outcome> {
        let (mut command, object) = bench.example_build(run.ready, &harness.example, "debug")?;
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
    let depends = || Ok(format!("{} {}", sources(run)?, emulator.identity()?));
    run.once("in-qemu", depends, |log| work(log).unwrap_or_else(|error| Outcome::failed(format!("{error:#}"))))
}

/// The test programs that find the cell's QEMU on PATH.
fn tests(run: &CellRun) -> Outcome {
    let bench = run.run.bench;
    let mut arguments = vec!["test"];
    arguments.extend(run.ready.cell.qemu_tests.iter().flat_map(|test| ["--test", test]));
    let work = |log: &Path| match bench.cargo(run.ready, &bench.project.root, &arguments) {
        Ok(mut command) => test(&mut command, log),
        Err(error) => Outcome::failed(format!("{error:#}")),
    };
    run.once("qemu-tests", || sources(run), work)
}

/// Whether some cell of this architecture expects a newer QEMU than the cell's own. rustup's cells have
/// none of their own, and the host's objects need the host's C library.
fn newer_exist(run: &CellRun, own: &Emulator) -> bool {
    let cell = &run.ready.cell;
    let newer = |other: &Cell| {
        other.arch() == cell.arch() && other.qemu.as_ref().map_or(false, |expected| *expected > own.release)
    };
    cell.qemu.is_some() && run.run.bench.project.config.cells.iter().any(newer)
}

/// The object in every newer QEMU: its symbols are there, and both guests run.
fn newer(run: &CellRun, own: &Emulator, object: Option<&Path>) -> Outcome {
    let object = match object {
        Some(object) => object,
        None => return Outcome::skipped("nothing was built"),
    };
    let mut total = Outcome::default();
    let mut releases: Vec<String> = Vec::new();
    for other in run.run.emulators {
        if other.release <= own.release || other.arch != own.arch {
            continue;
        }
        let mut outcome = match needs_nothing_else(object, other) {
            Ok(()) => {
                let mut both = guest(run, other, Some(object), &bare());
                if both.counts.failed == 0 {
                    both.add(guest(run, other, Some(object), &boot()), "U-Boot");
                }
                both
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
    let lacking = symbols::lacking(object, emulator, "aarch64")?;
    ensure!(lacking.is_empty(), "the object needs {}, which it lacks", lacking.join(", "));
    Ok(())
}
