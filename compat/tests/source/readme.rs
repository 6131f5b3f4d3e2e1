//! The table of the README says of each item what the source says of it.

use crate::gate_list;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A name and the minor number of the release that stabilised it.
type Item = (String, u32);

#[test]
fn the_table_lists_the_documented_items_with_their_releases() {
    let table = table();
    assert!(table.len() > 50, "only {} rows were read", table.len());
    let mut items = Items::default();
    items.read(&root().join("src"));
    let missing: Vec<_> = items.documented.difference(&table).collect();
    assert!(
        missing.is_empty(),
        "README.md lacks, or dates otherwise: {:?}",
        missing
    );
    let known: BTreeSet<_> = items
        .documented
        .union(&items.re_exported)
        .cloned()
        .collect();
    let unknown: Vec<_> = table.difference(&known).collect();
    assert!(
        unknown.is_empty(),
        "src lacks, or dates otherwise: {:?}",
        unknown
    );
}

#[test]
fn every_release_of_the_table_has_a_gate() {
    for (name, minor) in table() {
        // It has two forms, of which neither is std's.
        let gate = if name == "const_assert" { 65 } else { minor };
        let found = gate_list::GATES.iter().any(|&(_, since)| since == gate);
        assert!(
            found,
            "`{}` is dated 1.{}, at which no gate of gates.rs switches",
            name, minor
        );
    }
    assert_eq!(
        gate_list::minor_of("release: 1.48.0"),
        gate_list::minor_of_release("1.48")
    );
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn table() -> BTreeSet<Item> {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let rows = readme.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| {
        let mut cells = row.split(" | ");
        let name = cells.next()?.trim_start_matches("| ").trim_matches('`');
        let minor = cells.next()?.strip_prefix("1.")?.parse().ok()?;
        Some((
            name.rsplit("::").next()?.trim_end_matches('!').to_string(),
            minor,
        ))
    })
    .collect()
}

/// The items of the source.
#[derive(Default)]
struct Items {
    /// Those whose documentation says "from Rust 1.N".
    documented: BTreeSet<Item>,
    /// What is taken from std where a gate is not set, with the gate's release.
    re_exported: BTreeSet<Item>,
}

impl Items {
    fn read(&mut self, directory: &Path) {
        for entry in fs::read_dir(directory).expect("a directory of sources") {
            let path = entry.expect("a directory entry").path();
            if path.is_dir() {
                self.read(&path);
            } else {
                self.read_file(&fs::read_to_string(&path).expect("a source file"));
            }
        }
    }

    fn read_file(&mut self, source: &str) {
        let (mut doc, mut gate) = (String::new(), None);
        let mut lines = source.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if let Some(text) = line.strip_prefix("///") {
                doc.push_str(text);
            } else if line.starts_with("#[") {
                let since = |&&(cfg, _): &&(&str, u32)| line == format!("#[cfg(not({}))]", cfg);
                let mut last = line;
                while !last.ends_with(']') {
                    last = lines.next().expect("an attribute ends in a bracket");
                }
                gate = gate_list::GATES
                    .iter()
                    .find(since)
                    .map(|&(_, minor)| minor)
                    .or(gate);
            } else if !line.starts_with("//") {
                if let (Some(name), Some(minor)) = (declared(line), release(&doc)) {
                    self.documented.insert((name, minor));
                }
                if let (Some(minor), true) = (gate, line.starts_with("pub use ")) {
                    let mut names = line.to_string();
                    while !names.ends_with(';') {
                        names.push_str(lines.next().expect("a `use` ends in a semicolon"));
                    }
                    let words = names.split(|c: char| !c.is_alphanumeric() && c != '_');
                    let items = words.map(|name| (name.to_string(), minor));
                    self.re_exported.extend(items);
                }
                doc.clear();
                gate = None;
            }
        }
    }
}

/// The name that a line declares.
fn declared(line: &str) -> Option<String> {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| ["pub", "const", "unsafe"].contains(word));
    let name = match words.next()? {
        "fn" | "struct" | "trait" | "macro_rules!" => words.next()?,
        // A constant, whose keyword was skipped.
        other if line.starts_with("const ") => other,
        _ => return None,
    };
    let end = name
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    Some(name[..end].to_string())
}

/// The first release that a documentation names.
fn release(doc: &str) -> Option<u32> {
    let words = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let start = words.find("from Rust 1.")? + "from Rust 1.".len();
    let digits = words[start..].split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
