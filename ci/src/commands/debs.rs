// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable debs`: the Debian packages alone, and their folder.

use anyhow::{bail, Context, Result};

use crate::cell::workbench::Workbench;
use crate::commands::cli::How;
use crate::commands::matrix;
use crate::debs;
use crate::host::output;
use crate::report::model::Step;

/// Builds and tests the packages in the named cells, or in all that msrv.toml names for it.
pub fn run(bench: &Workbench, names: &[String], how: &How) -> Result<i32> {
    let config = &bench.project.config;
    let debs = config.debs.as_ref().context("msrv.toml has no section [debs]: list the packages there")?;
    let names = if names.is_empty() { &debs.cells } else { names };
    if let Some(other) = names.iter().find(|name| !debs.cells.contains(name)) {
        bail!("nothing is packaged in cell {other}: add it to the cells of [debs] in msrv.toml");
    }
    let cells = config.select(names)?;
    let report = matrix::report(bench, &matrix::chosen(cells.clone(), vec![Step::Packages], false, how))?;
    let status = matrix::show(bench, &report)?;
    for cell in cells {
        let packages = debs::built(&debs::folder(bench, cell)).unwrap_or_default();
        packages.iter().for_each(|file| output::line(file.display()));
    }
    Ok(status)
}
