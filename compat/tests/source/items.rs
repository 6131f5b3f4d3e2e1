// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! items.tsv is the only list of std's items from 1.49 on: those in this crate, their form, and those left out.
//! The tests compare the source, the README and the tests with it. With `OLDSTABLE_WRITE_README=1` the README's lists
//! are written again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::gate_list as gates;

/// One row of items.tsv.
struct Item {
    path: String,
    kind: String,
    since: u32,
    const_since: String,
    here: String,
    const_here: String,
    note: String,
    /// Whether the note is about what compiles or how long it takes, and not about what a program does.
    same: bool,
}

impl Item {
    fn name(&self) -> &str {
        self.path.rsplit("::").next().expect("there is at least one part")
    }
    /// Returns the module or the type to which it belongs.
    fn home(&self) -> &str {
        self.path.rfind("::").map_or("", |end| &self.path[..end])
    }
    fn left_out(&self) -> bool {
        self.here == "left"
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {}", path.display(), error))
}

fn items() -> Vec<Item> {
    let text = read("items.tsv");
    let rows = text.lines().skip(1).map(|row| {
        let cells: Vec<_> = row.split('\t').map(str::to_string).collect();
        assert_eq!(cells.len(), 8, "a row has eight cells: {}", row);
        assert!(["yes", "-"].contains(&cells[7].as_str()), "{}", row);
        let since = gates::minor_of_release(&cells[2]).unwrap_or_else(|| panic!("no release: {}", row));
        Item {
            path: cells[0].clone(),
            kind: cells[1].clone(),
            since,
            const_since: cells[3].clone(),
            here: cells[4].clone(),
            const_here: cells[5].clone(),
            note: cells[6].clone(),
            same: cells[7] == "yes",
        }
    });
    rows.collect()
}

/// Returns all files of a folder and its subfolders.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("a directory entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().map_or(false, |extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !is_word(c)).collect()
}

#[test]
fn the_rows_are_sorted_and_say_how() {
    let items = items();
    assert!(items.windows(2).all(|pair| pair[0].path < pair[1].path));
    for item in &items {
        let known = ["trait", "own", "std", "left"].contains(&item.here.as_str());
        assert!(known, "`{}` is here as {}", item.path, item.here);
        assert!((gates::FIRST..=gates::LAST).contains(&item.since), "{}", item.path);
        assert!(!item.left_out() || !item.note.is_empty(), "`{}` is left out for no reason", item.path);
        assert!(!item.same || !item.left_out() && !item.note.is_empty(), "`{}` is the same as what?", item.path);
    }
}

/// std's items with their releases. The list was taken from std's documentation, release by release, and is checked
/// against its source by the tests of the gates.
fn std_items() -> Vec<(String, Option<u32>)> {
    let all = read("tests/data/std-items.tsv");
    let rows = all.lines().map(|row| row.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[0].to_string(), gates::minor_of_release(row[1]))).collect()
}

#[test]
fn every_item_of_std_has_a_row() {
    /// Two rows can have one name and one release, so the source does not show that one of them is missing.
    const COUNT: usize = 908;
    let items: BTreeMap<_, _> = items().into_iter().map(|item| (item.path.clone(), item.since)).collect();
    let all = std_items();
    for (path, since) in &all {
        assert_eq!(items.get(path).copied(), *since, "{}", path);
    }
    assert_eq!(all.len(), COUNT, "an item was added to std-items.tsv, or is lost there");
}

/// In the source, an item is in a file with its release's gate.
#[test]
fn what_is_here_is_gated_by_its_release() {
    let mut sources = Vec::new();
    files(&root().join("src"), &mut sources);
    let texts: Vec<_> = sources.iter().map(read).collect();
    let words: Vec<_> = texts.iter().map(|text| words(text)).collect();
    // The module that declares a file may have the gate.
    let gated: BTreeSet<_> = words.iter().flat_map(|words| words.iter().copied()).collect();
    for item in items().iter().filter(|item| !item.left_out()) {
        let gate = gates::cfg(item.since);
        assert!(gated.contains(gate.as_str()), "`{}` has no gate {}", item.path, gate);
        if item.here == "std" {
            continue;
        }
        let name = item.name();
        assert!(gated.contains(name), "`{}` is not in the source", item.path);
        if item.here == "trait" {
            let together = words.iter().any(|words| words.contains(name) && words.contains(gate.as_str()));
            assert!(together, "`{}` does not stand in a file with {}", item.path, gate);
        }
    }
}

/// Every method in the source's extension traits has a row.
#[test]
fn every_method_of_the_source_has_a_row() {
    let items = items();
    // Some types got a method later than others of their kind.
    let known = |name: &str, since| items.iter().any(|item| item.name() == name && item.since <= since);
    let mut sources = Vec::new();
    files(&root().join("src/methods"), &mut sources);
    let mut count = 0;
    for path in sources {
        let text = read(&path);
        let mut since = None;
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with("#[cfg(") {
                since = line
                    .find("before_1_")
                    .and_then(|at| line[at + 9..].split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok());
            }
            inside = match line {
                "extension! {" | "integers! {" | "pointers! {" | "floats! {" => true,
                "}" => false,
                _ => inside,
            };
            let declared = line.trim_start().trim_start_matches("unsafe ");
            if let (true, true, Some(rest)) =
                (inside, line.starts_with("    ") && !line.starts_with("     "), declared.strip_prefix("fn "))
            {
                let name = rest.split(|c: char| !is_word(c)).next().expect("a name");
                let since = since.unwrap_or_else(|| panic!("{}: `{}` has no gate", path.display(), name));
                assert!(known(name, since), "{}: `{}` from 1.{} has no row", path.display(), name, since);
                count += 1;
            }
        }
    }
    assert!(count > 250, "only {} methods were read", count);
}

#[test]
fn every_item_is_named_by_a_test() {
    let mut tests = Vec::new();
    files(&root().join("tests"), &mut tests);
    let texts: Vec<_> = tests.iter().map(read).collect();
    let named: BTreeSet<_> = texts.iter().flat_map(|text| words(text)).collect();
    let here = items().into_iter().filter(|item| !item.left_out() && item.here != "std");
    let untested: Vec<_> = here.filter(|item| !named.contains(item.name())).map(|item| item.path).collect();
    assert!(untested.is_empty(), "{:?}", untested);
}

#[test]
fn the_readme_says_the_same() {
    let readme = read("README.md");
    let mut written = readme.clone();
    for (name, text) in &[("what there is", there_is()), ("what differs", differs()), ("what is left out", left_out())]
    {
        let (begin, end) = (format!("<!-- {} -->\n", name), format!("<!-- end of {} -->", name));
        let start = written.find(&begin).unwrap_or_else(|| panic!("no `{}`", begin)) + begin.len();
        let stop = written.find(&end).unwrap_or_else(|| panic!("no `{}`", end));
        written.replace_range(start..stop, text);
    }
    if env::var_os("OLDSTABLE_WRITE_README").is_some() {
        fs::write(root().join("README.md"), written).expect("the README can be written");
    } else {
        assert!(readme == written, "run this test with OLDSTABLE_WRITE_README=1, and look at what changed");
    }
}

/// Returns names with their releases, a row per module or type.
fn there_is() -> String {
    let mut rows: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for item in items().into_iter().filter(|item| !item.left_out()) {
        rows.entry(item.home().to_string()).or_default().push(item);
    }
    let std: BTreeSet<_> = std_items().into_iter().map(|(path, _)| path).collect();
    let here = items().iter().filter(|item| !item.left_out() && std.contains(&item.path)).count();
    let mut text = format!("{} of std's {} items from Rust 1.49 to 1.{}:\n\n", here, std.len(), gates::LAST);
    text.push_str("| in | what, and since when std has it |\n|---|---|\n");
    for (home, mut items) in rows {
        items.sort_by_key(|item| item.since);
        let mut releases: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for item in items {
            let mark = if item.kind == "macro" { "!" } else { "" };
            releases.entry(item.since).or_default().push(format!("`{}{}`", item.name(), mark));
        }
        let releases: Vec<_> =
            releases.into_iter().map(|(since, names)| format!("1.{}: {}", since, names.join(", "))).collect();
        let home = if home.is_empty() {
            "the root".to_string()
        } else {
            format!("`{}`", home.trim_start_matches("primitive::"))
        };
        text.push_str(&format!("| {} | {} |\n", home, releases.join("; ")));
    }
    text
}

/// Returns the differences from std on old compilers.
fn differs() -> String {
    let mut text =
        "| item | const in std since | const here before that | before its release |\n|---|---|---|---|\n".to_string();
    for item in items().iter().filter(|item| !item.left_out() && (!item.note.is_empty() || item.const_here != "-")) {
        let mark = if item.kind == "macro" { "!" } else { "" };
        let dash = |cell: &str, before: &str| match cell {
            "-" => "–".to_string(),
            release => format!("{}{}", before, release),
        };
        text.push_str(&format!(
            "| `{}{}` | {} | {} | {} |\n",
            item.path.trim_start_matches("primitive::"),
            mark,
            dash(&item.const_since, ""),
            dash(&item.const_here, "from "),
            item.note
        ));
    }
    text
}

/// Returns the items that are left out, by reasons.
fn left_out() -> String {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in items().into_iter().filter(Item::left_out) {
        reasons.entry(item.note).or_default().push(format!("`{}`", item.path.trim_start_matches("primitive::")));
    }
    let rows: Vec<_> =
        reasons.into_iter().map(|(reason, names)| format!("- {}: {}.\n", reason, names.join(", "))).collect();
    rows.concat()
}
