// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The dependencies of a package that are lowered with it: folders in the copy that its manifest patches in.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::copy;
use super::errors::Message;
use super::notes;
use super::source::Change;
use super::standard::Items;
use super::users::Users;
use super::Package;

/// Their folder in the copy.
pub const FOLDER: &str = "dependencies";

#[derive(Default)]
pub struct Dependencies {
    /// Each dependency with its folder in the copy.
    pub list: Vec<(String, Package)>,
}

impl Dependencies {
    /// Lowers into the copy the vendored packages that the floor does not take as they are.
    pub fn lower(vendor: &Path, copy: &Path, items: &Items, minor: u32) -> Result<Dependencies> {
        let mut list = Vec::new();
        if !vendor.is_dir() {
            return Ok(Dependencies { list });
        }
        for entry in fs::read_dir(vendor).with_context(|| format!("cannot read {}", vendor.display()))? {
            let (from, name) = match entry {
                Ok(entry) => (entry.path(), entry.file_name().to_string_lossy().into_owned()),
                Err(error) => return Err(error.into()),
            };
            let text =
                fs::read_to_string(from.join("Cargo.toml")).with_context(|| format!("{name} has no manifest"))?;
            let all = copy::files(&from)?;
            let sources = copy::sources(&from, &all)?;
            let mut package = Package::new(&text, sources, items.clone(), minor)
                .map_err(|why| anyhow::anyhow!("the manifest of {name} is not understood: {why}"))?;
            package.lower();
            let folder = format!("{FOLDER}/{name}");
            let to = copy.join(&folder);
            copy::rest(&from, &to, &all, &package)?;
            package.manifest.without_tests();
            list.push((folder, package));
        }
        list.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Dependencies { list })
    }

    pub fn uses_compat(&self) -> bool {
        self.list.iter().any(|(_, package)| users(package).any())
    }

    /// Returns the names and folders for the `[patch]` of the package's manifest.
    pub fn patches(&self) -> Vec<(String, String)> {
        self.list.iter().map(|(folder, package)| (package.manifest.name.clone(), folder.clone())).collect()
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
            let differing = all.filter(|(_, change)| change.differs.is_some());
            found.extend(differing.map(|(path, change)| (Path::new(folder).join(path), change.clone())));
        }
        found
    }

    /// Fixes the errors that the floor's compiler reports in them; returns whether anything changed.
    pub fn mend(&mut self, messages: &[Message]) -> bool {
        let mut moved = false;
        for (folder, package) in &mut self.list {
            let own: Vec<Message> = messages.iter().filter_map(|message| message.below(folder)).collect();
            moved |= !own.is_empty() && package.mend(&own);
        }
        moved
    }
}

/// Returns the parts that use oldstable-compat, without the tests, which a dependency has not.
fn users(package: &Package) -> Users {
    Users { tests: false, ..package.users() }
}
