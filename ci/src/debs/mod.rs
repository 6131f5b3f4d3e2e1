// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Debian packages of the project: built, checked, installed and tried in the suite of a cell.
//!
//! Each source package is a crate as `cargo package` makes it, with a folder of the project as its `debian/`.
//! It is built in a copy of a clean root file system without a network, from the suite's own packages and
//! from those that were built before it. What comes out is installed in a copy of the cell's own root, which
//! has none of the build's packages. If that has a QEMU, the line of the README.Debian that starts it is run there.

mod lintian;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, ensure, Context, Result};

use crate::cell::rootfs::RootFs;
use crate::cell::sandbox::Inside;
use crate::cell::workbench::Workbench;
use crate::host::cache::remove_tree;
use crate::host::disk;
use crate::host::log::{self, append};
use crate::host::process;
use crate::matrix::steps::CellRun;
use crate::project::config::Cell;
use crate::project::packaging::{self, Debs, Source};
use crate::project::workspace::{cargo, Package};
use crate::qemu::uboot;
use crate::report::model::{Outcome, Row, Step};
use crate::resolve::debian::package_of;

/// The disk space that a build takes beside its root. Those of our own packages take up to 410 MB.
const BUILD: u64 = 1_000_000_000;

/// A crate as `cargo package` has made it.
struct Crate {
    name: String,
    version: String,
    file: PathBuf,
}

/// Builds and tests the packages in the cells that msrv.toml names for it.
pub fn all(run: &CellRun, row: &mut Row) {
    let bench = run.run.bench;
    let cell = &run.ready.cell;
    match &bench.project.config.debs {
        Some(debs) if run.wants(Step::Packages) && debs.cells.contains(&cell.name) => {
            run.step(row, Step::Packages, || {
                packages(run, debs).unwrap_or_else(|error| Outcome::failed(format!("{error:#}")))
            })
        }
        _ => {}
    }
}

fn packages(run: &CellRun, debs: &Debs) -> Result<Outcome> {
    let bench = run.run.bench;
    let cell = &run.ready.cell;
    let out = folder(bench, cell);
    let root = bench.roots().ensure(&builder(debs, &bench.project.root, cell)?)?;
    let depends = || Ok(format!("{debs:?} {} {}", run.sources()?, root.identity()?));
    let are_there = || built(&out).map_or(false, |packages| !packages.is_empty());
    Ok(run.once_for("packages", depends, are_there, |log| {
        let work = Work { bench, debs, cell, out: &out, log };
        work.all(&root).unwrap_or_else(|error| Outcome::failed(format!("{error:#}")))
    }))
}

/// Returns the folder where the packages of a cell's suite are built.
pub fn folder(bench: &Workbench, cell: &Cell) -> PathBuf {
    bench.project.target().join("debs").join(&cell.name)
}

/// Packages every crate of a cell's workspace, as for publishing.
fn package(bench: &Workbench, cell: &Cell, out: &Path, log: &Path) -> Result<Vec<Crate>> {
    let workspace = bench.project.workspace(cell);
    let mut command = cargo();
    command.args(["package", "--workspace", "--no-verify", "--allow-dirty", "--locked", "--target-dir"]).arg(out);
    let status =
        process::run(command.current_dir(&workspace), log).context("install Rust from rustup or from Debian")?;
    ensure!(status.success(), "cargo cannot package the workspace: it needs cargo 1.90 or later for that");
    let file = |package: &Package| format!("package/{}-{}.crate", package.name, package.version);
    let packages = bench.project.packages_in(&workspace)?;
    Ok(packages.into_iter().map(|p| Crate { file: out.join(file(&p)), name: p.name, version: p.version }).collect())
}

/// The packages of one suite.
struct Work<'a> {
    bench: &'a Workbench,
    debs: &'a Debs,
    cell: &'a Cell,
    /// The folder where they are built.
    out: &'a Path,
    log: &'a Path,
}

impl Work<'_> {
    fn all(&self, builder: &RootFs) -> Result<Outcome> {
        let Work { bench, debs, cell, out, log } = *self;
        let own = bench.roots().ensure(cell)?;
        remove_tree(out)?;
        fs::create_dir_all(out).with_context(|| format!("cannot write {}", out.display()))?;
        // They are copied one after the other.
        let root = disk::taken_by(&builder.path())?.max(disk::taken_by(&own.path())?);
        disk::need_room(out, root + BUILD, &format!("building packages for {}", cell.name), "CARGO_TARGET_DIR")?;
        let crates = package(bench, cell, out, log)?;
        let root = ScratchRoot::of(builder, out)?;
        for source in debs.of(cell) {
            self.build(&root, source, &crates).with_context(|| format!("{} was not built", source.package))?;
        }
        drop(root);
        let tried = self.try_out(&own, &built(out)?)?;
        let mut outcome = Outcome::passed();
        outcome.counts.passed = debs.of(cell).count() as u64 + tried;
        Ok(outcome)
    }

    /// Builds one source package, checks it against Debian's policy, and installs the packages that later builds need.
    fn build(&self, root: &ScratchRoot, source: &Source, crates: &[Crate]) -> Result<()> {
        let Work { bench, cell, out, log, .. } = *self;
        let known = crates.iter().find(|c| c.name == source.package);
        let Crate { name, version, file } = known
            .with_context(|| format!("the workspace has no crate {}: correct [debs] in msrv.toml", source.package))?;
        let archive = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let tar = Command::new("tar").args(["--extract", "--gzip", "--file"]).arg(file).arg("-C").arg(out).status()?;
        ensure!(tar.success(), "{} could not be unpacked", file.display());
        let tree = out.join(format!("{name}-{version}"));
        let debian = bench.project.root.join(&source.debian);
        let status = Command::new("cp").arg("--recursive").arg(&debian).arg(tree.join("debian")).status()?;
        ensure!(status.success(), "{} could not be copied", debian.display());
        let changelog = tree.join("debian/changelog");
        let entries = fs::read_to_string(&changelog).with_context(|| format!("cannot read {}", changelog.display()))?;
        let source_name = entries.split(' ').next().unwrap_or_default();
        fs::write(out.join(format!("{source_name}_{version}.orig.tar.gz")), &archive)?;
        let release = fs::read_to_string(root.path.join("etc/debian_version")).context("the root has no release")?;
        fs::write(&changelog, for_suite(&entries, &release, cell.suite.as_deref().unwrap_or_default())?)?;

        // The packages need no build results, which take half as much disk as a root.
        root.sh(out, &format!("cd {name}-{version} && dpkg-buildpackage --no-sign --post-clean"), log)?;
        self.hold_against_policy(root, source_name)?;
        let library = package_of(name);
        match built(out)?.iter().any(|path| name_of(file_name(path)) == library) {
            true => root.sh(out, &format!("dpkg --install {library}_*.deb"), log),
            false => Ok(()),
        }
    }

    /// Runs lintian on a source package: each tag must be fixed, or explained in a file.
    fn hold_against_policy(&self, root: &ScratchRoot, source: &str) -> Result<()> {
        let Work { bench, debs, out, log, .. } = *self;
        let file = out.join(format!("{source}.lintian"));
        let ended = root.sh(out, &format!("{} {source}_*.changes >{}", lintian::COMMAND, file.display()), log);
        let remarks = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        append(log, &remarks)?;
        if let Some(objection) = lintian::first_objection(&remarks) {
            bail!("lintian: {objection}");
        }
        ended?;
        if let Some(answers) = &debs.answers {
            let path = bench.project.root.join(answers);
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let open = lintian::unanswered(&remarks, &text).join(", ");
            ensure!(open.is_empty(), "lintian reports {open}: fix it, or answer it in {}", path.display());
        }
        Ok(())
    }

    /// Installs the binary packages in the cell's own root, follows their README if they are for QEMU, runs the tests of
    /// the source packages, and removes the packages again. Returns how many things were tried.
    fn try_out(&self, own: &RootFs, packages: &[PathBuf]) -> Result<u64> {
        let Work { cell, out, log, .. } = *self;
        let root = ScratchRoot::of(own, out)?;
        let names = packages.iter().map(|path| file_name(path));
        let programs: Vec<&str> = names.filter(|name| !name.starts_with("librust-")).collect();
        let mut tried = 0;
        for package in &programs {
            root.sh(out, &upgrade(package), log)?;
            let name = name_of(package);
            if cell.qemu.is_none() {
                continue;
            }
            let readme = root.path.join(format!("usr/share/doc/{name}/README.Debian"));
            let text = fs::read_to_string(&readme).with_context(|| format!("{package} has no README.Debian"))?;
            let line = start_of_qemu(&text)
                .with_context(|| format!("the README.Debian of {package} does not say how to start QEMU"))?;
            let mut command = Inside::new(&root.path).command(Path::new("/"), "sh");
            let answer = uboot::version(command.args(["-c", line]))?;
            append(log, &format!("\n{line}\n{answer}\n"))?;
            tried += 1;
        }
        for script in scripts(out)? {
            root.sh(out, &format!("sh {}", script.display()), log)?;
            tried += 1;
        }
        for package in &programs {
            root.sh(out, &removal(name_of(package)), log)?;
            tried += 1;
        }
        Ok(tried)
    }
}

/// Returns a cell whose root has the build dependencies besides the compiler, and no QEMU.
fn builder(debs: &Debs, project: &Path, cell: &Cell) -> Result<Cell> {
    let mut builder = cell.clone();
    builder.name = format!("{}-debs", cell.name);
    builder.qemu = None;
    let mut needed = debs.packages.clone();
    for source in debs.of(cell) {
        let control = project.join(&source.debian).join("control");
        let text = fs::read_to_string(&control).with_context(|| format!("cannot read {}", control.display()))?;
        needed.extend(packaging::build_dependencies(&text));
    }
    // What one source makes for another is in no archive.
    let is_ours = |name: &str| debs.of(cell).any(|source| is_library_of(name, &source.package));
    for name in needed.into_iter().filter(|name| !is_ours(name)) {
        if !builder.packages.contains(&name) {
            builder.packages.push(name);
        }
    }
    Ok(builder)
}

/// Returns whether a package is the library of a crate: librust-a-dev, librust-a+b-dev or librust-a-1+b-dev.
fn is_library_of(package: &str, name: &str) -> bool {
    let rest = package.strip_prefix("librust-").and_then(|rest| rest.strip_prefix(name));
    rest.map_or(false, |rest| {
        rest == "-dev" || rest.starts_with('+') || rest.trim_start_matches('-').starts_with(char::is_numeric)
    })
}

/// A copy of a root in which packages may be installed; it is removed on drop.
struct ScratchRoot {
    path: PathBuf,
}

impl ScratchRoot {
    fn of(original: &RootFs, out: &Path) -> Result<ScratchRoot> {
        let path = out.join("root");
        remove_tree(&path)?;
        let status =
            Command::new("cp").args(["--archive", "--reflink=auto"]).arg(original.path()).arg(&path).status()?;
        let copy = ScratchRoot { path };
        ensure!(
            status.success(),
            "the root file system {} could not be copied: make room on the disk",
            original.path().display()
        );
        Ok(copy)
    }

    /// Runs a shell command in a folder, without a network, and logs its output.
    fn sh(&self, folder: &Path, line: &str, log: &Path) -> Result<()> {
        let mut command = Inside::new(&self.path).installing().show(folder).command(folder, "sh");
        command.args(["-c", line]);
        let status = process::run(&mut command, log)?;
        ensure!(status.success(), "`{line}`: {}", log::first_error_in(log));
        Ok(())
    }
}

impl Drop for ScratchRoot {
    fn drop(&mut self) {
        // The next build first removes leftovers.
        let _ = remove_tree(&self.path);
    }
}

/// Returns the changelog with the version and name of a stable suite in its first line: such a version sorts before
/// that of the same package in a newer suite. A root of testing or unstable names no release and keeps the changelog as
/// it is.
fn for_suite(changelog: &str, debian_version: &str, suite: &str) -> Result<String> {
    let release = match debian_version.split('.').next().map(str::trim).map(str::parse::<u32>) {
        Some(Ok(release)) => release,
        _ => return Ok(changelog.into()),
    };
    let parts = || {
        let (version, rest) = changelog.split_once(')')?;
        let (_, rest) = rest.split_once(';')?;
        Some((version, rest))
    };
    let (version, rest) = parts().context("debian/changelog does not begin with an entry")?;
    Ok(format!("{version}~deb{release}u1) {suite};{rest}"))
}

/// Returns the binary packages, except those with debug symbols.
pub fn built(out: &Path) -> Result<Vec<PathBuf>> {
    let mut packages: Vec<PathBuf> = fs::read_dir(out)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().map_or(false, |e| e == "deb"))
        .filter(|path| !path.to_string_lossy().contains("-dbgsym_"))
        .collect();
    packages.sort();
    Ok(packages)
}

/// Returns a file's own name.
fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Returns the name of the package in a file.
fn name_of(package: &str) -> &str {
    package.split('_').next().unwrap_or(package)
}

/// Installs a package as an upgrade of one that differs only in its version. The root excludes documentation, which
/// this installation needs for the tests.
fn upgrade(package: &str) -> String {
    format!(
        "rm -rf older && dpkg-deb --raw-extract {package} older && \
         sed -i 's/^Version: .*/Version: 0~older/' older/DEBIAN/control && dpkg-deb -Znone --build older older.ar && \
         dpkg --install older.ar && dpkg --path-include='/usr/share/doc/*' --install {package} && rm -rf older older.ar"
    )
}

/// Removes and then purges a package. Files that remain must belong to other packages too.
fn removal(name: &str) -> String {
    format!(
        "paths=$(dpkg --listfiles {name} | grep -vx /.) && dpkg --remove {name} && dpkg --purge {name} && \
         for path in $paths; do \
             [ ! -e $path ] || dpkg --search $path >/dev/null || {{ echo \"error: $path is left\"; exit 1; }}; \
         done"
    )
}

/// Returns the line of a README.Debian that starts QEMU.
fn start_of_qemu(readme: &str) -> Option<&str> {
    readme.lines().map(str::trim).find(|line| line.contains("qemu-system-"))
}

/// Returns the test scripts of the source packages that were built: autopkgtest's `Tests`.
fn scripts(out: &Path) -> Result<Vec<PathBuf>> {
    let mut scripts = Vec::new();
    for source in fs::read_dir(out)?.filter_map(|entry| entry.ok()) {
        let tests = match fs::read_dir(source.path().join("debian/tests")) {
            Ok(tests) => tests,
            Err(_) => continue,
        };
        let files = tests.filter_map(|entry| entry.ok()).map(|entry| entry.path());
        scripts.extend(files.filter(|path| path.is_file() && !path.ends_with("control")));
    }
    scripts.sort();
    Ok(scripts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_is_found_without_symbols_for_a_debugger() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b_1_amd64.deb", "a_1_all.deb", "a-dbgsym_1_amd64.deb", "a_1.dsc", "root"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let names: Vec<PathBuf> =
            ["a_1_all.deb", "b_1_amd64.deb"].iter().map(|name| folder.path().join(name)).collect();
        assert_eq!(built(folder.path()).unwrap(), names);
        assert!(built(&folder.path().join("none")).is_err());
    }

    #[test]
    fn packages_are_built_in_another_root_than_the_cells_own() {
        let project = tempfile::tempdir().unwrap();
        let source = |package: &str, workspace: Option<&str>, needs: &str| {
            fs::create_dir(project.path().join(package)).unwrap();
            let control = format!("Source: {package}\nBuild-Depends: rustc (>= 1.48), {needs}\n");
            fs::write(project.path().join(package).join("control"), control).unwrap();
            Source { package: package.into(), debian: package.into(), workspace: workspace.map(PathBuf::from) }
        };
        let sources = vec![
            source("a", None, "librust-b-dev"),
            source("c", None, "librust-a+std-dev, librust-a-b-dev"),
            source("d", Some("tool"), "librust-e-1+f-dev, librust-a-1+std-dev"),
        ];
        let debs = Debs { cells: Vec::new(), packages: vec!["lintian".to_string()], answers: None, sources };
        let cell = Cell {
            name: "a".to_string(),
            packages: vec!["rustc".to_string()],
            qemu: Some("5.2".parse().unwrap()),
            ..Cell::default()
        };
        let built = builder(&debs, project.path(), &cell).unwrap();
        assert_eq!((&*built.name, built.qemu), ("a-debs", None));
        assert_eq!(built.packages, ["rustc", "lintian", "librust-b-dev", "librust-a-b-dev"]);
        let of_tool = Cell { workspace: Some("tool".into()), ..cell };
        let built = builder(&debs, project.path(), &of_tool).unwrap();
        assert_eq!(built.packages, ["rustc", "lintian", "librust-e-1+f-dev", "librust-a-1+std-dev"]);
    }

    #[test]
    fn the_line_that_starts_qemu_is_found_in_a_readme() {
        let readme = "pl011 for Debian\n\nStart it:\n\n    qemu-system-aarch64 -M virt\n    qemu-system-arm\n";
        assert_eq!(start_of_qemu(readme), Some("qemu-system-aarch64 -M virt"));
        assert_eq!(start_of_qemu("Nothing.\n"), None);
    }

    const CHANGELOG: &str =
        "rust-a (0.1.0-1) unstable; urgency=medium\n\n  * First.\n\n -- A <a@b.c>  Sun, 22 Nov 2026 12:00:00 +0000\n";

    #[test]
    fn a_suite_has_a_lower_version_than_the_next() {
        let changelog = for_suite(CHANGELOG, "11.11\n", "bullseye").unwrap();
        assert_eq!(changelog.lines().next(), Some("rust-a (0.1.0-1~deb11u1) bullseye; urgency=medium"));
        assert_eq!(changelog.lines().skip(1).collect::<Vec<_>>(), CHANGELOG.lines().skip(1).collect::<Vec<_>>());
    }

    #[test]
    fn unstable_takes_the_changelog_as_it_is() {
        assert_eq!(for_suite(CHANGELOG, "forky/sid\n", "sid").unwrap(), CHANGELOG);
    }

    #[test]
    fn a_changelog_without_an_entry_is_an_error() {
        assert!(for_suite("", "11.11", "bullseye").unwrap_err().to_string().contains("does not begin with an entry"));
    }
}
