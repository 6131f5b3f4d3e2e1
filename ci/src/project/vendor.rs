// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sources of all dependencies of a lock file, for builds without a network.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, Context, Result};
use toml_edit::{Document, Item, Table};

use crate::host::cache::{digest, remove_tree, Cache};
use crate::host::log::{first_error, FULL};
use crate::host::progress;
use crate::project::lockfile;
use crate::project::stub;
use crate::project::workspace::cargo;

/// Names and versions.
type Versions = Vec<(String, String)>;

/// A folder with the vendored crates and the cargo configuration that uses them.
#[derive(Debug, Clone)]
pub struct Vendor {
    folder: PathBuf,
    /// Names and versions.
    set: Vec<(String, String)>,
}

impl Vendor {
    /// Returns the sources of a lock file, fetched unless they exist. `workspace` is the folder of the lock file's
    /// manifest.
    pub fn of(cache: &Cache, workspace: &Path, lock: &Path) -> Result<Vendor> {
        let text = fs::read(lock)
            .with_context(|| format!("{} cannot be read: `cargo generate-lockfile` writes one", lock.display()))?;
        let name = format!("vendor/{}", digest([&text[..]]));
        let finished = cache.path(&name);
        let text = String::from_utf8_lossy(&text);
        let set = locked(&text)?;
        if finished.is_dir() && !is_whole(&finished, &set) {
            let _claim = cache.claim(&format!("{}-mend", name.replace('/', "-")), &format!("mends {name}"))?;
            // Another process may have fetched it meanwhile.
            if finished.is_dir() && !is_whole(&finished, &set) {
                progress::note(&format!("{} is damaged, and is made again", finished.display()));
                cache.discard(&name)?;
            }
        }
        let folder = cache.folder(&name, |partial| {
            fetch(workspace, lock, partial, &finished)?;
            put_stubs(partial, &text, &lockfile::remarks(&text).stubbed)
        })?;
        Ok(Vendor { folder, set })
    }

    /// Fetches the sources of a lock file into the caller's folder; existing ones are not fetched again.
    pub fn in_folder(folder: &Path, workspace: &Path, lock: &Path) -> Result<Vendor> {
        let set = locked(&fs::read_to_string(lock)?)?;
        fetch(workspace, lock, folder, folder)?;
        // Leftovers of an earlier set would be read too.
        let names: BTreeSet<String> = set.iter().map(|(name, version)| format!("{name}-{version}")).collect();
        for entry in fs::read_dir(folder.join("crates"))?.flatten() {
            if !names.contains(&*entry.file_name().to_string_lossy()) {
                remove_tree(&entry.path())?;
            }
        }
        Ok(Vendor { folder: folder.to_path_buf(), set })
    }

    /// Replaces some packages of a lock file with stubs.
    pub fn put_stubs<'a>(&self, lock: &str, packages: impl IntoIterator<Item = &'a (String, String)>) -> Result<()> {
        put_stubs(&self.folder, lock, packages)
    }

    /// Returns the manifests of all packages.
    pub fn manifests(&self) -> Result<Vec<PathBuf>> {
        let folder = self.folder.join("crates");
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut manifests: Vec<PathBuf> = entries.flatten().map(|entry| entry.path().join("Cargo.toml")).collect();
        manifests.sort();
        Ok(manifests)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the names and versions of all packages.
    pub fn set(&self) -> &[(String, String)] {
        &self.set
    }

    /// Returns the dependencies of a package in a lock file that are procedural macros, by name and version, and the
    /// others.
    pub fn macros_of(&self, lock: &str, package: &(String, String)) -> Result<(Versions, Versions)> {
        let needed = needs(&parse(lock)?, package).into_iter();
        let needed: Vec<_> = needed
            .flat_map(|(name, versions)| versions.into_iter().map(move |version| (name.clone(), version)))
            .collect();
        let is_macro = |(name, version): &(String, String)| {
            let manifest = self.folder.join("crates").join(format!("{name}-{version}")).join("Cargo.toml");
            let manifest = fs::read_to_string(manifest).ok().and_then(|text| text.parse::<Document>().ok());
            let library = manifest.as_ref().and_then(|manifest| manifest.get("lib"));
            ["proc-macro", "proc_macro"].iter().any(|key| library.and_then(|lib| lib.get(key)?.as_bool()) == Some(true))
        };
        Ok(needed.into_iter().partition(is_macro))
    }

    /// Returns the cargo configuration that replaces every registry with this folder.
    pub fn config(&self) -> Result<String> {
        let path = self.folder.join("config.toml");
        fs::read_to_string(&path)
            .with_context(|| format!("{} is damaged: remove it and run again", self.folder.display()))
    }
}

fn put_stubs<'a>(folder: &Path, lock: &str, packages: impl IntoIterator<Item = &'a (String, String)>) -> Result<()> {
    let lock = parse(lock)?;
    for package in packages {
        let folder = folder.join("crates").join(format!("{}-{}", package.0, package.1));
        if folder.is_dir() {
            stub::put(&folder, &needs(&lock, package))?;
        }
    }
    Ok(())
}

/// Returns the dependencies of a package in a lock file.
fn needs(lock: &Document, (name, version): &(String, String)) -> stub::Locked {
    let is_it = |table: &&Table| field(table, "name") == name && field(table, "version") == version;
    let listed = |table: &Table| -> Vec<String> {
        let names = table.get("dependencies").and_then(Item::as_array).into_iter().flatten();
        names.filter_map(|name| name.as_str().map(str::to_string)).collect()
    };
    let mut needs = stub::Locked::new();
    for dependency in packages(lock).find(is_it).map(listed).unwrap_or_default() {
        // The version is written only where the set has several.
        let mut words = dependency.split(' ');
        let name = words.next().unwrap_or_default();
        let version = words
            .next()
            .or_else(|| packages(lock).find(|table| field(table, "name") == name).map(|table| field(table, "version")));
        // Build metadata after a plus sign does not distinguish versions.
        let version = version.and_then(|version| version.split('+').next());
        needs.entry(name.to_string()).or_default().extend(version.map(str::to_string));
    }
    needs
}

fn parse(lock: &str) -> Result<Document> {
    lock.parse().context("Cargo.lock is not understood: generate it again with `cargo generate-lockfile`")
}

fn packages(lock: &Document) -> impl Iterator<Item = &Table> {
    lock.get("package").and_then(Item::as_array_of_tables).into_iter().flatten()
}

fn field<'a>(table: &'a Table, name: &str) -> &'a str {
    table.get(name).and_then(Item::as_str).unwrap_or("")
}

/// Returns the name and version of every package from a registry in a Cargo.lock.
pub fn locked(text: &str) -> Result<Vec<(String, String)>> {
    let lock = parse(text)?;
    let registries = packages(&lock).filter(|table| table.contains_key("source"));
    Ok(registries.map(|table| (field(table, "name").to_string(), field(table, "version").to_string())).collect())
}

/// Returns whether a folder of sources is complete.
fn is_whole(folder: &Path, set: &[(String, String)]) -> bool {
    let configured = fs::metadata(folder.join("config.toml")).map_or(false, |file| set.is_empty() || file.len() > 0);
    let is_there = |file: PathBuf| fs::metadata(file).map_or(false, |file| file.len() > 0);
    configured
        && set.iter().all(|(name, version)| {
            let package = folder.join("crates").join(format!("{name}-{version}"));
            is_there(package.join("Cargo.toml")) && is_there(package.join(".cargo-checksum.json"))
        })
}

/// Returns the command that updates a lock file.
pub fn mend(lock: &Path, workspace: &Path) -> &'static str {
    match lock.parent() == Some(workspace) {
        true => "`cargo update --workspace` updates it",
        false => "`cargo oldstable lock` updates it",
    }
}

fn fetch(workspace: &Path, lock: &Path, partial: &Path, finished: &Path) -> Result<()> {
    let _step = progress::Bar::new("dependencies", None);
    let crates = partial.join("crates");
    let output = cargo()
        .args(["vendor", "--locked", "--versioned-dirs", "--respect-source-config", "--manifest-path"])
        .arg(workspace.join("Cargo.toml"))
        .arg(&crates)
        .output()
        .context("cannot start cargo: install Rust from rustup or from Debian")?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        if text.contains("--locked was passed") {
            bail!("{} does not match the manifests: {}", lock.display(), mend(lock, workspace));
        }
        if text.contains(FULL) {
            bail!("the dependencies in Cargo.lock cannot be kept in {}: {}", partial.display(), first_error(&text));
        }
        bail!(
            "the dependencies in Cargo.lock cannot be fetched ({}): connect to the network and run again",
            first_error(&text)
        );
    }
    fs::create_dir_all(&crates)?;
    let config =
        String::from_utf8_lossy(&output.stdout).replace(&*partial.to_string_lossy(), &finished.to_string_lossy());
    Ok(fs::write(partial.join("config.toml"), config)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_a_registry_are_listed() {
        let text = "[[package]]\nname = \"own\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"libc\"\n\
                    version = \"0.2.163\"\nsource = \"registry+x\"\n";
        assert_eq!(locked(text).unwrap(), [("libc".to_string(), "0.2.163".to_string())]);
        assert!(locked("[[package").is_err());
    }

    #[test]
    fn what_a_package_needs_is_locked() {
        let text = "[[package]]\nname = \"own\"\nversion = \"1.0.0\"\n\
                    dependencies = [\n \"libc\",\n \"syn 1.0.9\",\n \"syn 2.0.1 (registry+x)\",\n]\n\
                    [[package]]\nname = \"libc\"\nversion = \"0.2.163+x\"\n";
        let lock = parse(text).unwrap();
        let found = needs(&lock, &("own".to_string(), "1.0.0".to_string()));
        let versions = |all: &[&str]| all.iter().map(|version| version.to_string()).collect::<Vec<_>>();
        assert_eq!(found["libc"], versions(&["0.2.163"]));
        assert_eq!(found["syn"], versions(&["1.0.9", "2.0.1"]));
        assert!(needs(&lock, &("own".to_string(), "2.0.0".to_string())).is_empty());
    }

    #[test]
    fn a_folder_of_sources_that_lacks_something_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("crates/libc-0.2.163");
        fs::create_dir_all(&package).unwrap();
        let whole = || is_whole(folder.path(), &[("libc".to_string(), "0.2.163".to_string())]);
        for (file, text) in [("Cargo.toml", "[package]"), (".cargo-checksum.json", "{}"), ("../../config.toml", "")] {
            assert!(!whole(), "without {file}");
            fs::write(package.join(file), text).unwrap();
        }
        assert!(!whole(), "an empty configuration");
        fs::write(folder.path().join("config.toml"), "[source]").unwrap();
        assert!(whole());
    }
}
