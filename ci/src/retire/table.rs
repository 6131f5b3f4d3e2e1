//! What oldstable-compat has, and since when std has it: the table in its README.

use std::collections::BTreeMap;

use anyhow::{ensure, Result};

use crate::project::version::Version;

/// Items that are std's own on every compiler.
pub const ALWAYS: [&str; 9] = [
    "CString",
    "IntoStringError",
    "MaybeUninit",
    "NonNull",
    "NulError",
    "UnsafeCell",
    "c_void",
    "slice_from_raw_parts",
    "slice_from_raw_parts_mut",
];

/// What the README's table says.
pub struct Table {
    /// Paths such as `ptr::addr_of`, below the crate's root, and since when std has them.
    pub items: BTreeMap<String, Version>,
    /// Names of methods that the prelude brings, and since when std has them.
    pub methods: BTreeMap<String, Version>,
}

impl Table {
    pub fn parse(readme: &str) -> Result<Table> {
        let mut table = Table { items: BTreeMap::new(), methods: BTreeMap::new() };
        for row in readme.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            let (item, since, note) = match cells[..] {
                [item, since, .., note] if since.starts_with("1.") => (item, since.parse()?, note),
                _ => continue,
            };
            let item = item.trim_matches('`').trim_end_matches('!');
            if note.starts_with("a trait") {
                let name = item.rsplit("::").next().unwrap_or(item);
                table.methods.insert(name.to_string(), since);
                continue;
            }
            // The notes name what comes with an item, in the same module.
            let module = item.rsplit_once("::").map_or("", |(module, _)| module);
            let named = note.split('`').skip(1).step_by(2);
            let beside = named.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
            for name in beside {
                table.items.insert(join(module, name), since.clone());
            }
            table.items.insert(item.to_string(), since);
        }
        ensure!(!table.items.is_empty(), "the README of oldstable-compat has no table of items");
        Ok(table)
    }

    /// The path in std of an item of compat, and since when it is there.
    pub fn find(&self, path: &str) -> Option<(String, Version)> {
        let name = path.rsplit("::").next().unwrap_or(path);
        if ALWAYS.contains(&name) {
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
}

/// A path of a module and a name in it.
pub fn join(module: &str, name: &str) -> String {
    if module.is_empty() {
        name.to_string()
    } else {
        format!("{module}::{name}")
    }
}
