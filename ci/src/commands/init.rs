//! A msrv.toml to begin with.

use std::fs;
use std::path::Path;

use anyhow::{ensure, Context, Result};
use toml_edit::{Document, Item};

use crate::host::output;
use crate::project::config::{Config, FILE};

/// The cells of Debian's suites, and below a line those that a project may take too.
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

/// The template with the manifest's `rust-version` as its floor, or else the oldest cell's compiler. Cells below the floor
/// stay: whether the manifest is right is the question.
fn text(manifest: &str) -> Result<String> {
    let manifest: Document = manifest.parse().context("Cargo.toml is not understood")?;
    let of = |table: Option<&Item>| table?.get("rust-version").and_then(Item::as_str).map(str::to_string);
    let inherited = manifest.get("workspace").and_then(|workspace| workspace.get("package"));
    let floor = match of(manifest.get("package")).or_else(|| of(inherited)) {
        Some(stated) => stated.parse()?,
        None => {
            let template = Config::parse(&TEMPLATE.replace("FLOOR", "1.0.0"))?;
            template.cells.into_iter().filter_map(|cell| cell.rustc).min().context("the template has no rustc")?
        }
    };
    let text = TEMPLATE.replace("FLOOR", &floor.full().to_string());
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
    fn cells_below_the_stated_rust_version_stay() {
        let all = ["bullseye", "bookworm", "trixie", "stable"];
        assert_eq!(cells("[package]\nrust-version = \"1.63\"\n"), all);
        assert_eq!(cells("[package]\nname = \"x\"\n"), all);
    }

    #[test]
    fn newer_compilers_of_the_suites_are_offered() {
        let text = text("[package]\nname = \"x\"\n").unwrap();
        let offered = text.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| !line.contains(": "));
        let offered: String = offered.map(|line| format!("{line}\n")).collect();
        let config = Config::parse(&format!("floor = \"1.48\"\n{offered}")).unwrap();
        let names: Vec<_> = config.cells.iter().map(|cell| cell.name.as_str()).collect();
        assert_eq!(names, ["bullseye-web", "bookworm-web", "trixie-web", "trixie-backports", "testing"]);
    }

    #[test]
    fn a_workspaces_promise_is_its_packages() {
        let text = text("[workspace.package]\nrust-version = \"1.70\"\n[package]\nrust-version.workspace = true\n");
        assert_eq!(Config::parse(&text.unwrap()).unwrap().floor.to_string(), "1.70.0");
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
