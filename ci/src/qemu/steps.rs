//! The steps of a cell with a QEMU.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Result};

use super::emulator::{Emulator, Plugin};
use super::guest::{NotRun, Setting};
use super::images::Images;
use super::{bare_metal, boards, edk2, harness, linux, migration, slow_reader, symbols, uboot};
use crate::cache::digest;
use crate::config::Cell;
use crate::fingerprint;
use crate::logged;
use crate::report::{Outcome, Row, Step};
use crate::steps::{append, last_error, test, CellRun};

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

/// Builds the object, and runs the guests and the tests inside QEMU.
pub fn all(run: &CellRun, own: &Emulator, row: &mut Row) {
    let wanted: Vec<Step> = GUESTS
        .into_iter()
        .filter(|step| run.wants(*step))
        .filter(|step| *step != Step::NewerQemus || newer_exist(run, own))
        .collect();
    if !wanted.is_empty() {
        let mut built = None;
        run.step(row, Step::Object, || {
            let (outcome, object) = object(run, &example(run));
            built = object;
            outcome
        });
        for step in wanted.into_iter().filter(|step| *step != Step::Object) {
            run.step(row, step, || match &built {
                None => Outcome::skipped("nothing was built"),
                Some(object) => with_object(run, own, object, step),
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

/// One of the steps that need the object.
fn with_object(run: &CellRun, own: &Emulator, object: &Path, step: Step) -> Outcome {
    match step {
        Step::BareMetal => guest(run, own, object, &bare()),
        Step::UBoot => guests_in_turn(run, own, object, &uboots()),
        Step::Edk2 => guest(run, own, object, &Guest::fetched("edk2", edk2::run)),
        Step::Linux => linux(run, own, object),
        Step::Boards => guests_in_turn(run, own, object, &boards()),
        Step::Migration => guests_in_turn(run, own, object, &migrations(run, own)),
        Step::SlowReader => guests_in_turn(run, own, object, &slow_readers()),
        _ => newer(run, own, object),
    }
}

/// All sources: the object and the tests inside QEMU are made of several packages.
fn sources(run: &CellRun) -> Result<String> {
    fingerprint::of_packages(&run.workspace_files(), &run.ready.packages)
}

/// The example that is plugged in.
fn example(run: &CellRun) -> String {
    run.run.bench.project.config.qemu.as_ref().map_or_else(String::new, |qemu| qemu.example.clone())
}

/// Builds an object that is plugged in, unless the one that is there was built from the same sources.
fn object(run: &CellRun, example: &str) -> (Outcome, Option<PathBuf>) {
    let (mut command, file) = match run.run.bench.example_build(run.ready, example, "release") {
        Ok(prepared) => prepared,
        Err(error) => return (Outcome::failed(format!("{error:#}")), None),
    };
    let depends = || Ok(format!("{} {}", sources(run)?, file.is_file()));
    let outcome = run.once(&format!("object-{example}"), depends, |log| match logged::run(&mut command, log) {
        Ok(status) if !status.success() => Outcome::failed(last_error(log)),
        Ok(_) if !file.is_file() => Outcome::failed(format!("cargo made no {}", file.display())),
        Ok(_) => Outcome::passed(),
        Err(error) => Outcome::failed(format!("{error:#}")),
    });
    let built = outcome.counts.failed == 0;
    (outcome, built.then(|| file))
}

/// A guest: its name, and how it is run.
struct Guest<'a> {
    name: String,
    /// Whether it is among what msrv.toml names as guests.
    is_fetched: bool,
    run: Box<dyn Fn(&Setting) -> Result<()> + 'a>,
}

impl<'a> Guest<'a> {
    fn new(name: &str, run: impl Fn(&Setting) -> Result<()> + 'a) -> Guest<'a> {
        Guest { name: name.to_string(), is_fetched: false, run: Box::new(run) }
    }

    fn fetched(name: &str, run: impl Fn(&Setting) -> Result<()> + 'a) -> Guest<'a> {
        Guest { is_fetched: true, ..Guest::new(name, run) }
    }
}

fn bare() -> Guest<'static> {
    Guest::new("bare-metal", bare_metal::run)
}

fn uboots() -> [Guest<'static>; 2] {
    let boot = |name, system| Guest::new(name, move |setting| uboot::run(setting, system));
    [boot("u-boot", "aarch64"), boot("u-boot-arm", "arm")]
}

fn boards() -> Vec<Guest<'static>> {
    boards::ALL.iter().map(|board| Guest::fetched(&format!("board-{}", board.name()), move |setting| board.run(setting))).collect()
}

/// Between QEMU's own device and ours within the release, and from ours to ours in every later one.
fn migrations<'a>(run: &CellRun<'a>, own: &Emulator) -> Vec<Guest<'a>> {
    let mut guests = vec![
        Guest::new("migration-c-to-ours", |ours| migration::uboot(&ours.stock(), ours)),
        Guest::new("migration-ours-to-c", |ours| migration::uboot(ours, &ours.stock())),
        Guest::new("migration-ours-to-ours", |ours| migration::uboot(ours, ours)),
    ];
    for other in newer_emulators(run, own) {
        let name = format!("migration-to-{}", other.cell);
        guests.push(Guest::new(&name, move |ours| migration::bare_metal(ours, &Setting { emulator: other, ..*ours })));
    }
    guests
}

fn slow_readers() -> [Guest<'static>; 2] {
    [Guest::new("slow-pipe", slow_reader::pipe), Guest::new("slow-socket", slow_reader::socket)]
}

/// The QEMUs of the cells in this run that are newer than the cell's own.
fn newer_emulators<'a>(run: &CellRun<'a>, own: &Emulator) -> Vec<&'a Emulator> {
    run.run.emulators.iter().filter(|other| other.release > own.release && other.arch == own.arch).collect()
}

/// A guest in a QEMU, driven by the object.
fn guest(run: &CellRun, emulator: &Emulator, object: &Path, guest: &Guest) -> Outcome {
    let config = &run.run.bench.project.config;
    if !emulator.is_known(config) {
        return Outcome::skipped(format!("the ABI of QEMU {} is not known", emulator.release));
    }
    let images = match guest.is_fetched {
        true => run.run.bench.images(),
        false => Ok(Images::default()),
    };
    let images = match images {
        Ok(images) => images,
        Err(error) => return Outcome::failed(format!("{error:#}")),
    };
    let type_name = config.qemu.as_ref().map_or("", |qemu| qemu.type_name.as_str());
    let depends = || {
        let object = digest([&fs::read(object)?[..]]);
        Ok(format!("{object} {type_name} {} {}", emulator.identity()?, images.identity()?))
    };
    run.once(&format!("{}-{}", guest.name, emulator.cell), depends, |log| {
        let plugins = [Plugin::replacing(object)];
        let setting = Setting { emulator, plugins: &plugins, type_name, images: &images, log };
        tried(&setting, &*guest.run)
    })
}

/// Runs a guest; where it fails with QEMU's own devices too, it is no test of ours.
fn tried(setting: &Setting, run: &dyn Fn(&Setting) -> Result<()>) -> Outcome {
    let error = match run(setting) {
        Ok(()) => return Outcome::passed(),
        Err(error) if error.is::<NotRun>() => return Outcome::skipped(error.to_string()),
        Err(error) => error,
    };
    let said = append(setting.log, &format!("\n{error:#}\n\nWith QEMU's own devices:\n"));
    match said.and_then(|()| run(&setting.stock())) {
        Ok(()) => Outcome::failed(format!("{error:#}")),
        Err(stock) => Outcome::skipped(format!("it fails with QEMU's own devices too: {stock:#}")),
    }
}

/// Several guests that share a column.
fn guests_in_turn(run: &CellRun, emulator: &Emulator, object: &Path, guests: &[Guest]) -> Outcome {
    let mut total = Outcome::default();
    for each in guests {
        total.add(guest(run, emulator, object, each), &each.name);
    }
    total
}

/// Debian's kernel, with a PCI device of ours where msrv.toml names one.
fn linux(run: &CellRun, emulator: &Emulator, object: &Path) -> Outcome {
    let config = run.run.bench.project.config.qemu.as_ref().and_then(|qemu| qemu.pci.as_ref());
    let mut built = None;
    if let Some(config) = config {
        let (outcome, file) = self::object(run, &config.example);
        match file {
            Some(file) => built = Some((config, file)),
            None => return outcome,
        }
    }
    let pci = built.as_ref().map(|(config, file)| linux::Pci {
        plugin: Plugin::replacing(file),
        device: &config.device,
        lspci: &config.lspci,
    });
    let kernel = Guest::fetched("linux", |setting| linux::run(setting, pci.as_ref()));
    guest(run, emulator, object, &kernel)
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
            let mut command = emulator.command(&harness.system, &[plugin])?;
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
fn newer(run: &CellRun, own: &Emulator, object: &Path) -> Outcome {
    let mut total = Outcome::default();
    let mut releases: Vec<String> = Vec::new();
    for other in newer_emulators(run, own) {
        let mut outcome = match needs_nothing_else(object, other) {
            Ok(()) => {
                let [boot, _] = uboots();
                guests_in_turn(run, other, object, &[bare(), boot])
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
