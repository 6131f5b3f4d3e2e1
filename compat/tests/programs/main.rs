// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The compiler's output for programs that use this crate, built with the same features as these tests.
#![cfg(feature = "std")]

#[path = "../common/cargo_build.rs"]
mod cargo_build;
mod codegen;
mod imports;
#[path = "../common/library.rs"]
mod library;
mod pages;
mod ui;
#[path = "../common/ui.rs"]
mod ui_programs;
// A newer compiler that pretends to be an older one warns of what that one does not know.
#[cfg(not(pretended))]
mod warnings;

use library::Library;
use oldstable_compat::sync::LazyLock;

/// This crate, with the features of these tests.
static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let mut features = vec!["std"];
    for &(feature, on) in &[
        ("cstr", cfg!(feature = "cstr")),
        ("libc", cfg!(feature = "libc")),
        ("memoffset", cfg!(feature = "memoffset")),
    ] {
        if on {
            features.push(feature);
        }
    }
    Library::build(&["--no-default-features", "--features", &features.join(" ")])
});
