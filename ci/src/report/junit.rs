// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The report as JUnit XML, for continuous integration services.

use std::fmt::Write;

use crate::host::log;
use crate::report::cases::{self, Case};
use crate::report::markup::escape;
use crate::report::model::{Outcome, Report, Row, Step};

/// Returns a suite for each cell and a case for each test, or for a step without tests, as continuous integration
/// services read them.
pub fn xml(report: &Report) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cargo oldstable\">\n".to_string();
    for row in &report.rows {
        let mut cases = String::new();
        row.steps.iter().for_each(|(step, outcome)| add(&mut cases, row, *step, outcome));
        let number = |what: &str| cases.matches(what).count();
        let seconds: f64 = row.steps.values().map(|outcome| outcome.seconds).sum();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{seconds:.3}\">",
            escape(&row.name),
            number("<testcase "),
            number("<failure "),
            number("<skipped "),
        );
        xml.push_str(&cases);
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn add(xml: &mut String, row: &Row, step: Step, outcome: &Outcome) {
    let cases = cases::of(outcome);
    if cases.is_empty() {
        let name = format!("name=\"{}\" classname=\"{}\"", escape(step.name()), escape(&row.name));
        let _ = write!(xml, "    <testcase {name} time=\"{:.3}\"", outcome.seconds);
        let notes = escape(&outcome.notes.join("\n"));
        let _ = match outcome.result() {
            "failed" => {
                let log = outcome.log.as_deref().map_or_else(String::new, log::end_of);
                let _ = writeln!(xml, "><failure message=\"{}\">{notes}</failure>", first(&notes));
                writeln!(xml, "      <system-out>{}</system-out></testcase>", escape(&log))
            }
            "not run" => writeln!(xml, "><skipped message=\"{}\"/></testcase>", first(&notes)),
            _ => writeln!(xml, "/>"),
        };
    }
    for Case { program, name, result, output } in cases {
        let class = escape(&format!("{}.{}.{program}", row.name, step.name()));
        let _ = write!(xml, "    <testcase name=\"{}\" classname=\"{class}\"", escape(&name));
        let output = escape(&output);
        let _ = match &result[..] {
            "FAILED" => {
                let why = output.lines().find(|line| line.contains("panicked at")).unwrap_or("it failed");
                writeln!(xml, "><failure message=\"{why}\">{output}</failure></testcase>")
            }
            "ok" => writeln!(xml, "/>"),
            _ => writeln!(xml, "><skipped message=\"{}\"/></testcase>", escape(&result)),
        };
    }
}

fn first(notes: &str) -> &str {
    notes.lines().next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use crate::report::model::tests::report;

    #[test]
    fn a_step_that_is_none_of_tests_is_a_case() {
        let xml = super::xml(&report());
        assert!(xml.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""), "{xml}");
        assert!(xml.contains("x &lt; &quot;y&quot; &amp; z[0m"), "{xml}");
        assert!(xml.contains("<skipped message=\"why\"/>"), "{xml}");
    }
}
