// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable matrix`, and the code that `test` and `debs` share with it.

use std::path::PathBuf;

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::commands::cli::How;
use crate::debs;
use crate::host::{log, output, progress};
use crate::matrix::choice::Choice;
use crate::matrix::run;
use crate::project::config::Cell;
use crate::qemu::emulator::Emulators;
use crate::qemu::steps as qemu_steps;
use crate::report::model::{Report, Step};
use crate::report::{files, github, table};

/// Runs some steps in some cells and returns the exit status.
pub fn run(bench: &Workbench, names: &[String], steps: Vec<Step>, keep_going: bool, how: &How) -> Result<i32> {
    let cells = bench.project.config.select(names)?;
    show(bench, &report(bench, &chosen(cells, steps, keep_going, how))?)
}

/// The choices made by options.
pub fn chosen<'a>(cells: Vec<&'a Cell>, steps: Vec<Step>, keep_going: bool, how: &How) -> Choice<'a> {
    Choice {
        cells,
        host: Vec::new(),
        steps,
        jobs: how.jobs.count(),
        reuse: !how.again,
        keep_going,
        verbose: how.verbose,
        ignore_rust_version: false,
    }
}

/// Returns the steps of any crate, and those of QEMU and of Debian packages if cells have them.
pub fn report(bench: &Workbench, choice: &Choice) -> Result<Report> {
    choice.check()?;
    let prepared = run::prepare(bench, &choice.cells, choice.jobs);
    let with_qemu = prepared.iter().flatten().map(|ready| &ready.cell).filter(|_| qemu_steps::are_wanted(choice));
    let emulators = Emulators::of(bench, with_qemu);
    run::run(bench, choice, &prepared, &|cell, row| {
        qemu_steps::all(cell, &emulators, row);
        debs::all(cell, row);
    })
}

/// Prints the table, writes the report, prints the line of counts last, and returns the exit status.
pub fn show(bench: &Workbench, report: &Report) -> Result<i32> {
    output::all(table::text(report));
    let page = files::write(report, &bench.project.target().join("report"))?;
    if std::env::var_os("GITHUB_ACTIONS").is_some() {
        output::all(github::groups(report));
    }
    if let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").map(PathBuf::from) {
        log::append(&file, &github::summary(report))?;
    }
    output::line(format_args!("the report: {}", page.display()));
    output::line(report.count_line());
    let status = report.status();
    if status == 2 {
        progress::note(
            "error: something could not be run, as the lines above say: this says nothing about the project",
        );
    }
    Ok(status)
}
