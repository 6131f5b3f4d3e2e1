// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A plugin's messages to a QEMU that it does not support.

use crate::example;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Builds the program that stands in for QEMU. It exports the symbols of QEMU that a plugin uses before it knows the
/// release.
fn build_host(target: &Path) -> PathBuf {
    let program = target.join("host");
    let status = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(&["--edition=2018", "-C", "link-args=-rdynamic -ldl", "-o"])
        .arg(&program)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/artifacts/plugin/host.rs"))
        .status()
        .expect("rustc runs");
    assert!(status.success(), "the stand-in does not build");
    program
}

fn run(program: &Path, version: &str, plugin: &Path, argument: &str) -> (String, String) {
    let Output { stdout, stderr, .. } =
        Command::new(program).arg(version).arg(plugin).arg(argument).output().expect("the stand-in runs");
    (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn an_unknown_release_is_refused_in_one_line() {
    let target = env::temp_dir().join(format!("oldstable-plugin-{}", std::process::id()));
    std::fs::create_dir_all(&target).unwrap();
    let plugin = example::build("pl011");
    let program = build_host(&target);

    let (did, said) = run(&program, "8.2", &plugin, "replace=on");
    let known = if cfg!(target_pointer_width = "64") { "5.2, 7.2, 10.0, 11.1" } else { "5.2" };
    assert_eq!(did, "installed 1\n", "nothing is registered, and QEMU is told");
    assert_eq!(said.lines().count(), 1, "{}", said);
    assert!(said.contains("QEMU 8.2") && said.contains(known), "{}", said);

    // A build of a known release that lacks a symbol.
    let (did, said) = run(&program, "5.2", &plugin, "replace=on");
    assert_eq!(did, "installed 1\n");
    assert_eq!(said.lines().count(), 1, "{}", said);
    assert!(said.contains("this build of QEMU 5.2 has no "), "{}", said);

    std::fs::remove_dir_all(&target).unwrap();
}
