//! Debian packages of the project: built, checked, installed and tried in the suite of a cell.
//!
//! Each source package is a crate as `cargo package` makes it, with a folder of the project as its `debian/`.
//! It is built in a copy of a clean root file system without a network, from the suite's own packages and
//! from those that were built before it. What comes out is installed in a copy of the cell's own root, which
//! has none of the build's packages, and the line of its README.Debian that starts QEMU is run there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{ensure, Context, Result};
use sha2::{Digest, Sha256};

use crate::cell::rootfs::RootFs;
use crate::cell::sandbox::Inside;
use crate::cell::workbench::Workbench;
use crate::host::cache::remove_tree;
use crate::host::log::{self, append};
use crate::host::process;
use crate::matrix::steps::CellRun;
use crate::project::config::{Cell, Debs, Source};
use crate::project::workspace::{cargo, Package};
use crate::qemu::uboot;
use crate::report::model::{Outcome, Row, Step};

/// What a copy of a root and a build in it take.
const ROOM: u64 = 5_000_000_000;

/// A crate as `cargo package` has made it.
struct Crate {
    name: String,
    version: String,
    file: PathBuf,
}

/// Builds and tries the packages, in the cells that msrv.toml names for it.
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
    let root = bench.roots().ensure(&builder(debs, cell))?;
    let depends = || Ok(format!("{debs:?} {} {}", run.sources()?, root.identity()?));
    let are_there = || built(&out).map_or(false, |packages| !packages.is_empty());
    Ok(run.once_for("packages", depends, are_there, |log| {
        in_suite(bench, debs, cell, &root, &out, log).unwrap_or_else(|error| Outcome::failed(format!("{error:#}")))
    }))
}

/// Where the packages of a cell's suite are built.
pub fn folder(bench: &Workbench, cell: &Cell) -> PathBuf {
    bench.project.target().join("debs").join(&cell.name)
}

/// Packages every crate of the workspace, as for publishing.
fn package(bench: &Workbench, out: &Path, log: &Path) -> Result<Vec<Crate>> {
    let mut command = cargo();
    command.args(["package", "--workspace", "--no-verify", "--allow-dirty", "--locked", "--target-dir"]).arg(out);
    let status = process::run(command.current_dir(&bench.project.root), log)
        .context("install Rust from rustup or from Debian")?;
    ensure!(status.success(), "cargo cannot package the workspace: it needs cargo 1.90 or later for that");
    let file = |package: &Package| format!("package/{}-{}.crate", package.name, package.version);
    let packages = bench.project.packages()?;
    Ok(packages.into_iter().map(|p| Crate { file: out.join(file(&p)), name: p.name, version: p.version }).collect())
}

fn in_suite(bench: &Workbench, debs: &Debs, cell: &Cell, builder: &RootFs, out: &Path, log: &Path) -> Result<Outcome> {
    bench.cache.need_room(ROOM, &format!("building packages for {}", cell.name))?;
    remove_tree(out)?;
    fs::create_dir_all(out).with_context(|| format!("cannot write {}", out.display()))?;
    let crates = package(bench, out, log)?;
    let root = ScratchRoot::of(builder, out)?;
    for source in &debs.sources {
        build(bench, &root, source, &crates, out, log).with_context(|| format!("{} was not built", source.package))?;
    }
    drop(root);
    let tried = try_out(bench, cell, &built(out)?, out, log)?;
    let mut outcome = Outcome::passed();
    outcome.counts.passed = debs.sources.len() as u64 + tried;
    Ok(outcome)
}

/// The cell whose root has what a build needs besides the compiler, and no QEMU.
fn builder(debs: &Debs, cell: &Cell) -> Cell {
    let mut builder = cell.clone();
    builder.name = format!("{}-debs", cell.name);
    builder.packages.extend(debs.packages.iter().cloned());
    builder.qemu = None;
    builder
}

/// A copy of a root that packages may be installed in, removed when it is dropped.
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

    /// Runs a shell's line in a folder, without a network, its output in a log.
    fn sh(&self, folder: &Path, line: &str, log: &Path) -> Result<()> {
        let mut command = Inside::new(&self.path).show(folder).command(folder, "unshare");
        command.args(["--net", "sh", "-c", line]);
        let status = process::run(&mut command, log)?;
        ensure!(status.success(), "`{line}`: {}", log::first_error_in(log));
        Ok(())
    }
}

impl Drop for ScratchRoot {
    fn drop(&mut self) {
        // The next build begins by removing what is left.
        let _ = remove_tree(&self.path);
    }
}

/// Builds one source package, holds it against Debian's policy, and installs what later ones build with.
fn build(
    bench: &Workbench,
    root: &ScratchRoot,
    source: &Source,
    crates: &[Crate],
    out: &Path,
    log: &Path,
) -> Result<()> {
    let known = crates.iter().find(|c| c.name == source.package);
    let Crate { name, version, file } =
        known.with_context(|| format!("the workspace has no crate {}: correct [debs] in msrv.toml", source.package))?;
    let archive = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    fs::write(out.join(format!("rust-{name}_{version}.orig.tar.gz")), &archive)?;
    let tar = Command::new("tar").args(["--extract", "--gzip", "--file"]).arg(file).arg("-C").arg(out).status()?;
    ensure!(tar.success(), "{} could not be unpacked", file.display());
    let tree = out.join(format!("{name}-{version}"));
    let debian = bench.project.root.join(&source.debian);
    let status = Command::new("cp").arg("--recursive").arg(&debian).arg(tree.join("debian")).status()?;
    ensure!(status.success(), "{} could not be copied", debian.display());
    let sum: String = Sha256::digest(&archive).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(tree.join("debian/cargo-checksum.json"), format!("{{\"package\":\"{sum}\",\"files\":{{}}}}"))?;

    root.sh(out, &format!("cd {name}-{version} && dpkg-buildpackage --no-sign"), log)?;
    root.sh(out, &format!("lintian --allow-root --fail-on error rust-{name}_*.changes"), log)?;
    root.sh(out, &format!("dpkg --install librust-{name}-dev_*.deb"), log)
}

/// The binary packages, but for those with symbols for a debugger.
pub fn built(out: &Path) -> Result<Vec<PathBuf>> {
    let mut packages: Vec<PathBuf> = fs::read_dir(out)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().map_or(false, |e| e == "deb"))
        .filter(|path| !path.to_string_lossy().contains("-dbgsym_"))
        .collect();
    packages.sort();
    Ok(packages)
}

/// Installs the packages that are no sources in the cell's own root, and does what their README says. Gives how many
/// there were.
fn try_out(bench: &Workbench, cell: &Cell, packages: &[PathBuf], out: &Path, log: &Path) -> Result<u64> {
    let own = bench.roots().ensure(cell)?;
    let root = ScratchRoot::of(&own, out)?;
    let programs = packages.iter().filter_map(|path| path.file_name()?.to_str()).filter(|n| !n.starts_with("librust-"));
    let mut tried = 0;
    for package in programs {
        // The root leaves documentation out, and what is tried here stands in it.
        root.sh(out, &format!("dpkg --path-include='/usr/share/doc/*' --install {package}"), log)?;
        let name = package.split('_').next().unwrap_or(package);
        let readme = root.path.join(format!("usr/share/doc/{name}/README.Debian"));
        let text = fs::read_to_string(&readme).with_context(|| format!("{package} has no README.Debian"))?;
        let line = start_of_qemu(&text)
            .with_context(|| format!("the README.Debian of {package} does not say how to start QEMU"))?;
        let mut command = Inside::new(&root.path).command(Path::new("/"), "sh");
        let answer = uboot::version(command.args(["-c", line]))?;
        append(log, &format!("\n{line}\n{answer}\n"))?;
        tried += 1;
    }
    Ok(tried)
}

/// The line of a README.Debian that starts QEMU.
fn start_of_qemu(readme: &str) -> Option<&str> {
    readme.lines().map(str::trim).find(|line| line.contains("qemu-system-"))
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
        let debs = Debs { cells: Vec::new(), packages: vec!["lintian".to_string()], sources: Vec::new() };
        let cell = Cell {
            name: "a".to_string(),
            packages: vec!["rustc".to_string()],
            qemu: Some("5.2".parse().unwrap()),
            ..Cell::default()
        };
        let builder = builder(&debs, &cell);
        assert_eq!(
            (&*builder.name, builder.packages, builder.qemu),
            ("a-debs", ["rustc", "lintian"].map(str::to_string).into(), None)
        );
    }

    #[test]
    fn the_line_that_starts_qemu_is_found_in_a_readme() {
        let readme = "pl011 for Debian\n\nStart it:\n\n    qemu-system-aarch64 -M virt\n    qemu-system-arm\n";
        assert_eq!(start_of_qemu(readme), Some("qemu-system-aarch64 -M virt"));
        assert_eq!(start_of_qemu("Nothing.\n"), None);
    }
}
