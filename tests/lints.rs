// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The lints of all workspaces equal those of the root's manifest, since a workspace cannot inherit another's.

use std::fs;
use std::path::Path;

/// Those that represent other authors' crates, tests/consumers, have none.
const WORKSPACES: [&str; 7] = [
    "Cargo.toml",
    "abi/Cargo.toml",
    "benches/Cargo.toml",
    "ci/Cargo.toml",
    "fuzz/Cargo.toml",
    "tests/gates/Cargo.toml",
    "tests/workflows/Cargo.toml",
];

fn manifest(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {}", path.display(), error))
}

/// Returns the lints' text in a manifest, without comments, since the last one may belong to the next section.
fn lints(manifest: &str) -> Vec<Vec<&str>> {
    let tables = manifest.split("\n[").filter(|table| table.starts_with("workspace.lints"));
    tables.map(|table| table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()).collect()
}

#[test]
fn each_workspace_has_the_lints_of_the_root() {
    let root = manifest("Cargo.toml");
    assert!(!lints(&root).is_empty());
    for path in &WORKSPACES {
        assert_eq!(lints(&manifest(path)), lints(&root), "{}", path);
    }
}

#[test]
fn each_package_takes_the_lints_of_its_workspace() {
    for path in WORKSPACES.iter().chain(&["compat/Cargo.toml"]) {
        assert!(manifest(path).contains("\n[lints]\nworkspace = true\n"), "{}", path);
    }
}
