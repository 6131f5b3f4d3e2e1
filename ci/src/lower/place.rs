// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Replacing a package's files with the rewritten ones: all of them or none.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use rustix::fs::{flock, FlockOperation};
use serde::{Deserialize, Serialize};
use tempfile::TempPath;

use super::copy::{self, STAGED};
use crate::host::cache::digest;

/// The journal in the package's folder; it exists from when all files are complete beside their places until all have
/// been moved.
const JOURNAL: &str = ".lowering-journal";

/// A complete file beside its place, and the current content of the place.
struct Staged {
    file: TempPath,
    to: PathBuf,
    before: Option<Vec<u8>>,
}

/// The remaining work of an interrupted run: a file below the folder, its place, and the former content.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    file: PathBuf,
    to: PathBuf,
    before: Option<String>,
}

impl Entry {
    /// Whether this is a file that waits beside its place, below the folder: a stranger may have written the journal.
    fn is_ours(&self, folder: &Path) -> bool {
        let plain = self.to.components().all(|part| matches!(part, Component::Normal(_)));
        let beside = self.file.parent() == self.to.parent() && copy::is_staged(&self.file);
        plain && beside && folder.join(&self.to).parent().map_or(false, |parent| is_inside(parent, folder))
    }
}

/// Returns whether a path's existing part is really below a folder: a link may lead elsewhere.
fn is_inside(path: &Path, folder: &Path) -> bool {
    let there = path.ancestors().find(|path| fs::symlink_metadata(path).is_ok());
    let real = there.and_then(|path| path.canonicalize().ok());
    real.map_or(false, |real| folder.canonicalize().map_or(false, |folder| real.starts_with(folder)))
}

/// Puts the rewritten files into the package, first all of them beside their places, so that a full disk changes none.
pub fn apply(copy: &Path, folder: &Path, manifest: &str) -> Result<()> {
    let _lock = lock(folder)?;
    finish_locked(folder)?;
    let mut made = Vec::new();
    let result = stage(copy, folder, manifest, &mut made).and_then(|staged| {
        let journal = journal(folder, &staged)?;
        put(staged)?;
        journal.close().context("cannot remove the journal")
    });
    if result.is_err() {
        // From the inside out; a folder with other files stays.
        made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    result
}

/// Finishes a run that was interrupted while it moved files; returns whether there was one.
pub fn finish(folder: &Path) -> Result<bool> {
    let _lock = lock(folder)?;
    finish_locked(folder)
}

/// Only one run at a time changes a package.
fn lock(folder: &Path) -> Result<File> {
    let file = File::open(folder).with_context(|| format!("cannot open {}", folder.display()))?;
    ensure!(
        flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok(),
        "another `lower --apply` is changing {}: wait for its end",
        folder.display()
    );
    Ok(file)
}

fn finish_locked(folder: &Path) -> Result<bool> {
    let path = folder.join(JOURNAL);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return sweep(folder).map(|()| false),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let entries: Vec<Entry> =
        serde_json::from_str(&text).with_context(|| format!("{} is not understood", path.display()))?;
    if let Some(entry) = entries.iter().find(|entry| !entry.is_ours(folder)) {
        bail!("{} names {}, which is not ours to move: remove that file", path.display(), entry.to.display());
    }
    let waiting: Vec<&Entry> = entries.iter().filter(|entry| folder.join(&entry.file).exists()).collect();
    for entry in &waiting {
        let now = fs::read(folder.join(&entry.to)).ok().map(|text| digest([&text[..]]));
        ensure!(
            now == entry.before,
            "an --apply was interrupted, and {} was changed since: restore the files, or remove {JOURNAL} to keep them \
                as they are",
            entry.to.display()
        );
    }
    for entry in waiting {
        let to = folder.join(&entry.to);
        fs::rename(folder.join(&entry.file), &to).with_context(|| format!("cannot write {}", to.display()))?;
    }
    fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    Ok(true)
}

/// Removes the leftovers of a run that was interrupted before all files were complete.
fn sweep(folder: &Path) -> Result<()> {
    for path in copy::staged(folder)? {
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// Writes the journal in one step.
fn journal(folder: &Path, staged: &[Staged]) -> Result<TempPath> {
    let below = |path: &Path| path.strip_prefix(folder).map(Path::to_path_buf);
    let entry = |staged: &Staged| -> Result<Entry> {
        let before = staged.before.as_ref().map(|text| digest([&text[..]]));
        Ok(Entry { file: below(&staged.file)?, to: below(&staged.to)?, before })
    };
    let entries: Vec<Entry> = staged.iter().map(entry).collect::<Result<_>>()?;
    let path = folder.join(JOURNAL);
    let written = || -> Result<()> {
        let mut file = tempfile::Builder::new().prefix(STAGED).tempfile_in(folder)?;
        file.write_all(&serde_json::to_vec(&entries)?)?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    };
    written().with_context(|| format!("cannot write {}", path.display()))?;
    Ok(TempPath::from_path(path))
}

fn stage(copy: &Path, folder: &Path, manifest: &str, made: &mut Vec<PathBuf>) -> Result<Vec<Staged>> {
    let mut staged = Vec::new();
    let files = copy::files(copy)?;
    let ours = [Path::new(copy::PAGE), Path::new(copy::PATCH)];
    for path in files.into_iter().filter(|path| !ours.contains(&path.as_path())).chain(copy::added(copy)?) {
        let (from, to) = (copy.join(&path), folder.join(&path));
        let text = match path == Path::new("Cargo.toml") {
            true => manifest.as_bytes().to_vec(),
            false => fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?,
        };
        let before = fs::read(&to).ok();
        if before.as_ref() == Some(&text) {
            continue;
        }
        let mut write = || -> Result<TempPath> {
            let beside = to.parent().unwrap_or(folder);
            ensure!(is_inside(beside, folder), "a link there leads out of the package");
            let missing: Vec<_> = beside.ancestors().take_while(|folder| !folder.exists()).collect();
            made.extend(missing.into_iter().rev().map(Path::to_path_buf));
            fs::create_dir_all(beside)?;
            let mut file = tempfile::Builder::new().prefix(STAGED).tempfile_in(beside)?;
            file.write_all(&text)?;
            file.as_file().set_permissions(fs::metadata(&from)?.permissions())?;
            file.as_file().sync_all()?;
            Ok(file.into_temp_path())
        };
        let file = write().with_context(|| format!("cannot write {}", to.display()))?;
        staged.push(Staged { file, to, before });
    }
    Ok(staged)
}

fn put(staged: Vec<Staged>) -> Result<()> {
    let mut done: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for Staged { file, to, before } in staged {
        if let Err(error) = file.persist(&to) {
            for (to, before) in done {
                let back = before.map_or_else(|| fs::remove_file(&to), |text| fs::write(&to, text));
                back.with_context(|| format!("cannot put back {}", to.display()))?;
            }
            return Err(error.error).with_context(|| format!("cannot write {}", to.display()));
        }
        done.push((to, before));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a copy with oldstable-compat, and its package; both are removed on drop.
    fn package() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let scratch = tempfile::tempdir().unwrap();
        let (copy, folder) = (scratch.path().join("copy"), scratch.path().join("package"));
        for (name, text) in [("Cargo.toml", "[workspace]"), ("src/a.rs", "new"), ("src/b.rs", "new")] {
            copy::write(&copy.join(name), text).unwrap();
        }
        copy::write(&copy.join("oldstable-compat/Cargo.toml"), "").unwrap();
        copy::write(&copy.join("oldstable-compat/src/lib.rs"), "").unwrap();
        copy::write(&folder.join("Cargo.toml"), "old").unwrap();
        copy::write(&folder.join("src/a.rs"), "old").unwrap();
        (scratch, copy, folder)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_are_put_and_the_manifest_is_the_own() {
        let (_scratch, copy, folder) = package();
        apply(&copy, &folder, "own").unwrap();
        assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), "own");
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "new");
        assert_eq!(names(&folder), ["Cargo.toml", "oldstable-compat", "src"]);
        assert_eq!(names(&folder.join("oldstable-compat/src")), ["lib.rs"]);
    }

    #[test]
    fn what_fails_late_leaves_the_package() {
        // A file cannot replace a folder; by then the files before it have been moved.
        let (_scratch, copy, folder) = package();
        fs::create_dir(folder.join("src/b.rs")).unwrap();
        let error = apply(&copy, &folder, "own").unwrap_err();
        assert!(format!("{error:#}").starts_with(&format!("cannot write {}: ", folder.join("src/b.rs").display())));
        assert_eq!(names(&folder), ["Cargo.toml", "src"]);
        assert_eq!(names(&folder.join("src")), ["a.rs", "b.rs"]);
        assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), "old");
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "old");
        // Neither can a folder replace a file.
        fs::remove_dir(folder.join("src/b.rs")).unwrap();
        fs::write(folder.join("oldstable-compat"), "a file").unwrap();
        apply(&copy, &folder, "own").unwrap_err();
        assert_eq!(names(&folder), ["Cargo.toml", "oldstable-compat", "src"]);
        assert_eq!(names(&folder.join("src")), ["a.rs"]);
    }

    #[test]
    fn nothing_is_written_where_a_link_leads_out_of_the_package() {
        let (scratch, copy, folder) = package();
        let home = scratch.path().join("home");
        fs::create_dir(&home).unwrap();
        for target in [&*home, Path::new("../gone")] {
            std::os::unix::fs::symlink(target, folder.join("oldstable-compat")).unwrap();
            let error = format!("{:#}", apply(&copy, &folder, "own").unwrap_err());
            assert!(error.ends_with("a link there leads out of the package"), "{error}");
            assert!(names(&home).is_empty() && !scratch.path().join("gone").exists());
            assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "old");
            fs::remove_file(folder.join("oldstable-compat")).unwrap();
        }
    }

    /// A run that is killed runs no destructors.
    fn killed_after(renames: usize, copy: &Path, folder: &Path) {
        let staged = stage(copy, folder, "own", &mut Vec::new()).unwrap();
        std::mem::forget(journal(folder, &staged).unwrap());
        for (n, Staged { file, to, .. }) in staged.into_iter().enumerate() {
            if n < renames {
                file.persist(to).unwrap();
            } else {
                file.keep().unwrap();
            }
        }
    }

    #[test]
    fn what_was_killed_between_two_files_is_finished() {
        for renames in 0..6 {
            let (_scratch, copy, folder) = package();
            killed_after(renames, &copy, &folder);
            assert!(finish(&folder).unwrap(), "after {renames}");
            let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
            assert_eq!([read("Cargo.toml"), read("src/a.rs"), read("src/b.rs")], ["own", "new", "new"]);
            assert_eq!(names(&folder), ["Cargo.toml", "oldstable-compat", "src"]);
            assert_eq!(names(&folder.join("src")), ["a.rs", "b.rs"]);
            assert!(!finish(&folder).unwrap());
        }
    }

    #[test]
    fn what_was_killed_and_changed_since_is_not_written_over() {
        let (_scratch, copy, folder) = package();
        killed_after(1, &copy, &folder);
        fs::write(folder.join("src/a.rs"), "a person's").unwrap();
        for result in [finish(&folder).map(drop), apply(&copy, &folder, "own")] {
            let error = format!("{:#}", result.unwrap_err());
            assert!(error.contains("src/a.rs was changed since"), "{error}");
        }
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "a person's");
        // As the message advises.
        fs::remove_file(folder.join(JOURNAL)).unwrap();
        assert!(!finish(&folder).unwrap());
        assert_eq!(names(&folder.join("src")), ["a.rs"]);
    }

    #[test]
    fn a_journal_of_a_stranger_moves_nothing() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("package");
        copy::write(&folder.join(".lowering-a"), "theirs").unwrap();
        copy::write(&folder.join("plain"), "theirs").unwrap();
        fs::create_dir(scratch.path().join("home")).unwrap();
        std::os::unix::fs::symlink(scratch.path().join("home"), folder.join("link")).unwrap();
        copy::write(&scratch.path().join("home/.lowering-a"), "theirs").unwrap();
        let absolute = scratch.path().join("home/x").display().to_string();
        let pairs =
            [(".lowering-a", "../home/x"), (".lowering-a", &absolute), ("plain", "x"), ("link/.lowering-a", "link/x")];
        for (file, to) in pairs {
            let entry = Entry { file: file.into(), to: to.into(), before: None };
            fs::write(folder.join(JOURNAL), serde_json::to_string(&[entry]).unwrap()).unwrap();
            let error = format!("{:#}", finish(&folder).unwrap_err());
            assert!(error.contains("which is not ours to move"), "{error}");
            assert_eq!(names(&scratch.path().join("home")), [".lowering-a"]);
            assert!(!folder.join("x").exists());
        }
    }

    #[test]
    fn two_runs_are_not_at_one_package() {
        let (_scratch, copy, folder) = package();
        let first = lock(&folder).unwrap();
        let error = format!("{:#}", apply(&copy, &folder, "own").unwrap_err());
        assert!(error.starts_with("another `lower --apply` is changing "), "{error}");
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "old");
        drop(first);
        apply(&copy, &folder, "own").unwrap();
    }

    const DISK: &str = "OLDSTABLE_SMALL_DISK";

    #[test]
    fn a_full_disk_leaves_the_package() {
        let disk = tempfile::tempdir().unwrap();
        let script = "mount -t tmpfs -o size=128k none \"$1\" && \
                      exec \"$2\" --exact lower::place::tests::on_a_small_disk --ignored";
        let output = std::process::Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
            .args([disk.path(), &std::env::current_exe().unwrap()])
            .env(DISK, disk.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }

    #[test]
    #[ignore = "it is run by the test above, where the disk is small"]
    fn on_a_small_disk() {
        let folder = PathBuf::from(std::env::var_os(DISK).expect("the test above says where"));
        let (_scratch, copy, _) = package();
        copy::write(&folder.join("Cargo.toml"), "old").unwrap();
        copy::write(&folder.join("src/a.rs"), "old").unwrap();
        // The disk has space for the first files but not for this one.
        copy::write(&copy.join("src/z.rs"), &"//\n".repeat(100_000)).unwrap();
        let error = format!("{:#}", apply(&copy, &folder, "own").unwrap_err());
        assert!(error.starts_with("cannot write ") && error.contains("No space left"), "{error}");
        assert_eq!(names(&folder), ["Cargo.toml", "src"]);
        assert_eq!(names(&folder.join("src")), ["a.rs"]);
        assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), "old");
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "old");
    }
}
