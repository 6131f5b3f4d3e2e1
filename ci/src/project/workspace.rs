// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The project: the folder with msrv.toml, and the packages of its workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, ensure, Context, Result};
use serde::Deserialize;
use toml_edit::{Document, Item};

use crate::host::log::first_error;
use crate::project::config::{Cell, Config, FILE};

/// A project and its msrv.toml.
pub struct Project {
    pub root: PathBuf,
    pub config: Config,
}

/// A package of the workspace, as `cargo metadata` describes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub manifest_path: PathBuf,
    pub features: BTreeMap<String, Vec<String>>,
    pub dependencies: Vec<Dependency>,
    #[serde(default)]
    pub targets: Vec<Target>,
    /// The oldest compiler that the manifest states.
    pub rust_version: Option<String>,
    #[serde(default)]
    pub edition: String,
    /// The registries in which the manifest allows publication; by default any.
    #[serde(default)]
    publish: Option<Vec<String>>,
}

/// A target that cargo builds from a package.
#[derive(Debug, Clone, Deserialize)]
pub struct Target {
    pub name: String,
    /// `lib`, `cdylib` and so on for the library, otherwise `bin`, `example`, `test` or `bench`.
    pub kind: Vec<String>,
    pub crate_types: Vec<String>,
    pub src_path: PathBuf,
    /// The features that it requires.
    #[serde(default, rename = "required-features")]
    pub required_features: Vec<String>,
    /// Whether the examples in its documentation are tests.
    #[serde(default)]
    pub doctest: bool,
}

impl Target {
    /// Returns whether it is built as a shared object that QEMU can load.
    pub fn is_object(&self) -> bool {
        self.crate_types.iter().any(|kind| kind == "cdylib")
    }

    pub fn is_example(&self) -> bool {
        self.kind.iter().any(|kind| kind == "example")
    }
}

/// A dependency of a package.
#[derive(Debug, Clone, Deserialize)]
pub struct Dependency {
    pub name: String,
    /// The versions that it may have.
    #[serde(default)]
    pub req: String,
    /// The registry or repository, unless it is a path dependency.
    source: Option<String>,
    /// The folder of a path dependency.
    pub path: Option<PathBuf>,
    /// `dev` or `build`; `None` for a dependency of the package itself.
    pub kind: Option<String>,
    /// Whether a feature switches it on.
    pub optional: bool,
    /// The systems that need it, unless all do.
    target: Option<String>,
    /// The name that the package uses for it, if that is different: see [`Dependency::key`].
    rename: Option<String>,
}

impl Dependency {
    /// Returns whether the package can be built without it: a feature enables it, or only some systems need it.
    pub fn is_dispensable(&self) -> bool {
        self.optional || self.target.is_some()
    }

    /// Returns whether its only version is a commit.
    pub fn is_of_git(&self) -> bool {
        self.source.as_ref().map_or(false, |source| source.starts_with("git+"))
    }

    /// Returns the name that the package uses for it.
    pub fn key(&self) -> &str {
        self.rename.as_ref().unwrap_or(&self.name)
    }
}

/// A package in a folder that is no member of the workspace that uses it.
#[derive(Clone)]
pub struct Beside {
    pub package: Package,
    /// The root of its own workspace.
    workspace: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

/// Returns whether a name is that of none of the folders that [`Project::target`] has besides those of cells.
pub fn is_free(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !["debs", "logs", "report", "results"].contains(&name)
}

impl Project {
    /// Looks for msrv.toml in the working folder and the folders above it.
    pub fn find() -> Result<Project> {
        let here = env::current_dir().context("the working folder does not exist any more: change to another one")?;
        match here.ancestors().find(|folder| folder.join(FILE).is_file()) {
            Some(root) => Ok(Project { root: root.to_path_buf(), config: Config::read(&root.join(FILE))? }),
            None => bail!("there is no {FILE} in {} or above it: `cargo oldstable init` writes one", here.display()),
        }
    }

    /// Returns the git repository that the project is a part of: its code may read any file there. Without one, and if
    /// that is also around the user's own files, it is the project's folder.
    pub fn repository(&self) -> &Path {
        let home = env::var_os("HOME").map(PathBuf::from);
        let found = self.root.ancestors().find(|folder| folder.join(".git").exists());
        let of_user = |folder: &&Path| home.as_ref().map_or(false, |home| home.starts_with(folder));
        found.filter(|folder| !of_user(folder)).unwrap_or(&self.root)
    }

    /// Returns the folder of all builds: `target/oldstable`, or below CARGO_TARGET_DIR if that is set.
    pub fn target(&self) -> PathBuf {
        let base = env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
        self.root.join(base).join("oldstable")
    }

    /// Returns the folder of the workspace that a cell builds.
    pub fn workspace(&self, cell: &Cell) -> PathBuf {
        cell.workspace.as_ref().map_or_else(|| self.root.clone(), |folder| self.root.join(folder))
    }

    /// Returns the packages of the workspace at the root.
    pub fn packages(&self) -> Result<Vec<Package>> {
        self.packages_in(&self.root)
    }

    /// Returns the packages that a workspace uses from folders without their being members, by path or as a patch, and
    /// those that these need in turn.
    pub fn beside(&self, packages: &[Package]) -> Result<Vec<Beside>> {
        let paths = |package: &Package| -> Vec<PathBuf> {
            package.dependencies.iter().filter_map(|other| other.path.clone()).collect()
        };
        let mut pending: Vec<PathBuf> = packages.iter().flat_map(paths).collect();
        for workspace in packages.iter().map(Package::folder).chain([&*self.root]) {
            pending.extend(patches(workspace)?);
        }
        let place = |package: &Package| package.folder().canonicalize().ok();
        let mut known: BTreeSet<PathBuf> = packages.iter().filter_map(place).collect();
        let mut found: Vec<Beside> = Vec::new();
        while let Some(path) = pending.pop() {
            let folder = path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
            if !known.insert(folder.clone()) {
                continue;
            }
            let Metadata { packages, workspace_root: workspace } = metadata(&path)?;
            if let Some(package) = packages.into_iter().find(|package| place(package).as_ref() == Some(&folder)) {
                pending.extend(paths(&package));
                found.push(Beside { package, workspace });
            }
        }
        Ok(found)
    }

    /// Returns the folders outside the repository: members of its workspace, and the workspaces of those beside it.
    pub fn elsewhere(&self, packages: &[Package], beside: &[Beside]) -> Vec<PathBuf> {
        let members = packages.iter().map(Package::folder);
        let mut folders: Vec<&Path> = members.chain(beside.iter().map(|beside| &*beside.workspace)).collect();
        let repository = self.repository();
        folders.retain(|folder| !folder.starts_with(repository));
        folders.sort_unstable();
        folders.dedup();
        folders.into_iter().map(Path::to_path_buf).collect()
    }

    /// Returns the packages of a workspace.
    pub fn packages_in(&self, workspace: &Path) -> Result<Vec<Package>> {
        packages_of(workspace)
    }
}

impl Package {
    /// Returns whether it may be published at all.
    pub fn is_published(&self) -> bool {
        self.publish.as_ref().map_or(true, |registries| !registries.is_empty())
    }

    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// Returns cargo's arguments for a set of features: those that this package has, without the default.
    pub fn feature_arguments(&self, set: &str) -> Vec<String> {
        let has: Vec<&str> = set.split(',').map(str::trim).filter(|f| self.features.contains_key(*f)).collect();
        let mut arguments = vec!["--no-default-features".to_string()];
        if !has.is_empty() {
            arguments.extend(["--features".to_string(), has.join(" ")]);
        }
        arguments
    }

    /// Returns whether a dependency is used with any of some sets of features, or with the defaults if there is no set.
    pub fn builds_with(&self, dependency: &Dependency, sets: &[String]) -> bool {
        let mut pending: Vec<&str> = match sets.is_empty() {
            true => vec!["default"],
            false => sets.iter().flat_map(|set| set.split(',')).map(str::trim).collect(),
        };
        let mut seen: Vec<&str> = Vec::new();
        while let Some(feature) = pending.pop() {
            let of = feature.trim_start_matches("dep:").split('/').next().unwrap_or(feature);
            if of == dependency.key() && !feature.contains("?/") {
                return true;
            }
            if !seen.contains(&feature) {
                seen.push(feature);
                pending.extend(self.features.get(feature).into_iter().flatten().map(String::as_str));
            }
        }
        !dependency.optional
    }

    /// Returns cargo's arguments for each set of features, or for the defaults if there is no set.
    pub fn feature_choices(&self, sets: &[String]) -> Vec<Vec<String>> {
        let mut choices: Vec<Vec<String>> = sets.iter().map(|set| self.feature_arguments(set)).collect();
        choices.dedup();
        if choices.is_empty() {
            choices.push(Vec::new());
        }
        choices
    }
}

/// Returns the folders in a manifest's `[patch]`, if there is a manifest.
fn patches(workspace: &Path) -> Result<Vec<PathBuf>> {
    let path = workspace.join("Cargo.toml");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: Document = text.parse().with_context(|| format!("{} is not understood", path.display()))?;
    let registries = manifest.get("patch").and_then(Item::as_table_like);
    let patched = registries.into_iter().flat_map(|all| all.iter()).filter_map(|(_, all)| all.as_table_like());
    let paths = patched.flat_map(|all| all.iter()).filter_map(|(_, package)| package.get("path")?.as_str());
    Ok(paths.map(|path| workspace.join(path)).collect())
}

/// Returns the packages of the workspace in a folder, with or without an msrv.toml.
pub fn packages_of(workspace: &Path) -> Result<Vec<Package>> {
    let metadata = metadata(workspace)?;
    ensure!(
        metadata.workspace_root == workspace,
        "{} belongs to the workspace {}: put {FILE} there, or name it as a cell's `workspace`",
        workspace.display(),
        metadata.workspace_root.display()
    );
    Ok(metadata.packages)
}

/// Returns the packages of a workspace and of its lock file.
pub fn with_dependencies(workspace: &Path) -> Result<Vec<Package>> {
    Ok(metadata_with(workspace, "--locked")?.packages)
}

/// Returns cargo's metadata of a workspace.
fn metadata(workspace: &Path) -> Result<Metadata> {
    metadata_with(workspace, "--no-deps")
}

fn metadata_with(workspace: &Path, argument: &str) -> Result<Metadata> {
    let output = cargo()
        .args(["metadata", argument, "--format-version=1"])
        .current_dir(workspace)
        .output()
        .with_context(|| format!("cannot start cargo in {}", workspace.display()))?;
    if !output.status.success() {
        let reason = first_error(&String::from_utf8_lossy(&output.stderr));
        let mend = match reason.contains("toolchain '") && reason.contains("is not installed") {
            true => {
                ": rust-toolchain.toml asks for it, or RUSTUP_TOOLCHAIN: install it with rustup, or use another \
                with `cargo +stable oldstable`"
            }
            false => "",
        };
        bail!("cargo cannot read the workspace {}: {reason}{mend}", workspace.display());
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata is not understood")
}

/// Returns the cargo that started this program, or the one on PATH.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_around_the_project_but_not_around_the_home_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a/b");
        fs::create_dir_all(&root).unwrap();
        let config = "floor = \"1.48.0\"\n[[cell]]\nname = \"own\"\npath = true\n";
        fs::write(root.join(FILE), config).unwrap();
        let project = Project { config: Config::read(&root.join(FILE)).unwrap(), root };
        assert_eq!(project.repository(), project.root);
        // That of a work tree is a file.
        fs::write(folder.path().join("a/.git"), "gitdir: /x\n").unwrap();
        assert_eq!(project.repository(), folder.path().join("a"));
        let home = Path::new(&env::var_os("HOME").unwrap()).to_path_buf();
        let at_home = Project { root: home.join("x"), ..project };
        assert!(!home.starts_with(at_home.repository()));
    }

    #[test]
    fn a_package_takes_the_features_it_has() {
        let package = Package {
            name: "p".into(),
            version: "1.0.0".into(),
            manifest_path: "/p/Cargo.toml".into(),
            features: [("libc".to_string(), vec![]), ("cstr".to_string(), vec![])].into(),
            dependencies: Vec::new(),
            targets: Vec::new(),
            rust_version: None,
            edition: String::new(),
            publish: None,
        };
        assert_eq!(package.feature_arguments("cstr, libc,other"), ["--no-default-features", "--features", "cstr libc"]);
        assert_eq!(package.feature_arguments("other"), ["--no-default-features"]);
        assert_eq!(package.folder(), Path::new("/p"));
    }

    #[test]
    fn an_optional_dependency_is_used_where_a_feature_switches_it_on() {
        let json = r#"{ "name": "p", "version": "1.0.0", "manifest_path": "/p/Cargo.toml",
            "features": { "default": ["std"], "std": ["dep:a", "b?/std"], "b": ["dep:b"], "x": ["std", "x"] },
            "dependencies": [
                { "name": "a", "optional": true }, { "name": "b", "optional": true }, { "name": "c", "optional": false },
                { "name": "real", "rename": "b", "optional": true }
            ] }"#;
        let package: Package = serde_json::from_str(json).unwrap();
        let used = |sets: &[&str]| -> Vec<bool> {
            let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
            package.dependencies.iter().map(|d| package.builds_with(d, &sets)).collect()
        };
        assert_eq!(used(&[]), [true, false, true, false]);
        assert_eq!(used(&["", "x, b"]), [true, true, true, true]);
        assert_eq!(used(&[""]), [false, false, true, false]);
    }
}
