// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The search for a cell's newest set of dependency versions that its compiler can build.
//! cargo's own resolver begins, based on the rust-version that crates state. The rest is found by trial: the set is
//! vendored, the cell's cargo reads its manifests, and everything is checked in the cell. A version that fails is
//! forbidden by a package of our own in a copy of the workspace, and cargo resolves again.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};

use crate::cell::workbench::{Ready, Workbench};
use crate::host::log::{self, breakdown, first_error};
use crate::host::process;
use crate::host::temporary;
use crate::project::lockfile;
use crate::project::manifest;
use crate::project::reduced::LeftOut;
use crate::project::vendor::{locked, Vendor};
use crate::project::version::{numbers, Version};
use crate::project::workspace::{with_dependencies, Dependency, Package};
use crate::resolve::constraints::{self, further_down, needing, strictest, with_reasons, Given, HeldBack, HOLDER};
use crate::resolve::diagnosis::{culprit, hopeless, lacks_a_crate, refusal, stated, Known, Messages, Refusal};
use crate::resolve::own::{is_dispensable, is_for_tests, Failure};
use crate::resolve::rounds::Rounds;
use crate::resolve::stubs::{self, Packages};

/// The cell can build with no set of dependencies: a result of the search, unlike other errors.
#[derive(Debug)]
pub struct NoSet(String);

impl fmt::Display for NoSet {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoSet {}

/// More versions than any set holds back.
const TRIES: usize = 120;

const JSON: &str = "--message-format=json";

/// The outcome of trying a set.
enum Trial {
    /// Everything builds with this lock file.
    Builds(String),
    /// The project's own code does not build, because some dependency has become too new for it; with the messages.
    OwnFailure(Failure),
}

/// Whether everything but the tests builds.
type ButTests = bool;

/// The outcome of building a set.
enum Built {
    All,
    Blames(Vec<HeldBack>),
    /// The cell's cargo refuses the set.
    Refused(Refusal),
    Own(Failure, ButTests),
}

/// The state of a search about the set that it tries.
#[derive(Default)]
struct State {
    /// The number of versions held back when the last set was found.
    tested: usize,
    /// The lock file of that set.
    lock: String,
    /// Packages all of whose allowed versions state that they do not support the cell.
    hopeless: Vec<HeldBack>,
    /// The packages of that set with what they require, if there are such.
    packages: Vec<Package>,
    /// Lines of compatible versions of which the cell can use none.
    impossible: BTreeSet<(String, String)>,
}

impl State {
    fn is_hopeless(&self, name: &str) -> bool {
        self.hopeless.iter().any(|found| found.name == name)
    }
}

/// Returns those of a round that are to be held back now. A package is not if another of them needs it and so allows
/// none of its versions that state that they support the cell: without that one, they may be allowed.
fn without_the_needed(found: Vec<HeldBack>, state: &State) -> Vec<HeldBack> {
    let is_needed = |one: &HeldBack| {
        let by = needing(&state.lock, one);
        found.iter().any(|other| by.iter().any(|by| (&by.name, &by.version) == (&other.name, &other.version)))
    };
    found.iter().filter(|one| !state.is_hopeless(&one.name) || !is_needed(one)).cloned().collect()
}

/// A search for the set of one cell.
struct Search<'a> {
    bench: &'a Workbench,
    ready: &'a Ready,
    copy: PathBuf,
    /// The folder with the sources of the sets tried.
    sources: PathBuf,
    /// Manifests of the sets tried.
    known: RefCell<Known>,
    rounds: Rounds,
}

/// Finds the set of a cell, and returns the text of its lock file with the reasons at the top.
pub fn resolve(bench: &Workbench, ready: &Ready) -> Result<String> {
    if let Some(why) = bench.unread_manifests(ready)? {
        bail!(NoSet(why));
    }
    let folder = temporary::folder()?;
    let (copy, sources) = (folder.path().join("copy"), folder.path().join("sources"));
    Search { bench, ready, copy, sources, known: RefCell::default(), rounds: Rounds::new(&ready.cell.name) }.run()
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
        let why = &failure.why;
        let lock = failure.without_tests.with_context(|| {
            let name = &self.ready.cell.name;
            let mend = if failure.helpless && why.starts_with("error[") {
                format!(": {}", self.ready.lowering())
            } else {
                String::new()
            };
            NoSet(format!("the project does not build in cell {name} with any set of dependencies: {why}{mend}"))
        })?;
        self.rounds.note(&format!("with no set that was found do the tests build, but all else does: {why}"));
        Ok(lock)
    }

    /// Tries older versions of each dependency in the manifests, one at a time, because no message tells which one is
    /// too new for the project's own code.
    fn with_older(&self, given: &Given, failure: &Failure) -> Result<Option<String>> {
        let why = &failure.why;
        let sets = &self.bench.project.config.features;
        let blamed = |package: &Package, dependency: &Dependency| {
            failure.blames(dependency) && package.builds_with(dependency, sets)
        };
        let mut names: Vec<&str> = Vec::new();
        for package in &self.ready.chosen.built {
            let own = package.dependencies.iter().filter(|d| d.path.is_none() && blamed(package, d));
            names.extend(own.map(|dependency| dependency.name.as_str()));
        }
        names.retain(|name| !given.left.contains_key(*name));
        names.sort_unstable();
        names.dedup();
        for name in names {
            let mut trial = given.clone();
            for _ in 0..TRIES / 8 {
                self.generate(&trial)?;
                let lock = fs::read_to_string(self.copy.join("Cargo.lock"))?;
                let version = match locked(&lock)?.into_iter().find(|(n, _)| n == name) {
                    Some((_, version)) => version,
                    None => break,
                };
                let reason = format!("with it, the project's own code does not build: {why}").into();
                let found = HeldBack { name: name.to_string(), version, reason };
                self.rounds.trying(&format!("without {name} {}", found.version));
                trial.held.push(found);
                if self.generate(&trial).is_err() {
                    break;
                }
                if let Trial::Builds(lock) = self.settle(&mut trial)? {
                    return Ok(Some(lock));
                }
            }
        }
        Ok(None)
    }

    /// Holds back versions that cannot be read or do not build, until the rest builds.
    fn settle(&self, given: &mut Given) -> Result<Trial> {
        let mut state = State { tested: given.held.len(), ..State::default() };
        for _ in 0..TRIES {
            let said = match self.resolve_held(given, &mut state)? {
                Some(said) => said,
                None => continue,
            };
            let lock = self.copy.join("Cargo.lock");
            state.lock = fs::read_to_string(&lock)?;
            let set = locked(&state.lock)?;
            let is_in_set =
                |found: &HeldBack| set.iter().any(|(name, version)| (name, version) == (&found.name, &found.version));
            state.hopeless = said.iter().filter_map(|line| hopeless(line)).filter(is_in_set).collect();
            state.packages = match state.hopeless.is_empty() {
                true => Vec::new(),
                false => with_dependencies(&self.copy)?,
            };
            self.rounds.next();
            self.rounds.trying(&format!("{} versions held back", given.held.len()));
            let left = LeftOut::named(&self.ready.packages, given.left.keys());
            let built_with = stubs::built_with(self.bench, self.ready, &self.copy, &left)?;
            let built: Packages = built_with.iter().flatten().cloned().collect();
            // A cargo that ignores the stated rust-version may build it all the same.
            if self.ready.rustc >= Version::release_of(1, 56) && self.give_up_stated(given, &built, &mut state)? {
                continue;
            }
            let vendor = Vendor::in_folder(&self.sources, &self.copy, &lock)?;
            let unreadable =
                stubs::put(given, &vendor, &state.lock, &built, &self.ready.compiler, &mut self.known.borrow_mut())?;
            let found = match unreadable.is_empty() {
                true => self.check(&lock, &vendor, given, &built_with)?,
                false => Built::Blames(unreadable),
            };
            let stated: Vec<String> = said.iter().filter_map(|line| stated(line)).collect();
            let text = |untested: Option<&str>| with_reasons(&state.lock, given, &stated, untested);
            let found = match found {
                Built::All => {
                    self.rounds.found(given, vendor.set());
                    return Ok(Trial::Builds(text(None)));
                }
                Built::Own(failure, true) if !given.left.is_empty() && lacks_a_crate(&failure.why) => {
                    self.rounds.found(given, vendor.set());
                    return Ok(Trial::Builds(text(Some(&failure.why))));
                }
                Built::Own(failure, but_tests) => {
                    let without_tests = but_tests.then(|| text(None));
                    return Ok(Trial::OwnFailure(Failure { without_tests, ..failure }));
                }
                Built::Refused(refusal) => {
                    stubs::after_refusal(given, vendor.set(), &built, refusal)?.into_iter().collect()
                }
                Built::Blames(found) => found,
            };
            for found in without_the_needed(found, &state) {
                self.hold_back(given, &found, &mut state)?;
            }
        }
        bail!(
            "the search for cell {} stopped after {TRIES} tries: there may still be a set that builds",
            self.ready.cell.name
        )
    }

    /// Resolves. If the versions held back since the last set leave no set, tries each alone and gives up those that
    /// cannot be held back; then returns nothing yet.
    fn resolve_held(&self, given: &mut Given, state: &mut State) -> Result<Option<Vec<String>>> {
        let error = match self.generate(given) {
            Ok(said) => {
                state.tested = given.held.len();
                return Ok(Some(said));
            }
            Err(error) => error,
        };
        if given.held.len() == state.tested {
            return Err(error);
        }
        let mut refused = given.held.split_off(state.tested);
        loop {
            let before = refused.len();
            for found in std::mem::take(&mut refused) {
                given.held.push(found.clone());
                if self.generate(given).is_err() {
                    given.held.pop();
                    refused.push(found);
                }
            }
            // An older one may agree with the versions held back after it.
            if refused.is_empty() || refused.len() == before {
                break;
            }
        }
        // The versions that were skipped are tried now.
        let goes_on = |found: &HeldBack| given.held[state.tested..].iter().any(|held| held.line() == found.line());
        refused.retain(|found| !goes_on(found) || state.is_hopeless(&found.name));
        state.tested = given.held.len();
        for found in refused {
            // Older versions of its dependents may allow an older version of it.
            if needing(&state.lock, &found).is_empty() {
                state.impossible.insert(found.line());
            }
            self.give_up(given, state, &found)?;
        }
        Ok(None)
    }

    /// Forbids a version that the cell cannot use, or gives up a package without another one.
    fn hold_back(&self, given: &mut Given, found: &HeldBack, state: &mut State) -> Result<()> {
        let by_its_word = self.ready.rustc >= Version::release_of(1, 56) && state.is_hopeless(&found.name);
        if state.impossible.contains(&found.line()) || by_its_word {
            state.impossible.insert(found.line());
            return self.give_up(given, state, found);
        }
        let (name, version) = (&found.name, &found.version);
        let is_held = given.held.iter().any(|held| (&held.name, &held.version) == (name, version));
        ensure!(!is_held, "{name} {version} cannot be held back: another package needs it");
        self.forbid(given, found, state.is_hopeless(name));
        Ok(())
    }

    /// Forbids a version, and those below it that are not worth trying.
    fn forbid(&self, given: &mut Given, found: &HeldBack, line_fails: bool) {
        self.rounds.fails(found);
        given.held.push(found.clone());
        given.held.extend(further_down(&given.held, found, line_fails));
    }

    /// Gives up packages all of whose allowed versions state that they do not support the cell, if they are built there
    /// or only tests name them. Returns whether there was any.
    fn give_up_stated(&self, given: &mut Given, built: &Packages, state: &mut State) -> Result<bool> {
        let is_built = |found: &&HeldBack| built.contains(&(found.name.clone(), found.version.clone()));
        let all: Vec<HeldBack> = state.hopeless.iter().filter(is_built).cloned().collect();
        // Without packages that only tests name, others may no longer be needed.
        let for_tests = |found: &&HeldBack| {
            is_for_tests(&self.ready.chosen.built, &found.name) && needing(&state.lock, found).is_empty()
        };
        let first: Vec<HeldBack> = all.iter().filter(for_tests).cloned().collect();
        for found in if first.is_empty() { &all } else { &first } {
            state.impossible.insert(found.line());
            self.give_up(given, state, found)?;
        }
        Ok(!all.is_empty())
    }

    /// Forbids a line of versions and those above it, if all requirements of the package allow a lower one, as `>=0.7`
    /// does. Returns whether that is new.
    fn takes_the_next_line(&self, given: &mut Given, found: &HeldBack) -> bool {
        let (name, line) = found.line();
        let before = given.bounds.get(&name).cloned();
        if before.as_ref().map_or(false, |known| numbers(known) <= numbers(&line)) {
            return false;
        }
        given.bounds.insert(name.clone(), line);
        let is_possible = self.generate(given).is_ok();
        if !is_possible {
            given.bounds.remove(&name);
            given.bounds.extend(before.map(|line| (name, line)));
        }
        is_possible
    }

    /// Holds back the dependents of a package that the cell can use in no version; if only the project's tests or
    /// disabled features need the package, leaves it out.
    fn give_up(&self, given: &mut Given, state: &State, found: &HeldBack) -> Result<()> {
        if self.takes_the_next_line(given, found) {
            return Ok(());
        }
        let parents = strictest(needing(&state.lock, found), &found.name, &state.packages);
        for parent in &parents {
            if !given.held.iter().any(|held| held.name == parent.name && held.version == parent.version) {
                self.forbid(given, parent, false);
            }
        }
        if !parents.is_empty() {
            return Ok(());
        }
        let HeldBack { name, reason, .. } = found;
        let reason = reason.with_mend();
        let cell = &self.ready.cell.name;
        let own = self.ready.chosen.built.iter().flat_map(|package| &package.dependencies);
        let named: Vec<&Dependency> = own.filter(|dependency| dependency.name == *name).collect();
        if named.is_empty() || given.left.contains_key(name) {
            // Its dependents have been given up already, or it has itself for another version.
            return Ok(());
        }
        if !is_dispensable(&self.ready.chosen.built, &self.bench.project.config.features, name) {
            let of_git = named.iter().any(|dependency| dependency.is_of_git());
            let older = if of_git { "name an older commit" } else { "allow older versions" };
            bail!(NoSet(format!(
                "the project needs {name}, of which no version builds in cell {cell} ({reason}): {older} of it in \
                    Cargo.toml, or remove the cell from msrv.toml"
            )));
        }
        self.rounds.note(&format!("without {name}, which only tests or disabled features need: {reason}"));
        given.left.insert(name.clone(), reason.to_string());
        Ok(())
    }

    /// Checks everything that has a dependency in the cell, ignoring the project's own `rust-version`, but not that of
    /// dependencies. No machine code is generated: an older version rarely fixes an error that only shows there.
    fn check(&self, lock: &Path, vendor: &Vendor, given: &Given, built_with: &[Packages]) -> Result<Built> {
        let logs = self.bench.project.target().join("logs").join(&self.ready.cell.name);
        let log = logs.join("lock.log");
        fs::create_dir_all(&logs).with_context(|| format!("cannot write {}", logs.display()))?;
        let left = LeftOut::named(&self.ready.packages, given.left.keys());
        let manifests = self.bench.manifests(self.ready, &|text| manifest::without_claim(&left.manifest(text)?))?;
        let cargo = |package: &Package, first: &[&str], choice: &[String]| -> Result<Option<String>> {
            fs::write(&log, "")?;
            let mut arguments = first.to_vec();
            arguments.extend(choice.iter().map(String::as_str));
            let mut command =
                self.bench.cargo_with(self.ready, package.folder(), &arguments, lock, vendor, &manifests)?;
            // Nothing of this is built twice or run in a debugger.
            command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
            let succeeds = process::run(&mut command, &log)?.success();
            if let (false, Some(why)) = (succeeds, breakdown(&log)) {
                bail!("it cannot be found out what builds: {why}");
            }
            Ok(match succeeds {
                true => None,
                false => Some(log::read(&log)?),
            })
        };
        let mut built_with = built_with.iter();
        for package in &self.ready.chosen.built {
            for choice in left.package(package).feature_choices(&self.bench.project.config.features) {
                let no_dependency =
                    built_with.next().map_or(false, |built| vendor.set().iter().all(|found| !built.contains(found)));
                // Without what was left out, the tests may not build.
                if no_dependency && given.left.is_empty() {
                    continue;
                }
                // A library without tests is no target of the second; the tests' own dependencies must build too.
                let first = cargo(package, &["check", JSON], &choice)?;
                let but_tests = first.is_none();
                let second = || cargo(package, &["check", "--examples", "--tests", JSON], &choice);
                let text = match first.map_or_else(second, |text| Ok(Some(text)))? {
                    Some(text) => text,
                    None => continue,
                };
                let messages = Messages::read(&text);
                let mut culprits = messages.culprits(vendor, &fs::read_to_string(lock)?)?;
                let text = messages.text;
                if culprits.is_empty() {
                    culprits.extend(culprit(&text, vendor.set()));
                }
                if !culprits.is_empty() {
                    return Ok(Built::Blames(culprits));
                }
                if let Some(refusal) = refusal(&text, vendor.set()) {
                    return Ok(Built::Refused(refusal));
                }
                ensure!(
                    text.lines().any(|line| line.starts_with("error")),
                    "cargo cannot be run: {}",
                    first_error(&text)
                );
                return Ok(Built::Own(Failure::of(&text), but_tests));
            }
        }
        Ok(Built::All)
    }

    /// Writes the lock file of the copy with the versions held back forbidden. Returns cargo's messages about each
    /// version.
    fn generate(&self, given: &Given) -> Result<Vec<String>> {
        self.write_copy(given, Some(HOLDER))?;
        let said = constraints::generate(&self.copy, &given.held, &given.bounds)?;
        self.write_copy(given, None)?;
        lockfile::prune(&self.copy)?;
        Ok(said)
    }

    fn write_copy(&self, given: &Given, holder: Option<&str>) -> Result<()> {
        let rustc = self.ready.rustc.to_string();
        let left = LeftOut::named(&self.ready.packages, given.left.keys());
        let copy = manifest::BareCopy { rustc: &rustc, holder, left: &left };
        copy.write(&self.bench.project.workspace(&self.ready.cell), &self.ready.packages, &self.copy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_needs_is_not_held_back_before_that() {
        let package = |name: &str, needs: &str| {
            let source = "source = \"registry+x\"";
            format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n{source}\ndependencies = [{needs}]\n")
        };
        let lock = package("syn", "\"quote\"") + &package("quote", "") + &package("own", "\"quote\"");
        let found = |name: &str| HeldBack {
            name: name.into(),
            version: "1.0.0".into(),
            reason: "its edition".to_string().into(),
        };
        let names = |all: &[&str], hopeless: &[&str]| {
            let hopeless = hopeless.iter().map(|name| found(name)).collect();
            let state = State { lock: lock.clone(), hopeless, ..State::default() };
            let left = without_the_needed(all.iter().map(|name| found(name)).collect(), &state);
            left.into_iter().map(|found| found.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&["quote", "syn"], &["quote", "syn"]), ["syn"]);
        assert_eq!(names(&["quote", "syn"], &["syn"]), ["quote", "syn"]);
        assert_eq!(names(&["quote"], &["quote", "syn"]), ["quote"]);
    }
}
