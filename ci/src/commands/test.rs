//! `cargo oldstable test`: the host's workspaces, and the cells that msrv.toml marks.

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::commands::cli::How;
use crate::commands::matrix;
use crate::matrix::host;

/// Runs them all; the exit status.
pub fn run(bench: &Workbench, how: &How) -> Result<i32> {
    let cells = bench.project.config.cells.iter().filter(|cell| cell.ci).collect();
    let host = host::row(bench, how.verbose);
    let mut report = matrix::report(bench, &matrix::chosen(cells, Vec::new(), true, how))?;
    report.rows.insert(0, host);
    matrix::show(bench, &report)
}
