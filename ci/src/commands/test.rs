//! `cargo oldstable test`: the host's workspaces, and the cells that msrv.toml marks.

use std::path::PathBuf;

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::commands::cli::How;
use crate::commands::matrix;

/// Runs them all; the exit status.
pub fn run(bench: &Workbench, how: &How) -> Result<i32> {
    let cells = bench.project.config.cells.iter().filter(|cell| cell.ci).collect();
    let mut choice = matrix::chosen(cells, Vec::new(), true, how);
    choice.host = bench.project.config.host.iter().map(PathBuf::as_path).collect();
    matrix::show(bench, &matrix::report(bench, &choice)?)
}
