// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable lock`: a lock file for each cell in ci/locks.

use anyhow::{bail, Result};

use crate::cell::workbench::Workbench;
use crate::host::{output, progress};
use crate::project::config::Cell;
use crate::project::lockfile;
use crate::resolve::{debian, search};

/// Writes the lock files of the cells, or compares them with the ones that would be written. A packager's lock file
/// belongs to a suite.
pub fn run(bench: &Workbench, names: &[String], packager: bool, check: bool) -> Result<i32> {
    let (mut old, mut without) = (Vec::new(), Vec::new());
    let cells = bench.project.config.select(names)?;
    let file = |cell: &Cell| {
        let name = if packager { format!("{}.packager", cell.name) } else { cell.name.clone() };
        lockfile::file(&bench.project.root, &name)
    };
    // Not every cell needs a file.
    let only_those_there = check && names.is_empty();
    if only_those_there && !cells.iter().any(|cell| file(cell).is_file()) {
        bail!("there is nothing to check in ci/locks: `cargo oldstable lock` writes it");
    }
    for cell in cells.into_iter().filter(|cell| !packager || cell.suite.is_some()) {
        let file = file(cell);
        if only_those_there && !file.is_file() {
            continue;
        }
        let resolve = if packager { debian::resolve } else { search::resolve };
        let text = match bench.make_ready_and_write_lock(cell).and_then(|ready| {
            let _claim = bench.claim_cell(cell)?;
            resolve(bench, &ready)
        }) {
            Ok(text) => text,
            Err(error) => {
                // A failure in one cell does not affect the others.
                progress::note(&format!("{}: {error:#}", cell.name));
                without.push(cell.name.as_str());
                continue;
            }
        };
        let same = std::fs::read_to_string(&file).map_or(false, |before| before == text);
        let state = if same { "is up to date" } else { "is out of date" };
        if check {
            output::line(format_args!("{}: {state}", file.display()));
        } else {
            lockfile::keep(&file, &text)?;
            output::line(file.display());
        }
        if !same {
            old.push(cell.name.as_str());
        }
    }
    if check && !old.is_empty() {
        bail!(
            "the lock files of {} are out of date: `cargo oldstable lock{}` writes them",
            old.join(", "),
            if packager { " --packager" } else { "" }
        );
    }
    Ok(i32::from(!without.is_empty()))
}
