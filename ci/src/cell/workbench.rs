// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A project, the preparation of its cells, and the commands that build in them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, ensure, Context, Result};

use crate::cell::compiler::{Compiler, Variable};
use crate::cell::cross;
use crate::cell::rootfs::Roots;
use crate::host::cache::{digest, Cache, Claim};
use crate::host::log::first_error;
use crate::host::progress;
use crate::host::{process, temporary};
use crate::project::config::{self, Cell};
use crate::project::lockfile::{self, Remarks};
use crate::project::reduced::LeftOut;
use crate::project::selection::{needed, Chosen, Selection};
use crate::project::vendor::Vendor;
use crate::project::version::Version;
use crate::project::workspace::{Beside, Package, Project};
use crate::project::{inheritance, manifest, settings, stub};

/// The environment variables that the programs of all cells get, besides those that msrv.toml names.
const PASSED: [&str; 2] = ["RUSTFLAGS", "RUSTDOCFLAGS"];

/// A project and the cache that holds its cells.
pub struct Workbench {
    pub project: Project,
    pub cache: Cache,
    /// The mirror that the user gave for this run.
    pub mirror: Option<String>,
    /// The packages that the user chose.
    pub selection: Selection,
}

/// A cell with a working compiler.
#[derive(Clone)]
pub struct Ready {
    pub cell: Cell,
    pub compiler: Compiler,
    /// The version that the compiler prints.
    pub rustc: Version,
    /// The target that it builds for by default.
    pub host: String,
    /// Changes when the compiler is upgraded.
    pub identity: String,
    /// The packages of the workspace.
    pub packages: Vec<Package>,
    /// The packages that the cell builds.
    pub chosen: Chosen,
    /// Whether the cell's cargo cannot read the other packages and sees placeholders instead.
    stands_in: bool,
    /// The packages that the workspace uses from folders.
    beside: Vec<Beside>,
    /// The folders outside the repository with such packages or with members.
    pub elsewhere: Vec<PathBuf>,
}

impl Workbench {
    pub fn open(mirror: Option<String>) -> Result<Workbench> {
        let project = Project::find()?;
        process::set_timeout(project.config.timeout);
        Ok(Workbench { project, cache: Cache::open()?, mirror, selection: Selection::default() })
    }

    /// The root file systems of its cells.
    pub fn roots(&self) -> Roots<'_> {
        Roots { cache: &self.cache, config: &self.project.config, mirror: self.mirror.as_deref() }
    }

    /// Makes everything that a cell lacks, and writes nothing into the project.
    pub fn make_ready(&self, cell: &Cell) -> Result<Ready> {
        let compiler = Compiler::ensure(self.roots(), cell)?;
        let said = compiler.verbose_version()?;
        let identity = match &compiler {
            Compiler::Root { root, .. } => root.identity()?,
            Compiler::Rustup(_) | Compiler::Path => said.clone(),
        };
        let rustc = Version::of_rustc(&said)?;
        let packages = self.project.packages_in(&self.project.workspace(cell))?;
        let config = &self.project.config;
        if let (Some(unknown), None, false) =
            (unknown_feature(&config.features, &packages), &cell.workspace, config.allow_unknown_features)
        {
            bail!(
                "no package of the workspace has the feature \"{unknown}\": correct `features` in {}, or set \
                    allow-unknown-features = true there",
                config::FILE
            );
        }
        if cell.workspace.is_none() {
            self.selection.check(&packages, config)?;
        }
        let chosen = self.selection.of(&packages, config, &rustc);
        let beside = self.project.beside(&packages)?;
        let elsewhere = self.project.elsewhere(&packages, &beside);
        let host = said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().trim().to_string();
        let cell = cell.clone();
        let stands_in = false;
        let mut ready = Ready { cell, compiler, rustc, host, identity, packages, chosen, stands_in, beside, elsewhere };
        ready.stands_in = ready.passes_over() && self.unread_manifests(&ready)?.is_some();
        Ok(ready)
    }

    /// Makes a cell ready to build in, and writes the Cargo.lock of its workspace if that does not exist.
    pub fn make_ready_and_write_lock(&self, cell: &Cell) -> Result<Ready> {
        let ready = self.make_ready(cell)?;
        self.write_missing_lock(cell, &ready.packages)?;
        Ok(ready)
    }

    /// Returns the environment variables that the cells' programs inherit from this program.
    pub fn passed_environment(&self) -> Vec<Variable> {
        let names = PASSED.iter().copied().chain(self.project.config.pass_env.iter().map(String::as_str));
        names.filter_map(|name| Some((name.into(), std::env::var_os(name)?))).collect()
    }

    /// Returns the folder where a cell builds.
    pub fn target(&self, cell: &Cell) -> PathBuf {
        self.project.target().join(&cell.name)
    }

    /// Returns the folder in it with what the cell builds for its architecture.
    pub fn built(&self, cell: &Cell) -> PathBuf {
        match cross::target(cell) {
            Some(arch) => self.target(cell).join(arch.rust),
            None => self.target(cell),
        }
    }

    /// Waits until no other process works in a cell of this project: two would mistake each other's results for their
    /// own.
    pub fn claim_cell(&self, cell: &Cell) -> Result<Claim> {
        self.claim("cell", &self.target(cell), &format!("works in cell {}", cell.name))
    }

    fn claim(&self, kind: &str, path: &Path, what: &str) -> Result<Claim> {
        self.cache.claim(&format!("{kind}-{}", digest([path.as_os_str().as_bytes()])), what)
    }

    /// Writes the Cargo.lock of a cell's workspace if it does not exist, since libraries are published without one. It
    /// is made for the floor, so that the other cells can read it too.
    pub fn write_missing_lock(&self, cell: &Cell, packages: &[Package]) -> Result<()> {
        let workspace = self.project.workspace(cell);
        let path = workspace.join("Cargo.lock");
        let _claim = self.claim("Cargo.lock", &path, &format!("writes {}", path.display()))?;
        if !path.is_file() {
            progress::note(&format!("there is no {}: it is generated", path.display()));
            let copy = temporary::folder()?;
            let rustc = self.project.config.floor.to_string();
            let all = manifest::BareCopy { rustc: &rustc, holder: None, left: &LeftOut::named(packages, []) };
            all.write(&workspace, packages, copy.path())?;
            match lockfile::generate(copy.path()) {
                Ok(_) => fs::copy(copy.path().join("Cargo.lock"), &path).map(drop).map_err(Into::into),
                // The floor may be older than the edition allows.
                Err(_) => lockfile::generate(&workspace).map(drop),
            }?;
        }
        Ok(())
    }

    /// Returns the lock file of a cell: its own in ci/locks, or its workspace's.
    pub fn lockfile(&self, cell: &Cell) -> PathBuf {
        if let Some(lock) = &cell.lock {
            return lock.clone();
        }
        let own = lockfile::file(&self.project.root, &cell.name);
        match own.is_file() {
            true => own,
            false => self.project.workspace(cell).join("Cargo.lock"),
        }
    }

    /// Returns the remarks at the top of a cell's lock file.
    pub fn remarks(&self, cell: &Cell) -> Result<Remarks> {
        let lock = self.lockfile(cell);
        let text = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        Ok(lockfile::remarks(&text))
    }

    /// Returns the error of a cell's cargo if it cannot read the project's manifests.
    pub fn unread_manifests(&self, ready: &Ready) -> Result<Option<String>> {
        let elsewhere = ready.elsewhere.iter().map(PathBuf::as_path);
        let folders = std::iter::once(self.project.repository()).chain(elsewhere);
        let mut shown: Vec<(&Path, &Path)> = folders.map(|folder| (folder, folder)).collect();
        let manifests = self.manifests(ready, &|text| Ok(text.to_string()))?;
        let workspace = self.project.workspace(&ready.cell);
        let (settings, registries) = self.settings(ready, &workspace)?;
        shown.extend(manifests.iter().chain(&settings).map(|(what, path)| (what.as_path(), path.as_path())));
        // Another process may build with the cell's own.
        let home = temporary::folder()?;
        manifest::write(&home.path().join("config.toml"), &registries)?;
        shown.push((home.path(), home.path()));
        let output = ready
            .compiler
            .command("cargo", &workspace, &shown, &[("CARGO_HOME".into(), home.path().into())])
            .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
            .output()
            .context("cannot start the cell's cargo")?;
        Ok((!output.status.success()).then(|| {
            let (name, why) = (&ready.cell.name, first_error(&String::from_utf8_lossy(&output.stderr)));
            format!(
                "the cargo of cell {name} cannot read the project's manifests ({why}): {}, or remove the cell from {}",
                ready.lowering(),
                config::FILE
            )
        }))
    }

    /// Returns the manifests that a cell sees in place of the project's own: pairs of a file and its place.
    ///
    /// For a cargo that does not support inheritance, inherited values are written out, as they are on publishing.
    /// `edit` makes further changes to the packages' manifests, and to those of packages used from folders.
    pub fn manifests(&self, ready: &Ready, edit: &dyn Fn(&str) -> Result<String>) -> Result<Vec<(PathBuf, PathBuf)>> {
        let folder = self.target(&ready.cell).join("manifests");
        let needed = needed(&ready.packages, &ready.chosen.built);
        let root = self.project.workspace(&ready.cell).join("Cargo.toml");
        let mut shown = Vec::new();
        let mut show = |name: &str, path: &Path, new: &dyn Fn(String) -> Result<String>| -> Result<()> {
            let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let edited = new(text.clone()).with_context(|| format!("{} is not understood", path.display()))?;
            if edited != text {
                let file = folder.join(format!("{name}.toml"));
                manifest::write(&file, &edited)?;
                shown.push((file, path.to_path_buf()));
            }
            Ok(())
        };
        let in_full = |text: String, folder: &Path| match ready.lacks_inheritance() && inheritance::is_used(&text) {
            true => inheritance::without_shared(&inheritance::manifest(folder)?),
            false => Ok(text),
        };
        for package in &ready.packages {
            show(&package.name, &package.manifest_path, &|text| {
                let text = in_full(text, package.folder())?;
                match ready.stands_in && !needed.contains(&*package.name) {
                    true => stub::of_member(&text),
                    false => edit(&text),
                }
            })?;
        }
        for Beside { package, .. } in &ready.beside {
            // A patch may be another version of a member.
            let name = format!("{}-{}", package.name, package.version);
            show(&name, &package.manifest_path, &|text| edit(&in_full(text, package.folder())?))?;
        }
        // The workspace's root may not be a package.
        if !ready.packages.iter().any(|package| package.manifest_path == root) {
            show("workspace root", &root, &|text| match ready.lacks_inheritance() && inheritance::is_used(&text) {
                true => inheritance::without_shared(&text),
                false => Ok(text),
            })?;
        }
        Ok(shown)
    }

    /// Returns the vendored dependencies of a cell.
    pub fn vendor(&self, cell: &Cell) -> Result<Vendor> {
        let (lock, workspace) = (self.lockfile(cell), self.project.workspace(cell));
        if lock == workspace.join("Cargo.lock") {
            return Vendor::of(&self.cache, &workspace, &lock);
        }
        // cargo reads the lock file beside the manifest, so a copy of the workspace gets the cell's.
        let copy = temporary::folder()?;
        lockfile::copy_with(&self.project, &workspace, copy.path(), &lock)?;
        Vendor::of(&self.cache, copy.path(), &lock)
    }

    /// Returns cargo's arguments for each set of features with which a cell builds a package.
    pub fn feature_choices(&self, ready: &Ready, package: &Package) -> Result<Vec<Vec<String>>> {
        let left = LeftOut::named(&ready.packages, &self.remarks(&ready.cell)?.left);
        Ok(left.package(package).feature_choices(&self.project.config.features))
    }

    /// Returns the first of them, for what is built once. The step that tests the package has built its parts.
    pub fn first_features(&self, ready: &Ready, package: &Package) -> Result<Vec<String>> {
        Ok(self.feature_choices(ready, package)?.swap_remove(0))
    }

    /// Returns the command for the cell's cargo in a folder, offline and with the vendored dependencies.
    pub fn cargo(&self, ready: &Ready, folder: &Path, arguments: &[&str]) -> Result<Command> {
        let left = self.remarks(&ready.cell)?.left;
        let without = LeftOut::named(&ready.packages, &left);
        let manifests = self.manifests(ready, &|text| match left.is_empty() {
            true => Ok(text.to_string()),
            false => without.manifest(text),
        })?;
        let lock = self.lockfile(&ready.cell);
        let text = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        ensure!(
            lockfile::reads(&ready.rustc, lockfile::format(&text)),
            "{} has format {}, which the cargo of cell {} cannot read: `cargo oldstable lock` writes one that it can \
                read",
            lock.display(),
            lockfile::format(&text),
            ready.cell.name,
        );
        self.cargo_with(ready, folder, arguments, &lock, &self.vendor(&ready.cell)?, &manifests)
    }

    /// Returns the files that a cell sees in place of cargo's configuration files for a folder, and the addresses of
    /// registries in the hidden ones.
    fn settings(&self, ready: &Ready, folder: &Path) -> Result<(Vec<(PathBuf, PathBuf)>, String)> {
        let (mut shown, mut registries) = (Vec::new(), BTreeSet::new());
        let in_root = matches!(ready.compiler, Compiler::Root { .. });
        let of_user = settings::of_user();
        for path in settings::files(folder).into_iter().chain(of_user.iter().cloned()) {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let understood = || format!("{} is not understood", path.display());
            if of_user.contains(&path) || in_root && !path.starts_with(self.project.repository()) {
                registries.insert(settings::registries(&text).with_context(understood)?);
                continue;
            }
            let edited = settings::for_cell(&text).with_context(understood)?;
            if edited != text {
                let name = digest([path.as_os_str().as_bytes()]);
                let file = self.target(&ready.cell).join("settings").join(format!("{name}.toml"));
                manifest::write(&file, &edited)?;
                shown.push((file, path));
            }
        }
        Ok((shown, registries.into_iter().collect()))
    }

    /// Does the same with another lock file, its dependencies, and other manifests.
    pub fn cargo_with(
        &self,
        ready: &Ready,
        folder: &Path,
        arguments: &[&str],
        lock: &Path,
        vendor: &Vendor,
        manifests: &[(PathBuf, PathBuf)],
    ) -> Result<Command> {
        let target = self.target(&ready.cell);
        let home = target.join("cargo-home");
        fs::create_dir_all(&home).with_context(|| format!("cannot write {}", target.display()))?;
        let (settings, registries) = self.settings(ready, folder)?;
        fs::write(home.join("config.toml"), format!("{}\n{registries}", vendor.config()?))?;
        // `target` may be a symbolic link to another disk.
        let real = target.canonicalize().with_context(|| format!("cannot read {}", target.display()))?;
        let own = self.project.workspace(&ready.cell).join("Cargo.lock");
        let mut shown: Vec<(&Path, &Path)> =
            [self.project.repository(), &real, vendor.folder()].iter().map(|folder| (*folder, *folder)).collect();
        shown.extend(ready.elsewhere.iter().map(|folder| (folder.as_path(), folder.as_path())));
        if lock != own {
            shown.push((lock, &own));
        }
        shown.extend(manifests.iter().chain(&settings).map(|(what, path)| (what.as_path(), path.as_path())));
        let mut env = self.passed_environment();
        env.extend(ready.cell.env.iter().map(|(name, value)| (name.into(), value.into())));
        env.extend([("CARGO_HOME".into(), home.clone().into()), ("CARGO_TARGET_DIR".into(), target.clone().into())]);
        if let Compiler::Root { root, .. } = &ready.compiler {
            env.extend(cross::environment(&ready.cell, root)?);
        }
        let mut command = ready.compiler.command("cargo", folder, &shown, &env);
        command.args(arguments).args(["--locked", "--offline"]);
        Ok(command)
    }
}

impl Ready {
    /// Returns whether the cell builds only a part of the workspace.
    fn passes_over(&self) -> bool {
        self.chosen.built.len() < self.packages.len()
    }

    /// Returns the advice about code that is too new for it.
    pub fn lowering(&self) -> String {
        let Ready { cell, rustc, .. } = self;
        format!("`cargo oldstable lower {rustc} --cell {}` rewrites a copy for it", cell.name)
    }

    /// Returns whether its cargo is older than the inheritance of members from their workspace.
    fn lacks_inheritance(&self) -> bool {
        self.rustc < Version::release_of(1, 64)
    }

    /// Returns the note shown if the cell's cargo sees manifests other than the project's own.
    pub fn written_out(&self) -> Option<String> {
        let inherits = |package: &&Package| {
            fs::read_to_string(&package.manifest_path).map_or(false, |text| inheritance::is_used(&text))
        };
        let mut inheriting = self.chosen.built.iter().filter(inherits).map(|package| &*package.name).peekable();
        (self.lacks_inheritance() && inheriting.peek().is_some()).then(|| {
            format!(
                "its cargo does not support inheritance from a workspace: it reads the manifests of {} with the \
                    inherited values written out, as they are published",
                inheriting.collect::<Vec<_>>().join(", ")
            )
        })
    }
}

/// A feature in some sets that no package has.
fn unknown_feature<'a>(sets: &'a [String], packages: &[Package]) -> Option<&'a str> {
    let mut all = sets.iter().flat_map(|set| set.split(',')).map(str::trim).filter(|feature| !feature.is_empty());
    all.find(|feature| !packages.iter().any(|package| package.features.contains_key(*feature)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::config::Config;

    /// Returns a crate in `small`, a cache beside it, and a cell whose compiler is the one on PATH.
    fn bench(folder: &Path) -> Workbench {
        let root = folder.join("small");
        manifest::write(&root.join("Cargo.toml"), "[package]\nname = \"small\"\nversion = \"0.1.0\"\n").unwrap();
        manifest::write(&root.join("src/lib.rs"), "").unwrap();
        let config = Config::parse("floor = \"1.48.0\"\n[[cell]]\nname = \"own\"\npath = true\n").unwrap();
        Workbench {
            project: Project { root, config },
            cache: Cache::below(folder).unwrap(),
            mirror: None,
            selection: Selection::default(),
        }
    }

    #[test]
    fn only_what_says_so_writes_a_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let bench = bench(folder.path());
        let cell = &bench.project.config.cells[0];
        let lock = bench.project.root.join("Cargo.lock");
        assert_eq!(bench.make_ready(cell).unwrap().packages.len(), 1);
        assert!(!lock.exists());
        bench.make_ready_and_write_lock(cell).unwrap();
        assert!(lock.is_file());
    }

    #[test]
    fn a_cells_own_lock_file_comes_before_the_workspaces() {
        let folder = tempfile::tempdir().unwrap();
        let bench = bench(folder.path());
        let cell = &bench.project.config.cells[0];
        assert_eq!(bench.lockfile(cell), bench.project.root.join("Cargo.lock"));
        let own = lockfile::file(&bench.project.root, "own");
        manifest::write(&own, "# left out: criterion: why\nversion = 3\n").unwrap();
        assert_eq!(bench.lockfile(cell), own);
        assert!(bench.remarks(cell).unwrap().left.contains("criterion"));
    }

    #[test]
    fn manifests_are_edited_beside_the_project_and_not_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let bench = bench(folder.path());
        let ready = bench.make_ready(&bench.project.config.cells[0]).unwrap();
        let shown = bench.manifests(&ready, &|text| Ok(text.replace("0.1.0", "0.2.0"))).unwrap();
        let (what, place) = &shown[0];
        assert!(fs::read_to_string(what).unwrap().contains("0.2.0"));
        assert!(fs::read_to_string(place).unwrap().contains("0.1.0"));
    }
}
