// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The space on a disk: what is free, and what a folder takes.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{ensure, Context, Result};
use rustix::fs::statvfs;

/// Fails if the disk of a folder has less free space than `bytes`, and tells how much is missing. `variable` is the
/// environment variable that moves the folder to another disk.
pub fn need_room(folder: &Path, bytes: u64, what: &str, variable: &str) -> Result<()> {
    let stat = statvfs(folder).with_context(|| format!("cannot find out the free space of {}", folder.display()))?;
    let free = stat.f_bavail * stat.f_frsize;
    ensure!(
        free >= bytes,
        "{what} needs {} MB of disk in {}, where {} MB are free: make room, or set {variable} to a larger disk",
        bytes / 1_000_000,
        folder.display(),
        free / 1_000_000
    );
    Ok(())
}

/// Returns whether the disk of a file has no room for another.
pub fn is_full(file: &Path) -> bool {
    statvfs(file).map_or(false, |stat| stat.f_bavail * stat.f_frsize < 500_000)
}

/// Returns the bytes of disk that a folder takes. A file with two names counts once.
pub fn taken_by(folder: &Path) -> Result<u64> {
    let (mut bytes, mut seen, mut pending) = (0, BTreeSet::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = pending.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            let file = entry.metadata().with_context(|| format!("cannot read {}", entry.path().display()))?;
            if file.is_dir() {
                pending.push(entry.path());
            } else if file.nlink() > 1 && !seen.insert((file.dev(), file.ino())) {
                continue;
            }
            bytes += file.blocks() * 512;
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_room_is_said_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let message = need_room(folder.path(), u64::MAX, "a cell", "XDG_CACHE_HOME").unwrap_err().to_string();
        assert!(message.starts_with("a cell needs ") && message.ends_with("set XDG_CACHE_HOME to a larger disk"));
        assert!(message.contains(folder.path().to_str().unwrap()), "{message}");
        need_room(folder.path(), 1, "a cell", "XDG_CACHE_HOME").unwrap();
    }

    #[test]
    fn a_folder_takes_what_its_files_do_and_links_take_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("below");
        fs::create_dir(&below).unwrap();
        let empty = taken_by(folder.path()).unwrap();
        fs::write(below.join("file"), vec![1; 1_000_000]).unwrap();
        let taken = taken_by(folder.path()).unwrap() - empty;
        assert!((1_000_000..1_100_000).contains(&taken), "{taken}");
        fs::hard_link(below.join("file"), folder.path().join("name")).unwrap();
        std::os::unix::fs::symlink("/", folder.path().join("link")).unwrap();
        assert!(taken_by(folder.path()).unwrap() - empty < taken + 10_000);
        assert!(taken_by(&below.join("none")).is_err());
    }
}
