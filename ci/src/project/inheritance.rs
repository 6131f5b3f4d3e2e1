// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The values that a member of a workspace inherits from the workspace's manifest.

use std::fs;
use std::path::Path;

use anyhow::{ensure, Context, Result};
use toml_edit::{value, Document, InlineTable, Item, TableLike, Value};

const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// The values in a workspace's manifest that its members can inherit.
const SHARED: [&str; 3] = ["package", "dependencies", "lints"];

/// The bytes of the largest manifest that is read; the registry's are smaller by far.
const LARGEST: u64 = 4_000_000;

/// Returns the manifest of a folder with inherited values written out and absolute paths of dependencies.
pub fn manifest(folder: &Path) -> Result<String> {
    let path = folder.join("Cargo.toml");
    let length = fs::metadata(&path).map_or(0, |file| file.len());
    ensure!(
        length <= LARGEST,
        "{} has {} MB: no manifest of more than {} MB is read",
        path.display(),
        length / 1_000_000,
        LARGEST / 1_000_000
    );
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut document: Document = text.parse().with_context(|| format!("{} is not understood", path.display()))?;
    let root = workspace(folder)?;
    let absent = Item::None;
    let shared = root.as_ref().map_or(&absent, |(_, root)| &root["workspace"]);
    let place = root.as_ref().map_or(folder, |(place, _)| place);
    let before = document.to_string();
    if let Some(package) = document.get_mut("package").and_then(Item::as_table_like_mut) {
        let inherited: Vec<String> =
            package.iter().filter(|(_, item)| inherits(item)).map(|(key, _)| key.to_string()).collect();
        for key in inherited {
            let given = shared.get("package").and_then(|package| package.get(&key));
            let given = given.with_context(|| format!("no workspace of {} has package.{key}", path.display()))?;
            package.insert(&key, given.clone());
        }
    }
    if document.get("lints").map_or(false, inherits) {
        document.remove("lints");
    }
    dependencies(document.as_table_mut(), shared, folder, place)?;
    if let Some(targets) = document.get_mut("target").and_then(Item::as_table_like_mut) {
        for (_, item) in targets.iter_mut() {
            item.as_table_like_mut().map_or(Ok(()), |table| dependencies(table, shared, folder, place))?;
        }
    }
    let after = document.to_string();
    // A manifest that needs no change keeps its text.
    Ok(if after == before { text } else { after })
}

/// Returns whether a manifest inherits values or provides them, which cargo before 1.64 does not support.
pub fn is_used(text: &str) -> bool {
    let manifest: Document = match text.parse() {
        Ok(manifest) => manifest,
        Err(_) => return false,
    };
    let shares = manifest.get("workspace").and_then(Item::as_table_like);
    let takes = |table: &dyn TableLike| table.iter().any(|(_, item)| inherits(item));
    let in_sections = |table: &dyn TableLike| {
        KINDS.iter().filter_map(|kind| table.get(kind).and_then(Item::as_table_like)).any(takes)
    };
    let targets = manifest.get("target").and_then(Item::as_table_like).into_iter().flat_map(|targets| targets.iter());
    // They ignore lints there.
    shares.map_or(false, |shares| SHARED[..2].iter().any(|key| shares.contains_key(key)))
        || manifest.get("package").and_then(Item::as_table_like).map_or(false, takes)
        || in_sections(manifest.as_table())
        || targets.filter_map(|(_, target)| target.as_table_like()).any(in_sections)
}

/// Returns a manifest without the values for the members of its workspace.
pub fn without_shared(text: &str) -> Result<String> {
    let mut manifest: Document = text.parse()?;
    if let Some(workspace) = manifest.get_mut("workspace").and_then(Item::as_table_like_mut) {
        SHARED.iter().for_each(|key| drop(workspace.remove(key)));
    }
    Ok(manifest.to_string())
}

fn inherits(item: &Item) -> bool {
    item.get("workspace").and_then(Item::as_bool) == Some(true)
}

/// Returns the manifest of the workspace that contains a folder.
fn workspace(folder: &Path) -> Result<Option<(std::path::PathBuf, Document)>> {
    for above in folder.ancestors() {
        if let Ok(text) = fs::read_to_string(above.join("Cargo.toml")) {
            let document: Document =
                text.parse().with_context(|| format!("{} is not understood", above.join("Cargo.toml").display()))?;
            if document.contains_key("workspace") {
                return Ok(Some((above.to_path_buf(), document)));
            }
        }
    }
    Ok(None)
}

fn dependencies(table: &mut dyn TableLike, shared: &Item, folder: &Path, place: &Path) -> Result<()> {
    for kind in KINDS {
        let list = match table.get_mut(kind).and_then(Item::as_table_like_mut) {
            Some(list) => list,
            None => continue,
        };
        for (name, item) in list.iter_mut() {
            if !inherits(item) {
                absolute(item, folder);
                continue;
            }
            let given = shared.get("dependencies").and_then(|list| list.get(name.get()));
            let given = given.with_context(|| format!("no workspace has a dependency {}", name.get()))?;
            let mut full = InlineTable::new();
            match given.as_str() {
                Some(version) => drop(full.insert("version", version.into())),
                None => given.as_table_like().into_iter().flat_map(|given| given.iter()).for_each(|(key, item)| {
                    item.as_value().into_iter().for_each(|value| drop(full.insert(key, value.clone())));
                }),
            }
            let own =
                item.as_table_like().into_iter().flat_map(|own| own.iter()).filter(|(key, _)| *key != "workspace");
            for (key, own) in own {
                let own = own.as_value().cloned().unwrap_or_else(|| Value::from(true));
                match (full.get_mut(key).and_then(Value::as_array_mut), own.as_array()) {
                    (Some(all), Some(more)) => more.iter().for_each(|feature| all.push(feature.clone())),
                    _ => drop(full.insert(key, own)),
                }
            }
            *item = value(full);
            absolute(item, place);
        }
    }
    Ok(())
}

/// A copy is elsewhere.
fn absolute(dependency: &mut Item, folder: &Path) {
    let path = dependency.get("path").and_then(Item::as_str).map(|path| folder.join(path));
    if let (Some(path), Some(table)) = (path, dependency.as_table_like_mut()) {
        table.insert("path", value(path.display().to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::manifest::write;

    #[test]
    fn what_is_inherited_is_seen_and_written_out() {
        let folder = tempfile::tempdir().unwrap();
        let root = "[workspace]\nmembers = [\"a\"]\n[workspace.package]\nedition = \"2018\"\nrust-version = \"1.60\"\n\
                    [workspace.dependencies]\nb = { version = \"1\", default-features = false }\n";
        let member =
            "[package]\nname = \"a\"\nversion = \"1.0.0\"\nedition.workspace = true\nrust-version.workspace = true\n\
                      [dependencies]\nb = { workspace = true, features = [\"std\"] }\n";
        write(&folder.path().join("Cargo.toml"), root).unwrap();
        write(&folder.path().join("a/Cargo.toml"), member).unwrap();
        assert!(is_used(root) && is_used(member));
        let member = manifest(&folder.path().join("a")).unwrap();
        assert!(member.contains("edition = \"2018\"") && member.contains("rust-version = \"1.60\""), "{member}");
        assert!(member.contains("default-features = false") && member.contains("[\"std\"]"), "{member}");
        let root = without_shared(root).unwrap();
        assert!(!is_used(&root) && !is_used(&member) && root.contains("members"), "{root}");
    }
}
