//! The lowest compiler that passes.
//!
//! The cells are bisected in the order of their compilers. What lies between the last that fails and the first that
//! passes is cargo-msrv's to find; what the manifests claim is its to show and to verify, and what the dependencies
//! claim its to list.

use std::process::Command;

use anyhow::{bail, Result};

use crate::cell::workbench::{Ready, Workbench};
use crate::host::process::on_path;
use crate::host::{output, progress};
use crate::matrix::choice::Choice;
use crate::matrix::run;
use crate::project::workspace::Package;
use crate::project::{config, lockfile};
use crate::report::model::{Report, Step};
use crate::resolve::search;

/// Bisects the cells and says what was found; the exit status.
pub fn run(bench: &Workbench, jobs: usize) -> Result<i32> {
    let all: Vec<_> = bench.project.config.cells.iter().collect();
    let mut cells: Vec<Ready> = Vec::new();
    for (cell, ready) in all.iter().zip(run::prepare(bench, &all, jobs)) {
        match ready {
            Ok(ready) => cells.push(ready),
            Err(error) => output::line(format_args!("{} is left out: {error:#}", cell.name)),
        }
    }
    cells.sort_by(|a, b| a.rustc.cmp(&b.rustc));
    cells.dedup_by(|a, b| a.rustc == b.rustc);
    if cells.is_empty() {
        bail!("no cell can be made ready: `cargo oldstable setup` says why");
    }
    let mut error = None;
    let passing = lowest(cells.len(), |index| match passes(bench, &cells[index]) {
        Ok(passes) => passes,
        Err(e) => {
            error = Some(e);
            false
        }
    });
    if let Some(error) = error {
        return Err(error);
    }
    let found = match passing {
        Some(found) => found,
        None => bail!("no cell passes: `cargo oldstable matrix` says why"),
    };
    output::line(format_args!(
        "the lowest compiler of a cell that passes is {} in {}",
        cells[found].rustc, cells[found].cell.name
    ));
    let below = cells[..found].last();
    match below {
        Some(below) => output::line(format_args!("{} in {} does not pass", below.rustc, below.cell.name)),
        None => {
            output::line(format_args!("no cell has an older compiler: add one to {} to look further", config::FILE))
        }
    }
    match on_path("cargo-msrv") {
        Some(_) => ask_msrv(&cells[found], below),
        None => output::line(
            "what lies between cells, what manifests claim and whether that is kept, cargo-msrv would say: \
             `cargo install cargo-msrv` installs it",
        ),
    }
    Ok(0)
}

/// Lets cargo-msrv say what it knows of each package, and what it finds between two cells.
fn ask_msrv(found: &Ready, below: Option<&Ready>) {
    let has_rustup = on_path("rustup").is_some();
    for package in &found.packages {
        output::line(format_args!("what the manifest of {} claims, and those of its dependencies:", package.name));
        msrv(package, &["show"]);
        msrv(package, &["list"]);
        if !has_rustup {
            output::line("whether that is kept, and what lies between cells, it asks rustup, which is not installed");
            continue;
        }
        if package.rust_version.is_some() {
            output::line("whether the first is kept:");
            msrv(package, &["verify"]);
        }
        if let Some(below) = below {
            output::line(format_args!("between {} and {}:", below.rustc, found.rustc));
            let (min, max) = (below.rustc.to_string(), found.rustc.to_string());
            msrv(package, &["find", "--bisect", "--min", &min, "--max", &max]);
        }
    }
}

/// What cargo-msrv says itself goes where this program's output goes.
fn msrv(package: &Package, arguments: &[&str]) {
    let mut command = Command::new("cargo-msrv");
    command.arg("msrv").args(arguments).arg("--manifest-path").arg(&package.manifest_path);
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(_) => output::line(format_args!("`cargo msrv {}` did not succeed, as it says above", arguments[0])),
        Err(error) => output::line(format_args!("`cargo msrv {}` does not start: {error}", arguments[0])),
    }
}

/// Builds and tests in one cell, whatever rust-version the packages state. A cell that cannot take the lock file that
/// it has is given one of its own.
fn passes(bench: &Workbench, ready: &Ready) -> Result<bool> {
    let mut why = fails(bench, ready)?;
    let own = lockfile::file(&bench.project.root, &ready.cell.name);
    if why.is_some() && !own.is_file() {
        why = match search::resolve(bench, ready) {
            Ok(text) => {
                lockfile::keep(&own, &text)?;
                progress::note(&format!("{}: {} is written", ready.cell.name, own.display()));
                fails(bench, ready)?
            }
            Err(error) => Some(format!("{error:#}")),
        };
    }
    let cell = &ready.cell.name;
    match &why {
        None => output::line(format_args!("{} ({cell}): passes", ready.rustc)),
        Some(why) => output::line(format_args!("{} ({cell}): does not pass: {why}", ready.rustc)),
    }
    Ok(why.is_none())
}

/// Why a cell does not pass, if it does not.
fn fails(bench: &Workbench, ready: &Ready) -> Result<Option<String>> {
    let cells = vec![bench.project.config.cell(&ready.cell.name)?];
    let steps = vec![Step::Build, Step::Test];
    let choice =
        Choice { cells, steps, jobs: 1, reuse: true, keep_going: false, verbose: false, ignore_rust_version: true };
    let Report { rows } = run::run(bench, &choice, &[Ok(ready.clone())], &|_, _| {})?;
    let failed = rows.iter().flat_map(|row| row.steps.values()).find(|outcome| outcome.counts.failed > 0);
    Ok(failed.map(|outcome| outcome.notes.join("; ")))
}

/// The first index that passes, where all that come after one that passes do so too.
fn lowest(count: usize, mut passes: impl FnMut(usize) -> bool) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if passes(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low).filter(|index| *index < count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_that_passes_is_found() {
        for count in 0..6 {
            for first in 0..=count {
                let expected = Some(first).filter(|index| *index < count);
                assert_eq!(lowest(count, |index| index >= first), expected, "{first} of {count}");
            }
        }
    }
}
