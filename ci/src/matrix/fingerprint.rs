// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Digests of everything that a step may have read, to find out whether anything changed since it passed.
//! Everything in the project's repository counts except build results, since a test may read any file, and so do
//! cargo's configuration files in the folders above. Of files elsewhere, those count that cargo recorded: see
//! [`crate::matrix::read_by`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};

use crate::host::cache::digest;

/// Digests of files, cached until the file is written.
#[derive(Default)]
pub struct Digests {
    files: Mutex<BTreeMap<PathBuf, (Stamp, String)>>,
}

/// Attributes that change with every write: device, inode, length, and the times of the last change in seconds and
/// nanoseconds.
type Stamp = [i128; 5];

/// One traversal of folders.
struct Walk<'a> {
    digests: &'a Digests,
    /// Canonical paths of folders that do not count.
    skipped: &'a [PathBuf],
    /// Folders that were visited, since links may form cycles.
    seen: BTreeSet<PathBuf>,
    parts: Vec<String>,
}

impl Digests {
    /// Returns a digest of files and of folders with all their contents. Links are followed; missing files count too.
    /// Cargo's build results, git's own files and `skipped` folders do not count.
    pub fn of<'a>(&self, paths: impl IntoIterator<Item = &'a PathBuf>, skipped: &[PathBuf]) -> Result<String> {
        let skipped: Vec<PathBuf> = skipped.iter().filter_map(|path| path.canonicalize().ok()).collect();
        let mut walk = Walk { digests: self, skipped: &skipped, seen: BTreeSet::new(), parts: Vec::new() };
        for path in paths {
            walk.path(path).with_context(|| format!("cannot read {}", path.display()))?;
        }
        Ok(digest(walk.parts.iter().map(|part| part.as_bytes())))
    }

    fn of_file(&self, path: &Path, metadata: &Metadata) -> io::Result<String> {
        let stamp = stamp(metadata);
        let mut files = self.files.lock().unwrap_or_else(|e| e.into_inner());
        match files.get(path) {
            Some((before, found)) if *before == stamp => Ok(found.clone()),
            _ => {
                let found = digest([&fs::read(path)?[..]]);
                files.insert(path.to_path_buf(), (stamp, found.clone()));
                Ok(found)
            }
        }
    }
}

fn stamp(metadata: &Metadata) -> Stamp {
    let time = |seconds: i64, parts: i64| i128::from(seconds) * 1_000_000_000 + i128::from(parts);
    [
        i128::from(metadata.dev()),
        i128::from(metadata.ino()),
        i128::from(metadata.len()),
        time(metadata.mtime(), metadata.mtime_nsec()),
        time(metadata.ctime(), metadata.ctime_nsec()),
    ]
}

impl Walk<'_> {
    fn path(&mut self, path: &Path) -> io::Result<()> {
        self.parts.push(path.to_string_lossy().into_owned());
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            // A dangling link, or a file that has just been deleted, counts as missing.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.parts.push("nothing".to_string());
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if metadata.is_dir() {
            self.folder(path)
        } else if metadata.is_file() {
            // A script may have become executable.
            self.parts.push(format!("{:o} {}", metadata.mode() & 0o111, self.digests.of_file(path, &metadata)?));
            Ok(())
        } else {
            Ok(())
        }
    }

    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        let canonical = folder.canonicalize()?;
        if self.skipped.contains(&canonical) || is_built(folder) || !self.seen.insert(canonical) {
            return Ok(());
        }
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        entries.sort();
        entries.retain(|path| path.file_name().map_or(true, |name| name != ".git"));
        entries.iter().try_for_each(|path| self.path(path))
    }
}

/// Returns whether cargo builds in a folder, by the tag that it leaves there.
fn is_built(folder: &Path) -> bool {
    let mark = fs::read_to_string(folder.join("CACHEDIR.TAG")).unwrap_or_default();
    mark.contains("created by cargo")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(folder: &Path, skipped: &[PathBuf]) -> String {
        Digests::default().of([&folder.to_path_buf()], skipped).unwrap()
    }

    #[test]
    fn only_what_was_built_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["src/target", "target", "tests/fixture", "ours", ".git"] {
            fs::create_dir_all(at(name)).unwrap();
        }
        fs::write(at("target/CACHEDIR.TAG"), "# This file is a cache directory tag created by cargo.\n").unwrap();
        let mut last = of(folder.path(), &[at("ours")]);
        for (name, counts) in [
            ("src/target/mod.rs", true),
            ("tests/fixture/Cargo.toml", true),
            ("target/x", false),
            ("ours/x", false),
            (".git/x", false),
        ] {
            for text in ["1", "2"] {
                fs::write(at(name), text).unwrap();
                let now = of(folder.path(), &[at("ours")]);
                assert_eq!(now != last, counts, "{name}");
                last = now;
            }
        }
    }

    #[test]
    fn links_are_followed_and_circles_end() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(other.path(), folder.path().join("link")).unwrap();
        std::os::unix::fs::symlink(folder.path(), other.path().join("back")).unwrap();
        let before = of(folder.path(), &[]);
        fs::write(other.path().join("x"), "1").unwrap();
        assert_ne!(of(folder.path(), &[]), before);
    }

    #[test]
    fn a_file_changed_at_equal_length_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let digests = Digests::default();
        let file = folder.path().join("a");
        let mut found = BTreeSet::new();
        for text in ["1", "2", "3"] {
            fs::write(&file, text).unwrap();
            found.insert(digests.of([&file], &[]).unwrap());
        }
        assert_eq!(found.len(), 3);
    }
}
