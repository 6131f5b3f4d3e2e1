// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Features, which say more of dependencies since 1.60.

use toml_edit::{Array, Item, Value};

use super::Manifest;

impl Manifest {
    /// In the first cargos with `dep:NAME`, `NAME/FEATURE` also enables the feature NAME, which does not exist beside
    /// `dep:NAME`.
    pub(super) fn hidden_features(&mut self) {
        let features = match self.document.get_mut("features").and_then(Item::as_table_like_mut) {
            Some(features) => features,
            None => return,
        };
        let names: Vec<String> = features.iter().map(|(name, _)| name.to_string()).collect();
        let all = features.iter().filter_map(|(_, item)| item.as_array()).flat_map(|array| array.iter());
        let hidden: Vec<String> =
            all.filter_map(Value::as_str).filter_map(|text| text.strip_prefix("dep:")).map(String::from).collect();
        let mut any = false;
        for (_, item) in features.iter_mut() {
            let array = match item.as_array_mut() {
                Some(array) => array,
                None => continue,
            };
            let mut new = Array::new();
            for text in array.iter().filter_map(Value::as_str) {
                match text.split_once('/') {
                    Some((name, feature)) if hidden.iter().any(|h| h == name) && !names.iter().any(|n| n == name) => {
                        any = true;
                        new.push(format!("dep:{name}"));
                        new.push(format!("{name}?/{feature}"));
                    }
                    _ => new.push(text),
                }
            }
            if new.len() > array.len() {
                *array = new;
            }
        }
        if any {
            self.changed("manifest: feature of a dependency behind dep:");
        }
    }

    /// Removes the dependencies of std's own build, which nobody else can have. Some have the name of a feature.
    fn without_std_build(&mut self) {
        let mut gone: Vec<String> = Vec::new();
        self.each_table(&mut |table| {
            let dependencies = table.get_mut("dependencies").and_then(Item::as_table_like_mut);
            if let Some(dependencies) = dependencies {
                let of_std = |name: &str, item: &Item| {
                    let package = item.as_table_like().and_then(|table| table.get("package")).and_then(Item::as_str);
                    package.unwrap_or(name).starts_with("rustc-std-workspace-")
                };
                let found = dependencies.iter().filter(|(name, item)| of_std(name, item));
                let found: Vec<String> = found.map(|(name, _)| name.to_string()).collect();
                found.iter().for_each(|name| drop(dependencies.remove(name)));
                gone.extend(found);
            }
        });
        let features = self.document.get_mut("features").and_then(Item::as_table_like_mut);
        let names: Vec<String> =
            features.iter().flat_map(|features| features.iter()).map(|(name, _)| name.to_string()).collect();
        let is_gone = |text: &str| {
            let name = text.trim_start_matches("dep:").split(['/', '?'].as_slice()).next().unwrap_or(text);
            gone.iter().any(|gone| gone == name) && (name != text || !names.iter().any(|feature| feature == name))
        };
        for (_, item) in features.into_iter().flat_map(|features| features.iter_mut()) {
            if let Some(array) = item.as_array_mut() {
                *array = array.iter().filter(|value| !value.as_str().map_or(false, is_gone)).cloned().collect();
            }
        }
        if !gone.is_empty() {
            self.changed("manifest: dependency of std's own build");
        }
    }

    /// `dep:NAME` and `NAME?/FEATURE` exist since 1.60.
    pub(super) fn features(&mut self) {
        self.without_std_build();
        let (dependencies, tests) = (self.dependencies(), self.named("dev-dependencies"));
        let own = self.named("dependencies");
        let tests: Vec<String> = tests.into_iter().filter(|name| !own.contains(name)).collect();
        let features = match self.document.get_mut("features").and_then(Item::as_table_like_mut) {
            Some(features) => features,
            None => return,
        };
        let names: Vec<String> = features.iter().map(|(name, _)| name.to_string()).collect();
        let (mut weak, mut hidden, mut lost) = (Vec::new(), false, Vec::new());
        for (name, item) in features.iter_mut() {
            let array = match item.as_array_mut() {
                Some(array) => array,
                None => continue,
            };
            let mut new = Array::new();
            for text in array.iter().filter_map(Value::as_str) {
                if let Some(dependency) = text.strip_prefix("dep:") {
                    hidden = true;
                    // An optional dependency is a feature with its own name.
                    if !names.iter().any(|name| name == dependency) {
                        new.push(dependency);
                    }
                } else if let Some((dependency, feature)) = text.split_once("?/") {
                    weak.push(format!("{name} does not enable {dependency}/{feature}", name = name.get()));
                } else {
                    new.push(text);
                }
            }
            *array = new;
        }
        // A dependency and a feature cannot have the same name: users of the package need the feature.
        for name in names.iter().filter(|name| dependencies.contains(name) && !tests.contains(name)) {
            let more = features.remove(name).and_then(|item| item.as_array().cloned()).unwrap_or_default();
            lost.extend(more.iter().filter_map(Value::as_str).map(|more| format!("{name} does not enable {more}")));
        }
        if hidden {
            self.changed("manifest: dep:");
        }
        for name in tests.iter().filter(|name| names.contains(name)) {
            let mut lost = Vec::new();
            self.each_table(&mut |table| {
                let tests = table.get_mut("dev-dependencies").and_then(Item::as_table_like_mut);
                lost.extend(tests.and_then(|tests| tests.remove(name)).map(|item| (name.clone(), item)));
            });
            self.lost.append(&mut lost);
            let how = format!("the tests lack {name}, since a feature has its name");
            self.differs("manifest: dependency of a feature's name", how);
        }
        for feature in lost {
            self.differs("manifest: feature of a dependency's name", format!("the feature {feature}: ask for it too"));
        }
        for feature in weak {
            self.differs("manifest: weak feature", format!("the feature {feature}: ask for it by name"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::syntax::Target;
    use super::*;

    fn lowered(features: &str, minor: u32) -> (String, usize) {
        let dependencies = "[dependencies]\nserde = { version = \"1\", optional = true }\nlog = \"0.4\"\n";
        let text = format!("[package]\nname = \"a\"\nversion = \"1.0.0\"\n{dependencies}[features]\n{features}");
        let mut manifest = Manifest::parse(&text).unwrap();
        manifest.lower(&Target { minor, from: 2018, to: 2018 });
        let text = manifest.text();
        let (_, features) = text.split_once("[features]\n").unwrap();
        let differing = manifest.changes.iter().filter(|change| change.differs.is_some()).count();
        (features.trim_end().replace(", ", ",").replace(' ', ""), differing)
    }

    #[test]
    fn a_feature_of_a_dependencys_name_is_the_dependency() {
        assert_eq!(lowered("serde = [\"dep:serde\"]\nx = [\"serde\"]", 48), ("x=[\"serde\"]".into(), 0));
        assert_eq!(lowered("serde = [\"dep:serde\", \"log/serde\"]", 48), (String::new(), 1));
        assert_eq!(lowered("x = [\"dep:serde\", \"serde?/std\"]", 48), ("x=[\"serde\"]".into(), 1));
    }

    #[test]
    fn a_dependency_of_stds_build_does_not_hide_a_feature() {
        let dependency = "[dependencies.alloc]\npackage = \"rustc-std-workspace-alloc\"\noptional = true\n";
        let features = "[features]\nalloc = []\nx = [\"alloc\"]\nrustc-dep-of-std = [\"dep:alloc\", \"x\"]\n";
        let text = format!("[package]\nname = \"a\"\n{dependency}{features}");
        let mut manifest = Manifest::parse(&text).unwrap();
        manifest.lower(&Target { minor: 48, from: 2018, to: 2018 });
        assert!(manifest.dependencies().is_empty());
        let text = manifest.text();
        let (_, features) = text.split_once("[features]\n").unwrap();
        assert_eq!(features.replace(' ', ""), "alloc=[]\nx=[\"alloc\"]\nrustc-dep-of-std=[\"x\"]\n");
    }

    #[test]
    fn a_feature_goes_before_a_dependency_of_tests() {
        let features = "[features]\nserde = [\"log\"]\nall = [\"serde\"]\n";
        let text = format!("[package]\nname = \"a\"\n[dev-dependencies]\nserde = \"1\"\n{features}");
        let lowered = |minor: u32| {
            let mut manifest = Manifest::parse(&text).unwrap();
            manifest.lower(&Target { minor, from: 2018, to: 2018 });
            assert!(manifest.text().contains(features), "{}", manifest.text());
            let differs = manifest.changes.iter().filter(|change| change.differs.is_some()).count();
            // A newer cargo takes both.
            assert_eq!(manifest.for_newest().unwrap().dependencies(), ["serde"]);
            (manifest.dependencies(), manifest.lost(), differs)
        };
        let serde = vec!["serde".to_string()];
        assert_eq!(lowered(48), (vec![], serde.clone(), 1));
        assert_eq!(lowered(63), (serde, vec![], 0));
    }

    #[test]
    fn a_dependency_behind_dep_is_asked_for_as_that() {
        let features = "x = [\"serde/std\"]\ny = [\"dep:serde\"]";
        let expected = "x=[\"dep:serde\",\"serde?/std\"]\ny=[\"dep:serde\"]";
        assert_eq!(lowered(features, 63), (expected.into(), 0));
        assert_eq!(lowered("x = [\"serde/std\"]", 63), ("x=[\"serde/std\"]".into(), 0));
    }
}
