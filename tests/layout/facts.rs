// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The facts about each release of QEMU: `tests/data/qemu-*.toml`, which `abi/` generates from its sources.
//! The files have one table per struct and one line per field, so that they can be read on a compiler for which no TOML
//! parser builds.

use oldstable::sys::{self, Release};
use std::collections::HashMap;

#[cfg(target_pointer_width = "64")]
const FACTS: &[(&str, &str)] = &[
    ("5.2", include_str!("../data/qemu-5.2.toml")),
    ("7.2", include_str!("../data/qemu-7.2.toml")),
    ("10.0", include_str!("../data/qemu-10.0.toml")),
    ("11.1", include_str!("../data/qemu-11.1.toml")),
];
#[cfg(target_pointer_width = "32")]
const FACTS: &[(&str, &str)] =
    &[("5.2", include_str!("../data/qemu-5.2-i386.toml")), ("10.2", include_str!("../data/qemu-10.2-i386.toml"))];

/// A C struct of one release.
#[derive(Default)]
pub struct Struct {
    pub size: usize,
    pub align: usize,
    pub fields: HashMap<&'static str, usize>,
    /// The kind of each field, on which a caller must agree.
    pub kinds: HashMap<&'static str, &'static str>,
}

pub fn name(release: &Release) -> String {
    format!("{}.{}", release.major, release.minor)
}

fn text(release: &str) -> &'static str {
    let known = FACTS.iter().find(|known| known.0 == release);
    known.unwrap_or_else(|| panic!("no facts of QEMU {}: make them with abi/", release)).1
}

/// Returns the text after `key = ` in a line of the facts, up to the closing quote or the next comma.
pub fn value(line: &'static str, key: &str) -> Option<&'static str> {
    let start = line.find(&format!("{} = ", key))? + key.len() + 3;
    let rest = &line[start..];
    if let Some(rest) = rest.strip_prefix('"') {
        return rest.split('"').next();
    }
    let end = rest.find(|c| c == ',' || c == ' ').unwrap_or(rest.len());
    Some(&rest[..end])
}

pub fn number(line: &'static str, key: &str) -> Option<usize> {
    value(line, key)?.parse().ok()
}

/// Returns the lines of a table of a release.
pub fn table(release: &str, table: &str) -> impl Iterator<Item = &'static str> {
    let head = format!("[{}]", table);
    let lines = text(release).lines().skip_while(move |line| *line != head);
    lines.skip(1).take_while(|line| !line.starts_with('['))
}

/// Returns all structs of a release.
pub fn structs(release: &str) -> HashMap<&'static str, Struct> {
    let mut structs = HashMap::new();
    let mut current: Option<&'static str> = None;
    for line in text(release).lines() {
        if line.starts_with('[') {
            let name = line.strip_prefix("[struct.");
            current = name.and_then(|name| name.strip_suffix(']'));
            if let Some(name) = current {
                structs.insert(name, Struct::default());
            }
        } else if let Some(known) = current.and_then(|name| structs.get_mut(name)) {
            if line.starts_with("size = ") {
                known.size = number(line, "size").expect("a size");
            } else if line.starts_with("align = ") {
                known.align = number(line, "align").expect("an alignment");
            } else if line.contains("{ name = ") {
                let name = value(line, "name").expect("a name");
                let offset = number(line, "offset").expect("an offset");
                known.fields.insert(name, offset);
                if let Some(kind) = value(line, "kind") {
                    known.kinds.insert(name, kind);
                }
            }
        }
    }
    assert!(!structs.is_empty(), "no facts of QEMU {}", release);
    structs
}

/// Returns the number of a name in an enum.
pub fn enum_number(release: &str, c_name: &str, value: &str) -> usize {
    let values = table(release, &format!("enum.{}", c_name)).find(|line| line.starts_with("values")).expect("the enum");
    number(values, value).expect("the name")
}

/// Returns the first bit of a field, counted from the start of its struct.
pub fn bit(release: &str, c_name: &str, field: &str) -> usize {
    let start = format!("{{ name = \"{}\",", field);
    let line = table(release, &format!("struct.{}", c_name))
        .find(|line| line.trim_start().starts_with(&start))
        .expect("the field");
    8 * number(line, "offset").expect("an offset") + number(line, "bit_offset").unwrap_or(0)
}

/// Returns a number of the facts that is not in a struct.
pub fn constant(release: &Release, key: &str) -> Option<&'static str> {
    let start = format!("{} = ", key);
    table(&name(release), "const").find(|line| line.starts_with(&start)).and_then(|line| value(line, key))
}

/// Returns the functions, variables or callbacks of a release, each with its line.
pub fn entries(release: &str, kind: &str) -> HashMap<&'static str, &'static str> {
    let lines = table(release, kind).filter(|line| line.contains(" = {"));
    lines.map(|line| (line.split(' ').next().expect("a name"), line)).collect()
}

pub fn for_each_release(check: impl Fn(&Release, &HashMap<&'static str, Struct>)) {
    for release in sys::RELEASES.iter() {
        check(release, &structs(&name(release)));
    }
}

/// Returns whether the binary of a release exports a function or variable that src/sys imports.
pub fn is_exported(symbol: &str, release: &str) -> bool {
    entries(release, "function").contains_key(symbol) || entries(release, "variable").contains_key(symbol)
}
