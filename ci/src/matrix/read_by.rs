// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Cargo's records of the files that a build read: rustc's dep-info, and the files that build scripts declare.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::project::workspace::Package;

/// Returns the files and folders from which target folders were built: the build scripts' and that of another
/// architecture. A relative path is looked up in the workspace and in the packages' folders. For a package elsewhere,
/// its whole folder counts.
pub fn files(targets: [PathBuf; 2], workspace: &Path, packages: &[Package]) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for built in targets.iter().flat_map(|target| ["debug", "release"].map(|profile| target.join(profile))) {
        for file in entries(&built.join("deps")) {
            if file.extension().map_or(false, |extension| extension == "d") {
                found.extend(dep_info(&text(&file)).into_iter().map(|path| workspace.join(path)));
            }
        }
        for script in entries(&built.join("build")) {
            for path in watched(&text(&script.join("output"))) {
                found.extend(packages.iter().map(|package| package.folder().join(&path)));
            }
        }
    }
    let sources: BTreeSet<PathBuf> = found.iter().filter_map(|path| package_of(path)).collect();
    found.extend(sources);
    found
}

/// Returns the folder of the package to which a source file belongs.
fn package_of(file: &Path) -> Option<PathBuf> {
    let is_source = file.extension().map_or(false, |extension| extension == "rs");
    let folder = file.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file()).filter(|_| is_source)?;
    Some(folder.to_path_buf())
}

/// Returns the prerequisites of a makefile's rules; a blank in a name is escaped with a backslash.
fn dep_info(text: &str) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for rule in text.lines().filter(|line| !line.starts_with('#')) {
        let rest = rule.split_once(": ").map_or("", |(_, rest)| rest);
        let hidden = rest.replace("\\ ", "\u{0}");
        files.extend(
            hidden.split(' ').filter(|word| !word.is_empty()).map(|word| PathBuf::from(word.replace('\u{0}', " "))),
        );
    }
    files
}

/// Returns the paths after `cargo:rerun-if-changed=`, in its old and its new spelling.
fn watched(output: &str) -> Vec<PathBuf> {
    let path = |line: &str| line.strip_prefix("cargo:").map(|rest| rest.trim_start_matches(':').to_string());
    let lines = output.lines().filter_map(path);
    lines.filter_map(|line| line.strip_prefix("rerun-if-changed=").map(|path| PathBuf::from(path.trim()))).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn text(file: &Path) -> String {
    String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_rule_are_read_with_blanks_in_their_names() {
        let text = "/t/a.d: src/lib.rs ../READ\\ ME.md\n\nsrc/lib.rs:\n# env-dep:CARGO_PKG_NAME=a: b\n";
        assert_eq!(dep_info(text), ["src/lib.rs", "../READ ME.md"].map(PathBuf::from).into());
    }

    #[test]
    fn both_spellings_of_a_build_script_are_read() {
        let output =
            "cargo:rerun-if-changed=../x\ncargo::rerun-if-changed=y\ncargo:rerun-if-env-changed=Z\ncargo:rustc-cfg=a\n";
        assert_eq!(watched(output), ["../x", "y"].map(PathBuf::from));
    }
}
