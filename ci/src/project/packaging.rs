// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The section `[debs]` of msrv.toml.

use std::path::PathBuf;

use serde::Deserialize;

/// The project's Debian packages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Debs {
    /// Names of the cells in whose suites they are built and tested.
    pub cells: Vec<String>,
    /// Packages that a build needs besides a cell's own.
    pub packages: Vec<String>,
    /// A file with a table of lintian's tags below a warning that remain, and the reasons. Any other tag is a failure.
    pub answers: Option<PathBuf>,
    /// The source packages, each after those that it needs.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// A source package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Source {
    /// The crate of the workspace from which it is made.
    pub package: String,
    /// The folder that becomes its `debian/`.
    pub debian: PathBuf,
}
