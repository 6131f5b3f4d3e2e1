// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The folders from which a package takes its dependencies.

use std::path::Path;

use toml_edit::{value, Item, Table, TableLike};

use super::super::copy::COMPAT;
use super::super::dependencies::FOLDER;
use super::Manifest;

const KINDS: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];

impl Manifest {
    /// Adds folders in place of packages of the registry. Two versions of one package get different names.
    pub fn patch(&mut self, patches: &[(String, String)]) {
        let mut table = Table::new();
        for (n, (name, folder)) in patches.iter().enumerate() {
            let mut patch = toml_edit::InlineTable::new();
            patch.insert("package", name.as_str().into());
            patch.insert("path", folder.as_str().into());
            table.insert(&format!("{name}-{n}"), value(patch));
        }
        let mut registries = Table::new();
        registries.set_implicit(true);
        registries.insert("crates-io", Item::Table(table));
        self.document.as_table_mut().insert("patch", Item::Table(registries));
    }

    /// Adds the patches of another manifest, and its folders of dependencies in the copy.
    pub fn patch_as(&mut self, other: &Manifest) {
        if let Some(patch) = other.document.get("patch") {
            self.document.as_table_mut().insert("patch", patch.clone());
        }
        let all: Vec<(String, String)> = other.folders().into_iter().filter(|(_, path)| is_in_copy(path)).collect();
        self.move_folders(&|name, _| all.iter().find(|(other, _)| other == name).map(|(_, path)| path.clone()));
    }

    /// Returns whether dependencies of the package are in its copy.
    pub fn brings_dependencies(&self) -> bool {
        self.document.contains_key("patch") || self.folders().iter().any(|(_, path)| is_in_copy(path))
    }

    /// Returns the names of its dependencies that are folders, without oldstable-compat, and the folders.
    pub fn folders(&self) -> Vec<(String, String)> {
        let lists = self.tables().into_iter().flat_map(|table| KINDS.iter().filter_map(move |kind| table.get(kind)));
        let all = lists.filter_map(Item::as_table_like).flat_map(|list| list.iter());
        let named = all.filter(|(name, _)| *name != COMPAT);
        named.filter_map(|(name, item)| Some((name.to_string(), item.get("path")?.as_str()?.to_string()))).collect()
    }

    /// Sets the folders that a function returns for a dependency's name and its folder.
    pub fn move_folders(&mut self, to: &dyn Fn(&str, &str) -> Option<String>) {
        self.each_table(&mut |table: &mut dyn TableLike| {
            for kind in KINDS {
                let list = table.get_mut(kind).and_then(Item::as_table_like_mut);
                for (name, item) in list.into_iter().flat_map(|list| list.iter_mut()) {
                    let path = item.get("path").and_then(Item::as_str);
                    let path = path.filter(|_| name.get() != COMPAT).and_then(|path| to(name.get(), path));
                    if let (Some(path), Some(dependency)) = (path, item.as_table_like_mut()) {
                        dependency.insert("path", value(path));
                    }
                }
            }
        });
    }
}

fn is_in_copy(path: &str) -> bool {
    Path::new(path).starts_with(FOLDER)
}
