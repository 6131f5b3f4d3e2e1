// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Miri finds nothing in compat's code for old compilers, which it runs as if it were one.
//!
//! This has no libtest harness, because what cannot run is counted as ignored, with its reason.

use std::path::Path;
use std::process::{Command, Output};

#[path = "../../../ci/tests/common/runner.rs"]
mod runner;

fn rust_1_48() {
    run("1.48");
}

fn rust_1_59() {
    run("1.59");
}

fn rust_1_70() {
    run("1.70");
}

/// Runs the tests that are compat's own also where another release is pretended: what a call of a method means there is
/// std's own. With the file system and the clock of this machine.
fn run(release: &str) {
    let output = Command::new("cargo")
        .args(["+nightly", "miri", "test", "--locked", "--quiet", "--test", "items", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compat/Cargo.toml"))
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("miri"))
        // A backtrace of a panic that a test expects takes Miri two seconds.
        .env("MIRIFLAGS", "-Zmiri-disable-isolation -Zmiri-env-set=RUST_BACKTRACE=0")
        // The toolchain that cargo started this test with is not to be that of Miri.
        .env_remove("RUSTC")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("OLDSTABLE_COMPAT_PRETEND_RUSTC", release)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "as if it were {release}:\n{}", both(&output));
}

fn both(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const TESTS: [(&str, fn()); 3] = [("rust_1_48", rust_1_48), ("rust_1_59", rust_1_59), ("rust_1_70", rust_1_70)];

/// Why they cannot run, if so.
fn missing(_: &str) -> Option<String> {
    let version = Command::new("cargo").args(["+nightly", "miri", "--version"]).env_remove("RUSTC").output();
    let found = matches!(version, Ok(output) if output.status.success());
    let mend = "`rustup toolchain install nightly --component miri --component rust-src` installs it";
    (!found).then(|| format!("there is no Miri: {mend}"))
}

fn main() {
    runner::run(&TESTS, missing)
}
