// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The `native-tests` of msrv.toml, which a cross-built cell leaves out, are the tests that start a program, but for those
//! whose programs run there too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// They start cargo, which knows the target, or what is built for the compiler's own machine.
const RUN_EVERYWHERE: [&str; 3] = [
    "build_script::what_compiles_the_crate_is_asked_for_its_release",
    "consumers::a_consumer_without_a_lock_file_builds_without_a_registry",
    "warnings::no_set_of_features_warns",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {}", path.display(), error))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {}", folder.display(), error));
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn is_rust(path: &Path) -> bool {
    path.extension().map_or(false, |extension| extension == "rs")
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a file").to_string_lossy().into_owned()
}

/// Returns the sources of each test program of a package that `cargo test` runs.
fn programs(package: &Path) -> Vec<Vec<PathBuf>> {
    let manifest = text(&package.join("Cargo.toml"));
    let left_out = |name: &str| {
        let is_it = |table: &&str| table.starts_with("[test]") && table.contains(&format!("name = \"{}\"", name));
        manifest.split("\n[").filter(is_it).any(|table| table.contains("test = false"))
    };
    let mut programs = Vec::new();
    for path in entries(&package.join("tests")) {
        let main = path.join("main.rs");
        let mut files = match path.is_dir() {
            true if main.is_file() => entries(&path),
            false if is_rust(&path) => vec![path.clone()],
            _ => continue,
        };
        if left_out(&stem(&path)) {
            continue;
        }
        files.retain(|path| is_rust(path));
        let mut shared = entries(&package.join("tests/common"));
        shared.retain(|shared| {
            let name = format!("common/{}.rs\"]", stem(shared));
            files.iter().any(|file| text(file).contains(&name))
        });
        files.extend(shared);
        programs.push(files);
    }
    programs
}

/// A function, a static or the methods of a type.
struct Item {
    name: String,
    /// The path of a test, without the modules around its file.
    test: Option<String>,
    words: BTreeSet<String>,
    starts: bool,
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Returns the name of the item that begins in a line.
fn item_of(line: &str) -> Option<&str> {
    if line.starts_with(|c: char| c.is_whitespace() || c == '/') {
        return None;
    }
    let code = line.split('{').next()?;
    if code.starts_with("impl") {
        return words(code.split(" for ").last()?).find(|word| *word != "impl");
    }
    let mut words = words(code).skip_while(|word| !["fn", "static"].contains(word));
    words.next()?;
    words.next()
}

/// Returns the items of a file.
fn items(path: &Path) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut is_test = false;
    for line in text(path).lines() {
        if let Some(name) = item_of(line) {
            let test = if is_test { Some(format!("{}::{}", stem(path), name)) } else { None };
            items.push(Item { name: name.to_string(), test, words: BTreeSet::new(), starts: false });
        }
        is_test = line == "#[test]" || is_test && !line.starts_with("fn ");
        let code = line.split("//").next().unwrap_or_default();
        if let Some(item) = items.last_mut() {
            item.starts |= code.contains(concat!("Command", "::new("));
            item.words.extend(words(code).map(str::to_string));
        }
    }
    items
}

/// Returns the tests of a program that start another, by themselves or through what they use.
fn tests_that_start(files: &[PathBuf]) -> Vec<String> {
    let mut items: Vec<Item> = files.iter().flat_map(|file| items(file)).collect();
    loop {
        let known: BTreeSet<String> = items.iter().filter(|item| item.starts).map(|item| item.name.clone()).collect();
        let more = |item: &&mut Item| !item.starts && known.iter().any(|name| item.words.contains(name));
        let found: Vec<_> = items.iter_mut().filter(more).map(|item| item.starts = true).collect();
        if found.is_empty() {
            break;
        }
    }
    items.into_iter().filter(|item| item.starts).filter_map(|item| item.test).collect()
}

#[test]
fn they_are_the_tests_that_start_a_program() {
    let all = [root().to_path_buf(), root().join("compat")];
    let programs: Vec<_> = all.iter().flat_map(|package| programs(package)).collect();
    let found: BTreeSet<String> = programs.iter().flat_map(|files| tests_that_start(files)).collect();
    let msrv = text(&root().join("msrv.toml"));
    let list = msrv.split("\nnative-tests = [").nth(1).and_then(|rest| rest.split(']').next()).expect("the list");
    let listed = list.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    // `called` is a module around files.
    let listed: BTreeSet<String> = listed.map(|name| name.trim_start_matches("called::").to_string()).collect();
    let everywhere = RUN_EVERYWHERE.iter().map(|name| name.to_string());
    assert_eq!(found, listed.into_iter().chain(everywhere).collect());
}
