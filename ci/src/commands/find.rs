// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cargo oldstable find`: the lowest compiler that passes.
//! The cells are bisected in the order of their compilers, first by building, then by testing. A cell in which nothing
//! could be built is left out. cargo-msrv searches between the last cell that fails and the first that passes; it also
//! shows and verifies the claims of the manifests, and lists those of the dependencies.

use std::process::Command;

use anyhow::{bail, Result};

use crate::cell::workbench::{Ready, Workbench};
use crate::host::cache::digest;
use crate::host::process::on_path;
use crate::host::{output, progress};
use crate::matrix::choice::Choice;
use crate::matrix::run;
use crate::project::config::{self, Cell};
use crate::project::lockfile;
use crate::project::version::Version;
use crate::project::workspace::Package;
use crate::report::model::{Report, Step};
use crate::resolve::search::{self, NoSet};

/// The outcome in a cell.
#[derive(Debug, Clone, PartialEq)]
enum Answer {
    /// With what was not run, if anything.
    Passes(String),
    DoesNotPass(String),
    /// Nothing was built, so nothing is known about the project.
    Unknown(String),
}

/// A cell without an outcome.
struct Unasked {
    cell: String,
    /// The compiler expected in it.
    rustc: Option<Version>,
    why: String,
}

/// Bisects the cells for each package, prints the result and returns the exit status. With `check` the tests do not
/// count.
pub fn run(bench: &mut Workbench, jobs: usize, check: bool) -> Result<i32> {
    let packages = bench.project.packages()?;
    bench.selection.check(&packages, &bench.project.config)?;
    let chosen = bench.selection.of(&packages, &bench.project.config, &bench.project.config.floor).built;
    if chosen.len() < 2 {
        return of_package(bench, jobs, check, packages.len() > 1);
    }
    let mut status = 0;
    for package in chosen {
        output::line(format_args!("{}:", package.name));
        bench.selection.packages = vec![package.name.clone()];
        status = status.max(of_package(bench, jobs, check, true).unwrap_or_else(|error| {
            progress::note(&format!("error: {}: {error:#}", package.name));
            2
        }));
    }
    Ok(status)
}

/// Bisects the cells for the chosen package, which may be one `of_several` of the workspace.
fn of_package(bench: &Workbench, jobs: usize, check: bool, of_several: bool) -> Result<i32> {
    let (mut cells, mut unasked) = made_ready(bench, jobs);
    let mut unknown = |ready: Ready, why| {
        unasked.push(Unasked { cell: ready.cell.name, rustc: Some(ready.rustc), why });
    };
    let builds = lowest(&mut cells, 0, |ready| passes(bench, ready, &[Step::Build], of_several), &mut unknown);
    if let Some(Ready { rustc, cell, .. }) = cells.get(builds) {
        output::line(format_args!("the lowest compiler of a cell that builds is {rustc} in {}", cell.name));
    }
    let found = match check {
        true => builds,
        false => lowest(
            &mut cells,
            builds,
            |ready| passes(bench, ready, &[Step::Build, Step::Test], of_several),
            &mut unknown,
        ),
    };
    let below = cells[..found].last();
    if let (Some(Ready { rustc, cell, .. }), false) = (cells.get(found), check) {
        output::line(format_args!("the lowest compiler of a cell that passes is {rustc} in {}", cell.name));
    }
    match (cells.get(found), below) {
        (_, Some(below)) => output::line(format_args!("{} in {} does not pass", below.rustc, below.cell.name)),
        (Some(_), None) => {
            output::line(format_args!("no cell has an older compiler: add one to {} to look further", config::FILE))
        }
        (None, None) => {}
    }
    let (low, high) = (below.map(|below| &below.rustc), cells.get(found).map(|found| &found.rustc));
    unasked.iter().for_each(|cell| progress::note(&format!("{} could not be tested: {}", cell.cell, cell.why)));
    if unasked.iter().any(|cell| cell.may_be_lowest(low, high)) {
        bail!("no answer: a cell that could not be tested may have the lowest compiler that passes");
    }
    match cells.get(found) {
        Some(found) => {
            between(found, below);
            Ok(0)
        }
        None => {
            output::line("no cell passes: `cargo oldstable matrix` says why");
            Ok(1)
        }
    }
}

impl Unasked {
    /// Returns whether its compiler lies above the highest that fails and below the lowest that passes.
    fn may_be_lowest(&self, low: Option<&Version>, high: Option<&Version>) -> bool {
        let is_above = |low: &Version| self.rustc.as_ref().map_or(true, |rustc| rustc > low);
        let is_below = |high: &Version| self.rustc.as_ref().map_or(true, |rustc| rustc < high);
        low.map_or(true, is_above) && high.map_or(true, is_below)
    }
}

/// Returns the cells with different compilers in their order, and those that cannot be prepared.
fn made_ready(bench: &Workbench, jobs: usize) -> (Vec<Ready>, Vec<Unasked>) {
    let all: Vec<_> = bench.project.config.cells.iter().collect();
    let (mut cells, mut unasked): (Vec<Ready>, _) = (Vec::new(), Vec::new());
    for (cell, ready) in all.iter().zip(run::prepare(bench, &all, jobs)) {
        match ready {
            Ok(ready) => cells.push(ready),
            Err(error) => {
                unasked.push(Unasked { cell: cell.name.clone(), rustc: expected(cell), why: format!("{error:#}") })
            }
        }
    }
    cells.sort_by(|a, b| a.rustc.cmp(&b.rustc));
    cells.dedup_by(|a, b| a.rustc == b.rustc);
    (cells, unasked)
}

/// Returns a cell's compiler as far as it is known before preparation: rustup's channels are newer than any suite's.
fn expected(cell: &Cell) -> Option<Version> {
    let of_toolchain = |name: &String| match name.split('-').next() {
        Some("stable" | "beta" | "nightly") => Some(Version::release_of(u32::MAX, 0)),
        name => name?.parse().ok(),
    };
    cell.rustc.clone().or_else(|| cell.rustup.as_ref().and_then(of_toolchain))
}

/// Tells where cargo-msrv can search further.
fn between(found: &Ready, below: Option<&Ready>) {
    match on_path("cargo-msrv") {
        Some(_) => ask_msrv(found, below),
        None => output::line(
            "cargo-msrv checks the releases between cells, and whether the manifests' claims are true: `cargo install \
                cargo-msrv` installs it",
        ),
    }
}

/// Has cargo-msrv report about each package, and search between two cells.
fn ask_msrv(found: &Ready, below: Option<&Ready>) {
    let has_rustup = on_path("rustup").is_some();
    for package in &found.chosen.built {
        output::line(format_args!("the rust-version of {} and of its dependencies:", package.name));
        msrv(package, &["show"]);
        msrv(package, &["list"]);
        if !has_rustup {
            output::line("rustup is not installed: cargo-msrv cannot check these, nor the releases between cells");
            continue;
        }
        if package.rust_version.is_some() {
            output::line("whether the first one is true:");
            msrv(package, &["verify"]);
        }
        if let Some(below) = below {
            output::line(format_args!("between {} and {}:", below.rustc, found.rustc));
            let (min, max) = (below.rustc.to_string(), found.rustc.to_string());
            msrv(package, &["find", "--bisect", "--min", &min, "--max", &max]);
        }
    }
}

/// cargo-msrv writes to this program's output.
fn msrv(package: &Package, arguments: &[&str]) {
    let mut command = Command::new("cargo-msrv");
    command.arg("msrv").args(arguments).arg("--manifest-path").arg(&package.manifest_path);
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(_) => output::line(format_args!("`cargo msrv {}` failed: its message is above", arguments[0])),
        Err(error) => output::line(format_args!("`cargo msrv {}` does not start: {error}", arguments[0])),
    }
}

/// Returns whether steps pass in one cell, whatever rust-version the packages state. A cell that cannot use the
/// existing lock file gets its own.
fn passes(bench: &Workbench, ready: &Ready, steps: &[Step], of_several: bool) -> Answer {
    let answer = ask(bench, ready, steps, of_several).unwrap_or_else(|error| Answer::Unknown(format!("{error:#}")));
    let cell = &ready.cell.name;
    match &answer {
        Answer::Passes(not_run) if not_run.is_empty() => output::line(format_args!("{} ({cell}): passes", ready.rustc)),
        Answer::Passes(not_run) => output::line(format_args!("{} ({cell}): passes, but {not_run}", ready.rustc)),
        Answer::DoesNotPass(why) => output::line(format_args!("{} ({cell}): does not pass: {why}", ready.rustc)),
        Answer::Unknown(why) => output::line(format_args!("{} ({cell}): not known: {why}", ready.rustc)),
    }
    answer
}

fn ask(bench: &Workbench, ready: &Ready, steps: &[Step], of_several: bool) -> Result<Answer> {
    let first = answer(bench, ready, steps)?;
    let own = lockfile::file(&bench.project.root, &ready.cell.name);
    if matches!(first, Answer::Passes(_)) || own.is_file() && !of_several {
        return Ok(first);
    }
    let claim = bench.claim_cell(&ready.cell)?;
    let resolved = search::resolve(bench, ready);
    drop(claim);
    match resolved {
        // The other packages of the workspace may need other versions.
        Ok(text) if of_several => {
            let file = bench.target(&ready.cell).join(format!("{}.lock", digest([text.as_bytes()])));
            lockfile::keep(&file, &text)?;
            let mut ready = ready.clone();
            ready.cell.lock = Some(file);
            answer(bench, &ready, steps)
        }
        Ok(text) => {
            lockfile::keep(&own, &text)?;
            progress::note(&format!("{}: {} is written", ready.cell.name, own.display()));
            answer(bench, ready, steps)
        }
        Err(error) if error.is::<NoSet>() => Ok(Answer::DoesNotPass(format!("{error:#}"))),
        Err(error) => Err(error),
    }
}

/// Returns the outcome with the existing lock file.
fn answer(bench: &Workbench, ready: &Ready, steps: &[Step]) -> Result<Answer> {
    // matrix leaves out what `lock` could not build, but what was not run does not pass.
    if let Some(why) = bench.remarks(&ready.cell)?.not_tested().filter(|_| steps.contains(&Step::Test)) {
        return Ok(Answer::DoesNotPass(why));
    }
    let choice = Choice {
        host: Vec::new(),
        cells: vec![bench.project.config.cell(&ready.cell.name)?],
        steps: steps.to_vec(),
        jobs: 1,
        reuse: true,
        keep_going: false,
        verbose: false,
        ignore_rust_version: true,
    };
    let report = run::run(bench, &choice, &[Ok(ready.clone())], &|_, _| {})?;
    Ok(read(&report))
}

/// Returns the outcome that the report of one cell stands for.
fn read(report: &Report) -> Answer {
    let notes = || {
        let failed = report.outcomes().find(|(_, _, outcome)| outcome.counts.failed > 0);
        let first = failed.or_else(|| report.outcomes().next());
        first.map_or_else(|| "nothing was run".to_string(), |(_, _, outcome)| outcome.notes.join("; "))
    };
    match report.status() {
        0 => {
            let skipped = report.outcomes().filter(|(_, _, outcome)| outcome.counts.passed == 0);
            Answer::Passes(skipped.flat_map(|(_, _, outcome)| outcome.notes.clone()).collect::<Vec<_>>().join("; "))
        }
        1 => Answer::DoesNotPass(notes()),
        _ => Answer::Unknown(notes()),
    }
}

/// Returns the first passing index from some index on, given that all after a passing one pass too. Candidates without
/// an outcome are removed, with the reason; if none passes, the index is the number of those left.
fn lowest<T>(
    cells: &mut Vec<T>,
    from: usize,
    mut ask: impl FnMut(&T) -> Answer,
    unknown: &mut impl FnMut(T, String),
) -> usize {
    let (mut low, mut high) = (from, cells.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match ask(&cells[middle]) {
            Answer::Passes(_) => high = middle,
            Answer::DoesNotPass(_) => low = middle + 1,
            Answer::Unknown(why) => {
                unknown(cells.remove(middle), why);
                high -= 1;
            }
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::{Outcome, Row};

    #[test]
    fn the_lowest_that_passes_is_found_among_those_that_answer() {
        for count in 0..6 {
            for first in 0..=count {
                for silent in 0..=count {
                    let mut cells: Vec<usize> = (0..count).collect();
                    let mut unasked = Vec::new();
                    let ask = |cell: &usize| match *cell {
                        cell if cell == silent => Answer::Unknown(String::new()),
                        cell if cell >= first => Answer::Passes(String::new()),
                        _ => Answer::DoesNotPass(String::new()),
                    };
                    let found = lowest(&mut cells, 0, ask, &mut |cell, _| unasked.push(cell));
                    let expected = (first..count).find(|cell| *cell != silent || !unasked.contains(&silent));
                    assert_eq!(cells.get(found).copied(), expected, "{first} of {count}, without {silent}");
                }
            }
        }
    }

    #[test]
    fn an_answer_needs_a_build_that_ran() {
        let of = |outcome| {
            let steps = [(Step::Build, outcome)].into();
            read(&Report { rows: vec![Row { steps, ..Row::default() }], ..Report::default() })
        };
        assert_eq!(of(Outcome::passed()), Answer::Passes(String::new()));
        let steps =
            [(Step::Build, Outcome::passed()), (Step::Test, Outcome::skipped("small: there are no tests"))].into();
        let report = Report { rows: vec![Row { steps, ..Row::default() }], ..Report::default() };
        assert_eq!(read(&report), Answer::Passes("small: there are no tests".to_string()));
        assert_eq!(of(Outcome::failed("error[E0658]")), Answer::DoesNotPass("error[E0658]".to_string()));
        for why in ["cannot connect", "No space left on device", "it was ended by signal 9"] {
            assert_eq!(of(Outcome::unable(why)), Answer::Unknown(why.to_string()));
        }
        assert_eq!(of(Outcome::skipped("not installed")), Answer::Unknown("not installed".to_string()));
    }

    #[test]
    fn a_cell_not_asked_matters_only_between_others() {
        let of = |rustc: &str| Unasked { cell: String::new(), rustc: rustc.parse().ok(), why: String::new() };
        let (low, high): (Version, Version) = ("1.48.0".parse().unwrap(), "1.63.0".parse().unwrap());
        let matters = |rustc: &str| of(rustc).may_be_lowest(Some(&low), Some(&high));
        assert!(matters("1.56") && matters("unknown"));
        assert!(!matters("1.41.1") && !matters("1.85"));
        assert!(of("1.41").may_be_lowest(None, Some(&high)) && of("1.96").may_be_lowest(Some(&low), None));
        let nightly = Cell { rustup: Some("nightly-2026-01-01".to_string()), ..Cell::default() };
        assert!(expected(&nightly) > Some(high));
    }
}
