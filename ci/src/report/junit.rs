//! The report as JUnit XML, for continuous integration services.

use std::fmt::Write;

use crate::report::markup::escape;
use crate::report::model::Report;

/// A suite for each cell and a case for each step, as continuous integration services read it.
pub fn xml(report: &Report) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cargo oldstable\">\n".to_string();
    for row in &report.rows {
        let number = |wanted: &str| row.steps.values().filter(|outcome| outcome.result() == wanted).count();
        let seconds: f64 = row.steps.values().map(|outcome| outcome.seconds).sum();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{seconds:.3}\">",
            escape(&row.name),
            row.steps.len(),
            number("failed"),
            number("not run"),
        );
        for (step, outcome) in &row.steps {
            let name = format!("name=\"{}\" classname=\"{}\"", escape(step.name()), escape(&row.name));
            let _ = write!(xml, "    <testcase {name} time=\"{:.3}\"", outcome.seconds);
            let notes = escape(&outcome.notes.join("\n"));
            let _ = match outcome.result() {
                "failed" => writeln!(xml, "><failure message=\"{}\">{notes}</failure></testcase>", first(&notes)),
                "not run" => writeln!(xml, "><skipped message=\"{}\"/></testcase>", first(&notes)),
                _ => writeln!(xml, "/>"),
            };
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn first(notes: &str) -> &str {
    notes.lines().next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::{Outcome, Row, Step};

    fn report() -> Report {
        let dependencies = vec![("libc".into(), "0.2.163".into())];
        let mut row = Row { name: "a".into(), dependencies, ..Row::default() };
        row.steps.insert(Step::Build, Outcome::passed());
        row.steps.insert(Step::Test, Outcome::failed("x < \"y\" & z\x1b[0m"));
        row.steps.insert(Step::Doc, Outcome::skipped("why"));
        Report { rows: vec![row] }
    }

    #[test]
    fn junit_has_a_case_for_each_step() {
        let xml = super::xml(&report());
        assert!(xml.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""), "{xml}");
        assert!(xml.contains("x &lt; &quot;y&quot; &amp; z[0m"), "{xml}");
        assert!(xml.contains("<skipped message=\"why\"/>"), "{xml}");
    }
}
