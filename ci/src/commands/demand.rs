// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable demand`: which newer std APIs packages use, and which of them oldstable-compat serves.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use clap::Args;
use toml_edit::Document;

use super::lower;
use crate::demand::lint::{self, Package, Source};
use crate::demand::tally;
use crate::host::{output, temporary};
use crate::project::version::Version;
use crate::retire::table::ITEMS;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A file with the name and version of a registry package in each line, instead of the package in this folder.
    #[arg(value_name = "LIST")]
    pub list: Option<PathBuf>,
    /// The release with the older std.
    #[arg(long, value_name = "VERSION", default_value = "1.48")]
    pub floor: Version,
    /// Build the packages in this folder, instead of a temporary one.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Use the oldstable-compat in this folder.
    #[arg(long, value_name = "FOLDER")]
    pub compat: Option<PathBuf>,
}

/// Prints a row for each API and the shares; returns 1 if a package was not built.
pub fn run(arguments: &Arguments) -> Result<i32> {
    let packages = match &arguments.list {
        Some(list) => listed(list)?,
        None => vec![here()?],
    };
    let list = lower::compat(arguments.compat.as_deref())?.join(ITEMS);
    let items = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let scratch = temporary::folder()?;
    let target = arguments.out.clone().unwrap_or_else(|| scratch.path().join("target"));
    let found = lint::run(&packages, &arguments.floor, scratch.path(), &target)?;
    let demand = tally::tally(&found.uses, &items)?;
    output::line("class\tapi\tsince\tuses\tpackages");
    demand.iter().for_each(output::line);
    for package in &found.broken {
        output::line(format_args!("{package}: not built, so not all of its uses are counted"));
    }
    output::line(format_args!("{} packages, {} of them not built", packages.len(), found.broken.len()));
    tally::shares(&demand).iter().for_each(output::line);
    Ok(i32::from(!found.broken.is_empty()))
}

fn listed(list: &Path) -> Result<Vec<Package>> {
    let text = fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let mut packages = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            [] => {}
            [first, ..] if first.starts_with('#') => {}
            [name, version] => {
                let source = Source::Registry { version: version.to_string() };
                packages.push(Package { name: name.to_string(), source });
            }
            _ => bail!("{}:{}: write a name and a version in each line", list.display(), at + 1),
        }
    }
    ensure!(!packages.is_empty(), "{} names no package", list.display());
    Ok(packages)
}

fn here() -> Result<Package> {
    let folder = std::env::current_dir()?;
    let text = fs::read_to_string(folder.join("Cargo.toml")).context("cannot read Cargo.toml in this folder")?;
    let manifest: Document = text.parse().context("Cargo.toml is not understood")?;
    let name = manifest.get("package").and_then(|package| package.get("name")).and_then(|name| name.as_str());
    let name = name.context("Cargo.toml has no package: run this in the folder of one")?.to_string();
    Ok(Package { name, source: Source::Folder(folder) })
}
