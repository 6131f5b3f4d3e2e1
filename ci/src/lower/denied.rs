// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lints that the package denies and that the floor's compiler reports in the copy. It has others than the compilers that
//! the package was written for, it does not know newer ones, and methods of compat have the names of its unstable ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::messages::Message;
use super::source::{Change, Draft, File};

/// The name of this pass.
pub const WHAT: &str = "lint that is denied";

/// A lint about the attributes themselves, which has to be allowed before them.
const UNKNOWN: &str = "unknown_lints";

/// Allows the lints of these warnings, by file, where the package denies them.
pub fn find(files: &BTreeMap<PathBuf, Draft>, warnings: &[Message]) -> Vec<(PathBuf, Change)> {
    let mut found: BTreeMap<(PathBuf, usize), Vec<&str>> = BTreeMap::new();
    for message in warnings {
        if let Some(level) = message.level().filter(|_| !message.code().is_empty()) {
            let path = super::plain(Path::new(&level.file_name));
            let lints = found.entry((path, level.byte_start)).or_default();
            if !lints.contains(&message.code()) {
                lints.push(message.code());
            }
        }
    }
    let changes = found.into_iter().filter_map(|((path, byte), lints)| {
        let file = File::parse(&files.get(&path)?.text).ok()?;
        allow(&file, byte, &lints).map(|change| (path, change))
    });
    changes.collect()
}

/// Allows lints behind the attribute that denies them, which contains a byte.
fn allow(file: &File, byte: usize, lints: &[&str]) -> Option<Change> {
    let open = file.around(file.at_byte(byte))?;
    let level = open.checked_sub(1)?;
    if !["deny", "forbid"].contains(&file.text(level)) {
        return None;
    }
    let mut outer = std::iter::successors(Some(open), |open| file.around(*open));
    let bracket = outer.find(|open| file.text(*open) == "[")?;
    let mark = if file.before(bracket) == "!" { "#!" } else { "#" };
    let start = bracket.checked_sub(mark.len())?;
    let indentation = file.indentation(start);
    let mut change = Change::at(file, level, WHAT);
    if file.text(level) == "forbid" {
        change = change.replace(file.bytes(level..level + 1), "deny");
    }
    let (unknown, others): (Vec<&str>, Vec<&str>) = lints.iter().partition(|lint| **lint == UNKNOWN);
    if !unknown.is_empty() {
        // Each of the attributes may name one.
        let first = if mark == "#!" { file.first_attribute(start) } else { file.attributes(start) };
        let line = format!("{mark}[allow({UNKNOWN})]\n{indentation}");
        change = change.insert(file.bytes(first..first + 1).start, line);
    }
    if !others.is_empty() {
        let line = format!("\n{indentation}{mark}[allow({})]", others.join(", "));
        change = change.insert(file.bytes(start..file.other(bracket) + 1).end, line);
    }
    Some(change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    #[test]
    fn what_is_denied_is_allowed_behind_it() {
        let allowed =
            |text: &str, lints: &[&str]| rewritten(text, |file| allow(file, text.find("warnings").unwrap(), lints));
        let root = "//! A.\n#![a]\n#![deny(b, warnings)]\nfn f() {}\n";
        assert_eq!(
            allowed(root, &["c", "unknown_lints", "d"]),
            "//! A.\n#![allow(unknown_lints)]\n#![a]\n#![deny(b, warnings)]\n#![allow(c, d)]\nfn f() {}\n"
        );
        assert_eq!(
            allowed("mod a {\n    #[cfg_attr(x, forbid(warnings))]\n    fn f() {}\n}\n", &["c"]),
            "mod a {\n    #[cfg_attr(x, deny(warnings))]\n    #[allow(c)]\n    fn f() {}\n}\n"
        );
        let warned = "#![warn(warnings)]\n";
        assert_eq!(allowed(warned, &["c"]), warned);
    }
}
