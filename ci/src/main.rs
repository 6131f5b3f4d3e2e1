//! `cargo oldstable`: builds and tests a crate on the compilers that Debian ships.
//!
//! The first group of modules serves any crate; `qemu` adds what cells with a QEMU need. A command opens a
//! [`cell::workbench::Workbench`], which makes cells ready; [`matrix`] runs the steps in all of them,
//! and a [`report`] shows what came out.

mod cell;
mod commands;
mod debs;
mod host;
mod matrix;
mod project;
mod qemu;
mod report;
mod resolve;
mod retire;

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{exit, ExitStatus};

use anyhow::{bail, Context, Result};
use clap::{CommandFactory, Parser};

use cell::compiler;
use cell::compiler::Compiler;
use cell::rootfs::RootFs;
use cell::workbench::Workbench;
use commands::cli::{Cli, Command, InProject, Run};
use commands::{find, init, man, sync};
use host::cache::remove_tree;
use host::{output, progress};
use matrix::run as matrix_run;
use matrix::run::Choice;
use project::config::Cell;
use project::lockfile;
use qemu::emulator::Plugin;
use report::export;
use report::model::{Report, Step};
use resolve::{debian, diagnosis, search};

fn main() {
    // cargo starts a subcommand with its own name as the first argument.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).map_or(false, |first| first == "oldstable") {
        arguments.remove(1);
    }
    match run(Cli::parse_from(arguments)) {
        Ok(status) => exit(status),
        Err(error) => {
            progress::note(&format!("error: {error:#}"));
            exit(2)
        }
    }
}

fn run(cli: Cli) -> Result<i32> {
    match cli.command {
        Command::Init => output::all(init::write(&std::env::current_dir()?)?),
        Command::InProject(command) => return in_project(&Workbench::open(cli.mirror)?, command),
        Command::Man => output::all(man::page(Cli::command())?),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "cargo-oldstable", &mut script);
            output::all(String::from_utf8(script)?);
        }
    }
    Ok(0)
}

fn in_project(bench: &Workbench, command: InProject) -> Result<i32> {
    let config = &bench.project.config;
    match command {
        InProject::Boot { cell, exec, stock } => boot(bench, &cell, exec.as_deref(), stock),
        InProject::Build { cell } => {
            let ready = bench.prepare(config.cell(&cell)?)?;
            output::line(bench.build_object(&ready)?.display());
            Ok(0)
        }
        InProject::Run(run) => start(bench, &run),
        InProject::Test { how } => {
            let cells = config.cells.iter().filter(|cell| cell.ci).collect();
            let host = matrix_run::host(bench, how.verbose);
            let mut report = matrix_run::run(bench, &Choice::new(cells, Vec::new(), true, &how))?;
            report.rows.insert(0, host);
            show(bench, &report)
        }
        InProject::Matrix { selection, steps, keep_going, how } => {
            let cells = config.select(&selection.cells)?;
            show(bench, &matrix_run::run(bench, &Choice::new(cells, steps, keep_going, &how))?)
        }
        InProject::Debs { selection, how } => {
            let debs = config.debs.as_ref().context("msrv.toml has no [debs]: say there what is packaged")?;
            let names = if selection.cells.is_empty() { &debs.cells } else { &selection.cells };
            let other = names.iter().find(|name| !debs.cells.contains(name));
            if let Some(other) = other {
                bail!("nothing is packaged in cell {other}: add it to the cells of [debs] in msrv.toml");
            }
            let cells = config.select(names)?;
            let report = matrix_run::run(bench, &Choice::new(cells.clone(), vec![Step::Packages], false, &how))?;
            let status = show(bench, &report)?;
            for cell in cells {
                let packages = debs::built(&debs::folder(bench, cell)).unwrap_or_default();
                packages.iter().for_each(|file| output::line(file.display()));
            }
            Ok(status)
        }
        InProject::Setup { selection, refresh, jobs } => setup(bench, &selection.cells, refresh, jobs.count()),
        InProject::List => {
            list(bench);
            Ok(0)
        }
        InProject::Lock { selection, packager, check } => lock_cells(bench, &selection.cells, packager, check),
        InProject::Vendor { selection } => vendor_cells(bench, &selection.cells),
        InProject::Retire { floor, apply } => retire::run(&bench.project, &floor, apply),
        InProject::Find { jobs } => find::run(bench, jobs.count()),
        InProject::Workflow { service } => {
            let file = service.file(&bench.project.root);
            lockfile::keep(&file, &service.text(&bench.project))?;
            output::line(file.display());
            Ok(0)
        }
        InProject::Sync { check } => synchronise(bench, check),
        InProject::Clean { selection, roots, all } => clean(bench, &selection.cells, roots, all),
    }
}

/// Prints the table, writes the report, and ends with the line of counts; the exit status agrees with all.
fn show(bench: &Workbench, report: &Report) -> Result<i32> {
    output::all(report.text());
    let page = export::write(report, &bench.project.target().join("report"))?;
    output::line(format_args!("the report: {}", page.display()));
    output::line(report.count_line());
    Ok(i32::from(report.counts().failed > 0))
}

fn boot(bench: &Workbench, name: &str, exec: Option<&str>, stock: bool) -> Result<i32> {
    let cell = bench.project.config.cell(name)?;
    let emulator = bench.emulator(cell)?.with_context(|| format!("cell {name} has no QEMU: use another"))?;
    let object = match stock {
        true => None,
        false => Some(bench.build_object(&bench.prepare(cell)?)?),
    };
    let plugins: Vec<Plugin> = object.as_deref().map(Plugin::replacing).into_iter().collect();
    match exec {
        Some(line) => {
            output::all(qemu::uboot::answer(&emulator, &plugins, line)?);
            Ok(0)
        }
        None => {
            progress::note("Ctrl-A X ends QEMU");
            let mut command = qemu::uboot::command(&emulator, &plugins, "aarch64")?;
            Ok(code(qemu::terminal::attach(command.arg("-nographic"))?))
        }
    }
}

/// Becomes QEMU, so that its input, output, signals and exit status are the caller's.
fn start(bench: &Workbench, run: &Run) -> Result<i32> {
    let cell = bench.project.config.cell(&run.cell)?;
    let emulator = bench.emulator(cell)?.with_context(|| format!("cell {} has no QEMU: use another", run.cell))?;
    let object = match (&run.object, run.stock) {
        (Some(file), _) => Some(file.clone()),
        (None, true) => None,
        (None, false) => Some(bench.build_object(&bench.prepare(cell)?)?),
    };
    let plugins: Vec<Plugin> = object.as_deref().map(Plugin::replacing).into_iter().collect();
    let mut command = emulator.command(&run.system, &plugins)?;
    Err(command.args(&run.arguments).exec()).context("cannot start QEMU")
}

fn setup(bench: &Workbench, names: &[String], refresh: bool, jobs: usize) -> Result<i32> {
    let config = &bench.project.config;
    let cells = config.select(names)?;
    let guests = config.guests().filter(|_| cells.iter().any(|cell| config.qemu_cell(cell).is_some()));
    if refresh {
        for cell in cells.iter().copied().chain(&guests) {
            remove_root(bench, cell)?;
        }
    }
    let mut status = 0;
    let installed: Vec<_> = cells.iter().map(|cell| Compiler::install(&bench.cache, cell, refresh)).collect();
    for ((cell, installed), ready) in cells.iter().zip(installed).zip(matrix_run::prepare(bench, &cells, jobs)) {
        match installed.and(ready) {
            Ok(ready) => {
                let qemu = ready.emulator.map_or_else(String::new, |e| format!(", QEMU {}", e.release));
                output::line(format_args!("{}: rustc {}{qemu}", cell.name, ready.rustc));
            }
            Err(error) => {
                output::line(format_args!("{}: failed: {error:#}", cell.name));
                status = 1;
            }
        }
    }
    if let Some(guests) = guests {
        match bench.images() {
            Ok(_) => output::line(format_args!("{}: unpacked", guests.name)),
            Err(error) => {
                output::line(format_args!("{}: failed: {error:#}", guests.name));
                status = 1;
            }
        }
    }
    Ok(status)
}

/// Writes the lock files of the cells, or compares them with what would be written. A packager's is a suite's.
fn lock_cells(bench: &Workbench, names: &[String], packager: bool, check: bool) -> Result<i32> {
    let (mut old, mut without) = (Vec::new(), Vec::new());
    let cells = bench.project.config.select(names)?;
    let file = |cell: &Cell| {
        let name = if packager { format!("{}.packager", cell.name) } else { cell.name.clone() };
        lockfile::file(&bench.project.root, &name)
    };
    // Nobody has promised a file for each cell.
    let only_those_there = check && names.is_empty();
    if only_those_there && !cells.iter().any(|cell| file(cell).is_file()) {
        bail!("there is nothing to check in ci/locks: `cargo oldstable lock` writes it");
    }
    for cell in cells.into_iter().filter(|cell| !packager || cell.suite.is_some()) {
        let file = file(cell);
        if only_those_there && !file.is_file() {
            continue;
        }
        let resolve = if packager { debian::resolve } else { search::resolve };
        let text = match bench.prepare(cell).and_then(|ready| resolve(bench, &ready)) {
            Ok(text) => text,
            Err(error) => {
                // What one cell cannot take says nothing of the others.
                progress::note(&format!("{}: {error:#}", cell.name));
                without.push(cell.name.as_str());
                continue;
            }
        };
        let same = std::fs::read_to_string(&file).map_or(false, |before| before == text);
        let state = if same { "is what would be written" } else { "is old" };
        if check {
            output::line(format_args!("{}: {state}", file.display()));
        } else {
            lockfile::keep(&file, &text)?;
            output::line(file.display());
        }
        if !same {
            old.push(cell.name.as_str());
        }
    }
    if check && !old.is_empty() {
        bail!(
            "the lock files of {} are old: `cargo oldstable lock{}` writes them",
            old.join(", "),
            if packager { " --packager" } else { "" }
        );
    }
    Ok(i32::from(!without.is_empty()))
}

/// Fetches the sources of each cell, and has its cargo read their manifests.
fn vendor_cells(bench: &Workbench, names: &[String]) -> Result<i32> {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut status = 0;
    for cell in bench.project.config.select(names)? {
        let ready = match bench.prepare(cell) {
            Err(error) if error.is::<compiler::Missing>() => {
                progress::note(&format!("{}: not looked at: {error}", cell.name));
                continue;
            }
            ready => ready?,
        };
        let vendor = bench.vendor(cell)?;
        for found in diagnosis::unreadable(&vendor, &ready.compiler)? {
            let (name, version, why) = (&found.name, &found.version, &found.reason);
            progress::note(&format!(
                "{}: {name} {version}: {why}: `cargo oldstable lock --cell {}` looks for versions that the cell takes",
                cell.name, cell.name
            ));
            status = 1;
        }
        folders.push(vendor.folder().to_path_buf());
    }
    folders.sort();
    folders.dedup();
    folders.iter().for_each(|folder| output::line(folder.display()));
    Ok(status)
}

fn synchronise(bench: &Workbench, check: bool) -> Result<i32> {
    let changes = sync::changes(&bench.project)?;
    for change in &changes {
        output::line(format_args!("{}: {}", change.file.display(), change.what));
        if !check {
            change.write()?;
        }
    }
    if check && !changes.is_empty() {
        bail!("{} files differ from msrv.toml: `cargo oldstable sync` writes them", changes.len());
    }
    Ok(0)
}

fn list(bench: &Workbench) {
    let config = &bench.project.config;
    for cell in &config.cells {
        let source = match (&cell.suite, &cell.rustup) {
            (Some(suite), _) => format!("Debian {suite}, {}", cell.arch()),
            (None, Some(toolchain)) => format!("rustup's {toolchain}"),
            (None, None) => "the compiler on PATH".to_string(),
        };
        let rustc = cell.rustc.as_ref().map_or_else(String::new, |v| format!(", rustc {v}"));
        let qemu = match (&cell.qemu, &cell.qemu_of) {
            (Some(release), _) => format!(", QEMU {release}"),
            (None, Some(other)) => format!(", the QEMU of {other}"),
            (None, None) => String::new(),
        };
        let state = match RootFs::existing(&bench.cache, config, cell) {
            Some(root) => format!("in {}", root.path().display()),
            None if cell.suite.is_some() => "not set up".to_string(),
            None => "as installed".to_string(),
        };
        output::line(format_args!("{}: {source}{rustc}{qemu}: {state}", cell.name));
    }
}

fn clean(bench: &Workbench, names: &[String], roots: bool, all: bool) -> Result<i32> {
    for cell in bench.project.config.select(names)? {
        if roots {
            remove_root(bench, cell)?;
        }
        remove_tree(&bench.target(cell))?;
    }
    if names.is_empty() {
        if let (true, Some(guests)) = (roots, bench.project.config.guests()) {
            remove_root(bench, &guests)?;
        }
        remove_tree(&bench.project.target())?;
    }
    if all {
        for folder in ["roots", "vendor", "tools"] {
            remove_tree(&bench.cache.path(folder))?;
        }
    }
    Ok(0)
}

fn remove_root(bench: &Workbench, cell: &Cell) -> Result<()> {
    match RootFs::existing(&bench.cache, &bench.project.config, cell) {
        Some(root) => bench.cache.discard(root.folder()),
        None => Ok(()),
    }
}

/// The exit status of a program that was waited for, as a shell would give it.
fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}
