// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The section `[debs]` of msrv.toml.

use std::path::PathBuf;

use serde::Deserialize;

use crate::project::config::Cell;

/// The project's Debian packages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Debs {
    /// Names of the cells in whose suites they are built and tested: each builds those of its own workspace.
    pub cells: Vec<String>,
    /// Packages that a build needs besides a cell's own and the build dependencies.
    pub packages: Vec<String>,
    /// A file with a table of lintian's tags below a warning that remain, and the reasons. Any other tag is a failure.
    pub answers: Option<PathBuf>,
    /// The source packages, each after those that it needs.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

impl Debs {
    /// Returns what is built in a cell.
    pub fn of<'a>(&'a self, cell: &'a Cell) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().filter(move |source| source.workspace == cell.workspace)
    }
}

/// Returns the packages with which a source is built, by its control file: of alternatives the first, whatever its version
/// and on whichever architecture.
pub fn build_dependencies(control: &str) -> Vec<String> {
    let mut lines = control.lines().skip_while(|line| !line.starts_with("Build-Depends:"));
    let first = lines.next().and_then(|line| line.split_once(':')).map(|(_, packages)| packages);
    let others = lines.take_while(|line| line.starts_with(|c: char| c.is_whitespace() || c == '#'));
    let field: String = first.into_iter().chain(others.filter(|line| !line.starts_with('#'))).collect();
    let ends = |c: char| c.is_whitespace() || "(:[<|".contains(c);
    let names = field.split(',').filter_map(|package| package.trim().split(ends).next());
    names.filter(|name| !name.is_empty()).map(str::to_string).collect()
}

/// A source package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Source {
    /// The crate of the workspace from which it is made.
    pub package: String,
    /// The folder that becomes its `debian/`.
    pub debian: PathBuf,
    /// The folder of the crate's workspace, if that is not the project's.
    pub workspace: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_dependencies_are_names() {
        let control =
            "Source: a\nBuild-Depends: debhelper-compat (= 13),\n# Why.\n rustc:native (>= 1.48) <!nocheck>,\n \
                       librust-b-1+c-dev | librust-b-dev,\n d [amd64],\nMaintainer: e, f\n\nPackage: a\n";
        assert_eq!(build_dependencies(control), ["debhelper-compat", "rustc", "librust-b-1+c-dev", "d"]);
        assert!(build_dependencies("Source: a\n").is_empty());
    }
}
