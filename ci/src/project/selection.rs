// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The packages of a workspace that a cell builds: those that support its compiler, as far as the user chose them.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{bail, ensure, Result};

use crate::project::config::{Config, FILE};
use crate::project::version::Version;
use crate::project::workspace::Package;

/// The user's choice, by names of packages. If empty, all published packages, or all if none is published.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub packages: Vec<String>,
    pub exclude: Vec<String>,
    /// Whether the floors of the packages are ignored.
    pub below_floors: bool,
}

/// The part of a workspace that a cell builds.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    pub built: Vec<Package>,
    /// The names of the other packages that the user did not exclude, with the reasons.
    pub passed_over: Vec<(String, String)>,
}

impl Selection {
    /// Whether the user chooses nothing.
    pub fn is_all(&self) -> bool {
        self.packages.is_empty() && self.exclude.is_empty()
    }

    /// The same as cargo's options.
    pub fn options(&self) -> Vec<&str> {
        let mut options = if self.packages.is_empty() { vec!["--workspace"] } else { Vec::new() };
        let chosen = self.packages.iter().filter(|name| !self.exclude.contains(name));
        options.extend(chosen.flat_map(|name| ["--package", name]));
        if self.packages.is_empty() {
            options.extend(self.exclude.iter().flat_map(|name| ["--exclude", name]));
        }
        options
    }

    /// Fails if a name is not that of a package.
    pub fn check(&self, packages: &[Package], config: &Config) -> Result<()> {
        let is_known = |name: &&String| packages.iter().any(|package| package.name == **name);
        if let Some(unknown) = self.packages.iter().chain(&self.exclude).find(|name| !is_known(name)) {
            let known: Vec<&str> = packages.iter().map(|package| &*package.name).collect();
            bail!("there is no package \"{unknown}\" in the workspace: use one of {}", known.join(", "));
        }
        let unknown = config.floors.keys().find(|name| !is_known(name));
        ensure!(
            unknown.is_none(),
            "[floors] in {FILE} names {}, which is not a package of the workspace: correct it",
            unknown.map_or("", |name| &**name)
        );
        Ok(())
    }

    /// Returns the packages that a compiler builds.
    pub fn of(&self, packages: &[Package], config: &Config, rustc: &Version) -> Chosen {
        let any_published = packages.iter().any(Package::is_published);
        let mut chosen = Chosen::default();
        for package in packages {
            let name = &package.name;
            let is_asked_for = self.packages.contains(name);
            if self.exclude.contains(name) || !self.packages.is_empty() && !is_asked_for {
                continue;
            }
            let floor = config.floors.get(name);
            let is_below = |floor: &&Version| !self.below_floors && rustc < *floor;
            if !is_asked_for && floor.is_none() && any_published && !package.is_published() {
                let why = format!("it is not published: give `--package {name}` or a floor in {FILE} to build it");
                chosen.passed_over.push((name.clone(), why));
            } else if let Some(floor) = floor.filter(is_below) {
                chosen.passed_over.push((name.clone(), format!("{FILE} gives it the floor {floor}")));
            } else {
                chosen.built.push(package.clone());
            }
        }
        chosen
    }
}

/// Returns the names of some packages and of those on which they depend by path.
pub fn needed<'a>(packages: &'a [Package], built: &'a [Package]) -> BTreeSet<&'a str> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut pending: Vec<&Package> = built.iter().collect();
    while let Some(package) = pending.pop() {
        if names.insert(&package.name) {
            let paths = package.dependencies.iter().filter_map(|dependency| dependency.path.as_deref());
            let is_at = |path: &Path| packages.iter().find(|other| other.folder() == path);
            pending.extend(paths.filter_map(is_at));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages() -> Vec<Package> {
        let text = r#"[
            { "name": "old", "version": "1.0.0", "manifest_path": "/w/old/Cargo.toml", "features": {}, "dependencies": [] },
            { "name": "new", "version": "1.0.0", "manifest_path": "/w/new/Cargo.toml", "features": {},
              "dependencies": [{ "name": "old", "optional": false, "path": "/w/old" }] },
            { "name": "tasks", "version": "1.0.0", "manifest_path": "/w/tasks/Cargo.toml", "features": {}, "publish": [],
              "dependencies": [{ "name": "new", "optional": false, "path": "/w/new", "kind": "dev" }] }
        ]"#;
        serde_json::from_str(text).unwrap()
    }

    fn config(floors: &str) -> Config {
        Config::parse(&format!("floor = \"1.48\"\n{floors}[[cell]]\nname = \"a\"\npath = true\n")).unwrap()
    }

    fn built(selection: &Selection, floors: &str, rustc: &str) -> (String, String) {
        let chosen = selection.of(&packages(), &config(floors), &rustc.parse().unwrap());
        let built: Vec<&str> = chosen.built.iter().map(|package| &*package.name).collect();
        let others: Vec<&str> = chosen.passed_over.iter().map(|(name, _)| &**name).collect();
        (built.join(" "), others.join(" "))
    }

    fn of(built: &str, others: &str) -> (String, String) {
        (built.to_string(), others.to_string())
    }

    #[test]
    fn a_package_is_built_from_its_floor_on() {
        let floors = "[floors]\nnew = \"1.63\"\n";
        let all = Selection::default();
        assert_eq!(built(&all, floors, "1.48.0"), of("old", "new tasks"));
        assert_eq!(built(&all, floors, "1.63.0"), of("old new", "tasks"));
        // A compiler below all floors checks whether they are right.
        assert_eq!(built(&all, "", "1.36.0"), of("old new", "tasks"));
        let find = Selection { below_floors: true, ..Selection::default() };
        assert_eq!(built(&find, floors, "1.48.0"), of("old new", "tasks"));
    }

    #[test]
    fn what_is_not_published_is_built_where_somebody_says_so() {
        let named = Selection { packages: vec!["tasks".to_string()], ..Selection::default() };
        assert_eq!(built(&named, "", "1.48.0"), of("tasks", ""));
        let without = Selection { exclude: vec!["old".to_string()], ..Selection::default() };
        assert_eq!(built(&without, "[floors]\ntasks = \"1.48\"\n", "1.48.0"), of("new tasks", ""));
        let private: Vec<Package> = packages().into_iter().filter(|package| !package.is_published()).collect();
        let chosen = Selection::default().of(&private, &config(""), &"1.48.0".parse().unwrap());
        assert_eq!(chosen.built.len(), 1);
    }

    #[test]
    fn what_is_chosen_is_chosen_on_the_host_too() {
        let selection = |packages: &[&str], exclude: &[&str]| {
            let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
            Selection { packages: names(packages), exclude: names(exclude), below_floors: false }
        };
        assert_eq!(Selection::default().options(), ["--workspace"]);
        assert_eq!(selection(&[], &["a"]).options(), ["--workspace", "--exclude", "a"]);
        // cargo has no --exclude beside --package.
        assert_eq!(selection(&["a", "b"], &["b"]).options(), ["--package", "a"]);
    }

    #[test]
    fn a_name_that_no_package_has_is_told() {
        let packages = packages();
        let named = Selection { packages: vec!["odl".to_string()], ..Selection::default() };
        let error = named.check(&packages, &config("")).unwrap_err().to_string();
        assert_eq!(error, "there is no package \"odl\" in the workspace: use one of old, new, tasks");
        let error = Selection::default().check(&packages, &config("[floors]\nodl = \"1.60\"\n")).unwrap_err();
        assert!(error.to_string().contains("names odl, which is not a package"), "{error}");
    }

    #[test]
    fn what_is_needed_by_a_path_is_needed() {
        let packages = packages();
        let names = |built: &[Package]| needed(&packages, built).into_iter().map(str::to_string).collect::<Vec<_>>();
        assert_eq!(names(&packages[..1]), ["old"]);
        assert_eq!(names(&packages[2..]), ["new", "old", "tasks"]);
    }
}
