// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Each rule of docs/soundness.md names tests, and each of these exists.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

fn text(path: &str) -> Option<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()
}

fn page() -> String {
    text("docs/soundness.md").expect("docs/soundness.md")
}

/// Returns the rows of the page's table: the cells of each.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| kind |"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// Returns the texts between backticks.
fn names(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The programs of a file of `tests/attacks`, which begins each of them on a line of its own.
fn programs(file: &str) -> Vec<&str> {
    let list = file.split("\nprograms! {\n").nth(1).unwrap_or_default();
    let heads = list.lines().filter(|line| !line.starts_with("     ") && line.contains(" => "));
    heads.filter_map(|line| line.split_whitespace().next()).collect()
}

/// Whether there is a test: `ui/PROGRAM`, `attacks/MODULE`, `attacks/MODULE::PROGRAM`, `harness/MODULE`,
/// `harness/MODULE::TEST`, or a file of `tests`.
fn exists(name: &str) -> bool {
    let mut parts = name.splitn(2, '/');
    let (place, rest) = (parts.next().unwrap_or_default(), parts.next());
    let rest = match rest {
        None => return text(&format!("tests/{}.rs", place)).is_some(),
        Some(rest) if place == "ui" => return text(&format!("tests/ui/{}.rs", rest)).is_some(),
        Some(rest) => rest,
    };
    let mut parts = rest.splitn(2, "::");
    let (module, test) = (parts.next().unwrap_or_default(), parts.next());
    let has_line = |text: &str, begins: &str| text.lines().any(|line| line.starts_with(begins));
    let list = text(&format!("tests/{}/src/lib.rs", place)).unwrap_or_default();
    let tests = text(&format!("tests/{}/src/{}.rs", place, module)).unwrap_or_default();
    has_line(&list, &format!("mod {};", module))
        && match (place, test) {
            (_, None) => true,
            ("attacks", Some(test)) => programs(&tests).contains(&test),
            (_, Some(test)) => has_line(&tests, &format!("    fn {}() {{", test)),
        }
}

#[test]
fn each_promise_names_tests_that_exist() {
    let page = page();
    let rows = rows(&page);
    assert!(rows.len() > 20, "the table has {} rows", rows.len());
    for row in rows {
        assert_eq!(row.len(), 5, "{:?}", row);
        let names = names(row[4]);
        assert!(!names.is_empty(), "no test: {}", row[1]);
        for name in names {
            assert!(exists(name), "there is no test {}: {}", name, row[1]);
        }
    }
}

/// The programs and tests that a name on the page stands for.
fn members(name: &str) -> Vec<String> {
    match name.strip_prefix("attacks/").filter(|module| !module.contains("::")) {
        Some(module) => {
            let file = text(&format!("tests/attacks/src/{}.rs", module)).unwrap_or_default();
            programs(&file).iter().map(|program| format!("{}::{}", name, program)).collect()
        }
        None => vec![name.to_owned()],
    }
}

/// The kinds that the page explains, and the tests of each.
fn kinds(page: &str) -> Vec<(&str, HashSet<String>)> {
    let explained = page.lines().filter_map(|line| {
        let line = line.strip_prefix("- `")?;
        line.find("`: ").map(|end| &line[..end])
    });
    let tests = |kind: &str| {
        let rows = rows(page).into_iter().filter(|row| row[0] == kind);
        rows.flat_map(|row| names(row[4]).into_iter().flat_map(members).collect::<Vec<_>>()).collect()
    };
    explained.map(|kind| (kind, tests(kind))).collect()
}

#[test]
fn each_kind_has_three_programs_at_least() {
    let page = page();
    let kinds = kinds(&page);
    assert_eq!(kinds.len(), 12);
    for row in rows(&page) {
        assert!(kinds.iter().any(|(kind, _)| *kind == row[0]), "{} is no kind: {}", row[0], row[1]);
    }
    for (kind, tests) in kinds {
        println!("{}: {}", kind, tests.len());
        assert!(tests.len() >= 3, "{} has {:?}", kind, tests);
    }
}

#[test]
fn each_file_that_the_page_names_exists() {
    let page = page();
    let files =
        page.split(|c: char| "`()".contains(c)).filter(|word| word.starts_with("tests/") && word.ends_with(".rs"));
    let files: Vec<_> = files.collect();
    assert!(!files.is_empty());
    for file in files {
        assert!(text(file).is_some(), "there is no {}", file);
    }
}

#[test]
fn each_kind_of_attack_is_on_the_page() {
    let list = text("tests/attacks/src/lib.rs").expect("the list of attacks");
    let page = page();
    let kinds = list.lines().filter_map(|line| line.strip_prefix("            ")?.strip_suffix("::PROGRAMS,"));
    let kinds: Vec<_> = kinds.collect();
    assert!(kinds.len() > 8, "{:?}", kinds);
    for kind in kinds {
        assert!(page.contains(&format!("`attacks/{}", kind)), "{} is not on the page", kind);
    }
}

#[test]
fn a_test_that_does_not_exist_is_seen() {
    for name in &["ui/drop_of_a_class", "attacks/lock", "attacks/lock::the_root", "harness/bql", "readme"] {
        assert!(exists(name), "{}", name);
    }
    for name in
        &["ui/drop", "attacks/none", "attacks/lock::the", "harness/none", "harness/pci::none", "none", "none/bql"]
    {
        assert!(!exists(name), "{}", name);
    }
}
