// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! What compat's list says about items that do something else than std's, and where a package uses them.
//!
//! A path says which item it is. A method depends on its receiver's type, so the newest clippy is asked: it names the
//! release of each method that is newer than the floor.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;

use super::messages::{Message, Place};
use super::source::{Change, File};
use super::standard::{CRATE, WHAT};
use super::Package;
use crate::retire::table::Row;

/// An item that can do something else than std's.
#[derive(Debug, Clone)]
pub struct Note {
    /// Its path below std.
    pub item: String,
    pub since: u32,
    pub is_method: bool,
    text: String,
}

impl Note {
    /// Returns the note about an item of compat, if a program can see the difference.
    pub fn of(row: &Row) -> Result<Option<Note>> {
        let is_seen = !row.note.is_empty() && !row.is_same && row.here != "left";
        let (item, text) = (row.item.to_string(), row.note.to_string());
        let note = Note { item, since: super::minor(&row.since)?, is_method: row.here == "trait", text };
        Ok(Some(note).filter(|_| is_seen))
    }

    pub fn says(&self) -> String {
        format!("{}: {}", self.item, self.text)
    }

    fn name(&self) -> &str {
        self.item.rsplit("::").next().unwrap_or(&self.item)
    }

    /// Returns the name of its type.
    fn owner(&self) -> &str {
        self.item.rsplit("::").nth(1).unwrap_or_default()
    }
}

/// A name in a file that may be a method of compat with a note.
pub struct Candidate<'a> {
    path: PathBuf,
    byte: usize,
    line: usize,
    /// Those of this name that came with one release: which type it is nobody says.
    notes: Vec<&'a Note>,
    /// Whether its type is written before it.
    certain: bool,
}

impl Candidate<'_> {
    /// Returns whether a message of clippy is about this method.
    fn is_meant(&self, message: &Message) -> bool {
        let release = format!("1.{}.", self.notes[0].since);
        let here = |place: &&Place| super::plain(place.file_name.as_ref()) == self.path && place.has(self.byte);
        message.message.split('`').any(|part| part.starts_with(&release)) && message.places().iter().any(here)
    }
}

/// Returns the names that may be methods of compat which do something else than std's.
pub fn candidates(package: &Package) -> Vec<Candidate<'_>> {
    let mut found = Vec::new();
    let notes = package.items.notes.iter().filter(|note| note.is_method && package.target.minor < note.since);
    let notes: Vec<&Note> = notes.collect();
    if notes.is_empty() || !package.files.values().any(|draft| draft.text.contains(&format!("{CRATE}::prelude!"))) {
        return found;
    }
    for (path, draft) in &package.files {
        // One that cannot be parsed is reported elsewhere.
        let file = match File::parse(&draft.text) {
            Ok(file) => file,
            Err(_) => continue,
        };
        for i in (0..file.len()).filter(|i| [".", "::"].contains(&file.before(*i))) {
            let named = || notes.iter().copied().filter(|note| note.name() == file.text(i));
            let certain = named().find(|note| i >= 2 && file.text(i - 2) == note.owner());
            let mut groups: BTreeMap<u32, Vec<&Note>> = BTreeMap::new();
            for note in certain.into_iter().chain(named().filter(|_| certain.is_none())) {
                groups.entry(note.since).or_default().push(note);
            }
            let (byte, line) = (file.bytes(i..i + 1).start, draft.origin(file.line(i)));
            let certain = certain.is_some();
            found.extend(groups.into_values().map(|notes| Candidate {
                path: path.clone(),
                byte,
                line,
                notes,
                certain,
            }));
        }
    }
    found
}

/// Returns the differences, by what clippy says; without it each candidate may be one.
pub fn differences(candidates: Vec<Candidate>, said: Option<&[Message]>) -> Vec<(PathBuf, Change)> {
    let change = |candidate: Candidate| {
        let sure = candidate.certain || said.is_some();
        let doubt = if sure { "" } else { "perhaps (the newest clippy could not be asked) " };
        let texts: Vec<String> = candidate.notes.iter().map(|note| note.says()).collect();
        let how = format!("{doubt}{}", texts.join(", or "));
        let what = WHAT.to_string();
        (candidate.path, Change { line: candidate.line, what, differs: Some(how), ..Change::default() })
    };
    let is_one = |candidate: &Candidate| {
        candidate.certain || said.map_or(true, |said| said.iter().any(|message| candidate.is_meant(message)))
    };
    candidates.into_iter().filter(is_one).map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::super::standard::{self, Items};
    use super::super::syntax::Target;
    use super::*;

    fn list() -> String {
        let compat = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../compat");
        std::fs::read_to_string(compat.join("items.tsv")).unwrap()
    }

    fn package(text: &str, minor: u32) -> Package {
        let text = format!("{CRATE}::prelude!();\n{text}");
        let files = std::iter::once((PathBuf::from("src/lib.rs"), text)).collect::<BTreeMap<_, _>>();
        let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n";
        Package::new(manifest, files, Items::parse(&list()).unwrap(), minor).unwrap()
    }

    /// Wherever an item is replaced whose note is about what it does, the note is listed.
    #[test]
    fn each_noted_item_is_listed_where_it_is_used() {
        let list = list();
        let items = Items::parse(&list).unwrap();
        let (mut silent, mut count) = (Vec::new(), 0);
        for note in &items.notes {
            let item = note.item.as_str();
            let (owner, name) = item.rsplit_once("::").unwrap();
            let module = owner.rsplit("::").next().unwrap();
            let is_listed = |text: &str| match items.paths.contains_key(item) {
                true => {
                    let target = Target { minor: 48, from: 2021, to: 2018 };
                    let changes = standard::find(&File::parse(text).unwrap(), &items, &target);
                    changes.iter().any(|change| change.differs.as_ref().map_or(false, |how| how.contains(item)))
                }
                false => !differences(candidates(&package(text, 48)), None).is_empty(),
            };
            let texts = match items.paths.contains_key(item) {
                true => vec![
                    format!("use std::{item};"),
                    format!("use std::{owner}::{{other, {name} as N}};"),
                    format!("use std::{owner}; fn f() {{ {module}::{name}; }}"),
                    format!("fn f() {{ std::{item}; }}"),
                ],
                false => vec![format!("fn f() {{ x.{name}(); }}"), format!("fn f() {{ {module}::{name}; }}")],
            };
            count += 1;
            // What may be the crate alloc is left to the compiler's errors.
            silent.extend(texts.into_iter().filter(|text| !text.contains("{ alloc::") && !is_listed(text)));
        }
        assert!(silent.is_empty() && count > 20, "{count}: {}", silent.join("\n"));
    }

    #[test]
    fn clippy_tells_which_type_a_method_is_of() {
        let text = "fn f() {\n    x.set(1);\n    y.set(2);\n    LocalKey::set(z);\n}\n";
        let package = package(text, 63);
        let start = package.files[std::path::Path::new("src/lib.rs")].text.find("y.set").unwrap() + 2;
        let message = |release: &str| {
            let text = format!("current MSRV is `1.63.0` but this item is stable since `{release}`");
            Message::of_text("clippy::incompatible_msrv", &text, "src/lib.rs".as_ref(), start..start + 6, 4)
        };
        let lines = |said: Option<&[Message]>| {
            let found = differences(candidates(&package), said);
            found.into_iter().map(|(_, change)| change.line).collect::<Vec<_>>()
        };
        assert_eq!(lines(None), [3, 4, 5]);
        assert_eq!(lines(Some(&[message("1.73.0")])), [4, 5]);
        assert_eq!(lines(Some(&[message("1.70.0")])), [5]);
    }
}
