// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The report of the changes to a package, as a page for the user.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::language;
use super::messages::Message;
use super::results::Tests;
use super::syntax::ROWS;
use super::Package;

/// A remaining error, and its place in the original package.
pub struct Left {
    pub place: String,
    pub message: String,
    /// A construct that is not rewritten, and the first release with it.
    pub language: Option<(&'static str, u32)>,
}

pub fn left(package: &Package, messages: &[Message]) -> Vec<Left> {
    // Old compilers take a range without an end for one that excludes it, too.
    let starts = |message: &Message| message.places().first().map(|place| (place.file_name.clone(), place.byte_start));
    let half_open = |message: &&Message| message.message.contains("half-open range");
    let open: Vec<_> = messages.iter().filter(half_open).map(starts).collect();
    let follows = |message: &Message| message.message.contains("exclusive range") && open.contains(&starts(message));
    let mut elsewhere = BTreeSet::new();
    let lines = messages.iter().filter(|message| !follows(message)).filter_map(|message| {
        let text = message.message.lines().next().unwrap_or_default();
        let (place, text) = match message.places().first() {
            Some(place) => {
                let line = package.origin(place.file_name.as_ref(), place.line_start);
                (format!("{}:{line}", place.file_name), text.to_string())
            }
            // One file of a dependency may have the same error on each line.
            None => {
                let place = message.spans.iter().find(|place| place.is_primary)?;
                if !elsewhere.insert((&place.file_name, text)) {
                    return None;
                }
                let mend = "in a dependency: --with-dependencies also lowers those";
                (format!("{}:{}", place.file_name, place.line_start), format!("{text} ({mend})"))
            }
        };
        Some(Left { place, message: text, language: language::of(message, package) })
    });
    lines.collect()
}

/// Returns the page: the rewrites with their numbers, the differences in meaning, and the work left to the user.
pub fn page(package: &Package, left: &[Left], tests: Option<&Tests>) -> String {
    let mut page = String::new();
    let manifest = &package.manifest;
    let _ = writeln!(page, "# {} {} for Rust 1.{}\n", manifest.name, manifest.version, package.target.minor);
    let builds = if left.is_empty() { "It builds there." } else { "It does not build there yet: see below." };
    let edition = format!("Its edition is {} (it was {}).", package.target.to, package.target.from);
    let _ = writeln!(page, "`cargo oldstable lower 1.{}` rewrote it. {builds} {edition}\n", package.target.minor);
    let tests = tests.map_or_else(|| "not run".to_string(), Tests::to_string);
    let _ = writeln!(page, "Its own tests there: {tests}.");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let all = || package.manifest.changes.iter().chain(package.changes.iter().map(|(_, change)| change));
    for change in all().filter(|change| change.by_hand.is_none()) {
        *counts.entry(&change.what).or_default() += 1;
    }
    let _ = writeln!(page, "\n## What was rewritten\n\n| what | times | such as | becomes |\n|---|---|---|---|");
    for (what, times) in counts {
        let row = ROWS.iter().find(|row| row.what == what);
        let code =
            |text: &str| if text.is_empty() { String::new() } else { format!("`` {} ``", text.replace('|', "\\|")) };
        let (before, after) = row.map_or_else(Default::default, |row| (code(row.before), code(row.after)));
        let _ = writeln!(page, "| {what} | {times} | {before} | {after} |");
    }
    let _ = writeln!(page, "\n## Where the meaning may differ\n");
    let differing = differing(package);
    if differing.is_empty() {
        let _ = writeln!(page, "Nowhere, as far as is known.");
    }
    differing.iter().for_each(|line| {
        let _ = writeln!(page, "- {line}");
    });
    let _ = writeln!(page, "\n## What is left to do by hand\n");
    let by_hand = by_hand(package);
    if left.is_empty() && by_hand.is_empty() {
        let _ = writeln!(page, "Nothing.");
    }
    by_hand.iter().for_each(|line| {
        let _ = writeln!(page, "- {line}");
    });
    for left in left {
        let language =
            left.language.map_or_else(String::new, |(what, since)| format!(" ({what}: from Rust 1.{since} on)"));
        let _ = writeln!(page, "- {}: {}{language}", left.place, left.message);
    }
    page
}

/// Returns the places where the lowered package can have a different meaning.
pub fn differing(package: &Package) -> Vec<String> {
    let manifest = package.manifest.changes.iter().map(|change| ("Cargo.toml".to_string(), change));
    let files = package.changes.iter().map(|(path, change)| (format!("{}:{}", path.display(), change.line), change));
    let all = manifest.chain(files);
    all.filter_map(|(place, change)| Some(format!("{place}: {}: {}", change.what, change.differs.as_ref()?))).collect()
}

/// Returns the constructs that the passes found and did not rewrite.
pub fn by_hand(package: &Package) -> Vec<String> {
    let all = package.changes.iter();
    let found = all.filter_map(|(path, change)| {
        let why = change.by_hand.as_ref()?;
        Some(format!("{}:{}: {}: {why}", path.display(), change.line, change.what))
    });
    let unread = package.unread.iter().map(|(path, why)| format!("{}: {why}; it is unchanged", path.display()));
    found.chain(unread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_in_a_dependency_is_told_once_with_its_file() {
        let manifest = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
        let package = Package::new(manifest, BTreeMap::new(), Default::default(), 63).unwrap();
        let of = |file: &str, line| Message::of_text("E0658", "unstable 'core_ffi_c'", file.as_ref(), 0..1, line);
        let found =
            left(&package, &[of("src/lib.rs", 2), of("src/lib.rs", 4), of("/d/src/a.rs", 3), of("/d/src/a.rs", 5)]);
        let found: Vec<_> = found.iter().map(|left| format!("{}: {}", left.place, left.message)).collect();
        let own = ["src/lib.rs:2: unstable 'core_ffi_c'", "src/lib.rs:4: unstable 'core_ffi_c'"];
        let other = "/d/src/a.rs:3: unstable 'core_ffi_c' (in a dependency: --with-dependencies also lowers those)";
        assert_eq!(found, [own[0], own[1], other]);
    }
}
