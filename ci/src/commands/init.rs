//! A msrv.toml to begin with.

use std::fs;
use std::path::Path;

use anyhow::{ensure, Context, Result};
use toml_edit::{Document, Item};

use crate::host::output;
use crate::project::config::{Config, FILE};
use crate::project::version::Version;

/// The cells of Debian's suites; a project keeps those that are not below its floor.
const TEMPLATE: &str = include_str!("msrv-template.toml");

/// Writes msrv.toml beside the Cargo.toml in `folder`, and prints it.
pub fn run(folder: &Path) -> Result<i32> {
    output::all(write(folder)?);
    Ok(0)
}

/// Writes msrv.toml beside the Cargo.toml in `folder`, and gives its text.
fn write(folder: &Path) -> Result<String> {
    let file = folder.join(FILE);
    ensure!(!file.exists(), "{} is there already: change it, or remove it first", file.display());
    let manifest = folder.join("Cargo.toml");
    let manifest = fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read {}: run this in the folder of a crate", manifest.display()))?;
    let text = text(&manifest)?;
    fs::write(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(text)
}

/// The template with the manifest's `rust-version` as its floor, or else the oldest cell's compiler, and without
/// the cells that are older.
fn text(manifest: &str) -> Result<String> {
    let manifest: Document = manifest.parse().context("Cargo.toml is not understood")?;
    let stated = manifest.get("package").and_then(|p| p.get("rust-version")).and_then(Item::as_str);
    let mut template: Document = TEMPLATE.parse().context("the template is not understood")?;
    let cells = template["cell"].as_array_of_tables_mut().context("the template has no cells")?;
    let rustc =
        |cell: &toml_edit::Table| cell.get("rustc").and_then(Item::as_str).and_then(|v| v.parse::<Version>().ok());
    let floor = match stated {
        Some(stated) => stated.parse()?,
        None => cells.iter().filter_map(rustc).min().context("the template has no rustc")?,
    };
    let floor = floor.full();
    let old: Vec<usize> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| rustc(cell).map_or(false, |version| version.full() < floor))
        .map(|(index, _)| index)
        .collect();
    for index in old.into_iter().rev() {
        cells.remove(index);
    }
    let text = template.to_string().replace("FLOOR", &floor.to_string());
    Config::parse(&text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(manifest: &str) -> Vec<String> {
        let config = Config::parse(&text(manifest).unwrap()).unwrap();
        config.cells.into_iter().map(|cell| cell.name).collect()
    }

    #[test]
    fn cells_below_the_stated_rust_version_are_left_out() {
        assert_eq!(cells("[package]\nrust-version = \"1.63\"\n"), ["bookworm", "trixie", "stable"]);
        assert_eq!(cells("[package]\nname = \"x\"\n"), ["bullseye", "bookworm", "trixie", "stable"]);
    }

    #[test]
    fn the_floor_is_what_the_manifest_states() {
        let config = Config::parse(&text("[package]\nrust-version = \"1.70\"\n").unwrap()).unwrap();
        assert_eq!(config.floor.to_string(), "1.70.0");
    }

    #[test]
    fn an_existing_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.toml"), "[package]\n").unwrap();
        write(folder.path()).unwrap();
        assert!(write(folder.path()).unwrap_err().to_string().contains("remove it first"));
    }
}
