// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! This package's examples, as objects that QEMU loads, with the features of the tests: cargo has built most of it.

use crate::cargo_build;
use std::path::PathBuf;

/// The features of this test, as cargo takes them.
const FEATURES: &[(bool, &str)] = &[
    (cfg!(feature = "default"), "default"),
    (cfg!(feature = "cstr"), "cstr"),
    (cfg!(feature = "libc"), "libc"),
    (cfg!(feature = "memoffset"), "memoffset"),
    (cfg!(feature = "testing"), "testing"),
];

/// Builds an example, and returns the object's path.
pub fn build(name: &str) -> PathBuf {
    let file = format!("lib{}.so", name);
    let own: Vec<&str> = FEATURES.iter().filter(|(is_on, _)| *is_on).map(|(_, name)| *name).collect();
    let features = own.join(",");
    let arguments = ["--example", name, "--no-default-features", "--features", &features];
    cargo_build::build(cargo_build::own_manifest(), &arguments, |built| built.ends_with(&file))
}
