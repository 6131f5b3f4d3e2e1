//! The set of dependencies that a packager for Debian has: of each crate, the versions that the suite's librust-*-dev
//! packages have, and no others.
//!
//! A package is built without what only tests need. What Debian lacks and the project can switch off is left out, as a
//! patch of the package would do it; anything else that it lacks is named. cargo resolves, one version after the other is
//! moved to Debian's, and everything is built in the cell with what comes out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{bail, ensure, Context, Result};

use crate::cell::mirror::{Mirror, Sources};
use crate::cell::workbench::{Ready, Workbench};
use crate::cell::{mmdebstrap, rootfs};
use crate::host::log::first_error;
use crate::host::process;
use crate::host::progress;
use crate::host::temporary;
use crate::project::config::Cell;
use crate::project::lockfile::{self, HELD, LEFT};
use crate::project::manifest;
use crate::project::reduced::LeftOut;
use crate::project::vendor::{locked, Vendor};
use crate::project::version::line;
use crate::project::workspace::{cargo, Dependency};

/// What mmdebstrap runs once it has the suite's lists of packages.
const LIST: &str = "APT_CONFIG=\"$MMDEBSTRAP_APT_CONFIG\" apt-cache dumpavail | grep -E '^(Package|Version): ' >&2";

/// The crates of a suite.
struct Suite {
    name: String,
    /// The names and versions of the packages that a crate may be in, by the crate's name as Debian writes it.
    crates: BTreeMap<String, Vec<(String, String)>>,
}

/// Finds the set of a cell, and gives the text of its lock file with the reasons at the top.
pub fn resolve(bench: &Workbench, ready: &Ready) -> Result<String> {
    if let Some(why) = bench.unread_manifests(ready)? {
        bail!(why);
    }
    let step = progress::Bar::new(&format!("{}: the packager's lock", ready.cell.name), None);
    step.message("the suite's packages");
    let suite = Suite::of(bench, &ready.cell)?;
    let folder = temporary::folder()?;
    let copy = folder.path();
    let mut absent: BTreeMap<String, String> = BTreeMap::new();
    let newest = loop {
        let left = LeftOut::with_tests(&ready.packages, absent.keys());
        let rest = manifest::BareCopy { rustc: &ready.rustc.to_string(), holder: None, left: &left };
        rest.write(&bench.project.workspace(&ready.cell), &ready.packages, copy)?;
        lockfile::generate(copy)?;
        let set = locked(&fs::read_to_string(copy.join("Cargo.lock"))?)?;
        let all = ready.packages.iter().flat_map(|package| &package.dependencies);
        let mut lacking = all.filter(|dependency| {
            dependency.optional && !absent.contains_key(&dependency.name) && suite.versions(&dependency.name).is_empty()
        });
        match lacking.find(|dependency| set.iter().any(|(name, _)| *name == dependency.name)) {
            None => break set,
            Some(Dependency { name, .. }) => {
                absent.insert(name.clone(), format!("{} has no {}", suite.name, package_of(name)))
            }
        };
    };
    step.message("Debian's versions");
    move_all(copy, &suite)?;
    let lock = copy.join("Cargo.lock");
    let text = fs::read_to_string(&lock)?;
    step.message("building");
    build(bench, ready, &lock, &LeftOut::with_tests(&ready.packages, absent.keys()), &suite)?;
    let mut reasons = String::new();
    for (name, version) in locked(&text)? {
        let first = newest.iter().find(|(n, v)| *n == name && *v != version);
        if let (Some((_, first)), Some((package, debian))) = (first, suite.versions(&name).first()) {
            reasons.push_str(&format!("{HELD}{name} {first} at {version}: {}'s {package} is {debian}\n", suite.name));
        }
    }
    for (name, reason) in &absent {
        reasons.push_str(&format!("{LEFT}{name}: {reason}, and the project builds without it\n"));
    }
    Ok(reasons + &text)
}

/// Moves every dependency to a version that the suite has. One may have to move before another can.
fn move_all(copy: &Path, suite: &Suite) -> Result<()> {
    loop {
        let set = locked(&fs::read_to_string(copy.join("Cargo.lock"))?)?;
        let wrong: Vec<_> = set.iter().filter(|(name, version)| !suite.has(name, version)).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        let (mut moved, mut refused) = (false, None);
        for (name, version) in wrong {
            let (package, debian) = match suite.nearest(name, version) {
                Some(found) => found,
                // Debian's version of what needs it may do without it.
                None => continue,
            };
            let output = cargo()
                .args(["update", "--package", &format!("{name}@{version}"), "--precise", &upstream(debian)])
                .current_dir(copy)
                .output()
                .context("cannot start cargo: install Rust from rustup or from Debian")?;
            // An earlier move may have taken this version out of the set.
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.success() {
                true => moved = true,
                false => {
                    refused = refused
                        .or(Some(format!("{name} {version} by the {debian} of {package}: {}", first_error(&said))))
                }
            }
        }
        match refused {
            _ if moved => {}
            Some(refused) => bail!("{} cannot replace {refused}: allow that version in Cargo.toml", suite.name),
            None => {
                let lacking: Vec<String> = set
                    .iter()
                    .filter(|(name, _)| suite.versions(name).is_empty())
                    .map(|(name, _)| format!("{name} (there is no {})", package_of(name)))
                    .collect();
                bail!(
                    "{} lacks the crates {}, and the project does not build without them: package them first, or make \
                     what needs them optional in Cargo.toml",
                    suite.name,
                    lacking.join(", ")
                )
            }
        }
    }
}

fn build(bench: &Workbench, ready: &Ready, lock: &Path, left: &LeftOut, suite: &Suite) -> Result<()> {
    let copy = lock.parent().unwrap_or(lock);
    let vendor = Vendor::of(&bench.cache, copy, lock)?;
    let logs = bench.project.target().join("logs").join(&ready.cell.name);
    let log = logs.join("packager.log");
    fs::create_dir_all(&logs).with_context(|| format!("cannot write {}", logs.display()))?;
    let manifests = bench.manifests(ready, &|text| left.manifest(text))?;
    for package in &ready.chosen.built {
        for choice in left.package(package).feature_choices(&bench.project.config.features) {
            fs::write(&log, "")?;
            let mut arguments = vec!["build"];
            arguments.extend(choice.iter().map(String::as_str));
            let mut command = bench.cargo_with(ready, package.folder(), &arguments, lock, &vendor, &manifests)?;
            ensure!(
                process::run(&mut command, &log)?.success(),
                "{} does not build with the versions that {} has ({}): the log is {}",
                package.name,
                suite.name,
                first_error(&String::from_utf8_lossy(&fs::read(&log)?)),
                log.display()
            );
        }
    }
    Ok(())
}

impl Suite {
    /// Asks the mirror; apt checks the signatures.
    fn of(bench: &Workbench, cell: &Cell) -> Result<Suite> {
        let name = cell.suite.clone().context("a cell without a suite has no packages of Debian")?;
        let mirror = Mirror::of(&name, &bench.project.config, bench.mirror.as_deref())?;
        let folder = temporary::folder()?;
        let mut command = mmdebstrap::find(&bench.cache)?.command(folder.path())?;
        command.args(["--variant=custom", "--format=null"]).arg(format!("--architectures={}", cell.arch()));
        command
            .arg(format!("--customize-hook={LIST}"))
            .args([&name, "-"])
            .args(Sources::new(mirror.clone(), &bench.project.config, cell).lines(&name));
        let output = command.stdin(Stdio::null()).output().context("cannot start mmdebstrap")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{}", rootfs::explain(&said, &name, &mirror));
        Ok(Suite { crates: crates(&said), name })
    }

    /// The packages with a crate, and their versions.
    fn versions(&self, name: &str) -> &[(String, String)] {
        self.crates.get(&debian_name(name)).map_or(&[], Vec::as_slice)
    }

    fn has(&self, name: &str, version: &str) -> bool {
        self.versions(name).iter().any(|(_, debian)| upstream(debian) == version)
    }

    /// The package whose version is compatible, or else the first.
    fn nearest(&self, name: &str, version: &str) -> Option<(&str, &str)> {
        let all = self.versions(name);
        let compatible = all.iter().find(|(_, debian)| line(&upstream(debian)) == line(version));
        compatible.or_else(|| all.first()).map(|(package, debian)| (&**package, &**debian))
    }
}

/// Reads lines `Package: …` and `Version: …` among others.
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
            // An older line has its number behind its name: librust-syn-1-dev.
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

fn package_of(name: &str) -> String {
    format!("librust-{}-dev", debian_name(name))
}

/// The crate's version in a package's: `0.4.0~alpha.4+dfsg-1+b2` is `0.4.0-alpha.4`.
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
    }

    #[test]
    fn a_packages_version_has_the_crates_in_it() {
        assert_eq!(upstream("0.2.139-1"), "0.2.139");
        assert_eq!(upstream("0.4.0~alpha.4+dfsg-1+b2"), "0.4.0-alpha.4");
    }
}
