// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The workspaces that are tested on this machine, with the Rust that started this program.

use std::path::Path;

use crate::cell::workbench::Workbench;
use crate::matrix::steps;
use crate::project::workspace::cargo;
use crate::report::model::{Outcome, Row, Step, HOST};

/// Runs the tests of a workspace with the cargo that started this program.
pub fn test(bench: &Workbench, workspace: &Path, verbose: bool) -> Outcome {
    let name = workspace.display().to_string();
    let log = bench.project.target().join("logs/host").join(format!("{}.log", name.replace(['/', '.'], "_")));
    steps::timed("host", &format!("tests of {name}"), &log, verbose, || {
        let mut command = cargo();
        command.args(["test", "--locked", "--no-fail-fast"]).args(bench.selection.options());
        command.current_dir(bench.project.root.join(workspace));
        steps::test(&mut command, &log)
    })
}

/// The outcomes of the workspaces.
pub fn row(tested: Vec<(&Path, Outcome)>) -> Row {
    let mut total = Outcome::default();
    for (workspace, outcome) in tested {
        total.add(outcome, &workspace.display().to_string());
    }
    Row { name: HOST.to_string(), steps: [(Step::Test, total)].into(), ..Row::default() }
}
