// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! oldstable-compat's items.tsv: its items, and the releases since which std has them.

use std::collections::BTreeMap;

use anyhow::{ensure, Result};

use crate::project::version::Version;

/// The file name of the list in the folder of oldstable-compat.
pub const ITEMS: &str = "items.tsv";

/// The contents of the list.
pub struct Table {
    /// Paths such as `ptr::addr_of`, below the crate's root, with the releases since which std has them.
    pub items: BTreeMap<String, Version>,
    /// Names of methods in the prelude, with the releases since which the last type has them.
    pub methods: BTreeMap<String, Version>,
}

/// A row of the list.
pub struct Row<'a> {
    /// The path in std, below the crate.
    pub item: &'a str,
    pub kind: &'a str,
    pub since: Version,
    /// Since when std's can be used in a const context; `-` if it cannot.
    pub const_since: &'a str,
    /// How oldstable-compat has it; `left` if it has not.
    pub here: &'a str,
    /// Whether it can be had in a const context on compilers where std's cannot be.
    pub is_const: bool,
    /// How it differs from std's, or why it is left out.
    pub note: &'a str,
    /// Whether the note is about what compiles or how long it takes: a program that compiles does the same.
    pub is_same: bool,
}

/// The rows of a list.
pub fn rows(list: &str) -> impl Iterator<Item = Result<Row<'_>>> {
    list.lines().filter_map(|row| {
        let cells: Vec<_> = row.split('\t').collect();
        match cells[..] {
            [item, kind, since, const_since, here, const_here, ref rest @ ..] if since.starts_with("1.") => {
                let (is_const, note) = (const_here != "-", rest.first().copied().unwrap_or_default());
                // The first releases of the list had no such column.
                let is_same = rest.get(1) == Some(&"yes");
                Some(since.parse().map(|since| Row { item, kind, since, const_since, here, is_const, note, is_same }))
            }
            _ => None,
        }
    })
}

/// The last part of a path.
pub fn name_of(item: &str) -> &str {
    item.rsplit("::").next().unwrap_or(item)
}

impl Table {
    pub fn parse(list: &str) -> Result<Table> {
        let mut table = Table { items: BTreeMap::new(), methods: BTreeMap::new() };
        for row in rows(list) {
            let Row { item, kind, since, here, .. } = row?;
            let name = name_of(item);
            match (here, kind) {
                ("left", _) => {}
                ("trait", _) => {
                    let last: &mut Version =
                        table.methods.entry(name.to_string()).or_insert_with(|| Version::clone(&since));
                    if *last < since {
                        *last = since;
                    }
                }
                // What belongs to a type comes and goes with it.
                (_, "method" | "variant" | "associatedconstant" | "associatedtype") => {}
                _ => {
                    table.items.insert(item.to_string(), since);
                }
            }
        }
        ensure!(!table.items.is_empty(), "the {ITEMS} of oldstable-compat has no rows");
        Ok(table)
    }

    /// The path in std of an item of compat, and since when it is there.
    pub fn find(&self, path: &str) -> Option<(String, Version)> {
        if self.always(path) {
            return Some((path.to_string(), "1.0".parse().ok()?));
        }
        if path.is_empty() {
            return None;
        }
        // Macros are at the crate's root as well as in their module.
        let found = self.items.get_key_value(path).or_else(|| {
            self.items.iter().find(|(full, _)| !path.contains("::") && full.rsplit("::").next() == Some(path))
        });
        found.map(|(full, since)| (full.clone(), since.clone()))
    }

    /// Whether it is std's own on every compiler: the modules have all that std's have, and what std
    /// got later is in the list.
    pub fn always(&self, path: &str) -> bool {
        let starts: Vec<_> = path.match_indices("::").map(|(end, _)| &path[..end]).chain([path]).collect();
        starts.len() > 1 && starts[0] != "prelude" && !starts.iter().any(|start| self.items.contains_key(*start))
    }
}

/// A path of a module and a name in it.
pub fn join(module: &str, name: &str) -> String {
    if module.is_empty() {
        name.to_string()
    } else {
        format!("{module}::{name}")
    }
}
