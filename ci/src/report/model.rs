//! What was found in each cell, and how it is shown.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::matrix::test_log::Counts;

/// One thing that is done in a cell: a column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Step {
    /// The root file system, or the toolchain.
    Setup,
    /// Every package with every set of features.
    Build,
    /// The tests of every package with every set of features, but for `layout`.
    Test,
    /// The test program `layout` among them.
    Layout,
    /// The documentation of every package.
    Doc,
    /// clippy, in the cells that ask for it.
    Clippy,
    /// The object for QEMU.
    Object,
    /// The bare-metal guest.
    BareMetal,
    /// The guest U-Boot, 64 and 32 bits.
    #[value(name = "u-boot")]
    UBoot,
    /// The guest EDK2, to its shell.
    Edk2,
    /// Debian's kernel as a guest, its shell typed at.
    Linux,
    /// Debian's kernels on other boards.
    Boards,
    /// A running guest moved between QEMU's PL011 and ours, and to newer QEMUs.
    Migration,
    /// A guest that writes more than is read.
    SlowReader,
    /// The tests that run inside QEMU.
    InQemu,
    /// The test programs that start the cell's QEMU.
    QemuTests,
    /// Both guests in the newer QEMUs of other cells.
    NewerQemus,
    /// The Debian packages: built in a clean root file system, installed in another, and tried.
    Packages,
}

impl Step {
    pub fn name(self) -> &'static str {
        match self {
            Step::Setup => "set-up",
            Step::Build => "build",
            Step::Test => "unit tests",
            Step::Layout => "layout",
            Step::Doc => "doc",
            Step::Clippy => "clippy",
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
    /// Why something failed or did not run; what a success consists of where a word says it.
    pub notes: Vec<String>,
    /// What the table shows of a success, when it is more than "ok".
    pub detail: Option<String>,
    pub seconds: f64,
    pub log: Option<PathBuf>,
    /// The test programs with their counts.
    pub programs: Vec<(String, Counts)>,
    /// Whether it is that of an earlier run, since which nothing has changed.
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

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.counts == Counts::default()
    }

    /// Adds the outcome of a part, whose notes get its name.
    pub fn add(&mut self, part: Outcome, name: &str) {
        self.earlier = part.earlier && (self.earlier || self.is_empty());
        if self.counts.failed == 0 && (part.counts.failed > 0 || self.log.is_none()) {
            self.log = part.log;
        }
        self.counts.add(part.counts);
        self.seconds += part.seconds;
        self.programs.extend(part.programs);
        self.notes.extend(part.notes.iter().map(|note| format!("{}: {note}", name.trim())));
    }

    /// One of three words.
    pub fn result(&self) -> &'static str {
        match self.counts {
            counts if counts.failed > 0 => "failed",
            counts if counts.passed > 0 => "passed",
            _ => "not run",
        }
    }

    /// The word in the table.
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
    /// Names and versions of what the cell builds with.
    pub dependencies: Vec<(String, String)>,
    /// Which newer versions it does not build with, and why.
    pub held_back: Vec<String>,
}

/// All rows.
#[derive(Debug, Clone, Default)]
pub struct Report {
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

    /// Every step of every cell.
    pub fn outcomes(&self) -> impl Iterator<Item = (&Row, Step, &Outcome)> {
        self.rows.iter().flat_map(|row| row.steps.iter().map(move |(step, outcome)| (row, *step, outcome)))
    }

    /// The steps that some cell has, in their order.
    pub fn columns(&self) -> Vec<Step> {
        let mut columns: Vec<Step> = self.rows.iter().flat_map(|row| row.steps.keys().copied()).collect();
        columns.sort();
        columns.dedup();
        columns
    }

    /// The line that ends a run.
    pub fn count_line(&self) -> String {
        let Counts { passed, failed, skipped } = self.counts();
        format!("{passed} passed, {failed} failed, {skipped} skipped")
    }

    /// The table, then a line for each thing that failed or did not run.
    pub fn text(&self) -> String {
        let columns = self.columns();
        let mut lines = vec![vec!["cell".to_string(), "rustc".to_string(), "QEMU".to_string()]];
        lines[0].extend(columns.iter().map(|step| step.name().to_string()));
        for row in &self.rows {
            let mut line = vec![row.name.clone(), row.rustc.clone(), row.qemu.clone()];
            line.extend(columns.iter().map(|step| row.steps.get(step).map_or_else(String::new, Outcome::word)));
            lines.push(line);
        }
        let mut text = table(&lines);
        for row in &self.rows {
            let mut told: Vec<&String> = Vec::new();
            for (step, outcome) in &row.steps {
                for note in &outcome.notes {
                    // What several steps of a cell say is said once.
                    if told.contains(&note) {
                        continue;
                    }
                    told.push(note);
                    let steps = row.steps.iter().filter(|(_, outcome)| outcome.notes.contains(note));
                    let steps: Vec<&str> = steps.map(|(step, _)| step.name()).collect();
                    let _ = writeln!(text, "{}, {}: {note}", row.name, steps.join(", "));
                }
                if let (true, Some(log)) = (outcome.counts.failed > 0, &outcome.log) {
                    let _ = writeln!(text, "{}, {}: the log is {}", row.name, step.name(), log.display());
                }
            }
        }
        let earlier = self.outcomes().filter(|(_, _, outcome)| outcome.earlier).count();
        if earlier > 0 {
            let steps = if earlier == 1 { "step was" } else { "steps were" };
            let _ = writeln!(text, "{earlier} {steps} not run again: nothing has changed since");
        }
        text
    }
}

/// Text for XML and HTML; characters that XML does not allow are left out.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Columns as wide as their widest word; the first line is the heading.
fn table(lines: &[Vec<String>]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (i, line) in lines.iter().enumerate() {
        let cells: Vec<String> =
            line.iter().enumerate().map(|(column, word)| format!("{word:<w$}", w = width(column))).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
        if i == 0 {
            let rules: Vec<String> = (0..line.len()).map(|column| "-".repeat(width(column))).collect();
            text.push_str(&rules.join("  "));
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut bullseye = Row { name: "bullseye".into(), rustc: "1.48.0".into(), ..Row::default() };
        bullseye.steps.insert(Step::Build, Outcome::passed());
        let tests = Outcome { counts: Counts { passed: 12, failed: 0, skipped: 1 }, ..Outcome::default() };
        bullseye.steps.insert(Step::Test, tests);
        let mut nightly = Row { name: "nightly".into(), ..Row::default() };
        nightly.steps.insert(Step::Build, Outcome::failed("it does not build"));
        nightly.steps.insert(Step::Test, Outcome::skipped("nothing was built"));
        Report { rows: vec![bullseye, nightly] }
    }

    #[test]
    fn every_skip_and_failure_is_counted_and_explained() {
        let report = report();
        assert_eq!(report.count_line(), "13 passed, 1 failed, 2 skipped");
        let text = report.text();
        assert!(text.contains("nightly, build: it does not build"), "{text}");
        assert!(text.contains("nightly, unit tests: nothing was built"), "{text}");
    }

    #[test]
    fn a_reason_that_several_steps_share_is_said_once() {
        let mut report = report();
        report.rows[1].steps.insert(Step::Doc, Outcome::skipped("nothing was built"));
        let text = report.text();
        assert_eq!(text.matches("nothing was built").count(), 1, "{text}");
        assert!(text.contains("nightly, unit tests, doc: nothing was built"), "{text}");
    }

    #[test]
    fn words_stand_under_their_headings() {
        let text = report().text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "cell      rustc   QEMU  build   unit tests");
        assert_eq!(lines[2], "bullseye  1.48.0        ok      ok 12");
        assert_eq!(lines[3], "nightly                 FAILED  not run");
    }

    #[test]
    fn what_did_not_run_is_never_called_ok() {
        assert_eq!(Outcome::skipped("x").word(), "not run");
        let mut mixed = Outcome::failed("x");
        mixed.counts.passed = 5;
        assert_eq!(mixed.word(), "FAILED");
    }
}
