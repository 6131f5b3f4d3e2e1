//! All steps in all cells, cells side by side.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result};

use crate::cell::compiler::Missing;
use crate::cell::workbench::{Ready, Workbench};
use crate::commands::cli::How;
use crate::debs;
use crate::host::{cache, progress};
use crate::matrix::results::Results;
use crate::matrix::steps::{self, CellRun, Run};
use crate::project::config::Cell;
use crate::project::workspace::cargo;
use crate::project::{lockfile, vendor};
use crate::qemu::{self, emulator::Emulator};
use crate::report::model::{Outcome, Report, Row, Step};

/// What of the matrix is run, and how.
pub struct Choice<'a> {
    pub cells: Vec<&'a Cell>,
    /// All steps when none is named.
    pub steps: Vec<Step>,
    /// How many cells are worked on at once.
    pub jobs: usize,
    /// Whether a step that passed before, with the same sources and tools, is not run again.
    pub reuse: bool,
    /// Whether a cell's steps are run behind one that failed.
    pub keep_going: bool,
    /// Whether logs are shown while they are written.
    pub verbose: bool,
    /// Whether the rust-version that packages state does not count.
    pub ignore_rust_version: bool,
}

impl<'a> Choice<'a> {
    pub fn new(cells: Vec<&'a Cell>, steps: Vec<Step>, keep_going: bool, how: &How) -> Choice<'a> {
        Choice {
            cells,
            steps,
            jobs: how.jobs.count(),
            reuse: !how.again,
            keep_going,
            verbose: how.verbose,
            ignore_rust_version: false,
        }
    }
}

/// Runs the steps of the cells.
pub fn run(bench: &Workbench, choice: &Choice) -> Result<Report> {
    let prepared = prepare(bench, &choice.cells, choice.jobs);
    let emulators: Vec<Emulator> = prepared
        .iter()
        .flatten()
        .filter(|ready| ready.cell.qemu.is_some())
        .filter_map(|ready| ready.emulator.clone())
        .collect();
    let run = Run {
        bench,
        emulators: &emulators,
        steps: &choice.steps,
        keep_going: choice.keep_going,
        verbose: choice.verbose,
        ignore_rust_version: choice.ignore_rust_version,
        results: Results::open(&bench.project.target().join("results"), choice.reuse)?,
        tool: cache::digest([&fs::read("/proc/self/exe").context("this program cannot read itself: mount /proc")?[..]]),
    };
    let work: Vec<(&&Cell, &Result<Ready>)> = choice.cells.iter().zip(&prepared).collect();
    let rows = side_by_side(&work, choice.jobs, |(cell, ready)| {
        let mut row = match ready {
            Ok(ready) => {
                let cell = CellRun { run: &run, ready };
                let mut row = cell.row();
                if let Some(emulator) = &ready.emulator {
                    qemu::steps::all(&cell, emulator, &mut row);
                }
                debs::all(&cell, &mut row);
                row
            }
            Err(error) => unprepared(cell, error, &run),
        };
        // A lock file that is missing or damaged is said by the steps that need it.
        let lock = fs::read_to_string(bench.lock(cell)).unwrap_or_default();
        row.dependencies = vendor::locked(&lock).unwrap_or_default();
        row.held_back = lockfile::reasons(&lock);
        row
    });
    Ok(Report { rows })
}

/// Makes the cells ready, at most `jobs` at once.
pub fn prepare(bench: &Workbench, cells: &[&Cell], jobs: usize) -> Vec<Result<Ready>> {
    side_by_side(cells, jobs, |cell| bench.prepare(cell))
}

/// Runs the tests of the host's workspaces with the cargo that started this program.
pub fn host(bench: &Workbench, verbose: bool) -> Row {
    let mut row = Row { name: "host".to_string(), ..Row::default() };
    let logs = bench.project.target().join("logs/host");
    let mut total = Outcome::default();
    for workspace in &bench.project.config.host {
        let name = workspace.display().to_string();
        let log = logs.join(format!("{}.log", name.replace(['/', '.'], "_")));
        let outcome = steps::timed("host", &format!("tests of {name}"), &log, verbose, || {
            let mut command = cargo();
            command.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
            command.current_dir(bench.project.root.join(workspace));
            steps::test(&mut command, &log)
        });
        total.add(outcome, &name);
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

/// The row of a cell that could not be made ready: nothing has run in it.
fn unprepared(cell: &Cell, error: &anyhow::Error, run: &Run) -> Row {
    let outcome = match error.downcast_ref::<Missing>() {
        Some(missing) => Outcome::skipped(missing.to_string()),
        None => Outcome::failed(format!("{error:#}")),
    };
    progress::note(&format!("{}: {}", cell.name, outcome.notes[0]));
    let others = [Step::Build, Step::Test, Step::Doc].into_iter().filter(|step| run.wants(*step));
    let mut steps: BTreeMap<Step, Outcome> =
        others.map(|step| (step, Outcome::skipped("the cell was not set up"))).collect();
    steps.insert(Step::Setup, outcome);
    Row {
        name: cell.name.clone(),
        rustc: cell.rustc.as_ref().map_or_else(String::new, |v| v.to_string()),
        qemu: cell.qemu.as_ref().map_or_else(String::new, |v| v.to_string()),
        steps,
        ..Row::default()
    }
}
