// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable lower`: a copy of a package, rewritten for an older floor and proved on its compiler.

mod proofs;
mod rounds;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use clap::Args;
use serde::Deserialize;

use crate::cell::workbench::{Ready, Workbench};
use crate::host::process::on_path;
use crate::host::{output, temporary};
use crate::lower::dependencies::Dependencies;
use crate::lower::own_tests::Known;
use crate::lower::report::{self, Left};
use crate::lower::results::Tests;
use crate::lower::standard::Items;
use crate::lower::trial::{self, Cargo};
use crate::lower::{copy, minor, place, Package};
use crate::project::inheritance;
use crate::project::version::{self, Version};
use crate::project::workspace::cargo;
use crate::retire::table::ITEMS;

pub use self::proofs::{original, Newest, Proofs};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The compiler that it must build with, such as 1.63. It is checked with the rustup toolchain of that name.
    #[arg(value_name = "FLOOR")]
    pub floor: Version,
    /// A member of the workspace or a package of the registry, instead of the one in this folder.
    #[arg(long, value_name = "NAME[@VERSION]")]
    pub package: Option<String>,
    /// Check the result with this cell's compiler, instead of rustup's.
    #[arg(long, value_name = "NAME")]
    pub cell: Option<String>,
    /// The folder for the copy, instead of target/lowered/NAME.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Rewrite the package in place once the copy builds.
    #[arg(long)]
    pub apply: bool,
    /// Refuse if the meaning of any code may differ.
    #[arg(long)]
    pub strict: bool,
    /// Choose the lowest floor, from this one on, that has all needed features of the language.
    #[arg(long)]
    pub to_lowest: bool,
    /// Also lower its dependencies, into folders of the copy that its manifest patches in.
    #[arg(long)]
    pub with_dependencies: bool,
    /// Also run its own tests on the floor.
    #[arg(long)]
    pub test: bool,
    /// Use the oldstable-compat in this folder.
    #[arg(long, value_name = "FOLDER")]
    pub compat: Option<PathBuf>,
}

/// The floor that a package is lowered to, and the cargo that proves it.
pub struct Floor<'a> {
    pub minor: u32,
    /// The folder of oldstable-compat.
    pub compat: &'a Path,
    pub cargo: &'a Cargo<'a>,
    /// The folder of the builds.
    pub built: &'a Path,
    /// Whether its dependencies are lowered too.
    pub with_dependencies: bool,
}

/// The result for a package.
pub struct Lowered {
    pub name: String,
    pub version: String,
    pub folder: PathBuf,
    /// The manifest for the package's own folder.
    pub manifest: String,
    pub left: Vec<Left>,
    pub by_hand: Vec<String>,
    pub differing: Vec<String>,
    pub changes: usize,
    pub rewriting: Duration,
    /// The result of its own tests, if they were asked for and it builds.
    pub tests: Option<Tests>,
    /// The result on the newest compiler, if that was asked for and it builds.
    pub newest: Option<Newest>,
}

pub fn run(arguments: &Arguments, mirror: Option<String>) -> Result<i32> {
    if arguments.apply {
        ensure!(arguments.package.is_none(), "--apply is for the package in this folder");
        alone(&std::env::current_dir()?)?;
    }
    let folder = match &arguments.package {
        Some(package) => match member(package)? {
            Some(folder) => folder,
            None => from_registry(package)?,
        },
        None => {
            let folder = std::env::current_dir()?;
            if folder.join("Cargo.toml").exists() && place::finish(&folder)? {
                output::line("an earlier --apply was interrupted: it has been finished now");
            }
            folder
        }
    };
    let compat = compat(arguments.compat.as_deref())?;
    let mut minor = minor(&arguments.floor)?;
    let cell = match &arguments.cell {
        Some(name) => {
            let bench = Workbench::open(mirror)?;
            let ready = bench.make_ready(bench.project.config.cell(name)?)?;
            Some((bench.project.root, ready))
        }
        None => None,
    };
    loop {
        let out = match &arguments.out {
            Some(out) => out.clone(),
            None => default_out(&folder)?,
        };
        if let Some((_, ready)) = &cell {
            ensure!(
                Version::release_of(1, minor).covers(&ready.rustc),
                "cell {} has rustc {}, which does not show what builds on 1.{minor}: give that as the floor, or name \
                 another cell",
                ready.cell.name,
                ready.rustc
            );
        }
        let toolchain = if cell.is_none() { toolchain(minor)? } else { String::new() };
        let cargo = |folder: &Path, target: &Path| match &cell {
            Some((root, ready)) => Ok(in_cell(ready, root, folder, target)),
            None => Ok(trial::rustup(&toolchain, folder, target)),
        };
        let built = temporary::folder()?;
        let floor = Floor {
            minor,
            compat: &compat,
            cargo: &cargo,
            built: built.path(),
            with_dependencies: arguments.with_dependencies,
        };
        let proofs = Proofs { strict: arguments.strict, test: arguments.test, newest: false };
        let lowered = lower(&folder, &out, &floor, proofs)?;
        let needed = lowered.left.iter().filter_map(|left| left.language).map(|(_, since)| since).max();
        match needed {
            Some(since) if arguments.to_lowest && since > minor => {
                output::line(format_args!("1.{minor} lacks a feature that is needed: trying 1.{since}"));
                minor = since;
            }
            _ => return show(&lowered, &folder, arguments, needed),
        }
    }
}

/// Returns the cargo of a cell, which sees the project, the copy and the builds.
fn in_cell(ready: &Ready, root: &Path, folder: &Path, target: &Path) -> Command {
    let (scratch, built) = (folder.parent().unwrap_or(folder), target.parent().unwrap_or(target));
    // A member's dependencies may be anywhere in the project.
    let shown = [(root, root), (scratch, scratch), (built, built)];
    let home = built.join("cargo-home");
    let env = [
        ("CARGO_TARGET_DIR".into(), target.into()),
        ("CARGO_HOME".into(), home.into()),
        ("RUSTFLAGS".into(), "--cap-lints=warn".into()),
    ];
    ready.compiler.command("cargo", folder, &shown, &env)
}

fn show(lowered: &Lowered, folder: &Path, arguments: &Arguments, needed: Option<u32>) -> Result<i32> {
    for left in &lowered.left {
        let language =
            left.language.map_or_else(String::new, |(what, since)| format!(" ({what}: from Rust 1.{since} on)"));
        output::line(format_args!("{}: {}{language}", left.place, left.message));
    }
    lowered.by_hand.iter().for_each(output::line);
    lowered.differing.iter().for_each(output::line);
    output::line(format_args!(
        "{} {}: {} places rewritten in {} ms, the meaning of {} may differ, {} left; {}",
        lowered.name,
        lowered.version,
        lowered.changes,
        lowered.rewriting.as_millis(),
        lowered.differing.len(),
        lowered.left.len(),
        lowered.folder.join(copy::PAGE).display()
    ));
    if let Some(tests) = &lowered.tests {
        output::line(format_args!("its tests: {tests}"));
    }
    if !lowered.left.is_empty() {
        if let Some(since) = needed {
            output::line(format_args!(
                "1.{since} is the lowest floor with the missing features: --to-lowest chooses it"
            ));
        }
        return Ok(1);
    }
    if arguments.apply {
        place::apply(&lowered.folder, folder, &lowered.manifest)?;
    }
    Ok(0)
}

/// Makes the copy, rewrites it, and has the floor's compiler check it until nothing changes.
pub fn lower(folder: &Path, out: &Path, floor: &Floor, proofs: Proofs) -> Result<Lowered> {
    let start = Instant::now();
    let manifest = folder.join("Cargo.toml");
    let text = inheritance::manifest(folder)?;
    let all = copy::files(folder)?;
    let sources = copy::sources(folder, &all)?;
    let mut package = Package::new(&text, sources, items(floor.compat)?, floor.minor)
        .map_err(|why| anyhow::anyhow!("{} is not understood: {why}", manifest.display()))?;
    package.pages = copy::pages(folder, &all)?;
    package.lower();
    let rewriting = start.elapsed();
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The compilers name files by their whole paths.
    let parent = fs::create_dir_all(parent).and_then(|()| fs::canonicalize(parent));
    let parent = parent.with_context(|| format!("cannot write {}", out.display()))?;
    let scratch = temporary::folder_in(&parent, copy::STAGED)?;
    let made = scratch.path().join("copy");
    copy::rest(folder, &made, &all, &package)?;
    let known = Known::default();
    let mut dependencies = match floor.with_dependencies {
        true => Dependencies::of_folders(&mut package, folder, &made)?,
        false => Dependencies::default(),
    };
    let errors = rounds::settle(&mut package, &mut dependencies, &made, scratch.path(), floor)?;
    let mut newer = None;
    if errors.is_empty() {
        if proofs.test || proofs.newest {
            proofs::settle_tests(&mut package, &made, scratch.path(), floor, &known)?;
        }
        newer = rounds::compare(&mut package, &mut dependencies, &made, scratch.path(), floor, proofs.newest)?;
    }
    let left = report::left(&package, &errors);
    let differing = report::differing(&package);
    if proofs.strict && !differing.is_empty() {
        bail!("its meaning may differ, and --strict was given:\n{}", differing.join("\n"));
    }
    let tests = match proofs.test && left.is_empty() {
        true => Some(proofs::tests(&package, &made, scratch.path(), floor, &known)?),
        false => None,
    };
    let newest = match proofs.newest && left.is_empty() {
        true => Some(proofs::newest(&package, &made, scratch.path(), floor, newer)?),
        false => None,
    };
    let own = package.own_manifest(&fs::read_to_string(&manifest)?).map_err(anyhow::Error::msg)?;
    let in_place = scratch.path().join("Cargo.toml");
    copy::write(&in_place, &own)?;
    let patched = copy::patch(folder, &made, &package, &in_place)?;
    copy::page(&package, &left, tests.as_ref(), patched, &made)?;
    copy::place(&made, out)?;
    Ok(Lowered {
        name: package.manifest.name.clone(),
        version: package.manifest.version.clone(),
        folder: out.to_path_buf(),
        manifest: own,
        left,
        by_hand: report::by_hand(&package),
        differing,
        changes: package.changes.iter().filter(|(_, change)| change.by_hand.is_none()).count(),
        rewriting,
        tests,
        newest,
    })
}

/// Returns compat's items, from its list.
fn items(compat: &Path) -> Result<Items> {
    let list = compat.join(ITEMS);
    let text = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    Items::parse(&text)
}

/// The folder of oldstable-compat beside which this program was built. Who packages it names another one, since the
/// build's folder would be in the program.
const BESIDE: &str = match option_env!("OLDSTABLE_COMPAT") {
    Some(folder) => folder,
    None => concat!(env!("CARGO_MANIFEST_DIR"), "/../compat"),
};

/// Returns the folder of oldstable-compat: the given one, the one beside which this program was built, or the
/// registry's.
pub fn compat(given: Option<&Path>) -> Result<PathBuf> {
    match given {
        Some(folder) => Ok(folder.to_path_buf()),
        None if Path::new(BESIDE).join("gates.rs").is_file() => Ok(BESIDE.into()),
        None => from_registry("oldstable-compat"),
    }
}

fn default_out(folder: &Path) -> Result<PathBuf> {
    let name = folder.file_name().context("this folder has no name")?;
    Ok(std::env::current_dir()?.join("target/lowered").join(name))
}

/// Returns the rustup toolchain of a release: the one with its name, or an installed one of a point release, such as
/// 1.63.0.
pub fn toolchain(minor: u32) -> Result<String> {
    let name = format!("1.{minor}");
    ensure!(
        on_path("rustup").is_some(),
        "rustup is not installed, which has Rust {name}: install it (Debian's package replaces Debian's cargo), or have \
         `lower` use the compiler of a cell, by --cell"
    );
    let rustup = |arguments: &[&str]| Command::new("rustup").args(arguments).env_remove("RUSTUP_TOOLCHAIN").output();
    let starts = |name: &str| rustup(&["run", name, "rustc", "-V"]).map_or(false, |output| output.status.success());
    if starts(&name) {
        return Ok(name);
    }
    let listed = rustup(&["toolchain", "list"]).map_or_else(|_| Vec::new(), |output| output.stdout);
    let listed = String::from_utf8_lossy(&listed);
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    let mut found: Vec<&str> = names.filter(|found| found.starts_with(&format!("{name}."))).collect();
    found.sort_by_key(|found| version::numbers(found));
    found.into_iter().rev().find(|found| starts(found)).map(String::from).with_context(|| {
        format!("there is no toolchain {name}: `rustup toolchain install {name} --profile minimal` installs it")
    })
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Found>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Found {
    name: String,
    manifest_path: PathBuf,
}

/// Refuses to rewrite a member in place, since the floor's cargo reads the manifests of the whole workspace.
fn alone(folder: &Path) -> Result<()> {
    let metadata = match workspace()? {
        Some(metadata) => metadata,
        None => return Ok(()),
    };
    ensure!(
        metadata.packages.len() < 2 && metadata.workspace_root.canonicalize()? == folder.canonicalize()?,
        "--apply needs a package with its own workspace, and this one is in the workspace of {}: the older cargo would \
            have to read all of it. Without --apply you get a copy with its own workspace",
        metadata.workspace_root.display()
    );
    Ok(())
}

/// Returns cargo's metadata of this folder's workspace, if cargo can read it.
fn workspace() -> Result<Option<Metadata>> {
    let output =
        cargo().args(["metadata", "--no-deps", "--format-version=1"]).output().context("cannot start cargo")?;
    if !output.status.success() {
        return Ok(None);
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata is not understood").map(Some)
}

/// Returns the folder of a member of this folder's workspace.
fn member(name: &str) -> Result<Option<PathBuf>> {
    let packages = workspace()?.map_or_else(Vec::new, |metadata| metadata.packages);
    let found = packages.into_iter().find(|found| found.name == name);
    Ok(found.and_then(|found| found.manifest_path.parent().map(Path::to_path_buf)))
}

/// Returns the sources of a package of the registry, fetched if necessary.
pub fn from_registry(package: &str) -> Result<PathBuf> {
    let (name, version) = match package.split_once('@') {
        Some((name, version)) => (name, format!("={version}")),
        None => (package, "*".to_string()),
    };
    let folder = temporary::folder()?;
    let manifest = format!(
        "[package]\nname = \"wants-{name}\"\nversion = \"0.0.0\"\nedition = \"2018\"\n[workspace]\n[dependencies]\n\
         wanted = {{ package = \"{name}\", version = \"{version}\", default-features = false }}\n"
    );
    copy::write(&folder.path().join("Cargo.toml"), &manifest)?;
    copy::write(&folder.path().join("src/lib.rs"), "")?;
    let metadata = |offline: &[&str]| {
        let command =
            cargo().args(["metadata", "--format-version=1"]).args(offline).current_dir(folder.path()).output();
        command.context("cannot start cargo")
    };
    let mut output = metadata(&["--offline"])?;
    if !output.status.success() || version == "*" {
        output = metadata(&[])?;
    }
    ensure!(output.status.success(), "{package} cannot be fetched: {}", trial::first_error(&output));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata is not understood")?;
    let found = metadata.packages.into_iter().find(|found| found.name == name);
    let manifest = found.with_context(|| format!("the registry has no {package}"))?.manifest_path;
    Ok(manifest.parent().unwrap_or(&manifest).to_path_buf())
}
