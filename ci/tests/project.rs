// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! This program run on its own project: it understands the msrv.toml and the table in compat's README.

use std::path::Path;
use std::process::Command;

fn oldstable(arguments: &[&str]) -> String {
    let cache = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
        .arg("oldstable")
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("XDG_CACHE_HOME", cache.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn its_cells_are_listed() {
    let list = oldstable(&["list"]);
    let is_bullseye = |line: &str| {
        line.starts_with("bullseye: Debian bullseye, ") && line.ends_with(", rustc 1.48.0, QEMU 5.2: not set up")
    };
    assert!(list.lines().any(is_bullseye), "{list}");
}

#[test]
fn what_repeats_its_versions_agrees_with_them() {
    assert_eq!(oldstable(&["sync", "--check"]), "");
}

#[test]
fn a_higher_floor_makes_parts_of_compat_superfluous() {
    let places = oldstable(&["retire", "1.63"]);
    assert!(places.contains(": oldstable_compat::ffi::c_void\n"), "{places}");
}
