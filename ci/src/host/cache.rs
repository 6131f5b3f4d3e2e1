// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The user's cache folder, shared by all projects: root file systems, vendored sets, tools.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use rustix::fs::{flock, statvfs, FlockOperation};
use sha2::{Digest, Sha256};

use crate::host::progress;

/// The folder that holds everything fetched.
#[derive(Debug, Clone)]
pub struct Cache(PathBuf);

/// The exclusive right to make something in the cache, released on drop or when the process dies.
pub struct Claim {
    _file: File,
}

impl Cache {
    /// Returns `$XDG_CACHE_HOME/oldstable` or `~/.cache/oldstable`, which is created if necessary.
    pub fn open() -> Result<Cache> {
        let base = env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
            .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
            .context("neither XDG_CACHE_HOME nor HOME is set: set one to a folder for the cache")?;
        Cache::below(&base)
    }

    /// Returns the folder `oldstable` in another one.
    pub fn below(base: &Path) -> Result<Cache> {
        let folder = base.join("oldstable");
        fs::create_dir_all(folder.join("locks")).with_context(|| {
            format!("cannot write the cache folder {}: set XDG_CACHE_HOME to a writable folder", folder.display())
        })?;
        Ok(Cache(folder))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Waits until no other process holds the claim of that name.
    pub fn claim(&self, name: &str, what: &str) -> Result<Claim> {
        let path = self.0.join("locks").join(name);
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            progress::note(&format!("waiting for another process that {what}"));
            flock(&file, FlockOperation::LockExclusive).with_context(|| format!("cannot lock {}", path.display()))?;
        }
        Ok(Claim { _file: file })
    }

    /// Fails if the disk has less free space than `bytes`, and tells how much is missing.
    pub fn need_room(&self, bytes: u64, what: &str) -> Result<()> {
        let stat =
            statvfs(&self.0).with_context(|| format!("cannot find out the free space of {}", self.0.display()))?;
        let free = stat.f_bavail * stat.f_frsize;
        ensure!(
            free >= bytes,
            "{what} needs {} MB of disk in {}, where {} MB are free: make room, or set XDG_CACHE_HOME to a larger disk",
            bytes / 1_000_000,
            self.0.display(),
            free / 1_000_000
        );
        Ok(())
    }

    /// Makes the folder `name` by `fill` unless it exists. It appears complete or not at all: `fill` gets another
    /// folder, which is renamed on success; a leftover one is removed first.
    pub fn folder(&self, name: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let done = self.0.join(name);
        if done.is_dir() {
            return Ok(done);
        }
        let _claim = self.claim(&name.replace('/', "-"), &format!("makes {name}"))?;
        if done.is_dir() {
            return Ok(done);
        }
        let partial = self.0.join(format!("{name}.partial"));
        remove_tree(&partial)?;
        fs::create_dir_all(&partial).with_context(|| format!("cannot make {}", partial.display()))?;
        if let Err(error) = fill(&partial) {
            remove_tree(&partial)?;
            return Err(error);
        }
        fs::rename(&partial, &done).with_context(|| format!("cannot rename {}", partial.display()))?;
        Ok(done)
    }

    /// Removes a folder of the cache. It disappears at once; leftovers of a killed process are removed the next time.
    pub fn discard(&self, folder: &Path) -> Result<()> {
        let mut aside = folder.as_os_str().to_owned();
        aside.push(".partial");
        remove_tree(Path::new(&aside))?;
        fs::rename(folder, &aside).with_context(|| format!("cannot remove {}", folder.display()))?;
        remove_tree(Path::new(&aside))
    }
}

/// Removes a folder and its contents, if it exists.
pub fn remove_tree(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => bail!("cannot remove {}: {e}", path.display()),
    }
}

/// Returns a short name that depends on the contents.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Returns a short name for this build of this program.
pub fn this_program() -> Result<String> {
    let program = fs::read("/proc/self/exe").context("this program cannot read itself: mount /proc")?;
    Ok(digest([&program[..]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(folder: &Path) -> Cache {
        fs::create_dir(folder.join("locks")).unwrap();
        Cache(folder.to_path_buf())
    }

    #[test]
    fn a_folder_is_made_once() {
        let temp = tempfile::tempdir().unwrap();
        let cache = cache(temp.path());
        let made = cache.folder("a", |p| Ok(fs::write(p.join("x"), "1")?)).unwrap();
        assert_eq!(fs::read_to_string(made.join("x")).unwrap(), "1");
        cache.folder("a", |_| panic!("made twice")).unwrap();
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let temp = tempfile::tempdir().unwrap();
        let cache = cache(temp.path());
        cache
            .folder("a", |p| {
                fs::write(p.join("x"), "1")?;
                bail!("no")
            })
            .unwrap_err();
        assert!(!cache.path("a").exists() && !cache.path("a.partial").exists());
    }

    #[test]
    fn what_a_killed_process_left_is_thrown_away() {
        let temp = tempfile::tempdir().unwrap();
        let cache = cache(temp.path());
        fs::create_dir(cache.path("a.partial")).unwrap();
        fs::write(cache.path("a.partial").join("half"), "").unwrap();
        let made = cache.folder("a", |_| Ok(())).unwrap();
        assert!(!made.join("half").exists());
    }

    #[test]
    fn too_little_room_is_said_with_the_way_out() {
        let temp = tempfile::tempdir().unwrap();
        let message = cache(temp.path()).need_room(u64::MAX, "a cell").unwrap_err().to_string();
        assert!(message.contains("XDG_CACHE_HOME"), "{message}");
    }

    #[test]
    fn a_digest_keeps_the_parts_apart() {
        assert_ne!(digest([&b"ab"[..], b"c"]), digest([&b"a"[..], b"bc"]));
    }
}
