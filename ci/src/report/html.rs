//! The report as one HTML page that needs no other file: the matrix as a picture, whose fields lead to the reason
//! and the end of the log of what failed, the reason of what did not run, and the times; then the versions of
//! the dependencies.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::report::markup::escape;
use crate::report::model::{Outcome, Report, Row, Step};

/// How much of a log is shown.
const TAIL: u64 = 20_000;

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
td a { display: block; padding: 0.15rem 0.6rem; border-radius: 4px; color: #fff; text-decoration: none; min-width: 4.5rem; }
td a:hover, td a:focus { outline: 2px solid currentColor; outline-offset: -3px; }
.passed { background: var(--ok); } .failed { background: var(--bad); font-weight: 600; }
.not-run { background: var(--none); }
.list { border-collapse: collapse; }
.list td, .list th { border-bottom: 1px solid var(--line); padding: 0.25rem 0.9rem 0.25rem 0; background: none; vertical-align: top; }
section { border: 1px solid var(--line); border-left: 5px solid var(--bad); border-radius: 6px; margin: 1rem 0; padding: 0.8rem 1rem; }
section:target, tr:target td { background: var(--soft); }
section:target { outline: 2px solid var(--bad); }
pre { overflow: auto; max-height: 32rem; margin: 0.6rem 0; padding: 0.8rem; border-radius: 4px; background: var(--soft); font-size: 0.8rem; }
p { margin: 0.3rem 0; overflow-wrap: anywhere; }
.small a { color: inherit; }
.small { font-size: 0.85rem; opacity: 0.75; }
@media (max-width: 40rem) { body { font-size: 15px; padding: 0.6rem; } table { font-size: 0.8rem; } section { padding: 0.6rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; } }
";

/// The whole page.
pub fn page(report: &Report) -> String {
    let seconds: f64 = report.outcomes().map(|(_, _, outcome)| outcome.seconds).sum();
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{count}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1 id=\"matrix\">Matrix</h1>\n<p>{count}</p>\n",
        count = escape(&report.count_line())
    );
    matrix(&mut page, report);
    let _ = writeln!(
        page,
        "<p class=\"small\">A field leads to its log or its reason. All steps together took {}.</p>",
        time(seconds)
    );
    let with = |wanted: &'static str| report.outcomes().filter(move |(_, _, outcome)| outcome.result() == wanted);
    // What failed comes first: it is what somebody looks for.
    if with("failed").next().is_some() {
        page.push_str("<h2>Failed</h2>\n");
    }
    for (row, step, outcome) in with("failed") {
        failed(&mut page, row, step, outcome);
    }
    list(
        &mut page,
        "Not run",
        ["cell", "step", "why"],
        with("not run").map(|(row, step, outcome)| {
            (anchor(row, step), row, step, format!("<td class=\"text\">{}</td>", escape(&outcome.notes.join("; "))))
        }),
    );
    list(
        &mut page,
        "Passed",
        ["cell", "step", "time"],
        with("passed").map(|(row, step, outcome)| {
            let earlier = if outcome.earlier { ", in an earlier run since which nothing has changed" } else { "" };
            let notes: String = outcome.notes.iter().map(|note| format!("; {}", escape(note))).collect();
            (anchor(row, step), row, step, format!("<td class=\"text\">{}{earlier}{notes}</td>", time(outcome.seconds)))
        }),
    );
    dependencies(&mut page, &report.rows);
    page.push_str("</body>\n</html>\n");
    page
}

fn matrix(page: &mut String, report: &Report) {
    let columns = report.columns();
    // A crate without a QEMU needs no column for it.
    let qemu = report.rows.iter().any(|row| !row.qemu.is_empty());
    let versions =
        |row: &'_ Row| if qemu { vec![row.rustc.clone(), row.qemu.clone()] } else { vec![row.rustc.clone()] };
    page.push_str("<div class=\"wide\"><table>\n<tr><th>cell</th><th>rustc</th>");
    if qemu {
        page.push_str("<th>QEMU</th>");
    }
    for step in &columns {
        let _ = write!(page, "<th>{}</th>", step.name());
    }
    page.push_str("</tr>\n");
    for row in &report.rows {
        let _ = write!(page, "<tr><th>{}</th>", escape(&row.name));
        for word in versions(row) {
            let _ = write!(page, "<td class=\"plain\">{}</td>", escape(&word));
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

fn failed(page: &mut String, row: &Row, step: Step, outcome: &Outcome) {
    let _ = write!(
        page,
        "<section id=\"{}\">\n<h3>{}, {}</h3>\n<p class=\"small\">{} passed, {} failed, {} skipped in {} · \
         <a href=\"#matrix\">back to the matrix</a></p>\n",
        anchor(row, step),
        escape(&row.name),
        step.name(),
        outcome.counts.passed,
        outcome.counts.failed,
        outcome.counts.skipped,
        time(outcome.seconds),
    );
    for note in &outcome.notes {
        let _ = writeln!(page, "<p>{}</p>", escape(note));
    }
    if let Some(log) = &outcome.log {
        let _ = writeln!(
            page,
            "<pre>{}</pre>\n<p class=\"small\">{}</p>",
            escape(&tail(log)),
            escape(&log.display().to_string())
        );
    }
    page.push_str("</section>\n");
}

/// A table with a line for each step: its anchor, its cell, itself, and the last column's field.
fn list<'a>(
    page: &mut String,
    title: &str,
    headings: [&str; 3],
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

/// A line for each dependency and a column for each set of versions, which cells share that have the same.
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

/// The end of a log, from the beginning of a line. A log may be too large to be read whole.
fn tail(log: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        file.take(TAIL).read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(match text.split_once('\n') {
            Some((_, rest)) if length > TAIL => format!("…\n{rest}"),
            _ => text,
        })
    };
    read().unwrap_or_else(|error| format!("the log cannot be read: {error}"))
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
        let page = super::page(&Report { rows: vec![row] });
        assert!(page.contains("<a class=\"failed\" href=\"#a-build\" title=\"0.0 s\">FAILED</a>"), "{page}");
        assert!(page.contains("<section id=\"a-build\">"));
        assert!(page.contains("error: &lt;no&gt;"));
        assert!(page.contains("<title>0 passed, 1 failed, 0 skipped</title>"));
    }

    #[test]
    fn every_field_leads_somewhere() {
        let mut row = Row { name: "a".into(), ..Row::default() };
        row.steps.insert(Step::Build, Outcome::failed("why"));
        row.steps.insert(Step::Test, Outcome::skipped("nothing was built"));
        row.steps.insert(Step::Doc, Outcome::passed());
        let page = super::page(&Report { rows: vec![row] });
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
        let page = super::page(&Report { rows: vec![row("a", "1"), row("b", "2"), row("c", "1")] });
        assert!(page.contains("<th>a,<br>c</th><th>b</th>"), "{page}");
        assert!(page.contains("<td>libc</td><td class=\"plain\">1</td><td class=\"plain\">2</td>"), "{page}");
        assert!(page.contains("<li>libc in b</li>"), "{page}");
    }

    #[test]
    fn only_the_end_of_a_large_log_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, "line\n".repeat(10_000) + "last\n").unwrap();
        let text = tail(&log);
        assert!(text.len() as u64 <= TAIL + 10 && text.ends_with("last\n") && text.starts_with("…\nline\n"));
    }
}
