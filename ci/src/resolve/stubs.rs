// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The packages of a lock file that become stubs, because the cell's cargo cannot use them and nothing in the cell
//! builds them.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{bail, ensure, Context, Result};

use crate::cell::compiler::Compiler;
use crate::cell::workbench::{Ready, Workbench};
use crate::host::log::first_error;
use crate::project::manifest::place;
use crate::project::reduced::LeftOut;
use crate::project::vendor::Vendor;
use crate::project::workspace::cargo;
use crate::resolve::constraints::{Given, HeldBack};
use crate::resolve::diagnosis::{unreadable, Known, Refusal};

/// Names and versions.
pub type Packages = BTreeSet<(String, String)>;

/// Returns the names and versions that the packages need to be built and tested in the cell, from a copy of the
/// workspace without the entries left out. The lock file also has dependencies for other systems and features.
pub fn built(bench: &Workbench, ready: &Ready, copy: &Path, left: &LeftOut) -> Result<Packages> {
    Ok(built_with(bench, ready, copy, left)?.into_iter().flatten().collect())
}

/// Returns the same for each package with each set of features.
pub fn built_with(bench: &Workbench, ready: &Ready, copy: &Path, left: &LeftOut) -> Result<Vec<Packages>> {
    let root = bench.project.workspace(&ready.cell);
    let mut built = Vec::new();
    for package in &ready.chosen.built {
        let folder = copy.join(place(&root, package));
        for choice in left.package(package).feature_choices(&bench.project.config.features) {
            let mut command = cargo();
            command.args(["tree", "--locked", "--edges=all", "--prefix=none", "--target"]).arg(&ready.host);
            command.args(choice).arg("--manifest-path").arg(folder.join("Cargo.toml"));
            let output = command.output().context("cannot start cargo tree")?;
            let said = String::from_utf8_lossy(&output.stderr);
            ensure!(output.status.success(), "cargo tree cannot be run: {}", first_error(&said));
            let text = String::from_utf8_lossy(&output.stdout);
            let packages = text.lines().filter_map(|line| {
                let mut words = line.split(' ');
                Some((words.next()?.to_string(), words.next()?.strip_prefix('v')?.to_string()))
            });
            built.push(packages.collect());
        }
    }
    Ok(built)
}

/// Replaces packages that the cell's cargo cannot read and nothing builds with stubs. Returns those that it cannot read
/// and needs.
pub fn put(
    given: &mut Given,
    vendor: &Vendor,
    lock: &str,
    built: &Packages,
    compiler: &Compiler,
    known: &mut Known,
) -> Result<Vec<HeldBack>> {
    let mut needed = Vec::new();
    for (package, reason) in std::mem::take(&mut given.stubbed) {
        if built.contains(&package) {
            let (name, version) = package;
            needed.push(HeldBack { name, version, reason: reason.into() });
        } else if vendor.set().contains(&package) {
            given.stubbed.insert(package, reason);
        }
    }
    vendor.put_stubs(lock, given.stubbed.keys())?;
    for found in unreadable(vendor, compiler, known)? {
        let package = (found.name.clone(), found.version.clone());
        if built.contains(&package) || given.stubbed.contains_key(&package) {
            needed.push(found);
        } else {
            given.stubbed.insert(package, found.reason.to_string());
        }
    }
    vendor.put_stubs(lock, given.stubbed.keys())?;
    Ok(needed)
}

/// Handles a requirement that the cell's cargo interprets differently from the one that wrote the lock file: a package
/// that is not built becomes a stub, which requires the locked version. Returns the package to blame if it is built.
pub fn after_refusal(
    given: &mut Given,
    set: &[(String, String)],
    built: &Packages,
    refusal: Refusal,
) -> Result<Option<HeldBack>> {
    let Refusal { by, why } = refusal;
    if let Some((name, version)) = by.clone().filter(|package| built.contains(package)) {
        return Ok(Some(HeldBack { name, version, reason: why.into() }));
    }
    let is_new = |package: &&(String, String)| !built.contains(package) && !given.stubbed.contains_key(package);
    let new: Vec<(String, String)> = match by.as_ref().filter(is_new) {
        Some(package) => vec![package.clone()],
        // Any package may have the requirement.
        None => set.iter().filter(is_new).cloned().collect(),
    };
    if new.is_empty() {
        bail!("the cell's cargo rejects the set that a newer cargo made, and does not say why: {why}");
    }
    given.stubbed.extend(new.into_iter().map(|package| (package, format!("its cargo rejected the set: {why}"))));
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str) -> (String, String) {
        (name.to_string(), "1.0.0".to_string())
    }

    #[test]
    fn what_refuses_a_set_is_a_stub_unless_it_is_built() {
        let set = ["built", "other", "third"].map(package);
        let built: BTreeSet<_> = [package("built")].into();
        let mut given = Given::default();
        let after = |given: &mut Given, by: Option<&str>| {
            let refusal = Refusal { by: by.map(package), why: "no version".to_string() };
            after_refusal(given, &set, &built, refusal)
        };
        let found = after(&mut given, Some("built")).unwrap().unwrap();
        assert_eq!((&*found.name, &*found.version, &*found.reason.to_string()), ("built", "1.0.0", "no version"));
        assert!(given.stubbed.is_empty());
        assert_eq!(after(&mut given, Some("other")).unwrap(), None);
        assert_eq!(given.stubbed.keys().collect::<Vec<_>>(), [&package("other")]);
        // No package is named, or one that is already a stub, so the others are tried.
        assert_eq!(after(&mut given.clone(), None).unwrap(), None);
        assert_eq!(after(&mut given, Some("other")).unwrap(), None);
        assert_eq!(given.stubbed.keys().collect::<Vec<_>>(), [&package("other"), &package("third")]);
        let error = after(&mut given, None).unwrap_err().to_string();
        assert!(error.contains("rejects the set") && error.ends_with("no version"), "{error}");
    }
}
