// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The part of a manifest that is shown to a cargo that builds or tests the package.

use std::path::{Path, PathBuf};

use toml_edit::{value, Array, Item, Table, TableLike};

use super::super::copy::COMPAT;
use super::{without_features, Manifest};

/// Removes the other dependencies of a kind, and lists them.
fn keep_only(table: &mut dyn TableLike, kind: &str, keep: &dyn Fn(&str) -> bool, gone: &mut Vec<String>) {
    if let Some(dependencies) = table.get_mut(kind).and_then(Item::as_table_like_mut) {
        let names: Vec<String> = dependencies.iter().map(|(name, _)| name.to_string()).collect();
        for name in names.into_iter().filter(|name| !keep(name)) {
            dependencies.remove(&name);
            gone.push(name);
        }
    }
}

impl Manifest {
    /// Returns the manifest without the entries for its own tests and targets, which are not built in a dependency.
    pub fn without_tests(&mut self) {
        let before = self.dependencies();
        let root = self.document.as_table_mut();
        for key in ["test", "example", "bench", "bin", "workspace"] {
            root.remove(key);
        }
        self.each_table(&mut |table| drop(table.remove("dev-dependencies")));
        let after = self.dependencies();
        let gone: Vec<String> = before.into_iter().filter(|name| !after.contains(name)).collect();
        without_features(self.document.as_table_mut(), &gone);
    }

    /// Sets another path for oldstable-compat, wherever the package depends on it.
    pub fn move_compat(&mut self, path: &str) {
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let dependency = self.document.get_mut(kind).and_then(|table| table.get_mut(COMPAT));
            if let Some(dependency) = dependency.and_then(Item::as_table_like_mut) {
                dependency.insert("path", value(path));
            }
        }
    }

    /// Sets another build script.
    pub fn build_with(&mut self, script: &str) {
        if let Some(package) = self.document.get_mut("package").and_then(Item::as_table_like_mut) {
            package.insert("build", value(script));
        }
    }

    /// Makes it a workspace of its own, so that manifests in the folders above have no effect.
    pub fn stand_alone(&mut self) {
        let root = self.document.as_table_mut();
        let before = root.remove("workspace");
        let mut workspace = Table::new();
        if let Some(resolver) = before.as_ref().and_then(|before| before.get("resolver")) {
            workspace.insert("resolver", resolver.clone());
        }
        let compat: Array = ["oldstable-compat", "dependencies"].into_iter().collect();
        workspace.insert("exclude", value(compat));
        root.insert("workspace", Item::Table(workspace));
    }

    /// Adds a member to the workspace.
    pub fn with_member(&mut self, folder: &str) {
        if let Some(workspace) = self.document.get_mut("workspace").and_then(Item::as_table_like_mut) {
            workspace.insert("members", value([folder].into_iter().collect::<Array>()));
        }
    }

    /// Returns the manifest without dependencies that only tests need or that no feature enables.
    pub fn without_dependencies(&mut self, keep: &dyn Fn(&str) -> bool) {
        let mut gone: Vec<String> = Vec::new();
        self.each_table(&mut |table| {
            let tests = table.remove("dev-dependencies");
            let tests = tests.as_ref().and_then(Item::as_table_like);
            gone.extend(tests.into_iter().flat_map(|tests| tests.iter()).map(|(name, _)| name.to_string()));
            for kind in ["dependencies", "build-dependencies"] {
                keep_only(table, kind, keep, &mut gone);
            }
        });
        // One of tests can be another's too, perhaps of a target.
        let kept = self.dependencies();
        gone.retain(|name| !kept.contains(name));
        let root = self.document.as_table_mut();
        // Lints of a workspace are not available outside it.
        for key in ["test", "example", "bench", "lints"] {
            root.remove(key);
        }
        if let Some(package) = root.get_mut("package").and_then(Item::as_table_like_mut) {
            for key in ["autotests", "autoexamples", "autobenches"] {
                package.insert(key, value(false));
            }
        }
        without_features(root, &gone);
    }

    /// Returns the manifest without optional dependencies that no feature enables, but with those of tests.
    pub fn without_optional(&mut self, asked: &[String]) {
        let mut gone = Vec::new();
        let keep = |name: &str| asked.iter().any(|asked| asked == name);
        self.each_table(&mut |table| keep_only(table, "dependencies", &keep, &mut gone));
        let root = self.document.as_table_mut();
        root.remove("bench");
        if let Some(package) = root.get_mut("package").and_then(Item::as_table_like_mut) {
            package.insert("autobenches", value(false));
        }
        without_features(root, &gone);
    }

    /// Returns the manifest without the other dependencies of tests.
    pub fn without_tests_dependencies(&mut self, keep: &dyn Fn(&str) -> bool) {
        let mut gone = Vec::new();
        self.each_table(&mut |table| keep_only(table, "dev-dependencies", keep, &mut gone));
        let kept = self.dependencies();
        gone.retain(|name| !kept.contains(name));
        without_features(self.document.as_table_mut(), &gone);
    }

    /// Returns the manifest without the examples, which are built with the tests, but those to keep: tests can start them.
    pub fn without_examples(&mut self, keep: &dyn Fn(&Path) -> bool) {
        let root = self.document.as_table_mut();
        if let Some(examples) = root.get_mut("example").and_then(Item::as_array_of_tables_mut) {
            let kept =
                |example: &Table| example.get("path").and_then(Item::as_str).map_or(false, |path| keep(path.as_ref()));
            for n in (0..examples.len()).rev() {
                if !examples.get(n).map_or(false, kept) {
                    examples.remove(n);
                }
            }
        }
        if let Some(package) = root.get_mut("package").and_then(Item::as_table_like_mut) {
            package.insert("autoexamples", value(false));
        }
    }

    /// Returns the names of dependencies that only the tests need, except oldstable-compat, which can be had anywhere.
    pub fn only_of_tests(&self) -> Vec<String> {
        let own = self.asked_for();
        self.named("dev-dependencies").into_iter().filter(|name| name != COMPAT && !own.contains(name)).collect()
    }

    /// Returns the names of the tests' dependencies that the floor's cargo refuses.
    pub fn lost(&self) -> Vec<String> {
        self.lost.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Returns the manifest with those, which a newer cargo takes.
    pub fn for_newest(&self) -> Result<Manifest, String> {
        let mut manifest = Manifest { floor: self.floor, ..Manifest::parse(&self.text())? };
        for (name, item) in &self.lost {
            let tests = manifest.document.as_table_mut().entry("dev-dependencies").or_insert(Item::Table(Table::new()));
            tests.as_table_like_mut().map(|tests| tests.insert(name, item.clone()));
        }
        Ok(manifest)
    }

    /// Returns the names of the dependencies of a kind.
    pub fn named(&self, kind: &str) -> Vec<String> {
        let tables = self.tables().into_iter().filter_map(|table| table.get(kind).and_then(Item::as_table_like));
        tables.flat_map(|table| table.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>()).collect()
    }

    /// Returns the declared tests, each with its file if that is named.
    pub fn declared_tests(&self) -> Vec<(String, Option<PathBuf>)> {
        let tests = self.document.get("test").and_then(Item::as_array_of_tables);
        let named = tests.into_iter().flat_map(|tests| tests.iter()).filter_map(|test| {
            let path = test.get("path").and_then(Item::as_str).map(PathBuf::from);
            Some((test.get("name")?.as_str()?.to_string(), path))
        });
        named.collect()
    }

    /// Returns whether cargo discovers tests automatically.
    pub fn finds_tests(&self) -> bool {
        let auto = self.document.get("package").and_then(|package| package.get("autotests"));
        auto.and_then(Item::as_bool).unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As zip 9.8.2 has it: from edition 2024 on each optional dependency is in a feature.
    #[test]
    fn a_dependency_of_a_target_stays_if_the_tests_have_it_too() {
        let text = "[package]\nname = \"a\"\n[features]\ntime = [\"dep:time\"]\nlog = [\"dep:log\"]\n\
                    [dependencies.log]\nversion = \"1\"\noptional = true\n[dev-dependencies]\ntime = \"1\"\n\
                    [target.x.dependencies.time]\nversion = \"1\"\noptional = true\n";
        let mut manifest = Manifest::parse(text).unwrap();
        manifest.without_dependencies(&|name| name == "time");
        let text = manifest.text();
        assert_eq!(manifest.dependencies(), ["time"]);
        assert!(text.contains("time = [\"dep:time\"]") && text.contains("log = []"), "{text}");
    }
}
