// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The dependencies of a package that are lowered with it: folders in the copy that its manifest patches in.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::copy;
use super::messages::Message;
use super::notes;
use super::source::Change;
use super::users::{only_of_tests, Users};
use super::Package;
use crate::project::inheritance;

/// Their folder in the copy.
pub const FOLDER: &str = "dependencies";

#[derive(Default)]
pub struct Dependencies {
    /// Each dependency with its folder in the copy.
    pub list: Vec<(String, Package)>,
    /// The number of the first of them that are folders for the package, too.
    folders: usize,
}

impl Dependencies {
    /// Lowers into the copy the dependencies that are folders of this machine, and leads the package to them.
    pub fn of_folders(package: &mut Package, folder: &Path, copy: &Path) -> Result<Dependencies> {
        let whole = |path: &Path| fs::canonicalize(path).with_context(|| format!("cannot read {}", path.display()));
        // The package may be a dependency of its tests' dependencies.
        let mut known = vec![(whole(folder)?, String::new())];
        let mut list: Vec<(String, Package)> = Vec::new();
        let mut pending: Vec<String> = package.manifest.folders().into_iter().map(|(_, path)| path).collect();
        while let Some(path) = pending.pop() {
            let from = whole(Path::new(&path))?;
            if known.iter().any(|(folder, _)| *folder == from) {
                continue;
            }
            let dependency = Dependencies::one(&from, &inheritance::manifest(&from)?, copy, package)?;
            pending.extend(dependency.1.manifest.folders().into_iter().map(|(_, path)| path));
            known.push((from, dependency.0.clone()));
            list.push(dependency);
        }
        let place = |path: &str| {
            let from = fs::canonicalize(path).ok()?;
            known.iter().find(|(folder, _)| *folder == from).map(|(_, place)| place.clone())
        };
        package.manifest.move_folders(&|_, path| place(path));
        for (_, dependency) in &mut list {
            dependency.manifest.move_folders(&|_, path| place(path).map(|place| format!("../../{place}")));
        }
        Ok(Dependencies { folders: list.len(), list })
    }

    /// Lowers into the copy the vendored packages that the floor does not take as they are.
    pub fn add(&mut self, vendor: &Path, copy: &Path, package: &Package) -> Result<()> {
        if !vendor.is_dir() {
            return Ok(());
        }
        let entries = fs::read_dir(vendor).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        for entry in entries.with_context(|| format!("cannot read {}", vendor.display()))? {
            let from = entry.path();
            let text = fs::read_to_string(from.join("Cargo.toml"))
                .with_context(|| format!("{} has no manifest", from.display()))?;
            self.list.push(Dependencies::one(&from, &text, copy, package)?);
        }
        self.list[self.folders..].sort_by(|a, b| a.0.cmp(&b.0));
        Ok(())
    }

    /// Lowers one into the copy; returns it with its folder there.
    fn one(from: &Path, manifest: &str, copy: &Path, of: &Package) -> Result<(String, Package)> {
        let all = copy::files(from)?;
        let sources = copy::sources(from, &all)?;
        let mut package = Package::new(manifest, sources, of.items.clone(), of.target.minor)
            .map_err(|why| anyhow::anyhow!("the manifest in {} is not understood: {why}", from.display()))?;
        package.lower();
        let folder = format!("{FOLDER}/{}-{}", package.manifest.name, package.manifest.version);
        copy::rest(from, &copy.join(&folder), &all, &package)?;
        package.manifest.without_tests();
        Ok((folder, package))
    }

    pub fn uses_compat(&self) -> bool {
        self.list.iter().any(|(_, package)| users(package).any())
    }

    /// Returns the names and folders for the `[patch]` of the package's manifest.
    pub fn patches(&self) -> Vec<(String, String)> {
        let of_registry = self.list[self.folders..].iter();
        of_registry.map(|(folder, package)| (package.manifest.name.clone(), folder.clone())).collect()
    }

    /// Writes their current state.
    pub fn write(&mut self, copy: &Path) -> Result<()> {
        for (folder, package) in &mut self.list {
            package.lead_exported();
            let (users, no_std) = (users(package), package.no_std);
            package.manifest.add_compat(users, no_std, &format!("../../{}", copy::COMPAT));
            copy::rewritten(package, &copy.join(folder))?;
        }
        Ok(())
    }

    /// Returns the lints that detect where a newer edition had a different meaning.
    pub fn lints(&self) -> Vec<&'static str> {
        self.list.iter().flat_map(|(_, package)| package.lints()).collect()
    }

    /// Returns the places where their meaning may differ, by the newest compiler's warnings, if it builds them.
    pub fn differing(&mut self, said: Option<&[Message]>) -> Vec<(PathBuf, Change)> {
        let mut found = Vec::new();
        for (folder, package) in &mut self.list {
            let own = said.map(|said| said.iter().filter_map(|message| message.below(folder)).collect::<Vec<_>>());
            package.differs(own.as_deref());
            // Clippy does not look at dependencies.
            let noted = notes::differences(notes::candidates(package), None);
            package.changes.extend(noted);
            let manifest = package.manifest.changes.iter().map(|change| (Path::new("Cargo.toml"), change));
            let all = manifest.chain(package.changes.iter().map(|(path, change)| (path.as_path(), change)));
            // Its tests are not built.
            let of_tests = only_of_tests(&package.files, &package.manifest);
            let differing = all.filter(|(path, change)| change.differs.is_some() && !of_tests(path));
            found.extend(differing.map(|(path, change)| (Path::new(folder).join(path), change.clone())));
        }
        found
    }

    /// Fixes the errors that the floor's compiler reports in them; returns whether anything changed.
    pub fn mend(&mut self, messages: &[Message]) -> bool {
        self.each(messages, Package::mend)
    }

    /// Allows the lints that it reports in them and that they deny; returns whether there are any.
    pub fn allow(&mut self, warnings: &[Message]) -> bool {
        self.each(warnings, Package::allow)
    }

    fn each(&mut self, messages: &[Message], work: fn(&mut Package, &[Message]) -> bool) -> bool {
        let mut moved = false;
        for (folder, package) in &mut self.list {
            let own: Vec<Message> = messages.iter().filter_map(|message| message.below(folder)).collect();
            moved |= !own.is_empty() && work(package, &own);
        }
        moved
    }
}

/// Returns the parts that use oldstable-compat, without the tests, which a dependency has not.
fn users(package: &Package) -> Users {
    Users { tests: false, ..package.users() }
}
