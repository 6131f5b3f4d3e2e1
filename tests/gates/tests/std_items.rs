// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! compat's list of std's items is complete: whatever std's own source says to be stable since one of the releases is in it.
//!
//! This has no libtest harness, because what cannot run is counted as ignored, with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[allow(dead_code)]
#[path = "../../../compat/gates.rs"]
mod gates;
#[path = "../../../ci/tests/common/runner.rs"]
mod runner;

/// Names that are no items of their own, with the release that stands beside them.
const NO_ITEMS: [(&str, u32, &str); 6] = [
    ("Alias", 64, "a parameter of the macro that declares the types of C"),
    ("LowerExp", 84, "an implementation for integers that are not 0, by a macro"),
    ("UpperExp", 84, "an implementation for integers that are not 0, by a macro"),
    ("ToLowercase", 59, "an implementation, by a macro"),
    ("ToUppercase", 59, "an implementation, by a macro"),
    ("midpoint", 87, "of signed integers: the row is that of the unsigned ones"),
];

fn each_stable_item_has_a_row() {
    let library = library().expect("std's source");
    let mut releases: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    let rows = fs::read_to_string(compat().join("tests/data/std-items.tsv")).expect("the list");
    for row in rows.lines() {
        let (path, since) = row.split_once('\t').expect("a path and a release");
        let name = path.rsplit("::").next().expect("a name").to_string();
        releases.entry(name).or_default().insert(gates::minor_of_release(since).expect("a release"));
    }
    let mut count = 0;
    let mut missing = Vec::new();
    for file in ["core/src", "alloc/src", "std/src"].iter().flat_map(|part| sources(&library.join(part))) {
        let text = fs::read_to_string(&file).expect("a source file");
        for (since, name) in stable(&text) {
            count += 1;
            // A type came earlier or later by another path.
            let is_type = name.starts_with(char::is_uppercase);
            let listed = matches!(releases.get(&name), Some(releases) if is_type || releases.contains(&since));
            if !listed && !NO_ITEMS.iter().any(|(other, minor, _)| (*other, *minor) == (name.as_str(), since)) {
                missing.push(format!("{name}, 1.{since}: {}", file.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(count > 900, "only {count} items were read");
}

/// The items of a file that are stable since one of the releases: the name that stands behind each such attribute.
fn stable(text: &str) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("#[stable(") {
        let (attribute, behind) = rest[at..].split_once(")]").expect("an attribute ends");
        rest = behind;
        let since =
            attribute.split_once("since").and_then(|(_, since)| gates::minor_of_release(since.split('"').nth(1)?));
        let since = since.filter(|minor| (gates::FIRST..=gates::LAST).contains(minor));
        if let (Some(since), Some(name)) = (since, name(behind)) {
            found.push((since, name.to_string()));
        }
    }
    found
}

/// The name of an item or a variant, behind its other attributes and its comments. None for what has none of its own:
/// implementations, modules, fields, what is not public, and what the preludes bring.
fn name(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start();
        if text.starts_with("//") {
            text = text.split_once('\n')?.1;
        } else if text.starts_with("#[") {
            let mut depth = 0;
            let end = text.find(|c| {
                depth += i32::from(c == '[') - i32::from(c == ']');
                c == ']' && depth == 0
            });
            text = &text[end? + 1..];
        } else {
            break;
        }
    }
    let words: Vec<_> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).take(9).collect();
    let public = words.first() == Some(&"pub");
    let kind = words
        .iter()
        .position(|word| ["fn", "struct", "enum", "trait", "type", "union", "macro", "macro_rules"].contains(word));
    let constant = words.iter().position(|word| ["const", "static"].contains(word));
    match (kind, constant) {
        _ if ["impl", "use", "mod", "extern", "crate"].contains(words.first()?)
            || words.contains(&"impl") && kind.is_none() =>
        {
            None
        }
        _ if public && ["use", "mod"].contains(words.get(1)?) => None,
        (Some(kind), _) if words[..kind].iter().all(|word| MODIFIERS.contains(word)) => words.get(kind + 1).copied(),
        (None, Some(constant)) if public => words.get(constant + 1).copied(),
        (None, None) if text.starts_with(char::is_uppercase) => words.first().copied(),
        _ => None,
    }
}

const MODIFIERS: [&str; 9] = ["pub", "crate", "const", "unsafe", "async", "auto", "extern", "C", "default"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension() == Some("rs".as_ref()) {
            found.push(path);
        }
    }
    found
}

fn compat() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compat")
}

/// Std's source in the nightly toolchain, which knows all releases.
fn library() -> Option<PathBuf> {
    let output = Command::new("rustc").args(["+nightly", "--print", "sysroot"]).output().ok()?;
    let library = Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("lib/rustlib/src/rust/library");
    Some(library).filter(|library| library.join("core/src").is_dir())
}

fn missing(_: &str) -> Option<String> {
    let mend = "`rustup toolchain install nightly --component rust-src` installs it";
    library().is_none().then(|| format!("there is no source of std: {mend}"))
}

fn main() {
    runner::run(&[("each_stable_item_has_a_row", each_stable_item_has_a_row)], missing)
}
