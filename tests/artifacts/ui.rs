// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Programs that must not compile, with the compiler's messages.

use crate::library::Library;
use crate::ui_programs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

/// Some rules are checked only for functions that are used and therefore compiled.
const EMIT: &str = "obj";

/// The attribute macro that a program may use, built into a folder.
fn attributes(folder: &Path) -> PathBuf {
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(&["--edition", "2018", "--crate-type", "proc-macro", "--out-dir"])
        .arg(folder)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/artifacts/attributes.rs"))
        .output()
        .expect("rustc runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder.join("libattributes.so")
}

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    let paths = ["oldstable::qom::", "oldstable::qdev::"];
    let folder = env::temp_dir().join(format!("oldstable-attributes-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder for what is built");
    let attributes = format!("attributes={}", attributes(&folder).display());
    ui_programs::what_is_wrong_is_refused(&Library::build(&[]), EMIT, &["--extern", &attributes], &paths, 20);
    fs::remove_dir_all(folder).expect("the folder can be removed");
}

#[test]
fn what_is_right_compiles() {
    ui_programs::what_is_right_compiles(&Library::build(&[]), EMIT);
}
