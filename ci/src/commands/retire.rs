// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable retire`: the items of oldstable-compat that a higher floor makes superfluous.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};
use serde::Deserialize;

use crate::host::output;
use crate::project::version::Version;
use crate::project::workspace::{cargo, Project};
use crate::retire::source::{aliases, retire};
use crate::retire::table::{Table, ITEMS};

/// The crate from which items are retired.
const COMPAT: &str = "oldstable-compat";

/// Lists the uses in the project's source that a floor makes superfluous, and with `apply` rewrites them.
pub fn run(project: &Project, floor: &Version, apply: bool) -> Result<i32> {
    let (list, folders) = packages(project)?;
    let text = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let table = Table::parse(&text)?;
    let mut files = Vec::new();
    for folder in folders {
        sources(&folder, &mut files)?;
    }
    files.sort();
    let mut texts = Vec::new();
    let mut names = Vec::new();
    for path in files {
        let source = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        names.extend(aliases(&source).with_context(|| format!("cannot parse {}", path.display()))?);
        texts.push((path, source));
    }
    let (mut count, mut changed) = (0, 0);
    for (path, source) in texts {
        let (uses, rewritten) =
            retire(&source, &names, &table, floor).with_context(|| format!("cannot parse {}", path.display()))?;
        let shown = path.strip_prefix(&project.root).unwrap_or(&path).display();
        for found in &uses {
            output::line(format_args!("{shown}:{found}"));
        }
        count += uses.len();
        if apply && rewritten != source {
            fs::write(&path, rewritten).with_context(|| format!("cannot write {}", path.display()))?;
            changed += 1;
        }
    }
    for cell in &project.config.cells {
        if cell.rustc.as_ref().map_or(false, |rustc| rustc < floor) {
            output::line(format_args!(
                "cell {} is older than {floor}: remove it from msrv.toml, or keep these shims",
                cell.name
            ));
        }
    }
    output::line(format_args!("{count} uses are unnecessary from Rust {floor} on; {changed} files were rewritten"));
    Ok(0)
}

/// Returns the list of the project's oldstable-compat, and the source folders of its other packages.
fn packages(project: &Project) -> Result<(PathBuf, Vec<PathBuf>)> {
    let metadata = |arguments: &[&str]| -> Result<Metadata> {
        let output = cargo()
            .args(["metadata", "--format-version=1"])
            .args(arguments)
            .current_dir(&project.root)
            .output()
            .context("cannot start cargo: install Rust from rustup or from Debian")?;
        ensure!(
            output.status.success(),
            "cargo cannot read the workspace: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).context("cargo metadata is not understood")
    };
    let mut found = metadata(&["--no-deps"])?;
    if !found.packages.iter().any(|package| package.name == COMPAT) {
        // It comes from a registry; its other packages may have to be fetched.
        found = metadata(&[])?;
    }
    let metadata = found;
    let compat = metadata.packages.iter().find(|package| package.name == COMPAT);
    let list = compat
        .with_context(|| format!("the project does not depend on {COMPAT}, so there is nothing to retire"))?
        .folder()
        .join(ITEMS);
    let own = metadata
        .packages
        .iter()
        .filter(|package| package.name != COMPAT && metadata.workspace_members.contains(&package.id));
    let parts = ["src", "tests", "examples", "benches"];
    let folders = own.flat_map(|package| parts.map(|part| package.folder().join(part)));
    Ok((list, folders.filter(|folder| folder.is_dir()).collect()))
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Member>,
    workspace_members: Vec<String>,
}

#[derive(Deserialize)]
struct Member {
    name: String,
    id: String,
    manifest_path: PathBuf,
}

impl Member {
    fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, files)?;
        } else if path.extension().map_or(false, |extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
