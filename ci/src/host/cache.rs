// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The user's cache folder, shared by all projects: root file systems, vendored sets, tools.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{bail, Context, Result};
use rustix::fs::{flock, FlockOperation};
use sha2::{Digest, Sha256};

use crate::host::progress;

/// The folder that holds everything fetched.
#[derive(Debug, Clone)]
pub struct Cache(PathBuf);

/// The exclusive right to make something in the cache, released on drop or when the process dies.
pub struct Claim {
    path: PathBuf,
    _file: File,
}

/// The files of the claims that this process holds.
static HELD: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn held() -> MutexGuard<'static, Vec<PathBuf>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Claim {
    fn new(path: PathBuf, file: File) -> Claim {
        held().push(path.clone());
        Claim { path, _file: file }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        held().retain(|path| *path != self.path);
    }
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

    /// Waits until nobody holds the claim of that name, and says so if that is another process.
    pub fn claim(&self, name: &str, what: &str) -> Result<Claim> {
        if let Some(claim) = self.claim_at_once(name)? {
            return Ok(claim);
        }
        let (path, file) = self.claim_file(name)?;
        if !held().contains(&path) {
            progress::note(&format!("waiting for another process that {what}"));
        }
        flock(&file, FlockOperation::LockExclusive).with_context(|| format!("cannot lock {}", path.display()))?;
        Ok(Claim::new(path, file))
    }

    /// Returns the claim of that name unless it is held, by this process or another.
    fn claim_at_once(&self, name: &str) -> Result<Option<Claim>> {
        let (path, file) = self.claim_file(name)?;
        let free = flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok();
        Ok(free.then(|| Claim::new(path, file)))
    }

    fn claim_file(&self, name: &str) -> Result<(PathBuf, File)> {
        let path = self.0.join("locks").join(name);
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok((path, file))
    }

    /// Makes the folder `name` by `fill` unless it exists. It appears complete or not at all: `fill` gets another
    /// folder, which is renamed on success; leftover ones beside it are removed first.
    pub fn folder(&self, name: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let done = self.0.join(name);
        self.remove_leftovers(name.rsplit_once('/').map_or("", |(beside, _)| beside));
        if done.is_dir() {
            return Ok(done);
        }
        let _claim = self.claim(&claim_of(name), &format!("makes {name}"))?;
        if done.is_dir() {
            return Ok(done);
        }
        let partial = self.0.join(format!("{name}{PARTIAL}"));
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
    pub fn discard(&self, name: &str) -> Result<()> {
        let _claim = self.claim(&claim_of(name), &format!("makes {name}"))?;
        let (folder, aside) = (self.0.join(name), self.0.join(format!("{name}{PARTIAL}")));
        remove_tree(&aside)?;
        match fs::rename(&folder, &aside) {
            // Another process was faster.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            renamed => renamed.with_context(|| format!("cannot remove {}", folder.display()))?,
        }
        remove_tree(&aside)
    }

    /// Removes the unfinished folders in a folder of the cache that nobody is making: their processes were killed.
    fn remove_leftovers(&self, beside: &str) {
        for entry in fs::read_dir(self.0.join(beside)).into_iter().flatten().flatten() {
            let file_name = entry.file_name();
            let name = match file_name.to_str().and_then(|name| name.strip_suffix(PARTIAL)) {
                Some(name) if beside.is_empty() => name.to_string(),
                Some(name) => format!("{beside}/{name}"),
                None => continue,
            };
            // Whoever makes the folder holds its claim.
            let removed = match self.claim_at_once(&claim_of(&name)) {
                Ok(Some(_claim)) => remove_tree(&entry.path()),
                Ok(None) => continue,
                Err(error) => Err(error),
            };
            if let Err(error) = removed {
                progress::note(&format!("a killed run left a folder in the cache: {error:#}"));
            }
        }
    }
}

/// The end of the names of folders that are being made or removed.
const PARTIAL: &str = ".partial";

/// Returns the name of the claim to make or remove a folder of the cache.
fn claim_of(name: &str) -> String {
    name.replace('/', "-")
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
    use std::thread;
    use std::time::Duration;

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
    fn what_killed_processes_left_is_removed_but_not_what_another_makes() {
        let temp = tempfile::tempdir().unwrap();
        let cache = cache(temp.path());
        for name in ["roots/left", "roots/made", "vendor/left"] {
            fs::create_dir_all(cache.path(&format!("{name}.partial")).join("fs")).unwrap();
        }
        fs::create_dir(cache.path("roots/done")).unwrap();
        let made = || cache.path("roots/made.partial/fs").exists();
        // Another process is one to whom the claim belongs.
        let claim = Cache(temp.path().to_path_buf()).claim("roots-made", "makes it").unwrap();
        cache.folder("roots/done", |_| panic!("made twice")).unwrap();
        assert!(!cache.path("roots/left.partial").exists() && made());
        assert!(cache.path("vendor/left.partial").exists());
        cache
            .folder("roots/new", |partial| {
                // A process that comes meanwhile leaves this one alone.
                Cache(temp.path().to_path_buf()).folder("roots/done", |_| panic!("made twice"))?;
                assert!(partial.is_dir());
                Ok(())
            })
            .unwrap();
        drop(claim);
        // A program that another test starts meanwhile has the file of the claim open until it is executed.
        for _ in 0..100 {
            cache.folder("roots/done", |_| panic!("made twice")).unwrap();
            if !made() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("what is left of a claim that is free is not removed");
    }

    #[test]
    fn a_folder_is_discarded_by_two_at_once() {
        let temp = tempfile::tempdir().unwrap();
        let cache = cache(temp.path());
        fs::create_dir_all(cache.path("roots/a/fs")).unwrap();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| cache.discard("roots/a").unwrap());
            }
        });
        assert_eq!(fs::read_dir(cache.path("roots")).unwrap().count(), 0);
    }

    #[test]
    fn a_digest_keeps_the_parts_apart() {
        assert_ne!(digest([&b"ab"[..], b"c"]), digest([&b"a"[..], b"bc"]));
    }
}
