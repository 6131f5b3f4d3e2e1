// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The column `check`: packages checked for targets whose programs do not run here.

use std::path::Path;

use crate::host::log;
use crate::matrix::steps::{build, CellRun};
use crate::project::config::Target;
use crate::project::reduced::LeftOut;
use crate::report::model::{Outcome, Row, Step};

/// Checks the packages for the targets that name this cell.
pub fn all(run: &CellRun, row: &mut Row) {
    let cell = &run.ready.cell;
    let targets: Vec<&Target> = run.run.bench.project.config.targets_of(cell).collect();
    if !targets.is_empty() && run.wants(Step::Check) {
        run.step(row, Step::Check, || {
            let mut total = Outcome::default();
            for target in targets {
                check(run, target, &mut total);
            }
            total
        });
    }
}

/// Checks each package with each set of features, for one target.
fn check(run: &CellRun, target: &Target, total: &mut Outcome) {
    let bench = run.run.bench;
    let left = match bench.remarks(&run.ready.cell) {
        Ok(remarks) => LeftOut::named(&run.ready.packages, &remarks.left),
        Err(error) => return total.add(Outcome::failed(format!("{error:#}")), &target.name),
    };
    let sets = target.features.as_ref().unwrap_or(&bench.project.config.features);
    let meant = |name: &String| target.packages.is_empty() || target.packages.contains(name);
    for package in run.ready.chosen.built.iter().filter(|package| meant(&package.name)) {
        for (number, choice) in left.package(package).feature_choices(sets).iter().enumerate() {
            let depends = || Ok(format!("{} {choice:?}", run.sources()?));
            let outcome = run.once(&format!("check-{}-{}-{number}", target.name, package.name), depends, |log| {
                let mut arguments = vec!["check", "--lib", "--target", &target.name];
                arguments.extend(choice.iter().map(String::as_str));
                match bench.cargo(run.ready, package.folder(), &arguments) {
                    Ok(mut command) => missing(target, run, build(&mut command, log), log),
                    Err(error) => Outcome::unable(format!("{error:#}")),
                }
            });
            total.add(outcome, &format!("{} for {} {}", package.name, target.name, choice.join(" ")));
        }
    }
}

/// Returns the outcome of a build, or a note that the compiler has no core for the target, which is not a fault of the
/// project.
fn missing(target: &Target, run: &CellRun, outcome: Outcome, log: &Path) -> Outcome {
    let said = log::read(log).unwrap_or_default();
    let lacks = ["core", "std"].iter().any(|name| said.contains(&format!("can't find crate for `{name}`")));
    match outcome.counts.failed > 0 && lacks {
        true => Outcome::unable(format!(
            "the compiler has no std for {}: `cargo oldstable setup --cell {}` installs it",
            target.name, run.ready.cell.name
        )),
        false => outcome,
    }
}
