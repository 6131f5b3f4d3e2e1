//! `cargo oldstable test`: the host's workspaces, and the cells that msrv.toml marks.

use std::path::PathBuf;

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
    choice.host = bench.project.config.host.iter().map(PathBuf::as_path).collect();
    matrix::show(bench, &matrix::report(bench, &choice)?)
}
