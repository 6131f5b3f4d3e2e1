//! The section `[debs]` of msrv.toml.

use std::path::PathBuf;

use serde::Deserialize;

/// The project's Debian packages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Debs {
    /// Names of the cells in whose suites they are built and tried.
    pub cells: Vec<String>,
    /// What a build needs besides a cell's own packages.
    pub packages: Vec<String>,
    /// A file with a table of what lintian remarks below a warning, and why it stays: whatever else it remarks is a
    /// failure.
    pub answers: Option<PathBuf>,
    /// The source packages, each behind those that it needs.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// A source package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Source {
    /// The crate of the workspace that it is made of.
    pub package: String,
    /// The folder that becomes its `debian/`.
    pub debian: PathBuf,
}
