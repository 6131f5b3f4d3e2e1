// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::path`].

pub use std::path::*;

/// The separator between the parts of a path, as text: `std::path::MAIN_SEPARATOR_STR` from Rust 1.68.
#[cfg(all(before_1_68, not(windows)))]
pub const MAIN_SEPARATOR_STR: &str = "/";
/// The separator between the parts of a path, as text: `std::path::MAIN_SEPARATOR_STR` from Rust 1.68.
#[cfg(all(before_1_68, windows))]
pub const MAIN_SEPARATOR_STR: &str = "\\";
