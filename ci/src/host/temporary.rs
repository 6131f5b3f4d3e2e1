// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Temporary folders, which this program removes even if a signal ends it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::id;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

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

/// The folders that are elsewhere, so that what is made in them can be moved to its place.
static ELSEWHERE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A folder below another one, which is removed when it is dropped.
pub fn folder_in(parent: &Path, prefix: &str) -> Result<TempDir> {
    let mut elsewhere = ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Builder::new().prefix(prefix).tempdir_in(parent);
    let folder = folder.with_context(|| format!("cannot write {}", parent.display()))?;
    elsewhere.push(folder.path().to_path_buf());
    Ok(folder)
}

/// Removes all folders of this process.
pub fn remove_all() {
    let elsewhere = ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner);
    for folder in all().iter().chain(&*elsewhere) {
        // Another thread may still write into it. An error cannot be reported any more.
        for _ in 0..10 {
            if remove_tree(folder).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
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
