// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pass over the standard library: paths of items that the floor lacks are redirected to oldstable-compat.
//! Methods depend on types, so they are rewritten only when the compiler reports them.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::Result;

use super::notes::Note;
use super::source::{Change, File, Kind};
use super::syntax::Target;
use crate::project::version::Version;
use crate::retire::table::{self, Table};

pub const CRATE: &str = "oldstable_compat";

/// The name of this pass.
pub const WHAT: &str = "std item";

/// Items that `core` has later than `std`, which has always had them.
const STD_HAS: [&str; 9] = [
    "ffi::CStr",
    "ffi::CString",
    "ffi::FromBytesWithNulError",
    "ffi::NulError",
    "ffi::IntoStringError",
    "ffi::c_void",
    "error::Error",
    "panic::UnwindSafe",
    "panic::RefUnwindSafe",
];

/// Modules that are newer than their items: `(root, module, since)`.
const MODULES: [(&str, &str, u32); 2] = [("core", "error", 81), ("core", "net", 77)];

/// Modules that std moved: `(new, since, old, complete)`. The old one has all that is in the new one since `complete`.
const MOVED: [(&str, u32, &str, u32); 1] = [("os::fd", 66, "os::unix::io", 63)];

/// Items that `core` has from 1.56 on, and only std before.
const UNWIND_SAFE: [&str; 2] = ["panic::UnwindSafe", "panic::RefUnwindSafe"];

/// compat's items by their paths below `std`, each with the first release of std that has it.
#[derive(Debug, Clone, Default)]
pub struct Items {
    pub paths: BTreeMap<String, u32>,
    pub methods: BTreeMap<String, u32>,
    /// The items that can do something else than std's.
    pub notes: Vec<Note>,
}

impl Items {
    /// Parses compat's list.
    pub fn parse(list: &str) -> Result<Items> {
        let table = Table::parse(list)?;
        let numbers = |map: BTreeMap<String, Version>| {
            map.into_iter().filter_map(|(path, since)| Some((path, super::minor(&since).ok()?))).collect()
        };
        let mut notes = Vec::new();
        for row in table::rows(list) {
            notes.extend(Note::of(&row?)?);
        }
        Ok(Items { paths: numbers(table.items), methods: numbers(table.methods), notes })
    }

    /// Returns the place in std of a path in a module that std moved, or the path of compat's item.
    fn moved(&self, path: &str, floor: u32) -> Option<Moved> {
        MOVED.iter().find_map(|(new, since, old, complete)| {
            let below = |module: &str| Some(path.strip_prefix(module)?).filter(|r| r.is_empty() || r.starts_with("::"));
            let rest = below(new).filter(|_| floor < *since).or_else(|| below(old).filter(|_| floor < *complete))?;
            let item = format!("{new}{rest}");
            let has = |path: &String| item == *path || item.starts_with(&format!("{path}::"));
            match floor < *complete && self.paths.keys().any(has) {
                true => Some(Moved::Compat(item)),
                false => below(new).map(|_| Moved::Std(format!("{old}{rest}"))),
            }
        })
    }

    /// Adds to a change what compat's list says about the item with a path, or the type that has it.
    fn noted(&self, change: Change, path: &str) -> Change {
        let is_it = |note: &&Note| path == note.item || path.starts_with(&format!("{}::", note.item));
        match (self.notes.iter().find(is_it), &change.differs) {
            (None, _) => change,
            (Some(note), None) => change.differs(note.says()),
            (Some(note), Some(other)) => {
                let both = format!("{other}; {}", note.says());
                change.differs(both)
            }
        }
    }

    /// Returns the number of segments of the longest prefix of a path that the floor lacks and compat has.
    fn missing(&self, root: &str, path: &[&str], floor: u32) -> Option<usize> {
        (1..=path.len()).rev().find(|n| {
            let joined = path[..*n].join("::");
            if root == "std" && STD_HAS.contains(&joined.as_str()) {
                return false;
            }
            let module = MODULES.iter().any(|(of, name, since)| *of == root && *name == joined && floor < *since);
            module && *n == path.len() || self.paths.get(&joined).map_or(false, |since| floor < *since)
        })
    }
}

/// Where an item is whose module std moved.
enum Moved {
    Std(String),
    Compat(String),
}

/// One name of an import.
struct Leaf {
    tokens: Range<usize>,
    path: Vec<String>,
    alias: String,
}

pub fn find(file: &File, items: &Items, target: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    let modules = module_imports(file);
    let mut i = 0;
    while i < file.len() {
        if file.text(i) == "use" && file.text(i + 1) != "<" {
            let end = file.find(i, file.len(), |i| file.text(i) == ";").unwrap_or(file.len());
            changes.extend(statement(file, i..end, items, target));
            i = end + 1;
            continue;
        }
        let (change, next) = path(file, i, &modules, items, target);
        changes.extend(change);
        i = next;
    }
    changes
}

/// Returns whether a file imports the item of std with this path, by its own name.
pub fn imports(file: &File, path: &str) -> bool {
    let is_it = |leaf: &Leaf| {
        let (root, rest) = leaf.path.split_first().map_or(("", &[][..]), |(root, rest)| (root.as_str(), rest));
        leaf.alias.is_empty() && ["core", "std", "alloc", CRATE].contains(&root) && rest.join("::") == path
    };
    (0..file.len()).filter(|i| file.text(*i) == "use").any(|i| leaves(file, i).iter().any(is_it))
}

/// Returns the modules of std that a file imports, by their names there.
fn module_imports(file: &File) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for i in (0..file.len()).filter(|i| file.text(*i) == "use") {
        for leaf in leaves(file, i) {
            let module = leaf.path.last().map_or(false, |name| name.starts_with(|c: char| c.is_lowercase()));
            if module && leaf.path.len() >= 2 && ["core", "std", "alloc"].contains(&leaf.path[0].as_str()) {
                let name = leaf
                    .alias
                    .strip_prefix(" as ")
                    .map_or_else(|| leaf.path[leaf.path.len() - 1].clone(), String::from);
                found.insert(name, leaf.path);
            }
        }
    }
    found
}

fn leaves(file: &File, start: usize) -> Vec<Leaf> {
    let end = file.find(start, file.len(), |i| file.text(i) == ";").unwrap_or(file.len());
    let first = start + 1 + usize::from(file.text(start + 1) == "::");
    let mut found = Vec::new();
    tree(file, first..end, &[], &mut found);
    found
}

fn tree(file: &File, tokens: Range<usize>, prefix: &[String], found: &mut Vec<Leaf>) {
    let mut path = prefix.to_vec();
    let mut alias = String::new();
    let mut i = tokens.start;
    while i < tokens.end {
        match file.text(i) {
            "{" => {
                for part in file.split(i + 1..file.other(i), ",") {
                    tree(file, part, &path, found);
                }
                return;
            }
            "::" => {}
            "as" => {
                alias = format!(" as {}", file.text(i + 1));
                break;
            }
            "self" if !path.is_empty() => {}
            name => path.push(name.to_string()),
        }
        i += 1;
    }
    found.push(Leaf { tokens, path, alias });
}

/// Rewrites an import: the names that the floor lacks move to a separate one.
fn statement(file: &File, tokens: Range<usize>, items: &Items, target: &Target) -> Option<Change> {
    let missing = |leaf: &Leaf| -> Option<String> {
        let root = leaf.path.first()?;
        if !["core", "std", "alloc"].contains(&root.as_str()) {
            return None;
        }
        let path: Vec<_> = leaf.path[1..].iter().map(String::as_str).collect();
        let joined = path.join("::");
        if root == "core" && target.minor < 56 && UNWIND_SAFE.contains(&joined.as_str()) {
            return Some(format!("std::{joined}{}", leaf.alias));
        }
        match items.moved(&joined, target.minor) {
            Some(Moved::Std(old)) => {
                let module = MOVED.iter().any(|(new, ..)| joined == *new) && leaf.alias.is_empty();
                return Some(format!("{root}::{old}{}", if module { " as fd" } else { &leaf.alias }));
            }
            Some(Moved::Compat(item)) => return Some(format!("{CRATE}::{item}{}", leaf.alias)),
            None => {}
        }
        let n = items.missing(root, &path, target.minor)?;
        // Of a type, its variants too.
        let variants = path[n - 1].starts_with(|c: char| c.is_uppercase());
        (n == path.len() || variants).then(|| format!("{CRATE}::{joined}{}", leaf.alias))
    };
    let all = leaves(file, tokens.start);
    let moved: Vec<_> = all.iter().filter_map(|leaf| missing(leaf).map(|path| (leaf.tokens.clone(), path))).collect();
    if moved.is_empty() {
        return None;
    }
    let compat = format!("{CRATE}::");
    let below = moved.iter().filter_map(|(_, path)| path.strip_prefix(&compat)?.split(" as ").next());
    let change = below.fold(Change::at(file, tokens.start, WHAT), |change, path| items.noted(change, path));
    let uses: Vec<_> = moved.iter().map(|(_, path)| format!("use {path};")).collect();
    // The visibility and the attributes apply to both.
    let mut first = tokens.start;
    while let Some(before) =
        file.back(first).filter(|b| file.text(*b) == "pub" || file.text(*b) == "(" && file.before(*b) == "pub")
    {
        first = before;
    }
    let first = file.attributes(first);
    let prefix = &file.text[file.bytes(first..first + 1).start..file.bytes(tokens.start..tokens.start + 1).start];
    let indentation = file.indentation(first);
    let joined = uses.join(&format!("\n{indentation}{prefix}"));
    if moved.len() == all.len() {
        return Some(change.replace(file.bytes(tokens.start..tokens.end + 1), joined));
    }
    let gone: Vec<_> = moved.into_iter().map(|(tokens, _)| tokens).collect();
    let change = prune(file, tokens.start + 1..tokens.end, &gone, change);
    let end = file.bytes(tokens.end..tokens.end + 1).end;
    Some(change.insert(end, format!("\n{indentation}{prefix}{joined}")))
}

/// Removes the moved names, and the groups that become empty.
fn prune(file: &File, tree: Range<usize>, gone: &[Range<usize>], mut change: Change) -> Change {
    let open = match file.find(tree.start, tree.end, |i| file.text(i) == "{") {
        Some(open) => open,
        None => return change,
    };
    let parts = file.split(open + 1..file.other(open), ",");
    for part in parts {
        let mut inside = Vec::new();
        tree_leaves(file, part.clone(), &mut inside);
        if inside.iter().all(|leaf| gone.contains(leaf)) {
            let comma = usize::from(file.text(part.end) == ",");
            change = change.remove(file, part.start..part.end + comma);
        } else {
            change = prune(file, part, gone, change);
        }
    }
    change
}

fn tree_leaves(file: &File, tokens: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut leaves = Vec::new();
    tree(file, tokens, &[], &mut leaves);
    found.extend(leaves.into_iter().map(|leaf| leaf.tokens));
}

/// Reads a path from a token on: returns the replacement of its start, and the token after it.
fn path(
    file: &File,
    i: usize,
    modules: &BTreeMap<String, Vec<String>>,
    items: &Items,
    target: &Target,
) -> (Option<Change>, usize) {
    let start = if file.text(i) == "::" && !path_before(file, i) { i + 1 } else { i };
    if !file.is_name(start) || start == i && ["::", ".", "$"].contains(&file.before(i)) {
        return (None, i + 1);
    }
    let (mut segments, mut end) = (vec![file.text(start)], start + 1);
    while file.text(end) == "::" && file.is_name(end + 1) {
        segments.push(file.text(end + 1));
        end += 2;
    }
    let import = modules.get(segments[0]);
    let full: Vec<&str> = match import {
        _ if ["core", "std", "alloc"].contains(&segments[0]) => segments.clone(),
        Some(import) if start == i => import.iter().map(String::as_str).chain(segments[1..].iter().copied()).collect(),
        _ => return (None, end),
    };
    if segments.len() < 2 {
        return (None, end);
    }
    let skipped = full.len() - segments.len();
    let joined = full[1..].join("::");
    match items.moved(&joined, target.minor).filter(|_| skipped == 0) {
        Some(Moved::Std(old)) => {
            return (Some(Change::at(file, i, WHAT).replace(file.bytes(i..end), format!("{}::{old}", full[0]))), end);
        }
        Some(Moved::Compat(item)) => {
            let change = Change::at(file, i, WHAT).replace(file.bytes(i..end), format!("{CRATE}::{item}"));
            return (Some(items.noted(change, &item)), end);
        }
        None => {}
    }
    match items.missing(full[0], &full[1..], target.minor) {
        // The import itself has the missing module.
        Some(n) if n + 1 > skipped + 1 || skipped == 0 => {
            let last = start + 1 + 2 * (n - skipped);
            let item = full[1..=n].join("::");
            let change = Change::at(file, i, WHAT).replace(file.bytes(i..last), format!("{CRATE}::{item}"));
            (Some(items.noted(change, &item)), end)
        }
        _ => (None, end),
    }
}

/// Returns whether a `::` continues the path before it.
fn path_before(file: &File, i: usize) -> bool {
    i > 0 && (file.is_segment(i - 1) || [Some(Kind::Close)].contains(&file.kind(i - 1)) || file.text(i - 1) == ">")
}

/// Rewrites a path around a token that the compiler did not find, if compat has its end.
pub fn by_end(file: &File, i: usize, items: &Items, floor: u32) -> Option<Change> {
    let first = file.first_segment(i);
    let mut end = i + 1;
    while file.text(end) == "::" && file.is_name(end + 1) {
        end += 2;
    }
    let names: Vec<_> = (first..end).step_by(2).map(|i| file.text(i)).collect();
    if names.contains(&CRATE) {
        // The path leads to compat already, which has the item: the error has another cause.
        return None;
    }
    let from_root = file.before(first) == "::" && !path_before(file, first - 1);
    let start = first - usize::from(from_root || file.before(first) == "$");
    for from in 0..names.len() {
        for to in (from + 1..=names.len()).rev() {
            let joined = names[from..to].join("::");
            if to - from >= 2 && items.paths.get(&joined).map_or(false, |since| floor < *since) {
                let bytes = file.bytes(start..first + 2 * to - 1);
                let change = Change::at(file, start, WHAT).replace(bytes, format!("{CRATE}::{joined}"));
                return Some(items.noted(change, &joined));
            }
        }
    }
    None
}
