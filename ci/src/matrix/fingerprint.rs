//! Whether anything changed since a step passed: digests of what the step reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::host::cache::digest;
use crate::project::workspace::Package;

/// A digest of all files of a package, of the packages that it depends on by path, and of some others, such as
/// the lock file. The built files and the other packages do not matter.
pub fn of_package(others: &[PathBuf], packages: &[Package], package: &Package) -> Result<String> {
    let mut folders = BTreeSet::new();
    let mut pending = vec![package.folder().to_path_buf()];
    while let Some(folder) = pending.pop() {
        if let Some(package) = packages.iter().find(|p| p.folder() == folder) {
            pending.extend(package.dependencies.iter().filter_map(|d| d.path.clone()).filter(|p| !folders.contains(p)));
        }
        folders.insert(folder);
    }
    digest_of(others.iter().cloned().collect(), folders)
}

/// A digest of all files of some folders.
pub fn of_folders(folders: impl IntoIterator<Item = PathBuf>) -> Result<String> {
    digest_of(BTreeSet::new(), folders)
}

fn digest_of(mut files: BTreeSet<PathBuf>, folders: impl IntoIterator<Item = PathBuf>) -> Result<String> {
    for folder in folders {
        collect(&folder, &mut files).with_context(|| format!("cannot read {}", folder.display()))?;
    }
    of_files(&files)
}

/// A digest of all files of all packages.
pub fn of_packages(others: &[PathBuf], packages: &[Package]) -> Result<String> {
    let all: Result<Vec<String>> = packages.iter().map(|package| of_package(others, packages, package)).collect();
    Ok(digest(all?.iter().map(|part| part.as_bytes())))
}

fn of_files(files: &BTreeSet<PathBuf>) -> Result<String> {
    let mut parts = Vec::new();
    for file in files {
        parts.push(file.to_string_lossy().into_owned().into_bytes());
        // A file that has just gone is as good as one that was never there.
        parts.push(fs::read(file).unwrap_or_default());
    }
    Ok(digest(parts.iter().map(Vec::as_slice)))
}

/// The files below a package's folder, but for what is built there and for packages of their own.
fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let path = entry.path();
        if !entry.file_type()?.is_dir() {
            files.insert(path);
        } else if name != "target" && name != ".git" && !path.join("Cargo.toml").is_file() {
            collect(&path, files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_packages_and_built_files_do_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["src", "target", "other", "tests/data"] {
            fs::create_dir_all(at(name)).unwrap();
        }
        for name in ["Cargo.toml", "src/lib.rs", "target/x", "other/Cargo.toml", "other/y", "tests/data/z"] {
            fs::write(at(name), name).unwrap();
        }
        let mut files = BTreeSet::new();
        collect(folder.path(), &mut files).unwrap();
        let expected: BTreeSet<PathBuf> = ["Cargo.toml", "src/lib.rs", "tests/data/z"].map(at).into();
        assert_eq!(files, expected);
    }

    #[test]
    fn a_changed_file_changes_the_digest() {
        let folder = tempfile::tempdir().unwrap();
        let files: BTreeSet<PathBuf> = [folder.path().join("a")].into();
        fs::write(folder.path().join("a"), "1").unwrap();
        let before = of_files(&files).unwrap();
        fs::write(folder.path().join("a"), "2").unwrap();
        assert_ne!(of_files(&files).unwrap(), before);
    }
}
