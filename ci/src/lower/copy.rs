// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The rewritten copy of a package on disk: made beside its place, and moved there when complete.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};

use super::report;
use super::results::Tests;
use super::Package;

/// The report page in the copy; a folder with it was made by this program and may be replaced.
pub const PAGE: &str = "lowered.md";

/// The differences in the copy, for `git apply`.
pub const PATCH: &str = "lowered.patch";

/// The folder of oldstable-compat in a copy.
pub const COMPAT: &str = "oldstable-compat";

/// The folders of a copy that its package lacks.
const ADDED: [&str; 2] = [COMPAT, super::dependencies::FOLDER];

/// The prefix of the names of files that wait beside their places.
pub const STAGED: &str = ".lowering-";

/// Files of cargo beside a package's manifest that are not of the package.
const LEFT: [&str; 6] =
    ["target", ".cargo-ok", ".cargo-checksum.json", "Cargo.lock", "Cargo.toml.orig", ".cargo_vcs_info.json"];

/// Returns all files of a package, relative to its folder.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(folder, Path::new(""), false, &mut found)?;
    found.sort();
    Ok(found)
}

/// Returns the files of the packages that a copy includes, relative to its folder.
pub fn added(copy: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for name in ADDED {
        if copy.join(name).is_dir() {
            walk(copy, Path::new(name), true, &mut found)?;
        }
    }
    found.sort();
    Ok(found)
}

fn walk(root: &Path, below: &Path, packages: bool, found: &mut Vec<PathBuf>) -> Result<()> {
    let folder = root.join(below);
    let is_package = folder.join("Cargo.toml").exists();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type()?;
        let is_left = is_package && LEFT.iter().any(|name| entry.file_name() == *name);
        if is_left || entry.file_name() == ".git" || is_staged(&path) {
            continue;
        }
        if kind.is_dir() {
            // A package of its own.
            if packages || !entry.path().join("Cargo.toml").exists() {
                walk(root, &path, packages, found)?;
            }
        } else if kind.is_file() || kind.is_symlink() && entry.path().is_file() {
            // Of a link the file is copied, as cargo does in a package; one to a folder may lead anywhere.
            found.push(path);
        }
    }
    Ok(())
}

/// Returns whether a file waits beside its place.
pub fn is_staged(path: &Path) -> bool {
    path.file_name().map_or(false, |name| name.to_string_lossy().starts_with(STAGED))
}

/// Returns the files that wait beside their places, with their folders.
pub fn staged(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() && !LEFT.iter().any(|name| entry.file_name() == *name) {
                folders.push(entry.path());
            } else if kind.is_file() && is_staged(&entry.path()) {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

/// Returns the Rust sources among files.
pub fn sources(folder: &Path, files: &[PathBuf]) -> Result<BTreeMap<PathBuf, String>> {
    texts(folder, files, "rs")
}

/// Returns the pages of documentation among files.
pub fn pages(folder: &Path, files: &[PathBuf]) -> Result<BTreeMap<PathBuf, String>> {
    texts(folder, files, "md")
}

fn texts(folder: &Path, files: &[PathBuf], kind: &str) -> Result<BTreeMap<PathBuf, String>> {
    let files = files.iter().filter(|path| path.extension().map_or(false, |extension| extension == kind));
    let mut texts = BTreeMap::new();
    for path in files {
        let bytes = fs::read(folder.join(path)).with_context(|| format!("cannot read {}", path.display()))?;
        // A file that is not text is test data.
        if let Ok(text) = String::from_utf8(bytes) {
            texts.insert(path.clone(), text);
        }
    }
    Ok(texts)
}

/// Writes a file and creates its folders.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a package as it is.
pub fn whole(from: &Path, to: &Path) -> Result<()> {
    files(from)?.iter().try_for_each(|path| one(from, to, path))
}

fn one(from: &Path, to: &Path, path: &Path) -> Result<()> {
    let target = to.join(path);
    fs::create_dir_all(target.parent().unwrap_or(to))
        .and_then(|()| fs::copy(from.join(path), &target).map(drop))
        .with_context(|| format!("cannot write {}", target.display()))
}

/// Copies the files that are not rewritten.
pub fn rest(from: &Path, to: &Path, files: &[PathBuf], package: &Package) -> Result<()> {
    let rewritten = |path: &Path| package.files.contains_key(path) || path == Path::new("Cargo.toml");
    files.iter().filter(|path| !rewritten(path)).try_for_each(|path| one(from, to, path))
}

/// Copies oldstable-compat into the copy, without its optional dependencies.
pub fn compat(from: &Path, copy: &Path) -> Result<()> {
    let to = copy.join(COMPAT);
    if to.exists() {
        return Ok(());
    }
    for path in files(from)? {
        let kept = path.starts_with("src") || path.components().count() == 1;
        if kept && path != Path::new("Cargo.toml") {
            let text = fs::read(from.join(&path)).with_context(|| format!("cannot read {}", path.display()))?;
            let target = to.join(&path);
            fs::create_dir_all(target.parent().unwrap_or(&to))
                .and_then(|()| fs::write(&target, text))
                .with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    let text = fs::read_to_string(from.join("Cargo.toml")).context("cannot read the manifest of oldstable-compat")?;
    let mut manifest = super::manifest::Manifest::parse(&text).map_err(anyhow::Error::msg)?;
    manifest.without_dependencies(&|_| false);
    write(&to.join("Cargo.toml"), &manifest.text())
}

/// Moves a finished copy to its place, where it replaces only another copy.
pub fn place(copy: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        let empty = fs::read_dir(to).map_or(false, |mut entries| entries.next().is_none());
        ensure!(
            empty || to.join(PAGE).is_file(),
            "{} exists, and is not a copy that this command made: remove it, or give another --out",
            to.display()
        );
        // In one step, so that no process sees half of it; the old copy is removed with the scratch folder.
        let aside = copy.with_file_name("replaced");
        fs::rename(to, aside).with_context(|| format!("cannot replace {}", to.display()))?;
    }
    let parent = to.parent().unwrap_or(to);
    fs::create_dir_all(parent).with_context(|| format!("cannot write {}", parent.display()))?;
    fs::rename(copy, to).with_context(|| format!("cannot write {}", to.display()))
}

/// Writes the differences between the package and its copy in the format of `git apply`, with the packages that the
/// copy includes and the manifest for the package's own folder. Returns whether there are any: Git refuses an empty
/// patch, so none is written then.
pub fn patch(from: &Path, copy: &Path, package: &Package, manifest: &Path) -> Result<bool> {
    let mut patch = Vec::new();
    for path in package.files.keys().chain(&added(copy)?) {
        patch.extend(difference(from, path, &copy.join(path))?);
    }
    patch.extend(difference(from, Path::new("Cargo.toml"), manifest)?);
    if patch.is_empty() {
        return Ok(false);
    }
    let to = copy.join(PATCH);
    fs::write(&to, patch).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(true)
}

/// Returns the part of a patch for one file.
fn difference(from: &Path, path: &Path, new: &Path) -> Result<Vec<u8>> {
    let (before, after, old) = (shown("a", path), shown("b", path), from.join(path));
    let there = old.exists();
    let label = if there { &*before } else { "/dev/null" };
    let output = std::process::Command::new("diff")
        // A file that is not text, such as test data, is written as it is.
        .args(["-u", "--text", "--label", label, "--label", &after])
        .args([if there { &old } else { Path::new("/dev/null") }, new])
        .output()
        .context("cannot start diff: install Debian's diffutils")?;
    let mut head = format!("diff --git {before} {after}\n");
    match output.status.code() {
        Some(0) if there => return Ok(Vec::new()),
        Some(0 | 1) => {}
        _ => bail!("diff failed: {}", String::from_utf8_lossy(&output.stderr)),
    }
    if !there {
        head += "new file mode 100644\n";
        if output.stdout.is_empty() {
            // Git needs the object name of an empty file.
            head += "index 0000000..e69de29\n";
        }
    }
    Ok([head.into_bytes(), output.stdout].concat())
}

/// Returns a path as Git writes it in patches: a name with a line break must not become lines of the patch.
fn shown(side: &str, path: &Path) -> String {
    let mut shown = format!("{side}/");
    let mut plain = true;
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'"' | b'\\' => shown.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => {
                shown.push(char::from(*byte));
                continue;
            }
            _ => shown.push_str(&format!("\\{byte:03o}")),
        }
        plain = false;
    }
    if plain {
        shown
    } else {
        format!("\"{shown}\"")
    }
}

/// Writes the rewritten files and the manifest. What is there already stays as old as it is, or cargo would build it
/// again.
pub fn rewritten(package: &Package, to: &Path) -> Result<()> {
    let manifest = (PathBuf::from("Cargo.toml"), package.manifest.text());
    let files = package.files.iter().map(|(path, draft)| (path, &draft.text));
    for (path, text) in files.chain(Some((&manifest.0, &manifest.1))) {
        let path = to.join(path);
        if fs::read(&path).map_or(true, |there| there != text.as_bytes()) {
            write(&path, text)?;
        }
    }
    Ok(())
}

/// Writes the page, with the remaining errors, the results of the tests and whether there is a patch.
pub fn page(package: &Package, left: &[report::Left], tests: Option<&Tests>, patched: bool, to: &Path) -> Result<()> {
    let none = "\nThe package's files are as they were, so there is no lowered.patch.\n";
    let page = report::page(package, left, tests) + if patched { "" } else { none };
    write(&to.join(PAGE), &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_copied_and_links_to_folders_are_not_followed() {
        let scratch = tempfile::tempdir().unwrap();
        let (folder, to) = (scratch.path().join("package"), scratch.path().join("copy"));
        write(&folder.join("src/lib.rs"), "").unwrap();
        write(&scratch.path().join("LICENSE"), "license").unwrap();
        for (name, target) in
            [("LICENSE", "../LICENSE"), ("all", "/"), ("src/loop", "."), ("gone", "x"), ("null", "/dev/null")]
        {
            std::os::unix::fs::symlink(target, folder.join(name)).unwrap();
        }
        whole(&folder, &to).unwrap();
        assert_eq!(files(&to).unwrap(), [Path::new("LICENSE"), Path::new("src/lib.rs")]);
        assert!(fs::symlink_metadata(to.join("LICENSE")).unwrap().is_file());
    }

    /// cc has a module of that name.
    #[test]
    fn only_cargo_s_own_target_folder_is_left_out() {
        let scratch = tempfile::tempdir().unwrap();
        let names =
            ["Cargo.toml", "Cargo.lock", "src/target/mod.rs", "target/x", "tests/Cargo.lock", ".git/x", "a/.git/x"];
        for name in names {
            write(&scratch.path().join(name), "").unwrap();
        }
        let kept = ["Cargo.toml", "src/target/mod.rs", "tests/Cargo.lock"].map(Path::new);
        assert_eq!(files(scratch.path()).unwrap(), kept);
    }

    #[test]
    fn what_debian_adds_to_a_crate_stays_there() {
        let scratch = tempfile::tempdir().unwrap();
        let (debian, copy) = (scratch.path().join("debian"), scratch.path().join("copy"));
        for name in [".cargo-checksum.json", "gates.rs", "debian/patches/series"] {
            write(&debian.join(name), "").unwrap();
        }
        write(&debian.join("Cargo.toml"), "[package]\nname = \"oldstable-compat\"\n").unwrap();
        compat(&debian, &copy).unwrap();
        let copied = |name: &str| copy.join(COMPAT).join(name).exists();
        assert!(copied("gates.rs") && copied("Cargo.toml"));
        assert!(!copied("debian") && !copied(".cargo-checksum.json"));
    }

    #[test]
    fn git_takes_files_that_are_new_or_empty_or_no_text() {
        let scratch = tempfile::tempdir().unwrap();
        let (copy, folder) = (scratch.path().join("copy"), scratch.path().join("package"));
        let manifest = "[package]\nname = \"small\"\n";
        write(&folder.join("Cargo.toml"), manifest).unwrap();
        let new: [(&str, &[u8]); 5] = [
            ("src/lib.rs", b""),
            ("data/image", b"\x89\0\n\xff"),
            ("oldstable-compat/Cargo.toml", b"[lib]"),
            ("data/a\n+++ b/Cargo.toml\n\"\\é", b"x\n"),
            ("data/two words", b"x\n"),
        ];
        for (name, bytes) in new {
            write(&copy.join("dependencies/other-1.0.0").join(name), "").unwrap();
            fs::write(copy.join("dependencies/other-1.0.0").join(name), bytes).unwrap();
        }
        let package = Package::new(manifest, BTreeMap::new(), Default::default(), 63).unwrap();
        assert!(patch(&folder, &copy, &package, &folder.join("Cargo.toml")).unwrap());
        let git = std::process::Command::new("git").arg("apply").arg(copy.join(PATCH)).current_dir(&folder).output();
        let git = git.unwrap();
        assert!(git.status.success(), "{}", String::from_utf8_lossy(&git.stderr));
        for (name, bytes) in new {
            assert_eq!(fs::read(folder.join("dependencies/other-1.0.0").join(name)).unwrap(), bytes);
        }
        assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), manifest);
        // Git refuses an empty patch.
        fs::remove_file(copy.join(PATCH)).unwrap();
        assert!(!patch(&folder, &copy, &package, &folder.join("Cargo.toml")).unwrap() && !copy.join(PATCH).exists());
    }
}
