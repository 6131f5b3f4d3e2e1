// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Holding versions back: a package of our own in a copy of a workspace forbids them, and cargo resolves without them.
//! The final list is kept as comments at the top of the lock file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{ensure, Result};
use toml_edit::{Document, Item};

use crate::project::lockfile::{self, HELD, LEFT, STUBBED, UNTESTED};
use crate::project::manifest::write;
use crate::project::vendor::locked;
use crate::project::version::{line, lowest, numbers};
use crate::project::workspace::Package;

/// cargo's message about a build script that fails.
pub const BUILD_SCRIPT: &str = "failed to run custom build command for `";

/// The package of our own that forbids versions.
pub const HOLDER: &str = "held-back-by-oldstable";

/// The reason why a cell cannot use a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its dependency, that one's dependency and so on, down to the package that fails; empty if that is itself.
    needs: Vec<String>,
    /// What fails.
    why: String,
}

impl From<String> for Reason {
    fn from(why: String) -> Reason {
        Reason { needs: Vec::new(), why }
    }
}

impl Reason {
    /// Returns the reason with what helps, if an older version may not.
    pub fn with_mend(&self) -> String {
        match self.why.starts_with(BUILD_SCRIPT) {
            true => format!("{self}: if it looks for a library that Debian has, add that to the cell's `packages`"),
            false => self.to_string(),
        }
    }
}

impl fmt::Display for Reason {
    /// Only the ends of a chain are named. Other versions may build: those that no requirement allows, and those that
    /// the search skipped, were not tried.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.needs[..] {
            [] => {}
            [only] => write!(f, "it needs {only}, of which no version was found that builds: ")?,
            [first, .., last] => write!(
                f,
                "it needs {first}, which in the end needs {last}, of which no version was found that builds: "
            )?,
        }
        f.write_str(&self.why)
    }
}

/// A version that a cell cannot use, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBack {
    pub name: String,
    pub version: String,
    pub reason: Reason,
}

impl HeldBack {
    /// Returns the line of versions compatible with this one.
    pub fn line(&self) -> (String, String) {
        (self.name.clone(), line(&self.version))
    }
}

/// Lines of versions by the names of packages: nothing of that line is to be used, nor of those above.
pub type Bounds = BTreeMap<String, String>;

/// The versions and packages given up so that the rest builds.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub held: Vec<HeldBack>,
    /// Those of packages whose dependents allow lower lines.
    pub bounds: Bounds,
    /// Packages that the cell can use in no version and that only tests or disabled features need, with the reasons.
    pub left: BTreeMap<String, String>,
    /// Packages that the cell's cargo cannot read and nothing in the cell builds: names and versions, with the reasons.
    pub stubbed: BTreeMap<(String, String), String>,
}

/// Resolves in a copy of the workspace with our own package among its members, which forbids the versions held back, and
/// moves what has a bound to the newest version below it. Returns cargo's messages about each version. The lock file
/// also lists the constrained packages as dependencies of our own package.
pub fn generate(copy: &Path, held: &[HeldBack], bounds: &Bounds) -> Result<Vec<String>> {
    let mut forbidden: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let is_above =
        |name: &str, version: &str| bounds.get(name).map_or(false, |bound| numbers(version) >= numbers(bound));
    for found in held.iter().filter(|found| !is_above(&found.name, &found.version)) {
        forbidden.entry(&found.name).or_default().push(&found.version);
    }
    let required = forbidden.into_iter().flat_map(|(name, versions)| {
        lowest_of_each_line(&versions).into_iter().map(move |requirement| (name, requirement))
    });
    let below = bounds.iter().map(|(name, bound)| (&**name, format!("<{bound}")));
    let mut manifest = format!("[package]\nname = \"{HOLDER}\"\nversion = \"0.0.0\"\nedition = \"2018\"\n");
    for (number, (name, requirement)) in required.chain(below).enumerate() {
        manifest.push_str(&format!(
            "[dependencies.held{number}]\npackage = \"{name}\"\nversion = \"{requirement}\"\ndefault-features = false\n"
        ));
    }
    write(&copy.join(HOLDER).join("Cargo.toml"), &manifest)?;
    let lock = copy.join("Cargo.lock");
    if lock.exists() {
        fs::remove_file(&lock)?;
    }
    let said = lockfile::generate(copy)?;
    let set = if bounds.is_empty() { Vec::new() } else { locked(&fs::read_to_string(&lock)?)? };
    for (name, version) in set.iter().filter(|(name, version)| is_above(name, version)) {
        let below = set.iter().filter(|(other, version)| other == name && !is_above(name, version));
        if let Some((_, below)) = below.max_by_key(|(_, version)| numbers(version)) {
            let refused = lockfile::moves(copy, name, version, below)?;
            ensure!(refused.is_none(), "{}", refused.unwrap_or_default());
        }
    }
    Ok(said)
}

/// Returns the packages in a lock file that depend on a version: names, versions, and whether they are from a registry.
fn dependents(lock: &str, name: &str, is_version: impl Fn(&str) -> bool) -> Vec<(String, String, bool)> {
    let document: Document = match lock.parse() {
        Ok(document) => document,
        Err(_) => return Vec::new(),
    };
    let packages: Vec<_> = document.get("package").and_then(Item::as_array_of_tables).into_iter().flatten().collect();
    packages
        .into_iter()
        .filter(|table| {
            let dependencies = table.get("dependencies").and_then(Item::as_array).into_iter().flatten();
            dependencies.filter_map(|d| d.as_str()).any(|dependency| {
                // The version is written only where the set has several.
                let mut words = dependency.split(' ');
                words.next() == Some(name) && words.next().map_or(true, &is_version)
            })
        })
        .map(|table| {
            let field = |key: &str| table.get(key).and_then(Item::as_str).unwrap_or("").to_string();
            (field("name"), field("version"), table.contains_key("source"))
        })
        .collect()
}

/// Returns the packages from a registry in a lock file that depend on a version, or on another of its line if the lock
/// file does not have it.
pub fn needing(lock: &str, found: &HeldBack) -> Vec<HeldBack> {
    let in_registry = |is_version: &dyn Fn(&str) -> bool| -> Vec<_> {
        dependents(lock, &found.name, is_version).into_iter().filter(|(_, _, registry)| *registry).collect()
    };
    let mut parents = in_registry(&|version| version == found.version);
    if parents.is_empty() {
        parents = in_registry(&|version| line(version) == line(&found.version));
    }
    let needs = [std::slice::from_ref(&found.name), &found.reason.needs].concat();
    let reason = Reason { needs, why: found.reason.why.clone() };
    parents.into_iter().map(|(name, version, _)| HeldBack { name, version, reason: reason.clone() }).collect()
}

/// Returns those dependents of a package that allow none but its newest versions, by what they require: the others may
/// be content with an older one, and are not to blame.
pub fn strictest(dependents: Vec<HeldBack>, name: &str, packages: &[Package]) -> Vec<HeldBack> {
    let least = |dependent: &HeldBack| {
        let of = packages.iter().filter(|p| (&p.name, &p.version) == (&dependent.name, &dependent.version));
        let required = of.flat_map(|package| &package.dependencies).filter(|dependency| dependency.name == name);
        required.map(|dependency| lowest(&dependency.req)).max().unwrap_or_default()
    };
    let highest = dependents.iter().map(least).max().unwrap_or_default();
    dependents.into_iter().filter(|dependent| least(dependent) == highest).collect()
}

/// Returns whether a package in a lock file depends on a version of the same line.
fn is_needed(lock: &str, held: &HeldBack) -> bool {
    !dependents(lock, &held.name, |version| line(version) == line(&held.version)).is_empty()
}

/// Returns the versions held back of packages that the set still has, but only the first of a line that nothing needs
/// any more, which explains why another line is used.
fn telling<'a>(lock: &str, held: &'a [HeldBack]) -> Vec<&'a HeldBack> {
    let set: BTreeSet<String> = locked(lock).unwrap_or_default().into_iter().map(|(name, _)| name).collect();
    let mut told = BTreeSet::new();
    let of_set = held.iter().filter(|held| set.contains(&held.name));
    of_set.filter(|held| told.insert(held.line()) || is_needed(lock, held)).collect()
}

/// Returns a requirement for each line of compatible versions: below the lowest that fails, but in the same line.
fn lowest_of_each_line(versions: &[&str]) -> Vec<String> {
    let mut lines: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for version in versions {
        let numbers = numbers(version);
        let lowest = lines.entry(line(version)).or_insert_with(|| numbers.clone());
        if numbers < *lowest {
            *lowest = numbers;
        }
    }
    lines
        .iter()
        .map(|(line, lowest)| {
            let numbers: Vec<String> = lowest.iter().map(u64::to_string).collect();
            format!("^{line}, <{}", numbers.join("."))
        })
        .collect()
}

/// After a version that fails, tries one further down, each time twice as far, without those in between; from some
/// distance on, the first of the release. If no version of the line states that it supports the cell, tries the first
/// of the line at once, since others would fail for the same reason.
pub fn further_down(held: &[HeldBack], last: &HeldBack, line_fails: bool) -> Option<HeldBack> {
    let minor = |version: &str| numbers(version).into_iter().take(2).collect::<Vec<u64>>();
    let of_minor = minor(&last.version);
    let of_line = || held.iter().filter(|found| found.line() == last.line());
    let tried = of_line().filter(|found| minor(&found.version) == of_minor).count() as u32;
    let (of_major, of_minor, patch) = match numbers(&last.version)[..] {
        [major, minor, patch, ..] => (major, minor, patch),
        _ => return None,
    };
    // It is not tried either: later versions of its release fail.
    let reason = last.reason.clone();
    let at = |minor: u64, patch: u64| {
        let version = format!("{of_major}.{minor}.{patch}");
        (numbers(&version) < numbers(&last.version)).then(|| HeldBack { name: last.name.clone(), version, reason })
    };
    if line_fails {
        // There is nothing below the first version of all.
        return if of_major > 0 { at(0, 1) } else { at(of_minor, 1) };
    }
    // From 1.1.0 on, compatible versions continue below the release.
    let ends = of_major > 0 && of_minor > 0 && tried >= 6;
    let step = 1_u64.checked_shl(tried.saturating_sub(2)).unwrap_or(u64::MAX);
    let lower = if ends { 0 } else { patch.saturating_sub(step) };
    (tried >= 3).then(|| at(of_minor, lower)).flatten()
}

/// Returns the lock file with the reasons as comments at its top.
pub fn with_reasons(lock: &str, given: &Given, stated: &[String], untested: Option<&str>) -> String {
    let one_line = |text: &str| text.replace('\n', " ");
    let mut text: String = stated.iter().map(|line| format!("{HELD}{line}\n")).collect();
    for found in telling(lock, &given.held) {
        text.push_str(&format!("{HELD}{} {}: {}\n", found.name, found.version, one_line(&found.reason.to_string())));
    }
    for (name, reason) in &given.left {
        text.push_str(&format!("{LEFT}{name}: {}\n", one_line(reason)));
    }
    for ((name, version), reason) in &given.stubbed {
        text.push_str(&format!("{STUBBED}{name} {version}: nothing in the cell builds it, and {}\n", one_line(reason)));
    }
    if let Some(why) = untested {
        text.push_str(&format!("{UNTESTED}{}\n", one_line(why)));
    }
    text + lock
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::lockfile::{remarks, without_reasons, Remarks};

    fn held(name: &str, version: &str) -> HeldBack {
        HeldBack { name: name.into(), version: version.into(), reason: "x".to_string().into() }
    }

    /// Returns a package's entry in a lock file.
    fn packaged(name: &str) -> String {
        format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.5\"\nsource = \"r\"\n")
    }

    #[test]
    fn versions_are_forbidden_from_the_lowest_on_in_their_line() {
        assert_eq!(lowest_of_each_line(&["1.0.107", "1.0.99", "2.1.0"]), ["^1, <1.0.99", "^2, <2.1.0"]);
        assert_eq!(lowest_of_each_line(&["0.2.12", "0.0.3"]), ["^0.0.3, <0.0.3", "^0.2, <0.2.12"]);
    }

    #[test]
    fn who_allows_only_the_newest_is_to_blame() {
        let package = |name: &str, needs: &str| -> Package {
            let dependencies = serde_json::json!([
                { "name": "derive", "req": needs, "optional": false }, { "name": "x", "req": "^9", "optional": false }
            ]);
            serde_json::from_value(serde_json::json!({ "name": name, "version": "1.0.0", "manifest_path": "x",
                "features": {}, "dependencies": dependencies }))
            .unwrap()
        };
        let packages = [package("bench", "^1.0"), package("serde", "=1.0.229"), package("core", "=1.0.229")];
        let blamed = |names: &[&str], packages: &[Package]| {
            let found = |name: &&str| HeldBack {
                name: name.to_string(),
                version: "1.0.0".into(),
                reason: "x".to_string().into(),
            };
            let blamed = strictest(names.iter().map(found).collect(), "derive", packages);
            blamed.into_iter().map(|found| found.name).collect::<Vec<_>>()
        };
        assert_eq!(blamed(&["bench", "serde", "core"], &packages), ["serde", "core"]);
        assert_eq!(blamed(&["bench"], &packages), ["bench"]);
        // Without their requirements, all may be.
        assert_eq!(blamed(&["bench", "serde"], &[]), ["bench", "serde"]);
        assert_eq!(blamed(&[], &packages), [""; 0]);
    }

    #[test]
    fn what_is_left_out_is_read_back_from_the_lock() {
        let left = [("criterion".to_string(), "why: so".to_string())].into();
        let stub = ("winapi".to_string(), "0.3.9".to_string());
        let given = Given {
            held: vec![held("a", "1.0.0")],
            left,
            stubbed: [(stub.clone(), "no: y".to_string())].into(),
            ..Given::default()
        };
        let lock = format!("version = 3\n{}", packaged("a"));
        let text = with_reasons(&lock, &given, &["b 2.0.0 at 1.0.0: x".to_string()], Some("E0463: x"));
        assert!(text.starts_with("# held back: b 2.0.0 at 1.0.0: x\n# held back: a 1.0.0: x\n"), "{text}");
        let expected = Remarks {
            left: ["criterion".to_string()].into(),
            stubbed: [stub].into(),
            untested: Some("E0463: x".to_string()),
        };
        assert_eq!(remarks(&text), expected);
        assert_eq!(without_reasons(&text), lock);
        assert_eq!(remarks("# This file is automatically @generated by Cargo.\nversion = 3\n"), Remarks::default());
    }

    #[test]
    fn of_a_line_that_nothing_needs_the_first_reason_is_told() {
        let lock = "[[package]]\nname = \"x\"\nversion = \"1.0.0\"\ndependencies = [\n \"syn 1.0.5\",\n]\n";
        let lock = format!("{lock}{}", packaged("syn"));
        let all = [held("syn", "2.0.9"), held("syn", "2.0.8"), held("syn", "1.0.9"), held("syn", "1.0.8")];
        assert_eq!(telling(&lock, &all), [&all[0], &all[2], &all[3]]);
        // The set does without it.
        assert!(telling(&lock, &[held("quote", "1.0.9")]).is_empty());
    }

    #[test]
    fn where_all_of_a_line_fail_the_first_of_it_is_next() {
        let next = |name, version| further_down(&[held(name, version)], &held(name, version), true).map(|h| h.version);
        assert_eq!(next("syn", "2.0.117").as_deref(), Some("2.0.1"));
        assert_eq!(next("clap", "4.5.9").as_deref(), Some("4.0.1"));
        assert_eq!(next("windows-sys", "0.59.7").as_deref(), Some("0.59.1"));
        assert_eq!(next("windows-sys", "0.59.0"), None);
    }

    #[test]
    fn after_some_versions_the_steps_grow() {
        let mut all = vec![held("syn", "2.0.117"), held("syn", "2.0.116"), held("syn", "1.0.109")];
        assert_eq!(further_down(&all, &all[1], false), None);
        let mut versions = Vec::new();
        let mut patch = 115;
        while patch > 0 && versions.len() < 20 {
            all.push(held("syn", &format!("2.0.{patch}")));
            let further = further_down(&all, &all[all.len() - 1], false).unwrap();
            patch = numbers(&further.version)[2].saturating_sub(1);
            versions.push(further.version.clone());
            all.push(further);
        }
        assert_eq!(versions, ["2.0.113", "2.0.104", "2.0.71", "2.0.0"]);
        let first = [held("cc", "1.11.3"), held("cc", "1.11.2"), held("cc", "1.11.1")];
        assert_eq!(further_down(&first, &first[2], false), Some(held("cc", "1.11.0")));
        let zero = [held("a", "0.3.0"), held("a", "0.3.1"), held("a", "0.3.2")];
        assert_eq!(further_down(&zero, &zero[0], false), None);
    }

    #[test]
    fn what_needs_an_impossible_package_is_blamed() {
        let lock = "[[package]]\nname = \"own\"\nversion = \"0.1.0\"\ndependencies = [\n \"basic\",\n]\n\n\
                    [[package]]\nname = \"trybuild\"\nversion = \"1.0.5\"\nsource = \"r\"\ndependencies = [\n \"basic 0.1.0\",\n]\n";
        let found = needing(lock, &held("basic", "0.1.0"));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].version.as_str()), ("trybuild", "1.0.5"));
        assert_eq!(found[0].reason.to_string(), "it needs basic, of which no version was found that builds: x");
        // Of a chain, its ends are named.
        let reason = |needs: [&str; 2]| Reason { needs: needs.map(str::to_string).into(), why: "x".to_string() };
        let chain = HeldBack { reason: reason(["middle", "last"]), ..held("basic", "0.1.0") };
        assert_eq!(
            needing(lock, &chain)[0].reason.to_string(),
            "it needs basic, which in the end needs last, of which no version was found that builds: x"
        );
        assert!(needing(lock, &held("trybuild", "1.0.5")).is_empty());
        let two = lock.replace("\"basic 0.1.0\"", "\"basic 0.2.7\"");
        assert!(needing(&two, &held("basic", "0.1.0")).is_empty());
        // A version that was not tried is in no lock file.
        assert_eq!(needing(&two, &held("basic", "0.2.1")).len(), 1);
    }
}
