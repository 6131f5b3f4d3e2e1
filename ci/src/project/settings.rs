// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! cargo's configuration files, `.cargo/config.toml`: their places, and the keys that cells ignore.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;
use toml_edit::{Document, Item};

/// Keys of `[build]` about programs and folders of this machine, which a cell replaces with its own or lacks.
const PROGRAMS: [&str; 5] = ["rustc", "rustc-wrapper", "rustc-workspace-wrapper", "rustdoc", "target-dir"];

/// Returns the configuration files that apply to a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let of = |folder: &Path| [folder.join(".cargo/config"), folder.join(".cargo/config.toml")];
    folder.ancestors().flat_map(of).filter(|path| path.exists()).collect()
}

/// Returns a configuration without another compiler, without wrappers around the compiler, and without source
/// replacement: a cell has the sources of all dependencies already.
pub fn for_cell(text: &str) -> Result<String> {
    let mut settings: Document = text.parse()?;
    let before = settings.to_string();
    settings.remove("source");
    if let Some(build) = settings.get_mut("build").and_then(Item::as_table_like_mut) {
        PROGRAMS.iter().for_each(|key| drop(build.remove(key)));
    }
    let after = settings.to_string();
    Ok(if after == before { text.to_string() } else { after })
}

/// Returns the user's own configuration files.
pub fn of_user() -> Vec<PathBuf> {
    let home = env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    let folder = env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    let of = |folder: PathBuf| [folder.join("config"), folder.join("config.toml")];
    folder.map(of).into_iter().flatten().filter(|path| path.exists()).collect()
}

/// Returns a configuration with only the addresses of the registries in another one, since manifests only name them.
pub fn registries(text: &str) -> Result<String> {
    let settings: Document = text.parse()?;
    let all = settings.get("registries").and_then(Item::as_table_like).into_iter().flat_map(|all| all.iter());
    let addresses = all.filter_map(|(name, registry)| Some((name, registry.get("index")?.as_str()?)));
    Ok(addresses.map(|(name, index)| format!("[registries.{name:?}]\nindex = {index:?}\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_registries_a_cell_gets_the_addresses_and_no_more() {
        let text = "[registries.mine]\nindex = \"sparse+http://m.example/\"\ntoken = \"secret\"\n[registry]\ntoken = \"secret\"\n";
        assert_eq!(registries(text).unwrap(), "[registries.\"mine\"]\nindex = \"sparse+http://m.example/\"\n");
    }

    #[test]
    fn a_cell_has_its_own_compiler_and_sources() {
        let text = "[build]\nrustflags = [\"-Dwarnings\"]\nrustc-wrapper = \"sccache\"\n[source.crates-io]\nreplace-with = \"m\"\n\
                    [registries.mine]\nindex = \"x\"\n";
        let left = "[build]\nrustflags = [\"-Dwarnings\"]\n[registries.mine]\nindex = \"x\"\n";
        assert_eq!(for_cell(text).unwrap(), left);
        assert_eq!(for_cell(left).unwrap(), left);
    }
}
