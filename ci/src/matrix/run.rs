//! All steps in all cells, cells side by side.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::cell::compiler::Missing;
use crate::cell::workbench::{Ready, Workbench};
use crate::host::process::side_by_side;
use crate::host::{cache, progress};
use crate::matrix::choice::{Choice, Run};
use crate::matrix::fingerprint::Digests;
use crate::matrix::results::Results;
use crate::matrix::steps::CellRun;
use crate::project::config::Cell;
use crate::project::{lockfile, vendor};
use crate::report::model::{Outcome, Report, Row, Step};

/// What some cells do behind the steps that any crate has.
pub type Further<'a> = dyn Fn(&CellRun, &mut Row) + Sync + 'a;

/// Runs the steps of the cells, which [`prepare`] has made ready in the same order.
pub fn run(bench: &Workbench, choice: &Choice, prepared: &[Result<Ready>], further: &Further) -> Result<Report> {
    let run = Run {
        bench,
        choice,
        digests: Digests::default(),
        results: Results::open(&bench.project.target().join("results"), choice.reuse)?,
        tool: cache::digest([&fs::read("/proc/self/exe").context("this program cannot read itself: mount /proc")?[..]]),
    };
    let work: Vec<(&&Cell, &Result<Ready>)> = choice.cells.iter().zip(prepared).collect();
    let rows = side_by_side(&work, choice.jobs, |(cell, ready)| {
        let mut row = match ready {
            Ok(ready) => {
                let _claim = bench.claim_cell(&ready.cell);
                let cell = CellRun { run: &run, ready };
                let mut row = cell.row();
                further(&cell, &mut row);
                row
            }
            Err(error) => unprepared(cell, error, choice),
        };
        // A lock file that is missing or damaged is said by the steps that need it.
        let lock = fs::read_to_string(bench.lockfile(cell)).unwrap_or_default();
        row.dependencies = vendor::locked(&lock).unwrap_or_default();
        row.held_back = lockfile::reasons(&lock);
        row
    });
    Ok(Report { rows })
}

/// Makes the cells ready, at most `jobs` at once.
pub fn prepare(bench: &Workbench, cells: &[&Cell], jobs: usize) -> Vec<Result<Ready>> {
    side_by_side(cells, jobs, |cell| bench.make_ready_and_write_lock(cell))
}

/// The row of a cell that could not be made ready: nothing has run in it.
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
