// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The report as JSON, for other programs.

use serde_json::{json, Value};

use crate::report::model::Report;

/// Returns the whole report.
pub fn value(report: &Report) -> Value {
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
                        "logs": outcome.logs,
                        "command": row.command(*step),
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
    let about: serde_json::Map<String, Value> =
        report.about.lines().map(|(name, value)| (name.to_string(), value.into())).collect();
    json!({
        "about": about,
        "passed": counts.passed,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "cells": rows,
    })
}

#[cfg(test)]
mod tests {
    use crate::report::model::tests::report;

    #[test]
    fn json_has_the_counts_of_the_table() {
        let report = report();
        let value = super::value(&report);
        let line = format!("{} passed, {} failed, {} skipped", value["passed"], value["failed"], value["skipped"]);
        assert_eq!(line, report.count_line());
        assert_eq!(value["cells"][0]["steps"][2]["result"], "not run");
        assert_eq!(value["cells"][0]["dependencies"][0]["version"], "0.2.163");
    }
}
