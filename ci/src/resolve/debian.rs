// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The set of dependencies available to a packager for Debian: only the crates' versions in the suite's librust-*-dev
//! packages.
//! A package is built without dependencies that only tests need. Dependencies that Debian lacks, or has only in
//! versions that are not allowed, are left out if they are optional or only other systems need them, as a patch of the
//! package would do; other missing ones are reported. cargo resolves, each version is moved to Debian's in turn, and
//! everything is built in the cell with the result.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{bail, ensure, Context, Result};

use crate::cell::mirror::{Mirror, Sources};
use crate::cell::workbench::{Ready, Workbench};
use crate::cell::{mmdebstrap, rootfs};
use crate::host::log::first_error_in;
use crate::host::process;
use crate::host::progress;
use crate::host::temporary;
use crate::project::config::Cell;
use crate::project::lockfile;
use crate::project::manifest;
use crate::project::reduced::LeftOut;
use crate::project::vendor::{locked, Vendor};
use crate::project::version::line;
use crate::project::workspace::{Dependency, Package};
use crate::resolve::constraints::{with_reasons, Given};
use crate::resolve::stubs;

/// The command that mmdebstrap runs when it has the suite's lists of packages.
const LIST: &str = "APT_CONFIG=\"$MMDEBSTRAP_APT_CONFIG\" apt-cache dumpavail | grep -E '^(Package|Version): ' >&2";

/// The crates of a suite.
struct Suite {
    name: String,
    /// Names and versions of the packages that may contain a crate, by the crate's name in Debian's spelling.
    crates: BTreeMap<String, Vec<(String, String)>>,
}

/// Finds the set of a cell, and returns the text of its lock file with the reasons at the top.
pub fn resolve(bench: &Workbench, ready: &Ready) -> Result<String> {
    if let Some(why) = bench.unread_manifests(ready)? {
        bail!(why);
    }
    let step = progress::Bar::new(&format!("{}: the packager's lock", ready.cell.name), None);
    step.message("the suite's packages");
    let suite = Suite::of(bench, &ready.cell)?;
    let folder = temporary::folder()?;
    let copy = &folder.path().join("copy");
    let lock = copy.join("Cargo.lock");
    let mut given = Given::default();
    step.message("Debian's versions");
    let newest = loop {
        let left = LeftOut::with_tests(&ready.packages, given.left.keys());
        let rest = manifest::BareCopy { rustc: &ready.rustc.to_string(), holder: None, left: &left };
        rest.write(&bench.project.workspace(&ready.cell), &ready.packages, copy)?;
        lockfile::generate(copy)?;
        let newest = fs::read_to_string(&lock)?;
        let before = given.left.len();
        let built = || stubs::built(bench, ready, copy, &left);
        given.left.extend(lacking(copy, &suite, &ready.chosen.built, &built()?)?);
        if given.left.len() == before {
            fs::write(&lock, &newest)?;
            move_all(copy, &suite, &built)?;
            move_others(copy, &suite)?;
            break locked(&newest)?;
        }
    };
    let text = fs::read_to_string(&lock)?;
    let left = LeftOut::with_tests(&ready.packages, given.left.keys());
    let built = stubs::built(bench, ready, copy, &left)?;
    // Debian's packages of their dependents do without them, and nothing here reads them.
    for package in locked(&text)? {
        if !built.contains(&package) && !suite.has(&package.0, &package.1) {
            let reason = suite.lack(&package.0, &package.1);
            given.stubbed.insert(package, reason);
        }
    }
    step.message("building");
    let vendor = Vendor::in_folder(&folder.path().join("sources"), copy, &lock)?;
    vendor.put_stubs(&text, given.stubbed.keys())?;
    build(bench, ready, &lock, &vendor, &left)
        .with_context(|| format!("the project does not build with the versions in {}", suite.name))?;
    let mut moved = Vec::new();
    for (name, version) in locked(&text)?.into_iter().filter(|package| built.contains(package)) {
        let first = newest.iter().find(|(n, v)| *n == name && *v != version);
        if let (Some((_, first)), Some((package, debian))) = (first, suite.versions(&name).first()) {
            moved.push(format!("{name} {first} at {version}: {}'s {package} is {debian}", suite.name));
        }
    }
    given.left.values_mut().for_each(|reason| reason.push_str(", and the project builds without it"));
    Ok(with_reasons(&text, &given, &moved, None))
}

/// Returns the dependencies without which packages can be built and of which the suite has no allowed version, with the
/// reasons.
fn lacking(
    copy: &Path,
    suite: &Suite,
    packages: &[Package],
    built: &BTreeSet<(String, String)>,
) -> Result<BTreeMap<String, String>> {
    let mut lacking = BTreeMap::new();
    let set = locked(&fs::read_to_string(copy.join("Cargo.lock"))?)?;
    let own = packages.iter().flat_map(|package| &package.dependencies);
    for Dependency { name, .. } in own.filter(|dependency| dependency.is_dispensable() && dependency.path.is_none()) {
        let is_optional = packages.iter().flat_map(|p| &p.dependencies).all(|d| d.name != *name || d.optional);
        let is_built = |package: &&(String, String)| package.0 == *name && built.contains(*package);
        let version = match set.iter().find(|(known, _)| known == name) {
            Some((_, version)) => version,
            None => continue,
        };
        // A dependency that this system needs and no feature disables.
        if suite.has(name, version) || !is_optional && set.iter().any(|package| is_built(&package)) {
            continue;
        }
        let is_moved = match suite.nearest(name, version) {
            Some((_, debian)) => lockfile::moves(copy, name, version, &upstream(debian))?.is_none(),
            None => false,
        };
        if !is_moved {
            lacking.insert(name.clone(), suite.lack(name, version));
        }
    }
    Ok(lacking)
}

/// Moves all packages that are built to versions in the suite. Some moves are possible only after others.
fn move_all(copy: &Path, suite: &Suite, built: &dyn Fn() -> Result<BTreeSet<(String, String)>>) -> Result<()> {
    loop {
        let built = built()?;
        let set = locked(&fs::read_to_string(copy.join("Cargo.lock"))?)?;
        let wrong: Vec<_> =
            set.iter().filter(|package| built.contains(package) && !suite.has(&package.0, &package.1)).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        let (mut moved, mut refused) = (false, None);
        for (name, version) in &wrong {
            let (package, debian) = match suite.nearest(name, version) {
                Some(found) => found,
                // Debian's version of its dependent may not need it.
                None => continue,
            };
            // An earlier move may have removed this version from the set.
            match lockfile::moves(copy, name, version, &upstream(debian))? {
                None => moved = true,
                Some(said) => {
                    refused = refused.or(Some(format!("{name} {version} by the {debian} of {package}: {said}")))
                }
            }
        }
        match refused {
            _ if moved => {}
            Some(refused) => bail!("{} cannot replace {refused}: allow that version in Cargo.toml", suite.name),
            None => {
                let lacking: Vec<String> = wrong
                    .iter()
                    .filter(|(name, _)| suite.versions(name).is_empty())
                    .map(|(name, _)| format!("{name} (there is no {})", package_of(name)))
                    .collect();
                bail!(
                    "{} lacks the crates {}, and the project does not build without them: package them first, or make \
                        the dependencies on them optional in Cargo.toml",
                    suite.name,
                    lacking.join(", ")
                )
            }
        }
    }
}

/// Moves the packages that nothing builds, if possible.
fn move_others(copy: &Path, suite: &Suite) -> Result<()> {
    for (name, version) in locked(&fs::read_to_string(copy.join("Cargo.lock"))?)? {
        if let (false, Some((_, debian))) = (suite.has(&name, &version), suite.nearest(&name, &version)) {
            lockfile::moves(copy, &name, &version, &upstream(debian))?;
        }
    }
    Ok(())
}

fn build(bench: &Workbench, ready: &Ready, lock: &Path, vendor: &Vendor, left: &LeftOut) -> Result<()> {
    let logs = bench.project.target().join("logs").join(&ready.cell.name);
    let log = logs.join("packager.log");
    fs::create_dir_all(&logs).with_context(|| format!("cannot write {}", logs.display()))?;
    let manifests = bench.manifests(ready, &|text| left.manifest(text))?;
    for package in &ready.chosen.built {
        for choice in left.package(package).feature_choices(&bench.project.config.features) {
            fs::write(&log, "")?;
            let mut arguments = vec!["build"];
            arguments.extend(choice.iter().map(String::as_str));
            let mut command = bench.cargo_with(ready, package.folder(), &arguments, lock, vendor, &manifests)?;
            ensure!(
                process::run(&mut command, &log)?.success(),
                "{}: {} (the log is {})",
                package.name,
                first_error_in(&log),
                log.display()
            );
        }
    }
    Ok(())
}

impl Suite {
    /// Reads the lists from the mirror, or from the archive of suites that Debian no longer supports; apt checks the
    /// signatures.
    fn of(bench: &Workbench, cell: &Cell) -> Result<Suite> {
        let name = cell.suite.clone().context("a cell without a suite has no packages of Debian")?;
        let mirror = Mirror::of(&name, &bench.project.config, bench.mirror.as_deref())?;
        let mut sources = Sources::new(mirror.clone(), &bench.project.config, cell);
        loop {
            let folder = temporary::folder()?;
            let mut command = mmdebstrap::find(&bench.cache)?.command(folder.path())?;
            // None of its programs is run.
            command
                .args(["--variant=custom", "--format=null", "--skip=check/qemu"])
                .arg(format!("--architectures={}", cell.arch()))
                .arg(format!("--customize-hook={LIST}"))
                .args([&name, "-"])
                .args(sources.lines(&name));
            let output = command.stdin(Stdio::null()).output().context("cannot start mmdebstrap")?;
            let said = String::from_utf8_lossy(&output.stderr);
            if output.status.success() {
                return Ok(Suite { crates: crates(&said), name });
            }
            match sources.elsewhere(&said, &name) {
                Some(where_else) => progress::note(&format!("{}: {where_else}", cell.name)),
                None => bail!("{}", rootfs::explain(&said, &name, &mirror)),
            }
        }
    }

    /// Returns the packages with a crate, and their versions.
    fn versions(&self, name: &str) -> &[(String, String)] {
        self.crates.get(&debian_name(name)).map_or(&[], Vec::as_slice)
    }

    fn has(&self, name: &str, version: &str) -> bool {
        // Build metadata after a plus sign does not distinguish versions.
        let version = version.split('+').next();
        self.versions(name).iter().any(|(_, debian)| Some(&*upstream(debian)) == version)
    }

    /// Returns a message about the suite's version in place of a missing one.
    fn lack(&self, name: &str, version: &str) -> String {
        match self.nearest(name, version) {
            Some((package, debian)) => format!("{} has version {debian} as {package}, not {version}", self.name),
            None => format!("{} has no {}", self.name, package_of(name)),
        }
    }

    /// Returns the package with a compatible version, or otherwise the first.
    fn nearest(&self, name: &str, version: &str) -> Option<(&str, &str)> {
        let all = self.versions(name);
        let compatible = all.iter().find(|(_, debian)| line(&upstream(debian)) == line(version));
        compatible.or_else(|| all.first()).map(|(package, debian)| (&**package, &**debian))
    }
}

/// Parses the lines `Package: …` and `Version: …`.
fn crates(list: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let mut crates: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut package = "";
    for line in list.lines() {
        if let Some(name) = line.strip_prefix("Package: ") {
            package = name;
        }
        let name = package.strip_prefix("librust-").and_then(|rest| rest.strip_suffix("-dev"));
        if let (Some(version), Some(name)) = (line.strip_prefix("Version: "), name.filter(|name| !name.contains('+'))) {
            let found = (package.to_string(), version.to_string());
            // An older line has its number after its name: librust-syn-1-dev.
            let older = name.rsplit_once('-').filter(|(_, line)| {
                line.starts_with(|c: char| c.is_ascii_digit()) && version.starts_with(&format!("{line}."))
            });
            let name = older.map_or(name, |(name, _)| name).to_string();
            let all = crates.entry(name).or_default();
            if !all.contains(&found) {
                all.push(found);
            }
        }
    }
    crates
}

fn debian_name(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

/// Returns the package that has a crate, by Debian's policy.
pub fn package_of(name: &str) -> String {
    format!("librust-{}-dev", debian_name(name))
}

/// Returns the crate's version for a package's: `0.4.0~alpha.4+dfsg-1+b2` is `0.4.0-alpha.4`.
fn upstream(debian: &str) -> String {
    let version = debian.rsplit_once('-').map_or(debian, |(version, _)| version);
    version.split('+').next().unwrap_or(version).replace('~', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_found_in_packages_of_several_lines() {
        let list =
            "I: x\nPackage: librust-syn-dev\nVersion: 2.0.43-1\nPackage: librust-syn-1-dev\nVersion: 1.0.109-2\n\
                    Package: librust-sha-1-dev\nVersion: 0.10.1-1\nPackage: librust-syn+full-dev\nVersion: 2.0.43-1\n";
        let suite = Suite { name: "s".into(), crates: crates(list) };
        assert!(suite.has("syn", "2.0.43") && suite.has("syn", "1.0.109") && suite.has("sha-1", "0.10.1"));
        assert_eq!(suite.nearest("syn", "1.0.3").unwrap().0, "librust-syn-1-dev");
        assert!(suite.versions("sha").is_empty());
        assert!(suite.has("syn", "2.0.43+x") && !suite.has("syn", "2.0.44"));
        assert_eq!(suite.lack("syn", "3.0.0"), "s has version 2.0.43-1 as librust-syn-dev, not 3.0.0");
        assert_eq!(suite.lack("a_b", "3.0.0"), "s has no librust-a-b-dev");
    }

    #[test]
    fn a_packages_version_has_the_crates_in_it() {
        assert_eq!(upstream("0.2.139-1"), "0.2.139");
        assert_eq!(upstream("0.4.0~alpha.4+dfsg-1+b2"), "0.4.0-alpha.4");
    }
}
