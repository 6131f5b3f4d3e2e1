// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pass over editions: names that a newer edition, or the standard library with it, has in scope are imported.

use std::collections::BTreeMap;
use std::ops::Range;

use super::source::{Change, File, Kind};
use super::standard::CRATE;
use super::syntax::Target;

/// A name of a prelude.
struct Name {
    name: &'static str,
    module: &'static str,
    /// The edition whose prelude has it, or the release that added it to all preludes.
    scope: Scope,
    /// Methods and functions that need it in scope.
    calls: &'static [&'static str],
}

enum Scope {
    Edition(u32),
    Release(u32),
}

const NAMES: &[Name] = &[
    Name { name: "TryFrom", module: "convert", scope: Scope::Edition(2021), calls: &["try_from"] },
    Name { name: "TryInto", module: "convert", scope: Scope::Edition(2021), calls: &["try_into"] },
    Name { name: "FromIterator", module: "iter", scope: Scope::Edition(2021), calls: &["from_iter"] },
    Name { name: "Future", module: "future", scope: Scope::Edition(2024), calls: &[] },
    Name { name: "IntoFuture", module: "future", scope: Scope::Edition(2024), calls: &["into_future"] },
    Name { name: "size_of", module: "mem", scope: Scope::Release(80), calls: &[] },
    Name { name: "size_of_val", module: "mem", scope: Scope::Release(80), calls: &[] },
    Name { name: "align_of", module: "mem", scope: Scope::Release(80), calls: &[] },
    Name { name: "align_of_val", module: "mem", scope: Scope::Release(80), calls: &[] },
];

/// The name of the pass that adds an import.
pub const WHAT: &str = "name of a prelude";

/// The name of the pass that declares oldstable-compat in edition 2015.
const DECLARED: &str = "extern crate";

pub fn find(file: &File, target: &Target) -> Vec<Change> {
    let missing = NAMES.iter().filter(|name| match name.scope {
        Scope::Edition(edition) => target.leaves(edition),
        Scope::Release(minor) => target.minor < minor,
    });
    let mut wanted: BTreeMap<usize, (Range<usize>, Vec<&Name>)> = BTreeMap::new();
    for name in missing {
        for i in 0..file.len() {
            let text = file.text(i);
            let called = name.calls.contains(&text) && [".", "::"].contains(&file.before(i)) && file.text(i + 1) != "!";
            let named = text == name.name && mentioned(file, i, name);
            if !(called || named) {
                continue;
            }
            let module = file.module(i);
            if !declares(file, &module, name.name) {
                let entry = wanted.entry(module.start).or_insert((module, Vec::new()));
                if !entry.1.iter().any(|other| other.name == name.name) {
                    entry.1.push(name);
                }
            }
        }
    }
    let imports = wanted.into_values().map(|(module, names)| {
        let paths: Vec<_> = names.iter().map(|name| format!("{}::{}", name.module, name.name)).collect();
        import(file, &module, &paths, target)
    });
    imports.collect()
}

/// Returns whether a name is looked up in the prelude at this place.
fn mentioned(file: &File, i: usize, name: &Name) -> bool {
    let before = file.before(i);
    if ["::", ".", "fn", "trait", "struct", "mod", "type", "'", "let", "$", "enum"].contains(&before) {
        return false;
    }
    let function = name.name.starts_with(|c: char| c.is_lowercase());
    // A macro may name another that it provides; the compiler reports the places where it does not.
    !function || !is_in_macro(file, i) && ["(", "::"].contains(&file.text(i + 1))
}

/// Writes the path of a function in the body of a macro, which is expanded in other modules.
pub fn in_macro(file: &File, tokens: Range<usize>, path: &str, target: &Target) -> Option<Change> {
    let name = path.rsplit("::").next().filter(|name| name.starts_with(|c: char| c.is_lowercase()))?;
    let i = tokens.clone().find(|i| file.text(*i) == name && !["::", ".", "$"].contains(&file.before(*i)))?;
    let root = if target.to < 2018 { "::std" } else { "core" };
    is_in_macro(file, i).then(|| Change::at(file, i, WHAT).replace(file.bytes(i..i + 1), format!("{root}::{path}")))
}

fn is_in_macro(file: &File, i: usize) -> bool {
    std::iter::successors(file.around(i), |open| file.around(*open))
        .any(|open| open >= 3 && file.reads(open - 3, &["macro_rules", "!"]))
}

/// Returns an import for a module, as the first of its items.
pub fn import(file: &File, module: &Range<usize>, paths: &[String], target: &Target) -> Change {
    let root = if target.to < 2018 { "std" } else { "core" };
    let lines: Vec<_> = paths.iter().map(|path| format!("use {root}::{path};")).collect();
    insert(file, module, &lines, WHAT)
}

/// Returns the change that puts separate lines before a module's first item.
pub fn insert(file: &File, module: &Range<usize>, lines: &[String], what: &str) -> Change {
    let item = file.first_item(module);
    let change = Change::at(file, item.min(file.len().saturating_sub(1)), what);
    let text = lines.join("\n");
    match file.kind(item) {
        Some(Kind::Close) | None => change.insert(file.bytes(item..item).start, format!("{text}\n")),
        Some(_) => {
            let indentation = file.indentation(item);
            let text = lines.iter().map(|line| format!("{line}\n{indentation}")).collect::<String>();
            change.insert(file.bytes(item..item + 1).start, text)
        }
    }
}

/// Rewrites paths to oldstable-compat for edition 2015, where it is found through the crate's root.
pub fn through_root(file: &File) -> Vec<Change> {
    let code = |i: &usize| file.reads(*i, &[CRATE, "::"]) && !["::", "use"].contains(&file.before(*i));
    let places = (0..file.len()).filter(code);
    places.map(|i| Change::at(file, i, DECLARED).insert(file.bytes(i..i + 1).start, "::")).collect()
}

/// Returns the declaration for the root of a crate of edition 2015.
pub fn declare_compat(file: &File) -> Option<Change> {
    let there = (0..file.len()).any(|i| file.reads(i, &["extern", "crate", CRATE]));
    let lines = [format!("extern crate {CRATE};")];
    (!there).then(|| insert(file, &(0..file.len()), &lines, DECLARED))
}

/// Returns whether a module imports or declares a name itself.
pub fn declares(file: &File, module: &Range<usize>, name: &str) -> bool {
    let mut i = module.start;
    while i < module.end {
        if file.text(i) == "use" {
            let end = file.find(i, module.end, |i| file.text(i) == ";").unwrap_or(module.end);
            let leaf = |i: usize| file.text(i) == name && [",", ";", "}"].contains(&file.text(i + 1));
            let renamed = |i: usize| file.reads(i, &["as", name]);
            if (i..end).any(|i| leaf(i) || renamed(i)) {
                return true;
            }
            i = end;
        }
        if ["fn", "trait", "struct", "enum", "type", "mod", "union"].contains(&file.text(i)) && file.text(i + 1) == name
        {
            return true;
        }
        i = file.after(i);
    }
    false
}

/// Returns the path, below `core`, of a prelude's name or method that was not found.
pub fn path_for(name: &str) -> Option<String> {
    let found = NAMES.iter().find(|entry| entry.name == name || entry.calls.contains(&name))?;
    Some(format!("{}::{}", found.module, found.name))
}
