// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Manifests of a workspace without some entries: dependencies that only tests need or that are optional, and the
//! features that only serve these, also in packages that depend on those by path.

use std::collections::BTreeSet;

use anyhow::Result;
use toml_edit::{Array, Document, Item, TableLike};

use crate::project::workspace::{Dependency, Package};

/// The sections of a manifest that name packages.
const SECTIONS: [&str; 5] =
    ["dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies"];

/// The entries left out of a workspace's manifests.
pub struct LeftOut<'a> {
    packages: &'a [Package],
    /// Dependencies to leave out wherever only tests or some systems need them or they are optional.
    names: BTreeSet<String>,
    /// Whether all dependencies are left out that only tests need.
    tests: bool,
    /// Names of packages, each with names of features.
    features: BTreeSet<(String, String)>,
}

impl<'a> LeftOut<'a> {
    /// Leaves out the dependencies of these names.
    pub fn named<'n>(packages: &'a [Package], names: impl IntoIterator<Item = &'n String>) -> LeftOut<'a> {
        LeftOut::new(packages, names, false)
    }

    /// Leaves out the dependencies of these names, and all that only tests need.
    pub fn with_tests<'n>(packages: &'a [Package], names: impl IntoIterator<Item = &'n String>) -> LeftOut<'a> {
        LeftOut::new(packages, names, true)
    }

    fn new<'n>(packages: &'a [Package], names: impl IntoIterator<Item = &'n String>, tests: bool) -> LeftOut<'a> {
        let names = names.into_iter().cloned().collect();
        let mut left = LeftOut { packages, names, tests, features: BTreeSet::new() };
        loop {
            let before = left.features.len();
            for package in packages {
                for (feature, entries) in &package.features {
                    let all = !entries.is_empty() && entries.iter().all(|entry| left.has_entry(package, entry));
                    if all && feature != "default" {
                        left.features.insert((package.name.clone(), feature.clone()));
                    }
                }
            }
            if left.features.len() == before {
                return left;
            }
        }
    }

    /// Returns a package without the features left out.
    pub fn package(&self, package: &Package) -> Package {
        let mut package = package.clone();
        let name = package.name.clone();
        package.features.retain(|feature, _| !self.has_feature(&name, feature));
        package
    }

    /// Returns a manifest without the entries left out.
    pub fn manifest(&self, text: &str) -> Result<String> {
        let mut manifest: Document = text.parse()?;
        let name = manifest.get("package").and_then(|p| p.get("name")).and_then(Item::as_str).unwrap_or("").to_string();
        if let Some(package) = self.packages.iter().find(|package| package.name == name) {
            self.edit_dependencies(package, manifest.as_table_mut(), false);
            if let Some(features) = manifest.get_mut("features").and_then(Item::as_table_like_mut) {
                for (_, entries) in features.iter_mut() {
                    retain(entries, |entry| !self.has_entry(package, entry));
                }
                for (_, feature) in self.features.iter().filter(|(of, _)| *of == name) {
                    features.remove(feature);
                }
            }
        }
        Ok(manifest.to_string())
    }

    /// Removes dependencies, and features from the remaining ones.
    fn edit_dependencies(&self, package: &Package, table: &mut dyn TableLike, of_some_systems: bool) {
        for section in SECTIONS {
            let dependencies = match table.get_mut(section).and_then(Item::as_table_like_mut) {
                Some(dependencies) => dependencies,
                None => continue,
            };
            let mut gone = Vec::new();
            for (key, item) in dependencies.iter_mut() {
                let known = package.dependencies.iter().find(|dependency| dependency.key() == &*key);
                let name = known.map_or(&*key, |dependency| &dependency.name);
                let optional = item.get("optional").and_then(Item::as_bool).unwrap_or(false);
                if self.has(name, section.starts_with("dev"), optional || of_some_systems) {
                    gone.push(key.get().to_string());
                } else if let (Some(_), Some(features)) =
                    (known.and_then(|d| d.path.as_ref()), item.get_mut("features"))
                {
                    retain(features, |feature| !self.has_feature(name, feature));
                }
            }
            gone.iter().for_each(|key| drop(dependencies.remove(key)));
            if dependencies.is_empty() {
                table.remove(section);
            }
        }
        if let Some(targets) = table.get_mut("target").and_then(Item::as_table_like_mut) {
            for (_, target) in targets.iter_mut() {
                if let Some(target) = target.as_table_like_mut() {
                    self.edit_dependencies(package, target, true);
                }
            }
        }
    }

    fn has(&self, name: &str, for_tests: bool, optional: bool) -> bool {
        self.tests && for_tests || (for_tests || optional) && self.names.contains(name)
    }

    fn has_feature(&self, package: &str, feature: &str) -> bool {
        self.features.contains(&(package.to_string(), feature.to_string()))
    }

    /// Returns whether an entry of a package's features is left out: `dep:x`, `x`, `x/y` or `x?/y`.
    fn has_entry(&self, package: &Package, entry: &str) -> bool {
        let (key, feature) = match (entry.strip_prefix("dep:"), entry.split_once('/')) {
            (Some(key), _) => (key, None),
            (None, Some((key, feature))) => (key.trim_end_matches('?'), Some(feature)),
            (None, None) => return self.has_feature(&package.name, entry),
        };
        let is_gone = |dependency: &Dependency| {
            let lacks = |feature| dependency.path.is_some() && self.has_feature(&dependency.name, feature);
            self.has(&dependency.name, dependency.kind.as_deref() == Some("dev"), dependency.is_dispensable())
                || feature.map_or(false, lacks)
        };
        let mut known = package.dependencies.iter().filter(|dependency| dependency.key() == key).peekable();
        known.peek().is_some() && known.all(is_gone)
    }
}

/// Keeps some of the strings in an array.
fn retain(array: &mut Item, keeps: impl Fn(&str) -> bool) {
    if let Some(array) = array.as_array_mut() {
        let kept: Array = array.iter().filter_map(|word| word.as_str()).filter(|word| keeps(word)).collect();
        *array = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &str, features: &str) -> Package {
        let json = format!(
            "{{\"name\":{name:?},\"version\":\"1.0.0\",\"manifest_path\":\"/{name}/Cargo.toml\",\
             \"dependencies\":[{dependencies}],\"features\":{{{features}}}}}"
        );
        serde_json::from_str(&json).unwrap()
    }

    fn without_b(dependencies: &str, features: &str, manifest: &str) -> String {
        let packages = [package("own", dependencies, features)];
        let left = LeftOut::named(&packages, [&"b".to_string()]);
        left.manifest(&format!("[package]\nname = \"own\"\n{manifest}")).unwrap().split_off(23)
    }

    #[test]
    fn a_dependency_of_tests_is_left_out_wherever_it_stands() {
        let dependencies = "{\"name\":\"b\",\"optional\":false},{\"name\":\"c\",\"kind\":\"dev\",\"optional\":false},\
                            {\"name\":\"b\",\"rename\":\"d\",\"kind\":\"dev\",\"optional\":false}";
        let text =
            "[dependencies]\nb = \"1\"\n[dev-dependencies]\nc = \"1\"\nd = { package = \"b\", version = \"1\" }\n\
                    [target.\"cfg(unix)\".dev-dependencies.b]\nversion = \"1\"\n";
        let left = without_b(dependencies, "", text);
        assert!(left.contains("[dependencies]\nb = \"1\""), "{left}");
        assert!(left.contains("c = \"1\"") && !left.contains("d = ") && !left.contains("dev-dependencies.b"), "{left}");
    }

    #[test]
    fn a_target_specific_dependency_is_left_out() {
        let dependencies =
            "{\"name\":\"b\",\"target\":\"cfg(windows)\",\"optional\":false},{\"name\":\"c\",\"optional\":false}";
        let text = "[features]\nstd = [\"b/std\", \"c/std\"]\n[dependencies]\nc = \"1\"\n\
                    [target.\"cfg(windows)\".dependencies]\nb = \"1\"\n";
        let left = without_b(dependencies, "\"std\":[\"b/std\",\"c/std\"]", text);
        assert!(left.contains("std = [\"c/std\"]") && left.contains("c = \"1\"") && !left.contains("b = "), "{left}");
    }

    #[test]
    fn an_optional_dependency_is_left_out_with_its_features() {
        let dependencies = "{\"name\":\"b\",\"kind\":\"build\",\"optional\":true}";
        let features = "\"default\":[\"a\"],\"a\":[],\"bb\":[],\"b\":[\"dep:b\"],\"ng\":[\"a\",\"b\"],\
                        \"x\":[\"dep:b\",\"b?/y\",\"b/y\",\"bb\"],\"y\":[\"b\",\"b/y\"]";
        let text = "[features]\ndefault = [\"a\"]\na = []\nbb = []\nng = [\"a\", \"b\"]\n\
                    x = [\"dep:b\", \"b?/y\", \"b/y\", \"bb\"]\ny = [\"b\", \"b/y\"]\n\
                    [build-dependencies.b]\nversion = \"1\"\noptional = true\n";
        let left = without_b(dependencies, features, text);
        assert_eq!(left, "[features]\ndefault = [\"a\"]\na = []\nbb = []\nng = [\"a\"]\nx = [\"bb\"]\n");
    }

    #[test]
    fn a_feature_of_what_stays_elsewhere_stays() {
        let dependencies = "{\"name\":\"b\",\"kind\":\"dev\",\"optional\":false},{\"name\":\"b\",\"optional\":false}";
        let text = "[features]\nx = [\"b/y\"]\n[dependencies]\nb = \"1\"\n";
        assert_eq!(without_b(dependencies, "\"x\":[\"b/y\"]", &format!("{text}[dev-dependencies]\nb = \"1\"\n")), text);
    }

    #[test]
    fn a_feature_of_what_only_tests_need_is_left_out_with_it() {
        let packages = [package("own", "{\"name\":\"b\",\"kind\":\"dev\",\"optional\":false}", "\"x\":[\"b/y\"]")];
        let text = "[package]\nname = \"own\"\n[features]\nx = [\"b/y\"]\n[dev-dependencies]\nb = \"1\"\n";
        let left = LeftOut::with_tests(&packages, []).manifest(text).unwrap();
        assert_eq!(left, "[package]\nname = \"own\"\n[features]\n");
        assert_eq!(LeftOut::named(&packages, []).manifest(text).unwrap(), text);
    }

    #[test]
    fn a_feature_without_another_purpose_is_left_out() {
        let own = package(
            "own",
            "{\"name\":\"below\",\"path\":\"/b\",\"kind\":null,\"optional\":false}",
            "\"cstr\":[\"below/cstr\"],\"fast\":[\"cstr\",\"libc\"],\"default\":[\"cstr\"],\"libc\":[]",
        );
        let below = package("below", "{\"name\":\"cstr\",\"kind\":null,\"optional\":true}", "\"cstr\":[\"dep:cstr\"]");
        let packages = [own, below];
        let left = LeftOut::with_tests(&packages, [&"cstr".to_string()]);
        let text = "[package]\nname = \"own\"\n[features]\ncstr = [\"below/cstr\"]\nfast = [\"cstr\", \"libc\"]\n\
                    default = [\"cstr\"]\nlibc = []\n[dependencies]\nbelow = { path = \"b\", features = [\"cstr\", \"z\"] }\n\
                    [dev-dependencies]\nx = \"1\"\n";
        let expected = "[package]\nname = \"own\"\n[features]\nfast = [\"libc\"]\ndefault = []\nlibc = []\n\
                        [dependencies]\nbelow = { path = \"b\", features = [\"z\"] }\n";
        assert_eq!(left.manifest(text).unwrap(), expected);
        let text = "[package]\nname = \"below\"\n[dependencies]\ncstr = { version = \"0.2\", optional = true }\nlibc = \"0.2\"\n";
        assert_eq!(left.manifest(text).unwrap(), "[package]\nname = \"below\"\n[dependencies]\nlibc = \"0.2\"\n");
        assert_eq!(
            left.package(&packages[0]).feature_arguments("cstr,libc"),
            ["--no-default-features", "--features", "libc"]
        );
    }
}
