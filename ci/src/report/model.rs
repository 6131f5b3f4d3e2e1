// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The results of each cell.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::report::about::About;

/// libtest's counts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    pub fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// A step in a cell, that is, a column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Step {
    /// The root file system, or the toolchain.
    Setup,
    /// Every package with every set of features.
    Build,
    /// The tests of every package with every set of features, except `layout`.
    Test,
    /// The test program `layout`.
    Layout,
    /// The documentation of every package.
    Doc,
    /// clippy, in the cells with `clippy = true`.
    Clippy,
    /// `cargo check` for targets whose programs do not run here.
    Check,
    /// The object for QEMU.
    Object,
    /// The bare-metal guest.
    BareMetal,
    /// The guest U-Boot, 64 and 32 bits.
    #[value(name = "u-boot")]
    UBoot,
    /// The guest EDK2, to its shell.
    Edk2,
    /// Debian's kernel as a guest, with commands in its shell.
    Linux,
    /// Debian's kernels on other boards.
    Boards,
    /// A running guest that migrates between QEMU's PL011 and ours, and to newer QEMUs.
    Migration,
    /// A guest that writes more than is read.
    SlowReader,
    /// The tests that run inside QEMU.
    InQemu,
    /// The test programs that start the cell's QEMU.
    QemuTests,
    /// Both guests in the newer QEMUs of other cells.
    NewerQemus,
    /// The Debian packages: built in a clean root file system, installed in another, and tested.
    Packages,
}

impl Step {
    /// Returns its name for `--step`.
    pub fn key(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_string())
    }

    pub fn name(self) -> &'static str {
        match self {
            Step::Setup => "set-up",
            Step::Build => "build",
            Step::Test => "unit tests",
            Step::Layout => "layout",
            Step::Doc => "doc",
            Step::Clippy => "clippy",
            Step::Check => "check",
            Step::Object => "object",
            Step::BareMetal => "bare-metal",
            Step::UBoot => "U-Boot",
            Step::Edk2 => "EDK2",
            Step::Linux => "Linux",
            Step::Boards => "boards",
            Step::Migration => "migration",
            Step::SlowReader => "slow reader",
            Step::InQemu => "in-QEMU",
            Step::QemuTests => "QEMU tests",
            Step::NewerQemus => "newer QEMUs",
            Step::Packages => "packages",
        }
    }
}

/// The outcome of a step.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    pub counts: Counts,
    /// The reason of a failure or a skip, or a remark about a success.
    pub notes: Vec<String>,
    /// The table's text for a success, if it is more than "ok".
    pub detail: Option<String>,
    pub seconds: f64,
    pub log: Option<PathBuf>,
    /// The logs of all parts.
    #[serde(default)]
    pub logs: Vec<PathBuf>,
    /// The test programs with their counts.
    pub programs: Vec<(String, Counts)>,
    /// Whether a failure tells nothing about the project, because the step could not run.
    #[serde(default)]
    pub unable: bool,
    /// Whether it is from an earlier run, with no changes since.
    pub earlier: bool,
}

impl Outcome {
    pub fn passed() -> Outcome {
        Outcome { counts: Counts { passed: 1, ..Counts::default() }, ..Outcome::default() }
    }

    pub fn failed(why: impl Into<String>) -> Outcome {
        Outcome { counts: Counts { failed: 1, ..Counts::default() }, notes: vec![why.into()], ..Outcome::default() }
    }

    pub fn skipped(why: impl Into<String>) -> Outcome {
        Outcome { counts: Counts { skipped: 1, ..Counts::default() }, notes: vec![why.into()], ..Outcome::default() }
    }

    /// Returns the outcome of a step that could not run.
    pub fn unable(why: impl Into<String>) -> Outcome {
        Outcome { unable: true, ..Outcome::failed(why) }
    }

    /// Returns whether there is nothing to report.
    pub fn is_empty(&self) -> bool {
        self.counts == Counts::default()
    }

    /// Adds the outcome of a part, whose name is put before its notes.
    pub fn add(&mut self, part: Outcome, name: &str) {
        self.earlier = part.earlier && (self.earlier || self.is_empty());
        if self.counts.failed == 0 && (part.counts.failed > 0 || self.log.is_none()) {
            self.log = part.log;
        }
        self.logs.extend(part.logs);
        self.counts.add(part.counts);
        self.unable |= part.unable;
        self.seconds += part.seconds;
        self.programs.extend(part.programs);
        self.notes.extend(part.notes.iter().map(|note| format!("{}: {note}", name.trim())));
    }

    /// Returns one of three words.
    pub fn result(&self) -> &'static str {
        match self.counts {
            counts if counts.failed > 0 => "failed",
            counts if counts.passed > 0 => "passed",
            _ => "not run",
        }
    }

    /// Returns the word in the table.
    pub fn word(&self) -> String {
        let Counts { passed, failed, .. } = self.counts;
        match (failed, passed, &self.detail) {
            (0, 0, _) => "not run".to_string(),
            (0, _, Some(detail)) => detail.clone(),
            (0, 1, None) => "ok".to_string(),
            (0, n, None) => format!("ok {n}"),
            _ => "FAILED".to_string(),
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub name: String,
    pub rustc: String,
    pub qemu: String,
    pub steps: BTreeMap<Step, Outcome>,
    /// Names and versions of the dependencies that the cell builds with.
    pub dependencies: Vec<(String, String)>,
    /// The newer versions with which it does not build, and the reasons.
    pub held_back: Vec<String>,
}

impl Row {
    /// Returns the command that repeats a step.
    pub fn command(&self, step: Step) -> String {
        match step {
            _ if self.name == HOST => "cargo oldstable test".to_string(),
            Step::Setup => format!("cargo oldstable setup --cell {}", self.name),
            _ => format!("cargo oldstable matrix --again --cell {} --step {}", self.name, step.key()),
        }
    }
}

/// Returns the row of the tests on this machine besides the cells.
pub const HOST: &str = "host";

/// All rows.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub about: About,
    pub rows: Vec<Row>,
}

impl Report {
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, _, outcome) in self.outcomes() {
            counts.add(outcome.counts);
        }
        counts
    }

    /// Returns 1 if something failed, 2 if something could not run, and otherwise 0.
    pub fn status(&self) -> i32 {
        let mut failures = self.outcomes().map(|(_, _, outcome)| outcome).filter(|outcome| outcome.counts.failed > 0);
        match failures.clone().any(|outcome| !outcome.unable) {
            true => 1,
            false if failures.next().is_some() || self.counts().passed == 0 => 2,
            false => 0,
        }
    }

    /// Returns every step of every cell.
    pub fn outcomes(&self) -> impl Iterator<Item = (&Row, Step, &Outcome)> + Clone {
        self.rows.iter().flat_map(|row| row.steps.iter().map(move |(step, outcome)| (row, *step, outcome)))
    }

    /// Returns the failed steps, grouped by their reasons.
    pub fn failures(&self) -> Vec<Vec<(&Row, Step, &Outcome)>> {
        let mut groups: Vec<Vec<(&Row, Step, &Outcome)>> = Vec::new();
        for failure in self.outcomes().filter(|(_, _, outcome)| outcome.result() == "failed") {
            match groups.iter_mut().find(|group| group[0].2.notes == failure.2.notes) {
                Some(group) => group.push(failure),
                None => groups.push(vec![failure]),
            }
        }
        groups
    }

    /// Returns the steps that some cell has, in their order.
    pub fn columns(&self) -> Vec<Step> {
        let mut columns: Vec<Step> = self.rows.iter().flat_map(|row| row.steps.keys().copied()).collect();
        columns.sort();
        columns.dedup();
        columns
    }

    /// Returns the last line of a run.
    pub fn count_line(&self) -> String {
        let Counts { passed, failed, skipped } = self.counts();
        format!("{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Returns one cell with a step that passed, one that failed, and one that did not run.
    pub fn report() -> Report {
        let dependencies = vec![("libc".into(), "0.2.163".into())];
        let mut row = Row { name: "a".into(), dependencies, ..Row::default() };
        row.steps.insert(Step::Build, Outcome::passed());
        row.steps.insert(Step::Test, Outcome::failed("x < \"y\" & z\x1b[0m"));
        row.steps.insert(Step::Doc, Outcome::skipped("why"));
        Report { rows: vec![row], ..Report::default() }
    }

    #[test]
    fn what_failed_for_the_same_reason_stands_together() {
        let mut report = report();
        let mut second = report.rows[0].clone();
        second.name = "b".into();
        report.rows.push(second);
        let groups = report.failures();
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].iter().map(|(row, ..)| &row.name[..]).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn the_command_that_repeats_a_step_parses() {
        let row = Row { name: "a".into(), ..Row::default() };
        assert_eq!(row.command(Step::UBoot), "cargo oldstable matrix --again --cell a --step u-boot");
        assert_eq!(row.command(Step::Setup), "cargo oldstable setup --cell a");
    }

    #[test]
    fn what_did_not_run_is_never_called_ok() {
        assert_eq!(Outcome::skipped("x").word(), "not run");
        let mut mixed = Outcome::failed("x");
        mixed.counts.passed = 5;
        assert_eq!(mixed.word(), "FAILED");
    }

    #[test]
    fn a_step_not_run_is_neither_passed_nor_failed() {
        let status = |outcomes: &[Outcome]| {
            let steps = [Step::Setup, Step::Build, Step::Test].into_iter().zip(outcomes.iter().cloned()).collect();
            Report { rows: vec![Row { steps, ..Row::default() }], ..Report::default() }.status()
        };
        let (passed, failed, skipped) = (Outcome::passed(), Outcome::failed("x"), Outcome::skipped("x"));
        let unable = Outcome::unable("cannot connect");
        assert_eq!(status(&[passed.clone(), skipped.clone()]), 0);
        assert_eq!(status(&[passed.clone(), unable.clone()]), 2);
        assert_eq!(status(&[failed, unable.clone()]), 1);
        assert_eq!(status(&[unable, skipped.clone()]), 2);
        assert_eq!(status(&[skipped]), 2);
        assert_eq!(status(&[]), 2);
    }
}
