// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The output of `cargo oldstable new` compiles with this machine's compiler: the device and its tests, for each bus,
//! and by the first page's own command line.
//!
//! This has no libtest harness, because tests that cannot run are counted as ignored, with the reason.

#[path = "common/runner.rs"]
mod runner;

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project").to_path_buf()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env::var_os("CARGO").expect("cargo runs the tests"))
        .args(arguments)
        .current_dir(folder)
        // The bindings are compiled only once for all.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("new"))
        .output()
        .unwrap()
}

/// Runs `new` with these arguments beside a clone in `oldstable`, and compiles the result.
fn compiles(name: &str, arguments: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    symlink(root(), folder.path().join("oldstable")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
        .args(["oldstable", "new"])
        .args(arguments)
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", folder.path().join("cache"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let made = folder.path().join(name);
    assert!(made.join("Cargo.lock").is_file(), "{}", said(&output));
    let output = cargo(&made, &["check", "--locked", "--lib", "--example", "in_qemu"]);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
}

fn sysbus() {
    compiles("x", &["x", "--bus", "sysbus", "--path", "oldstable"]);
}

fn pci() {
    compiles("x", &["x", "--bus", "pci", "--path", "oldstable"]);
}

fn i2c() {
    compiles("x", &["x", "--bus", "i2c", "--path", "oldstable"]);
}

fn none() {
    compiles("x", &["x", "--bus", "none", "--path", "oldstable"]);
}

fn the_short_way_of_the_first_page() {
    let page = fs::read_to_string(root().join("docs/first-device.md")).unwrap();
    let line = page.lines().find_map(|line| line.strip_prefix("$ cargo oldstable new ")).expect("the short way");
    let words: Vec<&str> = line.split_whitespace().collect();
    compiles(words[0], &words);
}

const TESTS: [(&str, fn()); 5] = [
    ("sysbus", sysbus),
    ("pci", pci),
    ("i2c", i2c),
    ("none", none),
    ("the_short_way_of_the_first_page", the_short_way_of_the_first_page),
];

/// Returns the reason why the bindings' dependencies are missing, if so: an old suite's cell has only those of this
/// program.
fn missing() -> Option<String> {
    let output = cargo(&root(), &["fetch", "--locked"]);
    let said = said(&output);
    (!output.status.success()).then(|| said.lines().next().unwrap_or("cargo cannot fetch").to_string())
}

fn main() {
    let missing = missing();
    runner::run(&TESTS, |_| missing.clone())
}
