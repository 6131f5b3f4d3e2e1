// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable init`: an msrv.toml to begin with.

use std::fs;
use std::path::Path;

use crate::host::output;
use crate::project::config::{Config, FILE};
use crate::project::version::Version;
use crate::project::workspace::{packages_of, Package};
use anyhow::{ensure, Context, Result};

/// The cells of Debian's suites, and below a line optional ones.
const TEMPLATE: &str = include_str!("msrv-template.toml");

/// Writes msrv.toml beside the Cargo.toml in `folder`, and prints it.
pub fn run(folder: &Path) -> Result<i32> {
    output::all(write(folder)?);
    Ok(0)
}

/// Writes msrv.toml beside the Cargo.toml in `folder`, and returns its text.
fn write(folder: &Path) -> Result<String> {
    let file = folder.join(FILE);
    ensure!(!file.exists(), "{} exists already: change it, or remove it first", file.display());
    let manifest = folder.join("Cargo.toml");
    ensure!(manifest.is_file(), "there is no {}: run this in the folder of a crate", manifest.display());
    let text = text(&packages_of(folder)?)?;
    fs::write(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(text)
}

/// Returns the template with the `rust-version`s that the packages state: the oldest is the floor (without any, the
/// oldest cell's compiler), the others are listed by name. Cells below the floor stay, since they check the manifests.
fn text(packages: &[Package]) -> Result<String> {
    let mut stated: Vec<(&str, Version)> = Vec::new();
    let any_published = packages.iter().any(Package::is_published);
    for package in packages.iter().filter(|package| package.is_published() || !any_published) {
        if let Some(version) = &package.rust_version {
            let version: Version = version.parse().with_context(|| format!("the rust-version of {}", package.name))?;
            stated.push((&package.name, version.full()));
        }
    }
    let floor = match stated.iter().map(|(_, version)| version).min() {
        Some(lowest) => lowest.clone(),
        None => {
            let template = Config::parse(&TEMPLATE.replace("FLOOR", "1.0.0"))?;
            template.cells.into_iter().filter_map(|cell| cell.rustc).min().context("the template has no rustc")?
        }
    };
    let others: Vec<String> = stated
        .iter()
        .filter(|(_, version)| *version != floor)
        .map(|(name, version)| format!("{name} = \"{version}\"\n"))
        .collect();
    let mut text = TEMPLATE.replace("FLOOR", &floor.full().to_string());
    if !others.is_empty() {
        let others = others.concat();
        let floors = format!("# Older compilers skip these packages.\n[floors]\n{others}\n[[cell]]");
        text = text.replacen("[[cell]]", &floors, 1);
    }
    Config::parse(&text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, rust_version: Option<&str>) -> Package {
        let text = serde_json::json!({"name": name, "version": "1.0.0", "manifest_path": "/x/Cargo.toml", "features": {},
            "dependencies": [], "rust_version": rust_version});
        serde_json::from_value(text).unwrap()
    }

    fn of(promises: &[(&str, Option<&str>)]) -> Config {
        let packages: Vec<Package> = promises.iter().map(|(name, version)| package(name, *version)).collect();
        Config::parse(&text(&packages).unwrap()).unwrap()
    }

    #[test]
    fn cells_below_the_stated_rust_version_stay() {
        for stated in [Some("1.63"), None] {
            let names: Vec<String> = of(&[("x", stated)]).cells.into_iter().map(|cell| cell.name).collect();
            assert_eq!(names, ["bullseye", "bookworm", "trixie", "stable"]);
        }
    }

    #[test]
    fn newer_compilers_of_the_suites_are_offered() {
        let text = text(&[]).unwrap();
        let offered = text.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| !line.contains(": "));
        let offered: String = offered.map(|line| format!("{line}\n")).collect();
        let config = Config::parse(&format!("floor = \"1.48\"\n{offered}")).unwrap();
        let names: Vec<_> = config.cells.iter().map(|cell| cell.name.as_str()).collect();
        assert_eq!(names, ["bullseye-web", "bookworm-web", "trixie-web", "trixie-backports", "testing"]);
    }

    #[test]
    fn the_floor_is_that_of_the_oldest_package() {
        assert_eq!(of(&[("x", Some("1.70"))]).floor.to_string(), "1.70.0");
        assert!(of(&[("x", Some("1.70")), ("y", Some("1.70.0"))]).floors.is_empty());
        let config = of(&[("a", Some("1.74")), ("b", Some("1.38")), ("tasks", None)]);
        assert_eq!((config.floor.to_string(), config.floors.len()), ("1.38.0".to_string(), 1));
        assert_eq!(config.floors["a"].to_string(), "1.74.0");
    }

    #[test]
    fn an_existing_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = "[package]\nname = \"x\"\nversion = \"1.0.0\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n";
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        write(folder.path()).unwrap();
        assert!(write(folder.path()).unwrap_err().to_string().contains("remove it first"));
    }
}
