//! A report as files for other programs: JSON and JUnit XML.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{json, Value};

use crate::report::html;
use crate::report::model::{escape, Report};

/// Writes `matrix.json`, `junit.xml` and `index.html` into a folder, and gives the page's path.
///
/// All three are made of the one report that the table and the exit status are made of.
pub fn write(report: &Report, folder: &Path) -> Result<PathBuf> {
    let page = folder.join("index.html");
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("matrix.json"), format!("{:#}\n", as_json(report)))?;
        fs::write(folder.join("junit.xml"), as_junit(report))?;
        fs::write(&page, html::html(report))
    };
    write().with_context(|| format!("cannot write the report in {}", folder.display()))?;
    Ok(page)
}

fn as_json(report: &Report) -> Value {
    let rows: Vec<Value> = report
        .rows
        .iter()
        .map(|row| {
            let steps: Vec<Value> = row
                .steps
                .iter()
                .map(|(step, outcome)| {
                    json!({
                        "step": step.name(),
                        "result": outcome.result(),
                        "passed": outcome.counts.passed,
                        "failed": outcome.counts.failed,
                        "skipped": outcome.counts.skipped,
                        "notes": outcome.notes,
                        "detail": outcome.detail,
                        "seconds": outcome.seconds,
                        "earlier": outcome.earlier,
                        "log": outcome.log,
                    })
                })
                .collect();
            let dependencies: Vec<Value> =
                row.dependencies.iter().map(|(name, version)| json!({ "name": name, "version": version })).collect();
            json!({
                "cell": row.name,
                "rustc": row.rustc,
                "qemu": row.qemu,
                "steps": steps,
                "dependencies": dependencies,
                "held-back": row.held_back,
            })
        })
        .collect();
    let counts = report.counts();
    json!({
        "passed": counts.passed,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "cells": rows,
    })
}

/// A suite for each cell and a case for each step, as continuous integration services read it.
fn as_junit(report: &Report) -> String {
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
        let xml = as_junit(&report());
        assert!(xml.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""), "{xml}");
        assert!(xml.contains("x &lt; &quot;y&quot; &amp; z[0m"), "{xml}");
        assert!(xml.contains("<skipped message=\"why\"/>"), "{xml}");
    }

    #[test]
    fn json_has_the_counts_of_the_table() {
        let report = report();
        let value = as_json(&report);
        let line = format!("{} passed, {} failed, {} skipped", value["passed"], value["failed"], value["skipped"]);
        assert_eq!(line, report.count_line());
        assert_eq!(value["cells"][0]["steps"][2]["result"], "not run");
        assert_eq!(value["cells"][0]["dependencies"][0]["version"], "0.2.163");
    }
}
