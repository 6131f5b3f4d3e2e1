// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! All steps in all cells, with cells in parallel.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::cell::compiler::Missing;
use crate::cell::workbench::{Ready, Workbench};
use crate::host::process::{self, side_by_side};
use crate::host::{cache, progress};
use crate::matrix::choice::{Choice, Run};
use crate::matrix::fingerprint::Digests;
use crate::matrix::host;
use crate::matrix::results::Results;
use crate::matrix::steps::CellRun;
use crate::project::config::Cell;
use crate::project::{lockfile, vendor};
use crate::report::about::About;
use crate::report::model::{Outcome, Report, Row, Step};

/// Further steps of some cells, after those of any crate.
pub type Further<'a> = dyn Fn(&CellRun, &mut Row) + Sync + 'a;

/// A unit of work that runs in parallel with others.
enum Work<'a> {
    Cell(&'a Cell, &'a Result<Ready>),
    Host(&'a Path),
}

/// Its result.
enum Done<'a> {
    Cell(Row),
    Host(&'a Path, Outcome),
}

/// Runs the steps of the cells, which [`prepare`] has prepared in the same order, and tests the host's workspaces.
pub fn run(bench: &Workbench, choice: &Choice, prepared: &[Result<Ready>], further: &Further) -> Result<Report> {
    let run = Run {
        bench,
        choice,
        digests: Digests::default(),
        results: Results::open(&bench.project.target().join("results"), choice.reuse)?,
        tool: cache::this_program()?,
    };
    // The cells come first: each takes longer than a workspace.
    let cells = choice.cells.iter().zip(prepared).map(|(cell, ready)| Work::Cell(cell, ready));
    let work: Vec<Work> = cells.chain(choice.host.iter().map(|workspace| Work::Host(workspace))).collect();
    let done = side_by_side(&work, choice.jobs, |work| match work {
        Work::Cell(cell, ready) => Done::Cell(row(&run, cell, ready, further)),
        Work::Host(workspace) => Done::Host(workspace, host::test(bench, workspace, choice.verbose)),
    });
    let (mut rows, mut tested) = (Vec::new(), Vec::new());
    for done in done {
        match done {
            Done::Cell(row) => rows.push(row),
            Done::Host(workspace, outcome) => tested.push((workspace, outcome)),
        }
    }
    if !tested.is_empty() {
        rows.insert(0, host::row(tested));
    }
    Ok(Report { about: About::of(&bench.project.root), rows })
}

/// Runs the steps of a cell.
fn row(run: &Run, cell: &Cell, ready: &Result<Ready>, further: &Further) -> Row {
    let mut row = match ready {
        Ok(ready) => {
            let _claim = run.bench.claim_cell(&ready.cell);
            process::with_timeout(cell.timeout, || {
                let cell = CellRun { run, ready };
                let mut row = cell.row();
                further(&cell, &mut row);
                row
            })
        }
        Err(error) => unprepared(cell, error, run.choice),
    };
    // The steps that need a lock file report if it is missing or damaged.
    let lock = fs::read_to_string(run.bench.lockfile(cell)).unwrap_or_default();
    row.dependencies = vendor::locked(&lock).unwrap_or_default();
    row.held_back = lockfile::reasons(&lock);
    row
}

/// Prepares the cells, at most `jobs` at once.
pub fn prepare(bench: &Workbench, cells: &[&Cell], jobs: usize) -> Vec<Result<Ready>> {
    side_by_side(cells, jobs, |cell| bench.make_ready_and_write_lock(cell))
}

/// Returns the row of a cell that could not be prepared: nothing has run in it.
fn unprepared(cell: &Cell, error: &anyhow::Error, choice: &Choice) -> Row {
    let outcome = match error.downcast_ref::<Missing>() {
        Some(missing) => Outcome::skipped(missing.to_string()),
        None => Outcome::unable(format!("{error:#}")),
    };
    progress::note(&format!("{}: {}", cell.name, outcome.notes[0]));
    let others = [Step::Build, Step::Test, Step::Doc].into_iter().filter(|step| choice.wants(*step));
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
