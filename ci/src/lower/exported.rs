// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Exported macros refer to oldstable-compat through their crate, because their callers may not depend on it.

use super::source::{Change, Draft, File};
use super::standard::CRATE;

/// The name of this pass.
pub const WHAT: &str = "std item of an exported macro";

const IMPORT: &str = "#[doc(hidden)]\npub extern crate oldstable_compat;";

/// Redirects exported macros through their crate; returns whether there was one.
pub fn lead(draft: &mut Draft) -> Vec<Change> {
    if !draft.text.contains("macro_export") || !draft.text.contains(CRATE) {
        return Vec::new();
    }
    let text = draft.text.clone();
    let changes = File::parse(&text).map(|file| find(&file)).unwrap_or_default();
    draft.apply(changes)
}

fn find(file: &File) -> Vec<Change> {
    let mut changes = Vec::new();
    for rules in (0..file.len()).filter(|i| file.reads(*i, &["macro_rules", "!"])) {
        let attributes = file.attributes(rules)..rules;
        if !attributes.into_iter().any(|i| file.text(i) == "macro_export") {
            continue;
        }
        let body = rules + 3..file.other(rules + 3);
        for i in body.filter(|i| file.reads(*i, &[CRATE, "::"]) && file.before(*i) != "::") {
            changes.push(Change::at(file, i, WHAT).insert(file.bytes(i..i + 1).start, "$crate::"));
        }
    }
    changes
}

/// Makes the crate re-export oldstable-compat for its macros.
pub fn hand_on(draft: &mut Draft) -> Vec<Change> {
    let text = draft.text.clone();
    let file = match File::parse(&text) {
        Ok(file) if !text.contains(IMPORT) => file,
        _ => return Vec::new(),
    };
    let lines: Vec<String> = IMPORT.lines().map(String::from).collect();
    let change = super::editions::insert(&file, &(0..file.len()), &lines, WHAT);
    draft.apply(vec![change])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_exported_macro_goes_through_its_crate() {
        let own = "macro_rules! own { () => { oldstable_compat::c_str!(\"\") } }\n";
        let mut draft = Draft::new(format!("{own}/// Text.\n#[macro_export]\n{own}"));
        assert_eq!(lead(&mut draft).len(), 1);
        let exported = own.replace("oldstable_compat", "$crate::oldstable_compat");
        assert_eq!(draft.text, format!("{own}/// Text.\n#[macro_export]\n{exported}"));
        assert!(lead(&mut draft).is_empty());
        assert_eq!(hand_on(&mut draft).len(), 1);
        assert!(hand_on(&mut draft).is_empty());
        assert!(draft.text.starts_with(IMPORT));
    }
}
