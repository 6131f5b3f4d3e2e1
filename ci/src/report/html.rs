// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The report as one self-contained HTML page: the matrix, whose fields link to the reason and the end of the log of
//! failed steps, the reason of skipped steps, and the times; then the versions of the dependencies.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::host::log;
use crate::report::markup::escape;
use crate::report::model::{Outcome, Report, Row, Step};

const STYLE: &str = "
:root { color-scheme: light dark; --ok: #2e7d4f; --bad: #b3261e; --none: #757575; --line: #8884; --back: #fff; --soft: #8881; }
@media (prefers-color-scheme: dark) { :root { --ok: #2b6e48; --bad: #c8372d; --none: #5c5c5c; --back: #16181b; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 120rem; background: var(--back); }
h1 { margin: 0.5rem 0 0; font-size: 1.6rem; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.2rem; }
h3 { margin: 0; font-size: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: separate; border-spacing: 3px; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; padding: 0.15rem 0.6rem; white-space: nowrap; }
td { padding: 0; white-space: nowrap; }
tr > :first-child { position: sticky; left: 0; background: var(--back); }
td.plain { padding: 0.15rem 0.6rem; }
td.text { padding: 0.15rem 0.6rem; white-space: normal; overflow-wrap: anywhere; min-width: 14rem; }
td.number { text-align: right; }
td a[class] { display: block; padding: 0.15rem 0.6rem; border-radius: 4px; color: #fff; text-decoration: none; min-width: 4.5rem; }
td a[class]:hover, td a[class]:focus { outline: 2px solid currentColor; outline-offset: -3px; }
.passed { background: var(--ok); } .failed { background: var(--bad); font-weight: 600; }
.not-run { background: var(--none); }
.list { border-collapse: collapse; }
.list td, .list th { border-bottom: 1px solid var(--line); padding: 0.25rem 0.9rem 0.25rem 0; background: none; vertical-align: top; }
section { border: 1px solid var(--line); border-left: 5px solid var(--bad); border-radius: 6px; margin: 1rem 0; padding: 0.8rem 1rem; }
h3:target, tr:target td { background: var(--soft); }
h3:target { outline: 2px solid var(--bad); }
pre { overflow: auto; max-height: 32rem; margin: 0.6rem 0; padding: 0.8rem; border-radius: 4px; background: var(--soft); font-size: 0.8rem; }
p { margin: 0.3rem 0; overflow-wrap: anywhere; }
.small a, td.text a { color: inherit; }
code { font-size: 0.85em; overflow-wrap: anywhere; }
.small { font-size: 0.85rem; opacity: 0.75; }
@media (max-width: 40rem) { body { font-size: 15px; padding: 0.6rem; } table { font-size: 0.8rem; } section { padding: 0.6rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; } }
";

/// Returns the whole page, for a file in `folder`.
pub fn page(report: &Report, folder: &Path) -> String {
    let seconds: f64 = report.outcomes().map(|(_, _, outcome)| outcome.seconds).sum();
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{project}: {count}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1 id=\"matrix\">{project}</h1>\n<p>{count}</p>\n",
        project = escape(if report.about.project.is_empty() { "Matrix" } else { &report.about.project }),
        count = escape(&report.count_line())
    );
    let about = report.about.lines().filter(|(name, _)| *name != "project");
    let about: Vec<String> = about.map(|(name, value)| format!("{name} {}", escape(value))).collect();
    let _ = writeln!(page, "<p class=\"small\">{}</p>", about.join(" · "));
    matrix(&mut page, report);
    let _ = writeln!(
        page,
        "<p class=\"small\">A field leads to its log or its reason. All steps together took {}.</p>",
        time(seconds)
    );
    let with = |wanted: &'static str| report.outcomes().filter(move |(_, _, outcome)| outcome.result() == wanted);
    // Failures come first, since a reader looks for them.
    let failures = report.failures();
    if !failures.is_empty() {
        page.push_str("<h2>Failed</h2>\n");
    }
    failures.iter().for_each(|group| failed(&mut page, group, folder));
    list(
        &mut page,
        "Not run",
        ["cell", "step", "why", "log"],
        with("not run").map(|(row, step, outcome)| {
            let why = format!("<td class=\"text\">{}</td>", escape(&outcome.notes.join("; ")));
            (anchor(row, step), row, step, format!("{why}<td class=\"text\">{}</td>", links(outcome, folder)))
        }),
    );
    list(
        &mut page,
        "Passed",
        ["cell", "step", "time", "logs", "again"],
        with("passed").map(|(row, step, outcome)| {
            let earlier = if outcome.earlier { ", in an earlier run since which nothing has changed" } else { "" };
            let notes: String = outcome.notes.iter().map(|note| format!("; {}", escape(note))).collect();
            let command = escape(&row.command(step));
            let fields = format!(
                "<td class=\"text\">{}{earlier}{notes}</td><td class=\"text\">{}</td><td><code>{command}</code></td>",
                time(outcome.seconds),
                links(outcome, folder)
            );
            (anchor(row, step), row, step, fields)
        }),
    );
    dependencies(&mut page, &report.rows);
    page.push_str("</body>\n</html>\n");
    page
}

fn matrix(page: &mut String, report: &Report) {
    let columns = report.columns();
    type Version = fn(&Row) -> &String;
    // An empty column is left out.
    let is_known = |version: Version| report.rows.iter().any(|row| !version(row).is_empty());
    let versions: [(&str, Version); 2] = [("rustc", |row| &row.rustc), ("QEMU", |row| &row.qemu)];
    let versions: Vec<_> = versions.into_iter().filter(|(_, version)| is_known(*version)).collect();
    page.push_str("<div class=\"wide\"><table>\n<tr><th>cell</th>");
    for (name, _) in &versions {
        let _ = write!(page, "<th>{name}</th>");
    }
    for step in &columns {
        let _ = write!(page, "<th>{}</th>", step.name());
    }
    page.push_str("</tr>\n");
    for row in &report.rows {
        let _ = write!(page, "<tr><th>{}</th>", escape(&row.name));
        for (_, version) in &versions {
            let _ = write!(page, "<td class=\"plain\">{}</td>", escape(version(row)));
        }
        for step in &columns {
            match row.steps.get(step) {
                Some(outcome) => {
                    let class = outcome.result().replace(' ', "-");
                    let (word, time) = (escape(&outcome.word()), time(outcome.seconds));
                    let anchor = anchor(row, *step);
                    let _ =
                        write!(page, "<td><a class=\"{class}\" href=\"#{anchor}\" title=\"{time}\">{word}</a></td>");
                }
                None => page.push_str("<td></td>"),
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>\n");
}

/// Returns the steps that failed for the same reasons, with the end of the first one's log.
fn failed(page: &mut String, group: &[(&Row, Step, &Outcome)], folder: &Path) {
    page.push_str("<section>\n");
    for (row, step, outcome) in group {
        let _ = write!(
            page,
            "<h3 id=\"{}\">{}, {}</h3>\n<p class=\"small\">{} passed, {} failed, {} skipped in {} · logs: {} · \
             <a href=\"#matrix\">back to the matrix</a></p>\n<p>again: <code>{}</code></p>\n",
            anchor(row, *step),
            escape(&row.name),
            step.name(),
            outcome.counts.passed,
            outcome.counts.failed,
            outcome.counts.skipped,
            time(outcome.seconds),
            links(outcome, folder),
            escape(&row.command(*step)),
        );
    }
    if let Some((.., first)) = group.first() {
        for note in &first.notes {
            let _ = writeln!(page, "<p>{}</p>", escape(note));
        }
        if let Some(log) = &first.log {
            let _ = writeln!(page, "<pre>{}</pre>", escape(&log::end_of(log)));
        }
    }
    page.push_str("</section>\n");
}

/// Returns links to the logs of a step, which are beside the report's folder.
fn links(outcome: &Outcome, folder: &Path) -> String {
    let link = |log: &PathBuf| {
        let beside = folder.parent().and_then(|beside| log.strip_prefix(beside).ok());
        let target = beside.map_or_else(|| log.display().to_string(), |path| format!("../{}", path.display()));
        let name = log.file_stem().unwrap_or_default().to_string_lossy();
        format!("<a href=\"{}\">{}</a>", escape(&target), escape(&name))
    };
    outcome.logs.iter().map(link).collect::<Vec<_>>().join(", ")
}

/// Returns a table with a row for each step: its anchor, cell and name, and the fields of the other columns.
fn list<'a, const N: usize>(
    page: &mut String,
    title: &str,
    headings: [&str; N],
    lines: impl Iterator<Item = (String, &'a Row, Step, String)>,
) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = write!(page, "<h2>{title}</h2>\n<div class=\"wide\"><table class=\"list\">\n<tr>");
    headings.iter().for_each(|heading| page.push_str(&format!("<th>{heading}</th>")));
    page.push_str("</tr>\n");
    for (anchor, row, step, last) in lines {
        let _ = writeln!(page, "<tr id=\"{anchor}\"><td>{}</td><td>{}</td>{last}</tr>", escape(&row.name), step.name());
    }
    page.push_str("</table></div>\n");
}

/// Returns a row for each dependency and a column for each set of versions, which cells with equal sets share.
fn dependencies(page: &mut String, rows: &[Row]) {
    type Set<'a> = &'a [(String, String)];
    let mut sets: Vec<(Set, Vec<&str>)> = Vec::new();
    for row in rows.iter().filter(|row| !row.dependencies.is_empty()) {
        match sets.iter_mut().find(|(set, _)| *set == row.dependencies) {
            Some((_, cells)) => cells.push(&row.name),
            None => sets.push((&row.dependencies, vec![&row.name])),
        }
    }
    if sets.is_empty() {
        return;
    }
    page.push_str("<h2>Dependencies</h2>\n<div class=\"wide\"><table class=\"list\">\n<tr><th></th>");
    for (_, cells) in &sets {
        let cells =
            if sets.len() == 1 { "every cell".to_string() } else { escape(&cells.join(", ")).replace(", ", ",<br>") };
        let _ = write!(page, "<th>{cells}</th>");
    }
    page.push_str("</tr>\n");
    let mut versions: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for (number, (set, _)) in sets.iter().enumerate() {
        for (name, version) in *set {
            versions.entry(name).or_insert_with(|| vec![Vec::new(); sets.len()])[number].push(version);
        }
    }
    for (name, columns) in versions {
        let _ = write!(page, "<tr><td>{}</td>", escape(name));
        columns
            .iter()
            .for_each(|column| page.push_str(&format!("<td class=\"plain\">{}</td>", escape(&column.join(", ")))));
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>\n");
    for row in rows.iter().filter(|row| !row.held_back.is_empty()) {
        let _ = writeln!(page, "<h3>Held back in {}</h3>\n<ul>", escape(&row.name));
        row.held_back.iter().for_each(|line| page.push_str(&format!("<li>{}</li>\n", escape(line))));
        page.push_str("</ul>\n");
    }
}

fn time(seconds: f64) -> String {
    match seconds {
        s if s < 60.0 => format!("{s:.1} s"),
        s => format!("{} min {:02} s", s as u64 / 60, s as u64 % 60),
    }
}

fn anchor(row: &Row, step: Step) -> String {
    escape(&format!("{}-{}", row.name, step.name().replace(' ', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_red_field_leads_to_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, "error: <no>\n").unwrap();
        let mut row = Row { name: "a".into(), ..Row::default() };
        row.steps.insert(Step::Build, Outcome { log: Some(log), ..Outcome::failed("why") });
        let page = super::page(&Report { rows: vec![row], ..Report::default() }, Path::new("report"));
        assert!(page.contains("<a class=\"failed\" href=\"#a-build\" title=\"0.0 s\">FAILED</a>"), "{page}");
        assert!(page.contains("<h3 id=\"a-build\">"));
        assert!(page.contains("error: &lt;no&gt;"));
        assert!(page.contains("<title>Matrix: 0 passed, 1 failed, 0 skipped</title>"));
    }

    #[test]
    fn every_field_leads_somewhere() {
        let mut row = Row { name: "a".into(), ..Row::default() };
        row.steps.insert(Step::Build, Outcome::failed("why"));
        row.steps.insert(Step::Test, Outcome::skipped("nothing was built"));
        row.steps.insert(Step::Doc, Outcome::passed());
        let page = super::page(&Report { rows: vec![row], ..Report::default() }, Path::new("report"));
        for anchor in ["a-build", "a-unit-tests", "a-doc"] {
            assert!(
                page.contains(&format!("href=\"#{anchor}\"")) && page.contains(&format!("id=\"{anchor}\"")),
                "{page}"
            );
        }
        assert!(page.contains("nothing was built"));
    }

    #[test]
    fn cells_with_the_same_versions_share_a_column() {
        let row = |name: &str, version: &str| Row {
            name: name.into(),
            dependencies: vec![("libc".into(), version.into())],
            held_back: vec![format!("libc in {name}")],
            ..Row::default()
        };
        let page = super::page(
            &Report { rows: vec![row("a", "1"), row("b", "2"), row("c", "1")], ..Report::default() },
            Path::new("report"),
        );
        assert!(page.contains("<th>a,<br>c</th><th>b</th>"), "{page}");
        assert!(page.contains("<td>libc</td><td class=\"plain\">1</td><td class=\"plain\">2</td>"), "{page}");
        assert!(page.contains("<li>libc in b</li>"), "{page}");
    }
}
