// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Output for GitHub: a summary of the job, and the logs of failed steps as collapsible groups.

use std::fmt::Write;

use crate::host::log;
use crate::report::model::{Outcome, Report};

/// Returns the job's summary in Markdown.
pub fn summary(report: &Report) -> String {
    let columns = report.columns();
    let mut text = format!("### {}\n\n| cell | rustc |", report.count_line());
    columns.iter().for_each(|step| text.push_str(&format!(" {} |", step.name())));
    let _ = write!(text, "\n|---|---|{}\n", "---|".repeat(columns.len()));
    for row in &report.rows {
        let _ = write!(text, "| {} | {} |", row.name, row.rustc);
        for step in &columns {
            let _ = write!(text, " {} |", row.steps.get(step).map_or_else(String::new, Outcome::word));
        }
        text.push('\n');
    }
    for group in report.failures() {
        let names: Vec<String> = group.iter().map(|(row, step, _)| format!("{}, {}", row.name, step.name())).collect();
        let _ = write!(text, "\n**{}**\n", names.join("; "));
        for note in group.iter().take(1).flat_map(|(.., outcome)| &outcome.notes) {
            // Indented text is shown verbatim.
            let _ = write!(text, "\n    {}\n", note.replace('\n', "\n    "));
        }
        for (row, step, _) in group {
            let _ = write!(text, "\n    {}\n", row.command(step));
        }
    }
    text
}

/// Returns the end of each failed step's log, for the job's own log.
pub fn groups(report: &Report) -> String {
    let mut text = String::new();
    for (row, step, outcome) in report.failures().into_iter().flatten() {
        let _ = writeln!(text, "::group::{}, {}", row.name, step.name());
        for line in outcome.log.iter().flat_map(|log| lines(&log::end_of(log))) {
            let _ = writeln!(text, "{line}");
        }
        text.push_str("::endgroup::\n");
    }
    text
}

/// Returns the lines of a log, escaped so that none is a command to GitHub, whatever a test printed.
fn lines(text: &str) -> Vec<String> {
    let lines = text.split(['\n', '\r']);
    lines.map(|line| format!("| {}", line.replace("##[", "## ["))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::tests::report;

    #[test]
    fn the_summary_has_the_table_and_what_repeats_a_failure() {
        let text = summary(&report());
        assert!(text.contains("### 1 passed, 1 failed, 1 skipped"), "{text}");
        assert!(text.contains("| a |  | ok | FAILED | not run |"), "{text}");
        assert!(text.contains("cargo oldstable matrix --again --cell a --step test"), "{text}");
    }

    #[test]
    fn no_line_of_a_log_is_a_command_to_github() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, "::error::x\n  ::set-output name=a::b\r::error::y\n##[error]z\n").unwrap();
        let mut report = report();
        report.rows[0].steps.values_mut().for_each(|outcome| outcome.log = Some(log.clone()));
        let text = groups(&report);
        let commands: Vec<_> = text.lines().filter(|line| line.trim_start().starts_with("::")).collect();
        assert_eq!(commands, ["::group::a, unit tests", "::endgroup::"]);
        assert!(!text.contains("##["), "{text}");
    }
}
