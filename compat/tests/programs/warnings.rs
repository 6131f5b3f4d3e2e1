// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A user who has this package's source beside theirs sees its warnings. There are none, in any set of features.

use crate::cargo_build;
use std::process::Command;

#[test]
fn no_set_of_features_warns() {
    // The features with a dependency are those of these tests: it need not be there.
    let mut dependencies = Vec::new();
    for &(feature, on) in &[
        ("cstr", cfg!(feature = "cstr")),
        ("libc", cfg!(feature = "libc")),
        ("memoffset", cfg!(feature = "memoffset")),
    ] {
        if on {
            dependencies.push(feature);
        }
    }
    for own in &["", "alloc", "std"] {
        let features = dependencies.iter().fold(own.to_string(), |features, feature| features + " " + feature);
        let output = Command::new(env!("CARGO"))
            .args(&["check", "--lib", "--offline", "--locked", "--message-format", "json", "--manifest-path"])
            .arg(cargo_build::own_manifest())
            .args(&["--no-default-features", "--features", &features])
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout);
        let warnings: Vec<_> = said.lines().filter(|line| line.contains("\"compiler-message\"")).collect();
        assert!(warnings.is_empty(), "with the features `{}`: {}", features, warnings.join("\n"));
    }
}
