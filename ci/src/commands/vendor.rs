// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable vendor`: the sources of all locked dependencies, as the cells use them.

use std::path::PathBuf;

use anyhow::Result;

use crate::cell::compiler;
use crate::cell::workbench::Workbench;
use crate::host::{output, progress};
use crate::resolve::diagnosis::{unreadable, Known};

/// Fetches the sources for each cell, and has its cargo read their manifests.
pub fn run(bench: &Workbench, names: &[String]) -> Result<i32> {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut status = 0;
    for cell in bench.project.config.select(names)? {
        let ready = match bench.make_ready_and_write_lock(cell) {
            Err(error) if error.is::<compiler::Missing>() => {
                progress::note(&format!("{}: not checked: {error}", cell.name));
                continue;
            }
            ready => ready?,
        };
        let vendor = bench.vendor(cell)?;
        for found in unreadable(&vendor, &ready.compiler, &mut Known::new())? {
            let (name, version, why) = (&found.name, &found.version, &found.reason);
            progress::note(&format!(
                "{}: {name} {version}: {why}: `cargo oldstable lock --cell {}` looks for versions that build there",
                cell.name, cell.name
            ));
            status = 1;
        }
        folders.push(vendor.folder().to_path_buf());
    }
    folders.sort();
    folders.dedup();
    folders.iter().for_each(|folder| output::line(folder.display()));
    Ok(status)
}
