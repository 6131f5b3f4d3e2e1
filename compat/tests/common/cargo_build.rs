// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! cargo's build results of a package, for tests that inspect them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// This package's manifest.
pub fn own_manifest() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
}

/// Builds a package, and returns the file that `is_wanted` selects by its name. `arguments` are cargo's.
///
/// # Panics
/// If the package does not build, or there is no such file.
pub fn build(manifest: &Path, arguments: &[&str], is_wanted: impl Fn(&str) -> bool) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(&["build", "--offline", "--locked", "--message-format", "json"])
        .arg("--manifest-path")
        .arg(manifest)
        .args(arguments)
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}", said);
    let messages = String::from_utf8_lossy(&output.stdout);
    // Cargo quotes file names, like all text.
    let wanted = messages.split('"').find(|text| is_wanted(text));
    wanted.unwrap_or_else(|| panic!("{}", said)).into()
}
