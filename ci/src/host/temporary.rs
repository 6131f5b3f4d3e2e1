// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Temporary folders, which this program removes even if a signal ends it.

use std::fs;
use std::path::PathBuf;
use std::process::id;

use anyhow::{Context, Result};
use tempfile::{Builder, TempDir};

use crate::host::cache::remove_tree;

/// Returns the prefix of the names of this process's folders.
fn prefix() -> String {
    format!("oldstable-{}-", id())
}

/// A folder that is removed when it is dropped.
pub fn folder() -> Result<TempDir> {
    let folder = Builder::new().prefix(&prefix()).tempdir();
    folder.context("cannot make a temporary folder: set TMPDIR to a writable folder")
}

/// Removes all folders of this process.
pub fn remove_all() {
    for folder in all() {
        // An error cannot be reported any more.
        let _ = remove_tree(&folder);
    }
}

fn all() -> Vec<PathBuf> {
    let entries = fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix()));
    ours.map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_known_by_its_name() {
        let kept = folder().unwrap();
        assert!(all().contains(&kept.path().to_path_buf()));
    }
}
