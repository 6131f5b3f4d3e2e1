//! `cargo oldstable test`: the host's workspaces, and the cells that msrv.toml marks.

use std::path::PathBuf;

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::commands::cli::How;
use crate::commands::matrix;
use crate::host::progress;
use crate::project::config::Cell;

/// Runs them all; the exit status.
pub fn run(bench: &Workbench, how: &How) -> Result<i32> {
    let (cells, others): (Vec<&Cell>, Vec<&Cell>) = bench.project.config.cells.iter().partition(|cell| cell.ci);
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|cell| &*cell.name).collect();
        progress::note(&format!("cells without `ci = true` are left out: {}", names.join(", ")));
    }
    let mut choice = matrix::chosen(cells, Vec::new(), true, how);
    choice.host = bench.project.config.host.iter().map(PathBuf::as_path).collect();
    matrix::show(bench, &matrix::report(bench, &choice)?)
}
