// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Writes the result: a table per struct and a line per field, so that rustc 1.48 can read it without a TOML parser.

use crate::imports::Imports;
use crate::suite::Facts;
use crate::{elf, names, probe, Build};
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn text(build: &Build, facts: &Facts) -> String {
    let mut text = String::new();
    let source = match &build.source {
        Some(_) => "sources that were given as a folder".to_string(),
        None => format!("Debian's source package {}", facts.version),
    };
    let suite = &build.suite;
    let (name, arch) = (&build.name, &build.arch);
    writeln!(
        text,
        "# The C ABI of QEMU {name}, {arch}: made by `cargo run --manifest-path abi/Cargo.toml -- {name}` from"
    )
    .unwrap();
    writeln!(text, "# the debug information of a probe that was compiled in a tree of {source},").unwrap();
    writeln!(text, "# and from what the qemu-system-arm package of {suite} exports. Offsets and sizes in bytes.\n")
        .unwrap();
    writeln!(text, "arch = \"{arch}\"\npackage = \"{}\"\nsuite = \"{suite}\"", facts.version).unwrap();
    let types = &facts.types;
    for (name, known) in names::STRUCTS.iter().filter_map(|name| Some((name, types.structure(name)?))) {
        writeln!(text, "\n[struct.{name}]\nsize = {}\nalign = {}\nfields = [", known.size, known.align).unwrap();
        for field in &known.fields {
            let bits = match field.bits {
                Some((first, count)) => format!(", bit_offset = {first}, bit_size = {count}"),
                None => String::new(),
            };
            let (name, offset, size) = (&field.name, field.offset, field.size);
            let (c, kind) = (&field.c, &field.kind);
            writeln!(
                text,
                "  {{ name = \"{name}\", offset = {offset}, size = {size}, type = \"{c}\", kind = \"{kind}\"{bits} }},"
            )
            .unwrap();
        }
        text.push_str("]\n");
    }
    for name in names::ENUMS {
        let value = names::ENUMS_BY_VALUE.iter().find(|known| known.0 == *name).map(|known| known.1);
        if let Some((size, values)) = types.enumeration(name, value) {
            let values: Vec<String> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            writeln!(text, "\n[enum.{name}]\nsize = {size}\nvalues = {{ {} }}", values.join(", ")).unwrap();
        }
    }
    constants(&mut text, facts);
    symbols(&mut text, facts);
    text
}

/// The heading between the data from sources and those from the binary.
const EXPORTS: &str = "\n# What src/sys asks for and the binary exports.\n[function]\n";

/// Returns the page of a release without sources, which lists the binary's exports.
pub fn with_exports(page: &str, imports: &Imports, exports: &BTreeSet<String>) -> String {
    let mut text = page.split(EXPORTS).next().unwrap_or(page).to_string();
    let there = |name: &&String| probe::is_there(name, exports);
    text.push_str(EXPORTS);
    imports.functions.iter().filter(there).for_each(|name| writeln!(text, "{name} = {{ }}").unwrap());
    text.push_str("\n[variable]\n");
    imports.variables.iter().filter(there).for_each(|name| writeln!(text, "{name} = {{ }}").unwrap());
    text
}

fn constants(text: &mut String, facts: &Facts) {
    let variables = elf::variables(&facts.probe());
    text.push_str("\n[const]\n");
    for (name, bytes) in &variables {
        if let (Some(name), Ok(bytes)) = (name.strip_prefix("probe_number_"), bytes.as_slice().try_into()) {
            writeln!(text, "{name} = {}", i64::from_le_bytes(bytes)).unwrap();
        }
    }
    for (name, bytes) in &variables {
        if let Some(name) = name.strip_prefix("probe_text_") {
            let value = String::from_utf8_lossy(bytes);
            writeln!(text, "{name} = \"{}\"", value.trim_end_matches('\0')).unwrap();
        }
    }
    let field = facts.types.structure("VMStateField");
    let flags = field.and_then(|field| field.fields.iter().find(|f| f.name == "flags").map(|f| f.offset as usize));
    if let (Some(end), Some(at)) = (variables.get("probe_end_of_fields"), flags) {
        let flags: [u8; 4] = end[at..at + 4].try_into().unwrap_or_default();
        writeln!(text, "vmstate_end_of_list_flags = {}", i32::from_le_bytes(flags)).unwrap();
    }
    let closed = variables.contains_key("probe_properties_end_with_an_empty_name");
    writeln!(text, "property_list_nul_terminated = {closed}").unwrap();
    let plugins = facts.exports.iter().any(|name| name.starts_with("qemu_plugin_register_"));
    writeln!(text, "plugins_enabled_in_stock_build = {plugins}").unwrap();
}

fn symbols(text: &mut String, facts: &Facts) {
    let types = &facts.types;
    text.push_str("\n[callback]\n");
    for (name, id) in names::CALLBACKS.iter().filter_map(|name| Some((name, types.typedef(name)?))) {
        writeln!(text, "{name} = {{ type = \"{}\", kind = \"{}\" }}", types.c(Some(id)), types.kind(Some(id))).unwrap();
    }
    let there = |name: &&String| probe::is_there(name, &facts.exports);
    text.push_str(EXPORTS);
    for name in facts.imports.functions.iter().filter(there) {
        let id = types.target(&format!("probe_function_{name}"));
        writeln!(text, "{name} = {{ type = \"{}\", kind = \"{}\" }}", types.c(id), types.kind(id)).unwrap();
    }
    text.push_str("\n[variable]\n");
    for name in facts.imports.variables.iter().filter(there) {
        if let Some(id) = types.target(&format!("probe_variable_{name}")) {
            writeln!(text, "{name} = {{ type = \"{}\", size = {} }}", types.c(Some(id)), types.size_of(id)).unwrap();
        }
    }
}
