// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable test`: the host's workspaces, and the cells that msrv.toml marks.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::commands::cli::How;
use crate::commands::matrix;
use crate::host::progress;
use crate::project::config::Cell;

/// Runs them all and returns the exit status.
pub fn run(bench: &Workbench, how: &How) -> Result<i32> {
    let (cells, others): (Vec<&Cell>, Vec<&Cell>) = bench.project.config.cells.iter().partition(|cell| cell.ci);
    let names = |cells: &[&Cell]| cells.iter().map(|cell| &*cell.name).collect::<Vec<_>>().join(", ");
    if !others.is_empty() {
        progress::note(&format!(
            "these cells are tested: {}; only `cargo oldstable matrix` tests these, which do not have ci = true in \
                msrv.toml: {}",
            names(&cells),
            names(&others)
        ));
    }
    let mut choice = matrix::chosen(cells, Vec::new(), true, how);
    choice.host = host(bench);
    matrix::show(bench, &matrix::report(bench, &choice)?)
}

/// The host's workspaces; where the user chooses among the packages of the project's own, that one alone.
fn host(bench: &Workbench) -> Vec<&Path> {
    let all = bench.project.config.host.iter().map(PathBuf::as_path);
    let (chosen, others): (Vec<&Path>, Vec<&Path>) = match bench.selection.is_all() {
        true => (all.collect(), Vec::new()),
        // Where all that are named are excluded, cargo would take its own default.
        false => all.partition(|workspace| *workspace == Path::new(".") && !bench.selection.options().is_empty()),
    };
    if !others.is_empty() {
        let names: Vec<String> = others.iter().map(|workspace| workspace.display().to_string()).collect();
        progress::note(&format!("these workspaces do not have the packages, and are not tested: {}", names.join(", ")));
    }
    chosen
}
