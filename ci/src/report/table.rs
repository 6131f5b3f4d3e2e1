// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The report as a table for a terminal.

use std::fmt::Write;

use crate::report::model::{Outcome, Report};

/// Returns the table, then a line for each step that failed or did not run.
pub fn text(report: &Report) -> String {
    let columns = report.columns();
    let mut lines = vec![vec!["cell".to_string(), "rustc".to_string(), "QEMU".to_string()]];
    lines[0].extend(columns.iter().map(|step| step.name().to_string()));
    for row in &report.rows {
        let mut line = vec![row.name.clone(), row.rustc.clone(), row.qemu.clone()];
        line.extend(columns.iter().map(|step| row.steps.get(step).map_or_else(String::new, Outcome::word)));
        lines.push(line);
    }
    let mut text = in_columns(&lines);
    text.push_str(&notes(report));
    for (row, step, outcome) in report.outcomes().filter(|(_, _, outcome)| outcome.counts.failed > 0) {
        if let Some(log) = &outcome.log {
            let _ = writeln!(text, "{}, {}: the log is {}", row.name, step.name(), log.display());
        }
    }
    let earlier = report.outcomes().filter(|(_, _, outcome)| outcome.earlier).count();
    if earlier > 0 {
        let steps = if earlier == 1 { "step was" } else { "steps were" };
        let _ = writeln!(text, "{earlier} {steps} not run again: nothing has changed since");
    }
    text
}

/// Returns a line for each reason, with the steps and cells that have it.
fn notes(report: &Report) -> String {
    let mut text = String::new();
    let mut told: Vec<&String> = Vec::new();
    for note in report.outcomes().flat_map(|(_, _, outcome)| &outcome.notes) {
        if told.contains(&note) {
            continue;
        }
        told.push(note);
        let with_it = report.rows.iter().filter_map(|row| {
            let steps = row.steps.iter().filter(|(_, outcome)| outcome.notes.contains(note));
            let steps: Vec<&str> = steps.map(|(step, _)| step.name()).collect();
            (!steps.is_empty()).then(|| format!("{}, {}", row.name, steps.join(", ")))
        });
        let _ = writeln!(text, "{}: {note}", with_it.collect::<Vec<_>>().join("; "));
    }
    text
}

/// Aligns columns to their widest words; the first line is the heading. A column that is empty below it is left out.
fn in_columns(lines: &[Vec<String>]) -> String {
    let is_used = |column: usize| lines[1..].iter().any(|line| !line[column].is_empty());
    let used = |line: &Vec<String>| (0..line.len()).filter(|&n| is_used(n)).map(|n| line[n].clone()).collect();
    let lines: Vec<Vec<String>> = lines.iter().map(used).collect();
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
    use crate::report::model::{Counts, Outcome, Row, Step};

    fn report() -> Report {
        let mut bullseye = Row { name: "bullseye".into(), rustc: "1.48.0".into(), ..Row::default() };
        bullseye.steps.insert(Step::Build, Outcome::passed());
        let tests = Outcome { counts: Counts { passed: 12, failed: 0, skipped: 1 }, ..Outcome::default() };
        bullseye.steps.insert(Step::Test, tests);
        let mut nightly = Row { name: "nightly".into(), ..Row::default() };
        nightly.steps.insert(Step::Build, Outcome::failed("it does not build"));
        nightly.steps.insert(Step::Test, Outcome::skipped("nothing was built"));
        Report { rows: vec![bullseye, nightly], ..Report::default() }
    }

    #[test]
    fn every_skip_and_failure_is_counted_and_explained() {
        let report = report();
        assert_eq!(report.count_line(), "13 passed, 1 failed, 2 skipped");
        let text = text(&report);
        assert!(text.contains("nightly, build: it does not build"), "{text}");
        assert!(text.contains("nightly, unit tests: nothing was built"), "{text}");
    }

    #[test]
    fn a_reason_that_several_steps_share_is_said_once() {
        let mut report = report();
        report.rows[1].steps.insert(Step::Doc, Outcome::skipped("nothing was built"));
        let text = text(&report);
        assert_eq!(text.matches("nothing was built").count(), 1, "{text}");
        assert!(text.contains("nightly, unit tests, doc: nothing was built"), "{text}");
    }

    #[test]
    fn a_reason_that_several_cells_share_is_said_once() {
        let mut report = report();
        report.rows[0].steps.insert(Step::Build, Outcome::failed("it does not build"));
        let text = text(&report);
        assert!(text.contains("bullseye, build; nightly, build: it does not build"), "{text}");
    }

    #[test]
    fn a_column_with_nothing_in_it_is_left_out() {
        let mut report = report();
        report.rows.iter_mut().for_each(|row| row.rustc.clear());
        assert!(text(&report).starts_with("cell      build   unit tests\n"), "{}", text(&report));
    }

    #[test]
    fn words_stand_under_their_headings() {
        let text = text(&report());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "cell      rustc   build   unit tests");
        assert_eq!(lines[2], "bullseye  1.48.0  ok      ok 12");
        assert_eq!(lines[3], "nightly           FAILED  not run");
    }
}
