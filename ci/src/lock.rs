//! For each cell, the newest set of dependency versions that its compiler can take.
//!
//! cargo's own resolver begins: it believes what crates say they need. What they do not say is found by trying:
//! the set is vendored, its manifests are compared with what the cell's cargo can read, and everything is built
//! in the cell. A version that fails is forbidden by a package of our own in a copy of the workspace, and cargo
//! resolves again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use toml_edit::{Document, Item};

use crate::leave_out::LeftOut;
use crate::lockfile::{self, HELD, LEFT, UNTESTED};
use crate::manifest::{self, write};
use crate::project::{cargo, Dependency, Package};
use crate::logged::{self, first_error};
use crate::vendor::{locked, Vendor};
use crate::version::Version;
use crate::workbench::{Ready, Workbench};
use crate::progress;

/// The package of our own that forbids versions.
const HOLDER: &str = "held-back-by-oldstable";

/// More versions than any set holds back.
const TRIES: usize = 120;

/// A version that a cell cannot take, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HeldBack {
    name: String,
    version: String,
    reason: String,
}

impl HeldBack {
    /// The versions that a requirement for this one allows too.
    fn line(&self) -> (String, String) {
        (self.name.clone(), line(&self.version))
    }
}

/// What is given up so that the rest builds.
#[derive(Debug, Clone, Default)]
struct Given {
    held: Vec<HeldBack>,
    /// What the cell takes in no version, and only tests or features that are off need, with the reasons.
    left: BTreeMap<String, String>,
}

/// What came of trying a set.
enum Trial {
    /// Everything builds with this lock file.
    Builds(String),
    /// The project's own code does not: some dependency has become too new for it, and this is what it says.
    OwnFailure(Failure),
}

/// The project's own code does not build.
struct Failure {
    why: String,
    /// Whether older dependencies may help.
    helpless: bool,
    /// The lock file with which all but the tests builds.
    without_tests: Option<String>,
}

/// What came of building a set.
enum Built {
    All,
    Blames(HeldBack),
    Own { why: String, helpless: bool, but_tests: bool },
}

/// A search for the set of one cell.
struct Search<'a> {
    bench: &'a Workbench,
    ready: &'a Ready,
    copy: PathBuf,
    step: progress::Step,
}

/// Finds the set of a cell, and gives the text of its lock file with the reasons at the top.
pub fn resolve(bench: &Workbench, ready: &Ready) -> Result<String> {
    bench.check_manifests(ready)?;
    let folder = tempfile::tempdir().context("no temporary folder can be made: set TMPDIR to one that is writable")?;
    let step = progress::Step::new(&format!("{}: lock", ready.cell.name), None);
    let search = Search { bench, ready, copy: folder.path().to_path_buf(), step };
    search.run()
}

impl Search<'_> {
    fn run(&self) -> Result<String> {
        let mut given = Given::default();
        let failure = match self.settle(&mut given)? {
            Trial::Builds(lock) => return Ok(lock),
            Trial::OwnFailure(failure) => failure,
        };
        if !failure.helpless {
            if let Some(lock) = self.with_older(&given, &failure)? {
                return Ok(lock);
            }
        }
        failure.without_tests.with_context(|| {
            let name = &self.ready.cell.name;
            format!("the project does not build in cell {name} with any set of dependencies: {}", failure.why)
        })
    }

    /// Nothing says which dependency is too new for the project's own code. Each one that is named in a manifest is
    /// tried in older versions, alone.
    fn with_older(&self, given: &Given, failure: &Failure) -> Result<Option<String>> {
        let why = &failure.why;
        let sets = &self.bench.project.config.features;
        // Where all but the tests builds, or nothing does, what the others need is not to blame.
        let blamed = |package: &Package, dependency: &Dependency| {
            let for_tests = dependency.kind.as_deref() == Some("dev");
            for_tests == failure.without_tests.is_some() && package.builds_with(dependency, sets)
        };
        let mut names: Vec<&str> = Vec::new();
        for package in &self.ready.packages {
            let own = package.dependencies.iter().filter(|d| d.path.is_none() && blamed(package, d));
            names.extend(own.map(|dependency| dependency.name.as_str()));
        }
        names.retain(|name| !given.left.contains_key(*name));
        names.sort_unstable();
        names.dedup();
        for name in names {
            let mut trial = given.clone();
            for _ in 0..TRIES / 8 {
                let lock = fs::read_to_string(self.generate(&mut trial)?.0)?;
                let version = match locked(&lock)?.into_iter().find(|(n, _)| n == name) {
                    Some((_, version)) => version,
                    None => break,
                };
                let reason = format!("with it, the project's own code does not build: {why}");
                let found = HeldBack { name: name.to_string(), version, reason };
                self.step.message(&format!("without {name} {}", found.version));
                trial.held.push(found);
                if self.generate(&mut trial).is_err() {
                    break;
                }
                if let Trial::Builds(lock) = self.settle(&mut trial)? {
                    return Ok(Some(lock));
                }
            }
        }
        Ok(None)
    }

    /// Holds back what cannot be read or does not build, until the rest does.
    fn settle(&self, given: &mut Given) -> Result<Trial> {
        let mut impossible: BTreeSet<(String, String)> = BTreeSet::new();
        let mut before = String::new();
        for _ in 0..TRIES {
            let (lock, said) = match (self.generate(given), given.held.last().cloned()) {
                (Ok(found), _) => found,
                (Err(error), None) => return Err(error),
                (Err(_), Some(last)) => {
                    impossible.insert(last.line());
                    self.give_up(given, &before, &last)?;
                    continue;
                }
            };
            before = fs::read_to_string(&lock)?;
            let hopeless: Vec<HeldBack> = match self.ready.rustc >= Version::release_of(1, 56) {
                true => said.iter().filter_map(|line| hopeless(line)).collect(),
                // What does not look at the stated rust-version may build all the same.
                false => Vec::new(),
            };
            let for_tests = |found: &&HeldBack| self.is_for_tests(&found.name) && needing(&before, found).is_none();
            if let Some(found) = hopeless.iter().find(for_tests) {
                self.give_up(given, &before, found)?;
                continue;
            }
            self.step.message(&format!("{} versions held back", given.held.len()));
            if self.give_up_stated(given, &before, &hopeless, &mut impossible)? {
                continue;
            }
            let vendor = Vendor::of(&self.bench.cache, &self.copy, &lock)?;
            let found = match unreadable(&vendor, self.ready)? {
                Some(found) => Built::Blames(found),
                None => self.build(&lock, &vendor, given)?,
            };
            // Nothing asks for a set with our own package in it again.
            self.bench.cache.discard(vendor.folder())?;
            let stated: Vec<String> = said.iter().filter_map(|line| stated(line)).collect();
            let text = |untested: Option<&str>| with_reasons(&before, given, &stated, untested);
            let found = match found {
                Built::All => return Ok(Trial::Builds(text(None))),
                Built::Own { why, but_tests: true, .. } if !given.left.is_empty() && lacks_a_crate(&why) => {
                    return Ok(Trial::Builds(text(Some(&why))))
                }
                Built::Own { why, helpless, but_tests } => {
                    let without_tests = but_tests.then(|| text(None));
                    return Ok(Trial::OwnFailure(Failure { why, helpless, without_tests }));
                }
                Built::Blames(found) => found,
            };
            let cell = &self.ready.cell.name;
            progress::note(&format!("{cell}: {} {}: {}", found.name, found.version, found.reason));
            if impossible.contains(&found.line()) || hopeless.iter().any(|h| h.name == found.name && h.version == found.version) {
                impossible.insert(found.line());
                self.give_up(given, &before, &found)?;
                continue;
            }
            ensure!(
                !given.held.contains(&found),
                "{} {} cannot be held back: another package needs it",
                found.name,
                found.version
            );
            given.held.push(found.clone());
            given.held.extend(rest_of_minor(&given.held, &found));
        }
        bail!("no set of dependencies was found for cell {} in {TRIES} tries", self.ready.cell.name)
    }

    /// Gives up what is built in the cell and, as all its allowed versions state, cannot be. Whether there was any.
    fn give_up_stated(
        &self,
        given: &mut Given,
        lock: &str,
        hopeless: &[HeldBack],
        impossible: &mut BTreeSet<(String, String)>,
    ) -> Result<bool> {
        if hopeless.is_empty() {
            return Ok(false);
        }
        // What other systems and features need is in the lock file too.
        let mut command = cargo();
        command.args(["tree", "--workspace", "--locked", "--edges=all", "--prefix=none"]).current_dir(&self.copy);
        if !self.bench.project.config.features.is_empty() {
            command.arg("--all-features");
        }
        let output = command.output().context("cannot start cargo tree")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let built: BTreeSet<&str> = text.lines().collect();
        let is_built = |found: &&HeldBack| {
            let name = format!("{} v{}", found.name, found.version);
            built.iter().any(|line| line.strip_prefix(name.as_str()).map_or(false, |rest| rest.is_empty() || rest.starts_with(" ")))
        };
        let all: Vec<&HeldBack> = hopeless.iter().filter(is_built).collect();
        for found in &all {
            impossible.insert(found.line());
            self.give_up(given, lock, found)?;
        }
        Ok(!all.is_empty())
    }

    /// Of a package that the cell takes in no version at all, those that need it are held back; if only the
    /// project's tests need it, or features that are off, it is left out.
    fn give_up(&self, given: &mut Given, lock: &str, found: &HeldBack) -> Result<()> {
        given.held.retain(|other| other.line() != found.line());
        if let Some(parent) = needing(lock, found) {
            if !given.held.contains(&parent) {
                given.held.push(parent);
            }
            return Ok(());
        }
        let HeldBack { name, reason, .. } = found;
        let cell = &self.ready.cell.name;
        ensure!(
            self.is_dispensable(name),
            "the project needs {name}, of which cell {cell} takes no version ({reason}): allow older versions of it in \
             Cargo.toml, or leave the cell out of msrv.toml"
        );
        progress::note(&format!("{cell}: without {name}, which only tests or features that are off need: {reason}"));
        given.left.insert(name.clone(), reason.clone());
        Ok(())
    }

    /// Whether the project's tests, examples and benchmarks alone name this package.
    fn is_for_tests(&self, name: &str) -> bool {
        self.is_named_only(name, |_, dependency| dependency.kind.as_deref() == Some("dev"))
    }

    /// Whether all but the tests builds without this package.
    fn is_dispensable(&self, name: &str) -> bool {
        let sets = &self.bench.project.config.features;
        self.is_named_only(name, |package, dependency| {
            dependency.kind.as_deref() == Some("dev") || !package.builds_with(dependency, sets)
        })
    }

    /// Whether the project names this package, and nowhere but as something of that kind.
    fn is_named_only(&self, name: &str, kind: impl Fn(&Package, &Dependency) -> bool) -> bool {
        let all = self.ready.packages.iter().flat_map(|package| package.dependencies.iter().map(move |d| (package, d)));
        let mut named = all.filter(|(_, dependency)| dependency.name == name).peekable();
        named.peek().is_some() && named.all(|(package, dependency)| kind(package, dependency))
    }

    /// Builds everything in the cell, whatever `rust-version` the project itself states: what the dependencies
    /// state counts.
    fn build(&self, lock: &Path, vendor: &Vendor, given: &Given) -> Result<Built> {
        let logs = self.bench.project.target().join("logs").join(&self.ready.cell.name);
        let log = logs.join("lock.log");
        fs::create_dir_all(&logs).with_context(|| format!("cannot write {}", logs.display()))?;
        let left = LeftOut::named(&self.ready.packages, given.left.keys());
        let manifests = self.bench.manifests(self.ready, &|text| manifest::without_claim(&left.manifest(text)?))?;
        let set = locked(&fs::read_to_string(lock)?)?;
        let cargo = |package: &Package, first: &[&str], choice: &[String]| -> Result<Option<String>> {
            fs::write(&log, "")?;
            let mut arguments = first.to_vec();
            arguments.extend(choice.iter().map(String::as_str));
            let mut command =
                self.bench.cargo_with(self.ready, package.folder(), &arguments, lock, vendor, &manifests)?;
            Ok(match logged::run(&mut command, &log)?.success() {
                true => None,
                false => Some(String::from_utf8_lossy(&fs::read(&log)?).into_owned()),
            })
        };
        for package in &self.ready.packages {
            for choice in left.package(package).feature_choices(&self.bench.project.config.features) {
                // The tests' own dependencies have to build too.
                let text = match cargo(package, &["test", "--no-run"], &choice)? {
                    Some(text) => text,
                    None => continue,
                };
                if let Some(found) = culprit(&text, &set) {
                    return Ok(Built::Blames(found));
                }
                ensure!(text.lines().any(|line| line.starts_with("error")), "cargo cannot be run: {}", first_error(&text));
                let (why, helpless) = (first_error(&text), is_language(&text));
                let but_tests = cargo(package, &["build"], &choice)?.is_none();
                return Ok(Built::Own { why, helpless, but_tests });
            }
        }
        Ok(Built::All)
    }

    /// Resolves, with the versions that are held back forbidden. Gives the lock file, and what cargo says of each
    /// version.
    fn generate(&self, given: &mut Given) -> Result<(PathBuf, Vec<String>)> {
        let rustc = self.ready.rustc.to_string();
        let left = LeftOut::named(&self.ready.packages, given.left.keys());
        let copy = manifest::Copy { rustc: &rustc, holder: Some(HOLDER), left: &left };
        copy.write(&self.bench.project.workspace(&self.ready.cell), &self.ready.packages, &self.copy)?;
        loop {
            let found = generate_without(&self.copy, &given.held)?;
            let lock = fs::read_to_string(&found.0)?;
            // What is needed no longer would be in the lock file for our own package alone.
            let count = given.held.len();
            given.held.retain(|held| is_needed(&lock, held));
            if given.held.len() == count {
                return Ok(found);
            }
        }
    }
}

/// Resolves in a copy of the workspace, with the versions that are held back forbidden. Gives the lock file, and what
/// cargo says of each version.
fn generate_without(copy: &Path, held: &[HeldBack]) -> Result<(PathBuf, Vec<String>)> {
    let mut forbidden: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for found in held {
        forbidden.entry(&found.name).or_default().push(&found.version);
    }
    let mut manifest = format!("[package]\nname = \"{HOLDER}\"\nversion = \"0.0.0\"\nedition = \"2018\"\n");
    let mut number = 0;
    for (name, versions) in forbidden {
        for below in lowest_of_each_line(&versions) {
            manifest.push_str(&format!(
                "[dependencies.held{number}]\npackage = \"{name}\"\nversion = \"{}\"\ndefault-features = false\n",
                below
            ));
            number += 1;
        }
    }
    write(&copy.join(HOLDER).join("Cargo.toml"), &manifest)?;
    let lock = copy.join("Cargo.lock");
    if lock.exists() {
        fs::remove_file(&lock)?;
    }
    let said = lockfile::generate(copy)?;
    Ok((lock, said))
}

/// The packages in a lock file that need a version: the names and versions, and whether they are from a registry.
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

/// The first package from a registry in a lock file that needs a version.
fn needing(lock: &str, found: &HeldBack) -> Option<HeldBack> {
    let all = dependents(lock, &found.name, |version| version == found.version);
    let (name, version, _) = all.into_iter().find(|(_, _, registry)| *registry)?;
    Some(HeldBack { name, version, reason: format!("it needs {}, of which no version can be taken", found.name) })
}

/// Whether something else than our own package needs a version of the same line.
fn is_needed(lock: &str, held: &HeldBack) -> bool {
    let all = dependents(lock, &held.name, |version| line(version) == line(&held.version));
    all.iter().any(|(name, ..)| name != HOLDER)
}

/// `Adding criterion v0.8.2 (requires Rust 1.86)`: every version that is allowed needs a newer compiler.
fn hopeless(line: &str) -> Option<HeldBack> {
    let (package, rest) = line.trim().strip_prefix("Adding ")?.split_once(" (requires ")?;
    let (name, version) = package.split_once(" v")?;
    let reason = format!("it states that it needs {}, and so do all versions that are allowed", rest.trim_end_matches(')'));
    Some(HeldBack { name: name.to_string(), version: version.to_string(), reason })
}

/// `Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)`
fn stated(line: &str) -> Option<String> {
    let (package, rest) = line.trim().strip_prefix("Adding ")?.split_once(" (available: v")?;
    let (newest, needs) = rest.trim_end_matches(')').split_once(", requires ")?;
    let (name, version) = package.split_once(" v")?;
    Some(format!("{name} {newest} at {version}: it states that it needs {needs}"))
}

/// The numbers of a version, without what stands behind them.
fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['-', '+']).next().unwrap_or(version);
    plain.split('.').filter_map(|n| n.parse().ok()).collect()
}

/// The numbers that compatible versions share.
pub fn line(version: &str) -> String {
    match numbers(version).as_slice() {
        [0, 0, patch, ..] => format!("0.0.{patch}"),
        [0, minor, ..] => format!("0.{minor}"),
        [major, ..] => major.to_string(),
        [] => String::new(),
    }
}

/// A requirement for each line of compatible versions: below the lowest that fails, but in the same line.
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

/// Whether an error says that a crate is not there.
fn lacks_a_crate(error: &str) -> bool {
    ["error[E0432]", "error[E0433]", "error[E0463]"].iter().any(|code| error.starts_with(code))
}

/// The first version of a minor release, when several of that release have been tried in vain.
fn rest_of_minor(held: &[HeldBack], last: &HeldBack) -> Option<HeldBack> {
    let minor = |version: &str| numbers(version).into_iter().take(2).collect::<Vec<u64>>();
    let of_minor = minor(&last.version);
    let tried = held.iter().filter(|found| found.name == last.name && minor(&found.version) == of_minor).count();
    match of_minor.as_slice() {
        [major, minor] if *major > 0 && *minor > 0 && tried >= 3 => Some(HeldBack {
            name: last.name.clone(),
            version: format!("{major}.{minor}.0"),
            reason: format!("not tried, since later ones of its release fail: {}", last.reason),
        }),
        _ => None,
    }
}

/// Whether the messages name a feature of the language or of std that the compiler does not have.
fn is_language(log: &str) -> bool {
    log.lines().any(|line| line.starts_with("error[E0658]"))
}

/// A vendored package whose manifest the cell's cargo cannot read.
fn unreadable(vendor: &Vendor, ready: &Ready) -> Result<Option<HeldBack>> {
    for manifest in vendor.manifests()? {
        let text = fs::read_to_string(&manifest)?;
        let parsed: Document = match text.parse() {
            Ok(parsed) => parsed,
            Err(_) => continue,
        };
        let field = |name: &str| parsed.get("package").and_then(|p| p.get(name)).and_then(Item::as_str).unwrap_or("").to_string();
        let needs = match field("edition").as_str() {
            "2018" => "1.31.0",
            "2021" => "1.56.0",
            "2024" => "1.85.0",
            _ => "1.0.0",
        };
        if needs.parse::<Version>()? > ready.rustc {
            return Ok(Some(HeldBack {
                name: field("name"),
                version: field("version"),
                reason: format!("its edition {} needs {}", field("edition"), needs),
            }));
        }
    }
    Ok(None)
}

/// The dependency that cargo's messages blame.
fn culprit(log: &str, set: &[(String, String)]) -> Option<HeldBack> {
    let quoted = |line: &str, after: &str| -> Option<String> {
        Some(line.split(after).nth(1)?.split('`').next()?.to_string())
    };
    let why = first_error(log);
    for line in log.lines() {
        if let Some(package) = quoted(line, "error: package `").filter(|_| line.contains("requires rustc")) {
            let (name, version) = package.split_once(" v")?;
            return Some(HeldBack { name: name.into(), version: version.into(), reason: why });
        }
        // Newer cargos list them all: `  clap@4.6.9 requires rustc 1.85`.
        if let Some((package, _)) = line.trim().split_once(" requires rustc ") {
            if let Some((name, version)) = package.split_once('@') {
                return Some(HeldBack { name: name.into(), version: version.into(), reason: line.trim().into() });
            }
        }
        if let Some(path) = quoted(line, "failed to parse manifest at `") {
            let folder = Path::new(&path).parent()?.file_name()?.to_str()?.to_string();
            let (name, version) = set.iter().find(|(name, version)| folder == format!("{name}-{version}"))?;
            return Some(HeldBack { name: name.clone(), version: version.clone(), reason: why });
        }
    }
    let name = log.lines().find_map(|line| quoted(line, "could not compile `"))?;
    let of_name: Vec<&(String, String)> = set.iter().filter(|(n, _)| n.replace('_', "-") == name.replace('_', "-")).collect();
    // Where a set has a package twice, the path in the messages tells which.
    let one = of_name
        .iter()
        .find(|(name, version)| log.contains(&format!("/{name}-{version}/")))
        .or_else(|| of_name.first())?;
    Some(HeldBack { name: one.0.clone(), version: one.1.clone(), reason: why })
}

/// The lock file without our own package, and the reasons as comments at its top.
fn with_reasons(lock: &str, given: &Given, stated: &[String], untested: Option<&str>) -> String {
    let one_line = |text: &str| text.replace('\n', " ");
    let mut text: String = stated.iter().map(|line| format!("{HELD}{line}\n")).collect();
    for found in &given.held {
        text.push_str(&format!("{HELD}{} {}: {}\n", found.name, found.version, one_line(&found.reason)));
    }
    for (name, reason) in &given.left {
        text.push_str(&format!("{LEFT}{name}: {}\n", one_line(reason)));
    }
    if let Some(why) = untested {
        text.push_str(&format!("{UNTESTED}{}\n", one_line(why)));
    }
    let ours = format!("[[package]]\nname = \"{HOLDER}\"");
    match lock.find(&ours) {
        Some(start) => {
            let end = lock[start + 1..].find("[[package]]").map_or(lock.len(), |end| start + 1 + end);
            text.push_str(&lock[..start]);
            text.push_str(&lock[end..]);
        }
        None => text.push_str(lock),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lockfile::{remarks, without_reasons, Remarks};

    fn held_because(name: &str, version: &str, reason: &str) -> HeldBack {
        HeldBack { name: name.into(), version: version.into(), reason: reason.into() }
    }

    fn held(name: &str, version: &str) -> HeldBack {
        held_because(name, version, "x")
    }

    fn set() -> Vec<(String, String)> {
        vec![("libc".into(), "0.2.191".into()), ("proc-macro2".into(), "1.0.107".into())]
    }

    #[test]
    fn the_package_that_does_not_compile_is_blamed() {
        let log = "error[E0658]: unstable\nerror: aborting\nerror: could not compile `proc-macro2`.\n";
        let found = culprit(log, &set()).unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("proc-macro2", "1.0.107"));
        assert_eq!(culprit("error: could not compile `our-own`", &set()), None);
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_blamed_by_its_path() {
        let log = "error: failed to get `libc`\n  failed to parse manifest at `/v/libc-0.2.191/Cargo.toml`\n";
        assert_eq!(culprit(log, &set()).unwrap().name, "libc");
    }

    #[test]
    fn a_stated_rust_version_is_believed() {
        let log = "error: package `libc v0.2.191` cannot be built because it requires rustc 1.65 or newer\n";
        assert_eq!(culprit(log, &set()).unwrap().version, "0.2.191");
    }

    #[test]
    fn versions_are_forbidden_from_the_lowest_on_in_their_line() {
        assert_eq!(lowest_of_each_line(&["1.0.107", "1.0.99", "2.1.0"]), ["^1, <1.0.99", "^2, <2.1.0"]);
        assert_eq!(lowest_of_each_line(&["0.2.12", "0.0.3"]), ["^0.0.3, <0.0.3", "^0.2, <0.2.12"]);
    }

    #[test]
    fn our_own_package_does_not_stay_in_the_lock() {
        let lock = format!("version = 3\n\n[[package]]\nname = \"{HOLDER}\"\nversion = \"0.0.0\"\n\n[[package]]\nname = \"libc\"\n");
        let given = Given { held: vec![held_because("libc", "1.0.0", "x")], left: BTreeMap::new() };
        assert_eq!(
            with_reasons(&lock, &given, &["a 2.0.0 at 1.0.0: x".to_string()], None),
            "# held back: a 2.0.0 at 1.0.0: x\n# held back: libc 1.0.0: x\nversion = 3\n\n[[package]]\nname = \"libc\"\n"
        );
    }

    #[test]
    fn what_is_left_out_is_read_back_from_the_lock() {
        let left = [("criterion".to_string(), "why: so".to_string())].into();
        let text = with_reasons("version = 3\n", &Given { held: vec![held("a", "1.0.0")], left }, &[], Some("E0463: x"));
        let expected = Remarks { left: ["criterion".to_string()].into(), untested: Some("E0463: x".to_string()) };
        assert_eq!(remarks(&text), expected);
        assert_eq!(without_reasons(&text), "version = 3\n");
        assert_eq!(remarks("# This file is automatically @generated by Cargo.\nversion = 3\n"), Remarks::default());
    }

    #[test]
    fn what_nothing_else_needs_is_held_back_no_longer() {
        let lock = format!(
            "[[package]]\nname = \"{HOLDER}\"\nversion = \"0.0.0\"\ndependencies = [\n \"a\",\n \"syn 2.0.1\",\n]\n\n\
             [[package]]\nname = \"x\"\nversion = \"1.0.0\"\ndependencies = [\n \"syn 1.0.5\",\n]\n"
        );
        assert!(!is_needed(&lock, &held("a", "1.0.0")) && !is_needed(&lock, &held("syn", "2.0.9")));
        assert!(is_needed(&lock, &held("syn", "1.0.9")));
    }

    #[test]
    fn a_package_that_is_too_new_in_all_its_versions_is_known_from_the_index() {
        let found = hopeless("      Adding criterion v0.8.2 (requires Rust 1.86)").unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("criterion", "0.8.2"));
        assert!(found.reason.contains("Rust 1.86,"), "{}", found.reason);
        assert_eq!(hopeless("      Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)"), None);
    }

    #[test]
    fn after_some_versions_the_rest_of_their_minor_release_is_not_tried() {
        let mut all = vec![held("cc", "1.11.3"), held("cc", "1.11.2"), held("cc", "1.10.9")];
        assert_eq!(rest_of_minor(&all, &all[1]), None);
        all.push(held("cc", "1.11.1"));
        assert_eq!(rest_of_minor(&all, &all[3]).unwrap().version, "1.11.0");
        let libc: Vec<HeldBack> = (0..9).map(|patch| held("libc", &format!("0.2.{patch}"))).collect();
        assert_eq!(rest_of_minor(&libc, &libc[8]), None);
    }

    #[test]
    fn newer_cargos_list_of_packages_is_read() {
        let log = "error: rustc 1.78.0 is not supported by the following packages:\n  libc@0.2.191 requires rustc 1.80\n";
        assert_eq!(culprit(log, &set()).unwrap(), held_because("libc", "0.2.191", "libc@0.2.191 requires rustc 1.80"));
    }

    #[test]
    fn what_the_index_states_is_a_reason() {
        let line = "      Adding libc v0.2.163 (available: v0.2.191, requires Rust 1.65)";
        assert_eq!(stated(line).unwrap(), "libc 0.2.191 at 0.2.163: it states that it needs Rust 1.65");
        assert_eq!(stated("      Adding autocfg v1.5.1"), None);
    }

    #[test]
    fn what_needs_an_impossible_package_is_blamed() {
        let lock = "[[package]]\nname = \"own\"\nversion = \"0.1.0\"\ndependencies = [\n \"basic\",\n]\n\n\
                    [[package]]\nname = \"trybuild\"\nversion = \"1.0.5\"\nsource = \"r\"\ndependencies = [\n \"basic 0.1.0\",\n]\n";
        let found = needing(lock, &held("basic", "0.1.0")).unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("trybuild", "1.0.5"));
        assert_eq!(needing(lock, &held("trybuild", "1.0.5")), None);
        assert_eq!(needing(lock, &held("basic", "0.2.0")), None);
    }
}
