// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a search tells the user: each reason once, and then a line for each further set that it tries.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::host::progress;
use crate::resolve::constraints::{Given, HeldBack};

/// The messages about a cell's search.
pub struct Rounds {
    cell: String,
    bar: progress::Bar,
    said: RefCell<Said>,
}

#[derive(Default)]
struct Said {
    /// The packages whose reasons have been told.
    reasons: BTreeSet<(String, String)>,
    /// The packages that failed again since the last line, and the versions.
    again: BTreeMap<String, String>,
}

impl Said {
    /// Returns the line about a version that fails, unless the reason has been told for another one.
    fn of(&mut self, found: &HeldBack) -> Option<String> {
        let HeldBack { name, version, reason } = found;
        if self.reasons.insert((name.clone(), reason.to_string())) {
            return Some(format!("{name} {version} cannot be used: {reason}"));
        }
        self.again.insert(name.clone(), version.clone());
        None
    }

    /// Returns the line about the others, if there are any.
    fn of_the_others(&mut self) -> Option<String> {
        let again = std::mem::take(&mut self.again);
        let versions: Vec<String> = again.iter().map(|(name, version)| format!("{name} {version}")).collect();
        (!versions.is_empty()).then(|| format!("nor, for the same reasons, {}", versions.join(", ")))
    }
}

impl Rounds {
    pub fn new(cell: &str) -> Rounds {
        let bar = progress::Bar::new(&format!("{cell}: lock"), None);
        Rounds { cell: cell.to_string(), bar, said: RefCell::default() }
    }

    /// Shows what is being tried.
    pub fn trying(&self, what: &str) {
        self.bar.message(what);
    }

    /// Says that a version cannot be used.
    pub fn fails(&self, found: &HeldBack) {
        self.bar.message(&format!("an older {} than {}", found.name, found.version));
        let line = self.said.borrow_mut().of(found);
        if let Some(line) = line {
            self.note(&line);
        }
    }

    /// Ends a round: another set is tried next.
    pub fn next(&self) {
        let line = self.said.borrow_mut().of_the_others();
        if let Some(line) = line {
            self.note(&line);
        }
    }

    pub fn note(&self, line: &str) {
        progress::note(&format!("{}: {line}", self.cell));
    }

    /// Says what was given up for the set that has been found.
    pub fn found(&self, given: &Given, set: &[(String, String)]) {
        self.next();
        if let Some(line) = summary(given, set) {
            self.note(&line);
        }
    }
}

/// Returns what was given up for a set, unless that is nothing.
fn summary(given: &Given, set: &[(String, String)]) -> Option<String> {
    let held: BTreeSet<&str> = given.held.iter().map(|held| &*held.name).collect();
    let held: Vec<&str> = held.into_iter().filter(|name| set.iter().any(|(of_set, _)| of_set == name)).collect();
    let left: Vec<&str> = given.left.keys().map(String::as_str).collect();
    let parts = [("with older versions of ", held), ("without ", left)];
    let parts = parts.iter().filter(|(_, names)| !names.is_empty());
    let parts: Vec<String> = parts.map(|(how, names)| format!("{how}{}", names.join(", "))).collect();
    (!parts.is_empty()).then(|| format!("a set that builds: {}", parts.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(name: &str, version: &str, why: &str) -> HeldBack {
        HeldBack { name: name.into(), version: version.into(), reason: why.to_string().into() }
    }

    #[test]
    fn a_reason_is_told_once() {
        let mut said = Said::default();
        assert_eq!(said.of(&fails("syn", "2.0.9", "x")).as_deref(), Some("syn 2.0.9 cannot be used: x"));
        assert_eq!(said.of_the_others(), None);
        assert_eq!(said.of(&fails("syn", "2.0.8", "x")), None);
        assert_eq!(said.of(&fails("quote", "1.0.9", "x")).as_deref(), Some("quote 1.0.9 cannot be used: x"));
        assert_eq!(said.of(&fails("quote", "1.0.8", "x")), None);
        // A package that fails twice in a round is named once.
        assert_eq!(said.of(&fails("syn", "2.0.7", "x")), None);
        assert_eq!(said.of_the_others().as_deref(), Some("nor, for the same reasons, quote 1.0.8, syn 2.0.7"));
        assert_eq!(said.of(&fails("syn", "2.0.7", "y")).as_deref(), Some("syn 2.0.7 cannot be used: y"));
        assert_eq!(said.of_the_others(), None);
    }

    #[test]
    fn the_end_names_what_was_given_up() {
        let set = ["a", "b", "d"].map(|name| (name.to_string(), "0.1.0".to_string()));
        assert_eq!(summary(&Given::default(), &set), None);
        let held = [("a", "2.0.0"), ("a", "1.9.0"), ("b", "1.0.0"), ("c", "1.0.0")];
        let held = held.iter().map(|(name, version)| fails(name, version, "x")).collect();
        let left = [("c".to_string(), "x".to_string())].into();
        let given = Given { held, left, ..Given::default() };
        assert_eq!(summary(&given, &set).as_deref(), Some("a set that builds: with older versions of a, b; without c"));
    }
}
