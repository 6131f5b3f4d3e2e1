// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable sync`: msrv.toml is the only place that states versions; copies elsewhere are generated from it.
//!
//! `rust-version` in the manifests, `msrv` in clippy.toml, the table of cells in README.md, and the jobs of
//! continuous integration services. Comments,
//! order and everything else in those files stay as they are.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, Context, Result};
use toml_edit::{value, Document};

use crate::commands::workflow::Service;
use crate::host::output;
use crate::project::config::{Cell, Config};
use crate::project::version::Version;
use crate::project::workspace::Project;

const TABLE_START: &str = "<!-- cells: written by `cargo oldstable sync` from msrv.toml -->";
const TABLE_END: &str = "<!-- /cells -->";

/// A file that disagrees with msrv.toml.
#[derive(Debug)]
struct Change {
    file: PathBuf,
    what: String,
    text: String,
}

impl Change {
    fn write(&self) -> Result<()> {
        let partial = self.file.with_extension("partial");
        fs::write(&partial, &self.text)
            .and_then(|()| fs::rename(&partial, &self.file))
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// Writes the files that disagree with msrv.toml, or with `check` fails if one does.
pub fn run(project: &Project, check: bool, promises: bool) -> Result<i32> {
    let changes = changes(project, promises)?;
    for change in &changes {
        if check {
            output::line(format_args!("{}: {}", change.file.display(), change.what));
        } else {
            change.write()?;
            output::line(format_args!("{}: {}: updated", change.file.display(), change.what));
        }
    }
    if check && !changes.is_empty() {
        bail!("{} files differ from msrv.toml: `cargo oldstable sync` updates them", changes.len());
    }
    Ok(0)
}

/// Returns the changes by which all files agree with msrv.toml.
fn changes(project: &Project, promises: bool) -> Result<Vec<Change>> {
    let config = &project.config;
    let mut changes = Vec::new();
    let others = config
        .cells
        .iter()
        .filter(|cell| cell.workspace.is_some())
        .filter_map(|cell| Some((project.workspace(cell), cell.rustc.as_ref()?)));
    for (workspace, oldest) in [(project.root.clone(), &config.floor)].into_iter().chain(others) {
        for package in project.packages_in(&workspace)? {
            let oldest = config.floors.get(&package.name).unwrap_or(oldest);
            let stated = package.rust_version.as_deref();
            // An unpublished package need not state a floor.
            if package.is_published() || stated.is_some() {
                changes.extend(edit(&package.manifest_path, |text| rust_version(text, stated, oldest, promises))?);
            }
        }
    }
    changes.extend(edit(&project.root.join("clippy.toml"), |text| clippy_msrv(text, config))?);
    changes.extend(edit(&project.root.join("README.md"), |text| Ok(readme(text, config)))?);
    for service in Service::ALL {
        let wanted = service.text(project);
        changes.extend(edit(&service.file(&project.root), |text| {
            Ok((text != wanted).then(|| (wanted.clone(), "the jobs differ from msrv.toml's".to_string())))
        })?);
    }
    Ok(changes)
}

/// Returns the change of a file, if the file exists and `new` returns one. `new` returns the whole text and a
/// description.
fn edit(file: &Path, new: impl FnOnce(&str) -> Result<Option<(String, String)>>) -> Result<Option<Change>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
    };
    let changed = new(&text).with_context(|| format!("{} is not understood", file.display()))?;
    Ok(changed.map(|(text, what)| Change { file: file.to_path_buf(), what, text }))
}

/// `rust-version` gets the oldest compiler's first two numbers, or all three if it has three already. A different
/// version that a package states or inherits is changed only if `promises` is set.
fn rust_version(
    text: &str,
    stated: Option<&str>,
    oldest: &Version,
    promises: bool,
) -> Result<Option<(String, String)>> {
    let wanted = oldest.release().to_string();
    let is_as_wanted = |stated: &str| stated == wanted || stated == oldest.to_string();
    if stated.map_or(false, is_as_wanted) || stated.is_some() && !promises {
        return Ok(None);
    }
    let stated = stated.unwrap_or("");
    let mut manifest: Document = text.parse()?;
    let what = format!("rust-version = \"{stated}\" should be \"{wanted}\"");
    let package = manifest.get_mut("package").and_then(|p| p.as_table_mut()).context("it has no [package]")?;
    set(package, "rust-version", &wanted);
    Ok(Some((manifest.to_string(), what)))
}

fn clippy_msrv(text: &str, config: &Config) -> Result<Option<(String, String)>> {
    let mut document: Document = text.parse()?;
    let wanted = config.floor.to_string();
    let stated = document.get("msrv").and_then(|v| v.as_str()).unwrap_or("").to_string();
    if stated == wanted {
        return Ok(None);
    }
    set(document.as_table_mut(), "msrv", &wanted);
    Ok(Some((document.to_string(), format!("msrv = \"{stated}\" should be \"{wanted}\""))))
}

/// Sets a key and keeps the comment after its old value.
fn set(table: &mut toml_edit::Table, key: &str, to: &str) {
    // A dotted key is stored differently.
    if table.get(key).map_or(false, |item| item.is_table_like()) {
        table.remove(key);
    }
    let decor = table.get(key).and_then(|item| item.as_value()).map(|old| old.decor().clone());
    table[key] = value(to);
    if let (Some(decor), Some(new)) = (decor, table[key].as_value_mut()) {
        *new.decor_mut() = decor;
    }
}

/// The README's table stands between two comments; without them none is written.
fn readme(text: &str, config: &Config) -> Option<(String, String)> {
    let start = text.find(TABLE_START)? + TABLE_START.len();
    let end = start + text[start..].find(TABLE_END)?;
    let table = format!("\n{}", table(config));
    if text[start..end] == table {
        return None;
    }
    Some((format!("{}{table}{}", &text[..start], &text[end..]), "the table of cells is outdated".to_string()))
}

fn table(config: &Config) -> String {
    let mut text = "| cell | suite | rustc | QEMU | in `test` |\n|---|---|---|---|---|\n".to_string();
    for cell in &config.cells {
        let rustc = match &cell.rustc {
            Some(version) => version.to_string(),
            None => "as installed".to_string(),
        };
        let qemu = match (&cell.qemu, &cell.qemu_of) {
            (Some(release), _) => release.to_string(),
            (None, Some(other)) => format!("{other}'s"),
            (None, None) => String::new(),
        };
        let ci = if cell.ci { "yes" } else { "" };
        let line = format!("| {} | {} | {rustc} | {qemu} | {ci} |\n", cell.name, source(cell));
        text.push_str(&line.replace("|  |", "| |"));
    }
    text
}

/// Returns the source of the compiler.
fn source(cell: &Cell) -> String {
    match (&cell.suite, &cell.rustup) {
        (Some(suite), _) => {
            let mut source = suite.clone();
            if cell.archives.contains(&crate::project::config::Archive::Backports) {
                source.push_str(" + backports");
            }
            if let Some(arch) = &cell.arch {
                source.push_str(&format!(", {}{arch}", if cell.cross { "cross-built for " } else { "" }));
            }
            if let Some(folder) = &cell.workspace {
                source.push_str(&format!(", builds `{}/`", folder.display()));
            }
            source
        }
        (None, Some(_)) => "rustup".to_string(),
        (None, None) => "PATH".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let text = "floor = \"1.48.0\"\n[[cell]]\nname = \"a\"\nsuite = \"s\"\npackages = [\"rustc\"]\nrustc = \"1.48\"\nci = true\n";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("msrv.toml");
        fs::write(&file, text).unwrap();
        Config::read(&file).unwrap()
    }

    #[test]
    fn comments_and_order_survive() {
        let text = "# head\n[package]\nname = \"x\" # n\nrust-version = \"1.40\" # why\nedition = \"2018\"\n";
        let (new, what) = rust_version(text, Some("1.40"), &config().floor, true).unwrap().unwrap();
        assert_eq!(new, text.replace("1.40", "1.48"));
        assert_eq!(what, "rust-version = \"1.40\" should be \"1.48\"");
        assert!(rust_version(&new, Some("1.48"), &config().floor, true).unwrap().is_none());
    }

    #[test]
    fn a_manifest_without_a_rust_version_gets_one() {
        let (new, _) = rust_version("[package]\nname = \"x\"\n", None, &config().floor, true).unwrap().unwrap();
        assert_eq!(new, "[package]\nname = \"x\"\nrust-version = \"1.48\"\n");
    }

    #[test]
    fn what_a_package_promises_is_not_changed_unasked() {
        for text in ["[package]\nrust-version = \"1.38\"\n", "[package]\nrust-version.workspace = true\n"] {
            assert!(rust_version(text, Some("1.38"), &config().floor, false).unwrap().is_none(), "{text}");
        }
        let inherited = "[package]\nrust-version.workspace = true\n";
        assert!(rust_version(inherited, Some("1.48"), &config().floor, true).unwrap().is_none());
        let (new, _) = rust_version(inherited, Some("1.38"), &config().floor, true).unwrap().unwrap();
        assert_eq!(new, "[package]\nrust-version = \"1.48\"\n");
    }

    #[test]
    fn all_three_numbers_are_as_good() {
        assert!(rust_version("[package]\nrust-version = \"1.48.0\"\n", Some("1.48.0"), &config().floor, true)
            .unwrap()
            .is_none());
    }

    #[test]
    fn the_table_is_written_between_its_comments() {
        let text = format!("a\n{TABLE_START}\nold\n{TABLE_END}\nb\n");
        let (new, _) = readme(&text, &config()).unwrap();
        assert!(new.contains("| a | s | 1.48 | | yes |\n<!-- /cells -->\nb\n"), "{new}");
        assert!(readme(&new, &config()).is_none());
        assert!(readme("no table", &config()).is_none());
    }
}
