// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Checks the table of docs/devices.md against the files that it names.

use std::fs;

#[test]
fn the_table_counts_lines_and_unsafe() {
    let root = env!("CARGO_MANIFEST_DIR");
    let page = fs::read_to_string(format!("{}/docs/devices.md", root)).unwrap();
    let rows = page.lines().filter(|line| line.contains("| `examples/"));
    let mut devices = 0;
    for row in rows.clone() {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let text = fs::read_to_string(format!("{}/{}", root, cells[2].trim_matches('`'))).unwrap();
        assert_eq!(cells[3], text.lines().count().to_string(), "the lines of {}", cells[2]);
        assert_eq!(cells[4], text.matches("unsafe").count().to_string(), "the unsafe of {}", cells[2]);
        devices += 1;
    }
    assert!(devices >= 5, "{} devices", devices);
    // The table of what a device takes repeats some of the numbers.
    for row in page.lines().filter(|line| line.contains(" here | 1 | ")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let name = cells[1].trim_end_matches(" here");
        let full = rows.clone().find(|line| line.starts_with(&format!("| {}, ", name))).expect("the device's row");
        let full: Vec<&str> = full.split('|').map(str::trim).collect();
        assert_eq!(cells[3..5], full[3..5], "{}", name);
    }
}
