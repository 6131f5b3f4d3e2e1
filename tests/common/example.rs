// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! This package's examples, as objects that QEMU loads.

use crate::cargo_build;
use std::path::PathBuf;

/// Builds an example, and returns the object's path.
pub fn build(name: &str) -> PathBuf {
    let file = format!("lib{}.so", name);
    cargo_build::build(cargo_build::own_manifest(), &["--example", name], |built| built.ends_with(&file))
}
