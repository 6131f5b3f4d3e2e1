// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Packages that depend on oldstable-compat build in their users' environments.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Cargo finds no registry, as in a package build, so it fails if it has to resolve anything.
#[test]
fn a_consumer_without_a_lock_file_builds_without_a_registry() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let consumer = source.join("tests/consumers/no-lock-file");
    let scratch = scratch();
    fs::create_dir_all(scratch.join("src")).expect("a scratch directory");
    let manifest = fs::read_to_string(consumer.join("Cargo.toml")).expect("the manifest");
    let compat = source.join("compat");
    let manifest = manifest.replace("../../../compat", compat.to_str().expect("it is text"));
    fs::write(scratch.join("Cargo.toml"), manifest).expect("a scratch file");
    fs::copy(consumer.join("src/main.rs"), scratch.join("src/main.rs")).expect("a scratch file");

    let output = Command::new(env::var_os("CARGO").expect("cargo runs the tests"))
        .args(&["run", "--offline", "--manifest-path"])
        .arg(scratch.join("Cargo.toml"))
        .env("CARGO_HOME", scratch.join("home"))
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .output()
        .expect("cargo runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "page: 8192\n", "{}", stderr);
    fs::remove_dir_all(&scratch).expect("it was made above");
}

fn scratch() -> PathBuf {
    let test = env::current_exe().expect("the path of this program");
    let name = format!("no-lock-file-{}", std::process::id());
    test.parent().expect("a file in a directory").join(name)
}
