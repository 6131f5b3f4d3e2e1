// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Cells of the project's own msrv.toml, with the same packages, so that they share the root file systems.

/// The keys of a cell that determine its root file system.
const KEYS: [&str; 5] = ["name", "suite", "archives", "packages", "qemu"];

/// Returns the cells of these names in msrv.toml's format.
pub fn of_the_project(names: &[&str]) -> String {
    let all: Vec<&str> = include_str!("../../../msrv.toml").split("\n[[cell]]\n").skip(1).collect();
    let cell = |name: &&str| {
        let head = format!("name = {name:?}\n");
        let cell = all.iter().find(|cell| cell.starts_with(&head)).expect("the project has the cell");
        let is_kept = |line: &&str| line.split_once(" = ").map_or(false, |(key, _)| KEYS.contains(&key));
        let lines: Vec<&str> = cell.lines().take_while(|line| !line.is_empty()).filter(is_kept).collect();
        format!("[[cell]]\n{}\n", lines.join("\n"))
    };
    names.iter().map(cell).collect()
}
