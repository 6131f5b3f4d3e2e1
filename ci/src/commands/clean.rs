// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable clean`: removes the build results and the cache.

use anyhow::Result;

use crate::cell::workbench::Workbench;
use crate::host::cache::remove_tree;

/// Removes the files of the named cells, or of all.
pub fn run(bench: &Workbench, names: &[String], roots: bool, all: bool) -> Result<i32> {
    for cell in bench.project.config.select(names)? {
        if roots {
            bench.roots().remove(cell)?;
        }
        remove_tree(&bench.target(cell))?;
    }
    if names.is_empty() {
        if let (true, Some(guests)) = (roots, bench.project.config.guests()) {
            bench.roots().remove(&guests)?;
        }
        remove_tree(&bench.project.target())?;
    }
    if all {
        for folder in ["roots", "vendor", "tools"] {
            remove_tree(&bench.cache.path(folder))?;
        }
    }
    Ok(0)
}
