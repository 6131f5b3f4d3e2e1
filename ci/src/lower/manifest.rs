//! The pass over the manifest.

use std::path::PathBuf;

use toml_edit::{value, Array, Document, Item, Table, TableLike, Value};

use super::source::Change;
use super::syntax::Target;

/// The newest edition that `1.minor` knows.
pub fn edition(minor: u32) -> u32 {
    match minor {
        0..=30 => 2015,
        31..=55 => 2018,
        56..=84 => 2021,
        _ => 2024,
    }
}

/// What a manifest says that the other passes need.
pub struct Manifest {
    document: Document,
    pub name: String,
    pub version: String,
    pub edition: u32,
    pub changes: Vec<Change>,
}

impl Manifest {
    pub fn parse(text: &str) -> Result<Manifest, String> {
        let document: Document = text.parse().map_err(|error| format!("{error}"))?;
        let package = document.get("package").and_then(Item::as_table_like).ok_or("it has no package")?;
        let field = |name: &str| package.get(name).and_then(Item::as_str).map(String::from);
        let edition = field("edition").map_or(Ok(2015), |edition| edition.parse());
        Ok(Manifest {
            name: field("name").ok_or("the package has no name")?,
            version: field("version").unwrap_or_default(),
            edition: edition.map_err(|_| "its edition is not a year")?,
            changes: Vec::new(),
            document,
        })
    }

    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// The file of the library's root.
    pub fn library(&self) -> PathBuf {
        let path = self.document.get("lib").and_then(|lib| lib.get("path")).and_then(Item::as_str);
        PathBuf::from(path.unwrap_or("src/lib.rs"))
    }

    fn changed(&mut self, what: &str) {
        self.changes.push(Change { line: 1, what: what.to_string(), ..Change::default() });
    }

    pub fn differs(&mut self, what: &str, how: String) {
        self.changes.push(Change { line: 1, what: what.to_string(), differs: Some(how), ..Change::default() });
    }

    /// Rewrites what the cargo of the floor does not take.
    pub fn lower(&mut self, target: &Target) {
        let minor = target.minor;
        let root = self.document.as_table_mut();
        let mut gone = Vec::new();
        for key in ["lints", "profile", "cargo-features", "badges"] {
            let keep = key == "lints" && minor >= 74 || key == "profile" && minor >= 80 || key == "badges";
            if !keep && root.remove(key).is_some() {
                gone.push(key);
            }
        }
        let package = root.get_mut("package").and_then(Item::as_table_like_mut);
        if let Some(package) = package {
            if target.to != target.from {
                package.insert("edition", value(target.to.to_string()));
                gone.push("edition");
            }
            package.insert("rust-version", value(format!("1.{minor}")));
            if minor < 51 && package.remove("resolver").is_some() {
                gone.push("resolver");
            }
            for key in ["readme", "license-file"] {
                if package.get(key).and_then(Item::as_str).map_or(false, |path| path.starts_with("..")) {
                    package.remove(key);
                    gone.push(key);
                }
            }
        }
        for key in gone {
            self.changed(&format!("manifest: {key}"));
        }
        if minor < 60 {
            self.features();
        } else if minor < 72 {
            self.hidden_features();
        }
    }

    /// `NAME/FEATURE` asks the first cargos that know `dep:NAME` for a feature NAME, which there is not with it.
    fn hidden_features(&mut self) {
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

    /// `dep:NAME` and `NAME?/FEATURE` are read from 1.60 on.
    fn features(&mut self) {
        let dependencies = self.dependencies();
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
                    // A dependency is a feature of its own name.
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
        // A dependency and a feature cannot have one name.
        for name in names.iter().filter(|name| dependencies.contains(name)) {
            let more = features.remove(name).and_then(|item| item.as_array().cloned()).unwrap_or_default();
            lost.extend(more.iter().filter_map(Value::as_str).map(|more| format!("{name} does not enable {more}")));
        }
        if hidden {
            self.changed("manifest: dep:");
        }
        for feature in lost {
            self.differs("manifest: feature of a dependency's name", format!("the feature {feature}: ask for it too"));
        }
        for feature in weak {
            self.differs("manifest: weak feature", format!("the feature {feature}: ask for it by name"));
        }
    }

    /// Depends on oldstable-compat, with its std wherever the package has its own.
    pub fn add_compat(&mut self, no_std: bool, path: Option<&str>) {
        let mut dependency = toml_edit::InlineTable::new();
        if let Some(path) = path {
            dependency.insert("path", path.into());
        }
        dependency.insert("version", "0.1".into());
        let std = "oldstable-compat/std";
        let has_std = self.document.get("features").and_then(|features| features.get("std")).is_some();
        if no_std && has_std {
            dependency.insert("default-features", false.into());
            let feature = self.document["features"]["std"].as_array_mut();
            feature
                .into_iter()
                .filter(|feature| !feature.iter().any(|f| f.as_str() == Some(std)))
                .for_each(|f| f.push(std));
        }
        let dependencies = self.document.entry("dependencies").or_insert(Item::Table(Table::new()));
        if let Some(dependencies) = dependencies.as_table_like_mut() {
            dependencies.insert("oldstable-compat", value(dependency));
        }
    }

    /// Without what only its own tests and targets need: a dependency's are not built.
    pub fn without_tests(&mut self) {
        let before = self.dependencies();
        let root = self.document.as_table_mut();
        for key in ["dev-dependencies", "test", "example", "bench", "bin", "workspace"] {
            root.remove(key);
        }
        let targets = root.get_mut("target").and_then(Item::as_table_like_mut);
        for (_, item) in targets.into_iter().flat_map(|targets| targets.iter_mut()) {
            item.as_table_like_mut().and_then(|table| table.remove("dev-dependencies"));
        }
        let after = self.dependencies();
        let gone: Vec<String> = before.into_iter().filter(|name| !after.contains(name)).collect();
        without_features(self.document.as_table_mut(), &gone);
    }

    /// Folders in place of packages of the registry. Two versions of one package have names of their own.
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

    /// The patches of another manifest.
    pub fn patch_as(&mut self, other: &Manifest) {
        if let Some(patch) = other.document.get("patch") {
            self.document.as_table_mut().insert("patch", patch.clone());
        }
    }

    pub fn is_patched(&self) -> bool {
        self.document.contains_key("patch")
    }

    /// Another place for oldstable-compat, if it is depended on.
    pub fn move_compat(&mut self, path: &str) {
        let dependency = self.document.get_mut("dependencies").and_then(|d| d.get_mut("oldstable-compat"));
        if let Some(dependency) = dependency.and_then(Item::as_table_like_mut) {
            dependency.insert("path", value(path));
        }
    }

    /// A workspace of its own, so that no manifest in the folders above has a say.
    pub fn stand_alone(&mut self) {
        let root = self.document.as_table_mut();
        root.remove("workspace");
        let mut workspace = Table::new();
        let compat: Array = ["oldstable-compat", "dependencies"].into_iter().collect();
        workspace.insert("exclude", value(compat));
        root.insert("workspace", Item::Table(workspace));
    }

    /// Without what only tests need, and without what no feature has asked for.
    pub fn without_dependencies(&mut self, keep: &dyn Fn(&str) -> bool) {
        let root = self.document.as_table_mut();
        let mut gone: Vec<String> = Vec::new();
        let strip = |table: &mut dyn TableLike, gone: &mut Vec<String>| {
            let tests = table.remove("dev-dependencies");
            let tests = tests.as_ref().and_then(Item::as_table_like);
            let names = tests.into_iter().flat_map(|tests| tests.iter()).map(|(name, _)| name.to_string());
            let real = table.get("dependencies").and_then(Item::as_table_like);
            gone.extend(names.filter(|name| real.map_or(true, |real| !real.contains_key(name) || !keep(name))));
            for kind in ["dependencies", "build-dependencies"] {
                if let Some(dependencies) = table.get_mut(kind).and_then(Item::as_table_like_mut) {
                    let names: Vec<String> = dependencies.iter().map(|(name, _)| name.to_string()).collect();
                    for name in names.into_iter().filter(|name| !keep(name)) {
                        dependencies.remove(&name);
                        gone.push(name);
                    }
                }
            }
        };
        strip(root, &mut gone);
        if let Some(targets) = root.get_mut("target").and_then(Item::as_table_like_mut) {
            for (_, item) in targets.iter_mut() {
                item.as_table_like_mut().into_iter().for_each(|table| strip(table, &mut gone));
            }
        }
        // Lints of a workspace stay behind with it.
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

    /// Without the optional dependencies that nothing asks for, but with what tests need.
    pub fn without_optional(&mut self, asked: &[String]) {
        let root = self.document.as_table_mut();
        let mut gone = Vec::new();
        let dependencies = root.get_mut("dependencies").and_then(Item::as_table_like_mut);
        if let Some(dependencies) = dependencies {
            let names: Vec<String> = dependencies.iter().map(|(name, _)| name.to_string()).collect();
            for name in names.into_iter().filter(|name| !asked.contains(name)) {
                dependencies.remove(&name);
                gone.push(name);
            }
        }
        let targets = root.get_mut("target").and_then(Item::as_table_like_mut);
        for (_, item) in targets.into_iter().flat_map(|targets| targets.iter_mut()) {
            if let Some(dependencies) = item.get_mut("dependencies").and_then(Item::as_table_like_mut) {
                let names: Vec<String> = dependencies.iter().map(|(name, _)| name.to_string()).collect();
                for name in names.into_iter().filter(|name| !asked.contains(name)) {
                    dependencies.remove(&name);
                    gone.push(name);
                }
            }
        }
        root.remove("bench");
        if let Some(package) = root.get_mut("package").and_then(Item::as_table_like_mut) {
            package.insert("autobenches", value(false));
        }
        without_features(root, &gone);
    }

    /// The names of all dependencies of the package and of its tests.
    pub fn dependencies(&self) -> Vec<String> {
        let mut names = Vec::new();
        for table in self.tables() {
            for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
                let dependencies = table.get(kind).and_then(Item::as_table_like);
                names.extend(dependencies.into_iter().flat_map(|d| d.iter().map(|(name, _)| name.to_string())));
            }
        }
        names
    }

    /// The tables that declare dependencies: the manifest's own, and those of targets.
    fn tables(&self) -> Vec<&dyn TableLike> {
        let root = self.document.as_table();
        let targets = root.get("target").and_then(Item::as_table_like);
        let targets =
            targets.into_iter().flat_map(|targets| targets.iter()).filter_map(|(_, item)| item.as_table_like());
        std::iter::once(root as &dyn TableLike).chain(targets).collect()
    }

    /// The dependencies that are not optional, or that the default features ask for.
    pub fn asked_for(&self) -> Vec<String> {
        let features = self.document.get("features").and_then(Item::as_table_like);
        let (mut seen, mut pending) = (Vec::new(), vec!["default".to_string()]);
        while let Some(feature) = pending.pop() {
            let plain = feature.trim_start_matches("dep:");
            let plain = plain.split('/').next().unwrap_or(plain).to_string();
            if feature.contains("?/") || seen.contains(&plain) {
                continue;
            }
            let inner = features.and_then(|features| features.get(&plain)).and_then(Item::as_array);
            pending
                .extend(inner.into_iter().flat_map(|array| array.iter()).filter_map(Value::as_str).map(String::from));
            seen.push(plain);
        }
        let mut asked = Vec::new();
        for table in self.tables() {
            for kind in ["dependencies", "build-dependencies"] {
                let dependencies = table.get(kind).and_then(Item::as_table_like);
                for (name, item) in dependencies.into_iter().flat_map(|dependencies| dependencies.iter()) {
                    let optional = item.get("optional").and_then(Item::as_bool).unwrap_or(false);
                    if !optional || seen.iter().any(|feature| feature == name) {
                        asked.push(name.to_string());
                    }
                }
            }
        }
        asked
    }
}

/// Takes dependencies that are gone out of the features.
fn without_features(root: &mut Table, gone: &[String]) {
    if let Some(features) = root.get_mut("features").and_then(Item::as_table_like_mut) {
        for (_, item) in features.iter_mut() {
            if let Some(array) = item.as_array_mut() {
                let kept = array.iter().filter_map(Value::as_str).filter(|feature| {
                    let plain = feature.trim_start_matches("dep:");
                    let plain = plain.split(['/', '?'].as_slice()).next().unwrap_or(plain);
                    !gone.iter().any(|name| name == plain)
                });
                *array = kept.collect();
            }
        }
    }
}

#[cfg(test)]
mod tests {
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
    fn a_dependency_behind_dep_is_asked_for_as_that() {
        let features = "x = [\"serde/std\"]\ny = [\"dep:serde\"]";
        let expected = "x=[\"dep:serde\",\"serde?/std\"]\ny=[\"dep:serde\"]";
        assert_eq!(lowered(features, 63), (expected.into(), 0));
        assert_eq!(lowered("x = [\"serde/std\"]", 63), ("x=[\"serde/std\"]".into(), 0));
    }
}
