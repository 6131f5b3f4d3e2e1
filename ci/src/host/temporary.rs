// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Temporary folders, which this program removes even if a signal ends it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::id;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::fs::{flock, FlockOperation};
use tempfile::{Builder, TempDir};

use crate::host::cache::remove_tree;
use crate::host::progress;

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

/// A folder that is removed when this is dropped.
pub struct Elsewhere {
    folder: TempDir,
    /// Locked while its process lives.
    _owner: File,
}

impl Elsewhere {
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A folder below another one, which is removed when it is dropped. Those of killed processes are removed first.
pub fn folder_in(parent: &Path, prefix: &str) -> Result<Elsewhere> {
    let cannot = || format!("cannot write {}", parent.display());
    let mut elsewhere = ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner);
    // Nobody else looks between the making of a folder and its lock.
    let beside = File::open(parent).with_context(cannot)?;
    if flock(&beside, FlockOperation::LockExclusive).is_ok() {
        remove_ownerless(parent, prefix);
    }
    let folder = Builder::new().prefix(prefix).tempdir_in(parent).with_context(cannot)?;
    let owner = File::open(folder.path()).with_context(cannot)?;
    // On a file system without locks each folder seems to have an owner.
    let _ = flock(&owner, FlockOperation::NonBlockingLockExclusive);
    elsewhere.push(folder.path().to_path_buf());
    Ok(Elsewhere { folder, _owner: owner })
}

/// Removes the folders that nobody has locked: their processes were killed.
fn remove_ownerless(parent: &Path, prefix: &str) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(prefix);
        if !ours || !entry.file_type().map_or(false, |kind| kind.is_dir()) {
            continue;
        }
        let owner = File::open(entry.path()).ok();
        if owner.map_or(false, |owner| flock(&owner, FlockOperation::NonBlockingLockExclusive).is_ok()) {
            if let Err(error) = remove_tree(&entry.path()) {
                progress::note(&format!("a killed run left a folder: {error:#}"));
            }
        }
    }
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

    #[test]
    fn what_a_killed_process_left_is_removed_and_not_what_another_uses() {
        let parent = tempfile::tempdir().unwrap();
        let path = |name: &str| parent.path().join(name);
        for name in [".x-left", "y"] {
            fs::create_dir(path(name)).unwrap();
        }
        fs::write(path(".x-file"), "").unwrap();
        let first = folder_in(parent.path(), ".x-").unwrap();
        assert!(!path(".x-left").exists() && path("y").exists() && path(".x-file").exists());
        let second = folder_in(parent.path(), ".x-").unwrap();
        assert!(first.path().is_dir() && second.path().is_dir());
        let gone = first.path().to_path_buf();
        drop(first);
        assert!(!gone.exists());
    }
}
