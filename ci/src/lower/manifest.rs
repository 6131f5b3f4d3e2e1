// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pass over the manifest.

mod features;
mod folders;
mod shown;

use std::path::{Path, PathBuf};

use toml_edit::{value, Document, Item, Table, TableLike, Value};

use super::copy::COMPAT;
use super::source::Change;
use super::syntax::Target;
use super::users::Users;

const RUST_VERSION: &str = "rust-version";
const WITH_STD: &str = "manifest: oldstable-compat with std";

/// Returns the newest edition that `1.minor` supports.
pub fn edition(minor: u32) -> u32 {
    match minor {
        0..=30 => 2015,
        31..=55 => 2018,
        56..=84 => 2021,
        _ => 2024,
    }
}

/// The facts from a manifest that the other passes need.
pub struct Manifest {
    document: Document,
    pub name: String,
    pub version: String,
    pub edition: u32,
    /// The floor that it was lowered to.
    pub floor: Option<u32>,
    pub changes: Vec<Change>,
    /// Dependencies of the tests that the floor's cargo refuses.
    lost: Vec<(String, Item)>,
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
            floor: None,
            changes: Vec::new(),
            lost: Vec::new(),
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

    /// Rewrites the entries that the floor's cargo does not accept.
    pub fn lower(&mut self, target: &Target) {
        let minor = target.minor;
        self.floor = Some(minor);
        let root = self.document.as_table_mut();
        let mut gone = Vec::new();
        for key in ["lints", "cargo-features"] {
            let keep = key == "lints" && minor >= 74;
            if !keep && root.remove(key).is_some() {
                gone.push(key);
            }
        }
        if minor < 80 && profiles(root) {
            gone.push("profile");
        }
        let package = root.get_mut("package").and_then(Item::as_table_like_mut);
        if let Some(package) = package {
            if target.to != target.from {
                package.insert("edition", value(target.to.to_string()));
                gone.push("edition");
            }
            let named = package.get(RUST_VERSION).and_then(Item::as_str);
            let named = named.and_then(|named| named.split('.').nth(1)?.parse().ok());
            if named.map_or(true, |named: u32| named > minor) {
                package.insert(RUST_VERSION, value(format!("1.{minor}")));
            }
            for key in ["readme", "license-file"] {
                if package.get(key).and_then(Item::as_str).map_or(false, |path| path.starts_with("..")) {
                    package.remove(key);
                    gone.push(key);
                }
            }
        }
        gone.extend(resolver(root, target));
        for key in gone {
            self.changed(&format!("manifest: {key}"));
        }
        if minor < 60 {
            self.requirements();
            self.features();
        } else if minor < 72 {
            self.hidden_features();
        }
    }

    /// States a floor, whatever release the package is content with.
    pub fn claim(&mut self, minor: u32) {
        if let Some(package) = self.document.get_mut("package").and_then(Item::as_table_like_mut) {
            package.insert(RUST_VERSION, value(format!("1.{minor}")));
        }
    }

    /// `<=0.61.*` leaves every version but 0.61 out before cargo takes semver 1.0.
    fn requirements(&mut self) {
        let mut any = false;
        self.each_table(&mut |table| {
            for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
                let dependencies = table.get_mut(kind).and_then(Item::as_table_like_mut);
                for (_, item) in dependencies.into_iter().flat_map(|dependencies| dependencies.iter_mut()) {
                    let version = match item.is_str() {
                        true => Some(item),
                        false => item.as_table_like_mut().and_then(|dependency| dependency.get_mut("version")),
                    };
                    let old = version.as_ref().and_then(|version| version.as_str()).unwrap_or_default().to_string();
                    let new = old.split(',').map(|part| at_most(part.trim())).collect::<Vec<_>>().join(", ");
                    if let Some(version) = version.filter(|_| old.contains("<=") && new != old) {
                        any = true;
                        *version = value(new);
                    }
                }
            }
        });
        if any {
            self.changed("manifest: requirement");
        }
    }

    /// Adds a dependency on oldstable-compat for its users, in the library with its feature `std` under the same
    /// conditions as the package's, unless it uses what needs that feature.
    pub fn add_compat(&mut self, users: Users, no_std: bool, path: &str) {
        let mut dependency = toml_edit::InlineTable::new();
        dependency.insert("path", path.into());
        dependency.insert("version", "0.1".into());
        let mut of_library = dependency.clone();
        let std = "oldstable-compat/std";
        let has_std = self.document.get("features").and_then(|features| features.get("std")).is_some();
        let is_optional = users.built && no_std && has_std;
        let without_std = is_optional && !users.std;
        let is_listed = self.changes.iter().any(|change| change.what == WITH_STD);
        if is_optional && users.std && !is_listed {
            let how = "what it uses is in std alone at the floor, so that it needs std without its feature `std`, too";
            self.differs(WITH_STD, how.to_string());
        }
        if without_std {
            of_library.insert("default-features", false.into());
            let feature = self.document["features"]["std"].as_array_mut();
            feature
                .into_iter()
                .filter(|feature| !feature.iter().any(|f| f.as_str() == Some(std)))
                .for_each(|f| f.push(std));
        }
        let mut set = |kind: &str, dependency: Option<toml_edit::InlineTable>| {
            let root = self.document.as_table_mut();
            let before = root.get(kind).and_then(|table| table.get(COMPAT)?.get("path")?.as_str());
            let ours = before == Some(path);
            if let Some(dependency) = dependency {
                let table = root.entry(kind).or_insert(Item::Table(Table::new()));
                table.as_table_like_mut().map(|table| table.insert(COMPAT, value(dependency)));
            } else if let Some(table) = root.get_mut(kind).and_then(Item::as_table_like_mut).filter(|_| ours) {
                table.remove(COMPAT);
                if table.is_empty() {
                    root.remove(kind);
                }
            }
        };
        // Tests have the library's dependencies, too, but always std.
        set("dev-dependencies", (users.tests && (without_std || !users.built)).then(|| dependency.clone()));
        set("build-dependencies", users.script.then(|| dependency.clone()));
        set("dependencies", users.built.then_some(of_library));
    }

    /// The file of the build script.
    pub fn script(&self) -> PathBuf {
        let build = self.document.get("package").and_then(|package| package.get("build")).and_then(Item::as_str);
        PathBuf::from(build.unwrap_or("build.rs"))
    }

    /// Returns whether a file is declared to be the root of the library or of a program.
    pub fn builds(&self, file: &Path) -> bool {
        let programs = self.document.get("bin").and_then(Item::as_array_of_tables);
        let programs = programs.into_iter().flat_map(|programs| programs.iter());
        let mut paths = programs.filter_map(|program| program.get("path")?.as_str());
        file == self.library() || paths.any(|path| file == Path::new(path))
    }

    /// Returns the names of all dependencies of the package and of its tests.
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

    /// Returns the tables that declare dependencies: the manifest's own, and those of targets.
    fn tables(&self) -> Vec<&dyn TableLike> {
        let root = self.document.as_table();
        let targets = root.get("target").and_then(Item::as_table_like);
        let targets =
            targets.into_iter().flat_map(|targets| targets.iter()).filter_map(|(_, item)| item.as_table_like());
        std::iter::once(root as &dyn TableLike).chain(targets).collect()
    }

    fn each_table(&mut self, work: &mut dyn FnMut(&mut dyn TableLike)) {
        let root = self.document.as_table_mut();
        work(root);
        let targets = root.get_mut("target").and_then(Item::as_table_like_mut);
        let targets = targets.into_iter().flat_map(|targets| targets.iter_mut());
        targets.filter_map(|(_, item)| item.as_table_like_mut()).for_each(work);
    }

    /// Returns the dependencies that are not optional, or that the default features enable.
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

/// Rewrites the resolver, which the package or its workspace names; returns its key if the floor needs another.
fn resolver(root: &mut Table, target: &Target) -> Option<&'static str> {
    const KEY: &str = "resolver";
    let minor = target.minor;
    for holder in ["package", "workspace"] {
        let table = root.get_mut(holder).and_then(Item::as_table_like_mut);
        let (table, named) = match table.and_then(|table| Some((table.get(KEY)?.as_str()?.to_string(), table))) {
            Some((named, table)) => (table, named),
            None => continue,
        };
        if minor < 51 {
            return table.remove(KEY).map(|_| KEY);
        }
        // It resolves features like resolver 2, and also considers the rust-version of packages.
        if named == "3" && minor < 84 {
            table.insert(KEY, value("2"));
            return Some(KEY);
        }
        return None;
    }
    // The edition's own.
    if minor >= 51 && target.leaves(2021) {
        root.get_mut("package")?.as_table_like_mut()?.insert(KEY, value("2"));
    }
    None
}

/// Removes from the profiles what not every cargo knows. Returns whether there was anything.
fn profiles(root: &mut Table) -> bool {
    const SETTINGS: [&str; 9] = [
        "opt-level",
        "debug",
        "debug-assertions",
        "overflow-checks",
        "lto",
        "panic",
        "incremental",
        "codegen-units",
        "rpath",
    ];
    let profiles = match root.get_mut("profile").and_then(Item::as_table_like_mut) {
        Some(profiles) => profiles,
        None => return false,
    };
    let mut any = false;
    let names: Vec<String> = profiles.iter().map(|(name, _)| name.to_string()).collect();
    for name in names {
        let profile = profiles.get_mut(&name).and_then(Item::as_table_like_mut);
        let profile = profile.filter(|_| ["dev", "release", "test", "bench"].contains(&name.as_str()));
        let profile = match profile {
            Some(profile) => profile,
            None => {
                profiles.remove(&name);
                any = true;
                continue;
            }
        };
        let newer = |(key, item): &(&str, &Item)| !SETTINGS.contains(key) || *key == "debug" && item.is_str();
        let newer: Vec<String> = profile.iter().filter(newer).map(|(key, _)| key.to_string()).collect();
        any |= !newer.is_empty();
        for key in newer {
            profile.remove(&key);
        }
    }
    any
}

/// Returns the requirement without a `<=` that omits numbers.
fn at_most(requirement: &str) -> String {
    let numbers = match requirement.strip_prefix("<=") {
        Some(numbers) => numbers.trim().trim_end_matches(".*"),
        None => return requirement.to_string(),
    };
    let parsed: Option<Vec<u64>> = numbers.split('.').map(|number| number.parse().ok()).collect();
    match parsed.as_deref() {
        Some([major]) => format!("<{}", major + 1),
        Some([major, minor]) => format!("<{major}.{}", minor + 1),
        _ => requirement.to_string(),
    }
}

/// Removes deleted dependencies from the features.
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

    #[test]
    fn profiles_have_what_every_cargo_knows() {
        let kept = "[profile.test]\nopt-level = 3\n[profile.release]\ndebug = true\n";
        let newer = "strip = true\n[profile.dev]\ndebug = \"limited\"\n[profile.own]\ninherits = \"dev\"\n";
        let lowered = |profiles: &str| {
            let mut manifest = Manifest::parse(&format!("[package]\nname = \"a\"\n{profiles}")).unwrap();
            manifest.lower(&Target { minor: 63, from: 2018, to: 2018 });
            let text = manifest.text();
            (text.split_once("[profile").unwrap().1.to_string(), manifest.changes.len())
        };
        let whole = |text: &str| text.strip_prefix("[profile").unwrap().to_string();
        assert_eq!(lowered(kept), (whole(kept), 0));
        assert_eq!(lowered(&format!("{kept}{newer}")), (whole(&format!("{kept}[profile.dev]\n")), 1));
    }

    #[test]
    fn requirements_are_those_that_every_cargo_understands() {
        for (old, new) in [("<=0.61.*", "<0.62"), ("<=1", "<2"), ("<=1.2.3", "<=1.2.3"), ("^1", "^1"), ("<0.3", "<0.3")]
        {
            assert_eq!(at_most(old), new);
        }
        let text = "[package]\nname = \"a\"\n[target.x.dependencies]\nb = { version = \">=0.4, <=0.6.*\" }\n";
        let mut manifest = Manifest::parse(text).unwrap();
        manifest.lower(&Target { minor: 48, from: 2018, to: 2018 });
        assert!(manifest.text().contains("\">=0.4, <0.7\""), "{}", manifest.text());
    }

    #[test]
    fn the_third_resolver_is_the_second_before_1_84() {
        let lowered = |resolver: &str, from: u32, minor: u32| {
            let mut manifest = Manifest::parse(&format!("[package]\nname = \"a\"\n{resolver}")).unwrap();
            manifest.lower(&Target { minor, from, to: from.min(edition(minor)) });
            let text = manifest.text();
            text.lines().find_map(|line| line.strip_prefix("resolver = ")).unwrap_or_default().to_string()
        };
        assert_eq!(lowered("resolver = \"3\"", 2018, 63), "\"2\"");
        assert_eq!(lowered("resolver = \"3\"", 2018, 84), "\"3\"");
        assert_eq!(lowered("resolver = \"3\"", 2021, 48), "");
        assert_eq!(lowered("[workspace]\nresolver = \"3\"", 2024, 63), "\"2\"");
        assert_eq!(lowered("[workspace]\nresolver = \"2\"", 2021, 48), "");
        assert_eq!(lowered("[workspace]\nresolver = \"1\"", 2021, 53), "\"1\"");
        // What is right stays as it is written.
        assert_eq!(lowered("resolver = '2' # why", 2021, 53), "'2' # why");
        // An edition's defaults are written out when the edition is lowered.
        assert_eq!(lowered("", 2021, 53), "\"2\"");
        assert_eq!(lowered("", 2024, 63), "");
        assert_eq!(lowered("resolver = \"1\"", 2021, 63), "\"1\"");
    }
}
