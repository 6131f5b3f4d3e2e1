// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! ELF files: the stock binary's exports, and the bytes of the probe's constants.

use anyhow::{Context, Result};
use object::{Object, ObjectSection, ObjectSymbol};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the names that a program exports to its plugins.
pub fn exports(bytes: &[u8]) -> Result<BTreeSet<String>> {
    let file = object::File::parse(bytes).context("QEMU's binary cannot be read")?;
    let defined = file.dynamic_symbols().filter(|symbol| symbol.is_definition());
    Ok(defined.filter_map(|symbol| Some(symbol.name().ok()?.to_string())).collect())
}

/// Returns the bytes of each variable of the probe.
pub fn variables(file: &object::File) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for symbol in file.symbols() {
        let section = symbol.section_index().and_then(|index| file.section_by_index(index).ok());
        let (Ok(name), Some(section)) = (symbol.name(), section) else { continue };
        if !name.starts_with("probe_") {
            continue;
        }
        // Variables that are all zero are not in the file.
        let bytes = section.data_range(symbol.address(), symbol.size()).ok().flatten();
        found.insert(name.to_string(), bytes.map_or(vec![0; symbol.size() as usize], <[u8]>::to_vec));
    }
    found
}
