//! The report as one HTML page that needs no other file: the matrix as a picture, and behind each of its
//! fields the reason and the end of the log.

use std::fmt::Write;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::export::{escape, result};
use crate::report::{Outcome, Report, Row, Step};

/// How much of a log is shown.
const TAIL: u64 = 20_000;

const STYLE: &str = "
:root { color-scheme: light dark; --ok: #2e7d4f; --bad: #b3261e; --none: #7a7a7a; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --ok: #2f8f5b; --bad: #c8372d; --none: #6a6a6a; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 75rem; }
.wide { overflow-x: auto; }
table { border-collapse: separate; border-spacing: 3px; font-size: 0.9rem; }
th { text-align: left; font-weight: 600; padding: 0.2rem 0.5rem; white-space: nowrap; }
td { padding: 0; white-space: nowrap; }
td.plain { padding: 0.2rem 0.5rem; }
td a { display: block; padding: 0.2rem 0.6rem; border-radius: 4px; color: #fff; text-decoration: none; }
.passed { background: var(--ok); } .failed { background: var(--bad); font-weight: 600; }
.not-run { background: var(--none); }
section { border-top: 1px solid var(--line); margin-top: 1.5rem; }
section:target { outline: 3px solid var(--bad); outline-offset: 0.5rem; }
pre { overflow-x: auto; max-height: 30rem; padding: 0.8rem; border: 1px solid var(--line); font-size: 0.8rem; }
.small { font-size: 0.85rem; opacity: 0.8; }
";

/// The whole page.
pub fn html(report: &Report, dependencies: &[(String, String)]) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{count}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>Matrix</h1>\n<p>{count}</p>\n",
        count = escape(&report.count_line())
    );
    matrix(&mut page, report);
    // What failed comes first: it is what somebody looks for.
    for wanted in ["failed", "not run", "passed"] {
        for row in &report.rows {
            for (step, outcome) in row.steps.iter().filter(|(_, outcome)| result(outcome) == wanted) {
                section(&mut page, row, *step, outcome);
            }
        }
    }
    if !dependencies.is_empty() {
        page.push_str("<section>\n<h2>Dependencies</h2>\n<p class=\"small\">The same in every cell: Cargo.lock.</p>\n<ul>\n");
        for (name, version) in dependencies {
            let _ = writeln!(page, "<li>{} {}</li>", escape(name), escape(version));
        }
        page.push_str("</ul>\n</section>\n");
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn matrix(page: &mut String, report: &Report) {
    let columns = report.columns();
    page.push_str("<div class=\"wide\"><table>\n<tr><th>cell</th><th>rustc</th><th>QEMU</th>");
    for step in &columns {
        let _ = write!(page, "<th>{}</th>", step.name());
    }
    page.push_str("</tr>\n");
    for row in &report.rows {
        let _ = write!(page, "<tr><th>{}</th>", escape(&row.name));
        for word in [&row.rustc, &row.qemu] {
            let _ = write!(page, "<td class=\"plain\">{}</td>", escape(word));
        }
        for step in &columns {
            match row.steps.get(step) {
                Some(outcome) => {
                    let class = result(outcome).replace(' ', "-");
                    let word = escape(&outcome.word());
                    let _ = write!(page, "<td><a class=\"{class}\" href=\"#{}\">{word}</a></td>", anchor(row, *step));
                }
                None => page.push_str("<td></td>"),
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>\n");
}

fn section(page: &mut String, row: &Row, step: Step, outcome: &Outcome) {
    let _ = write!(
        page,
        "<section id=\"{}\">\n<h2>{}, {}: {}</h2>\n<p class=\"small\">{} passed, {} failed, {} skipped in {:.1} s{}</p>\n",
        anchor(row, step),
        escape(&row.name),
        step.name(),
        escape(&outcome.word()),
        outcome.counts.passed,
        outcome.counts.failed,
        outcome.counts.skipped,
        outcome.seconds,
        if outcome.earlier { ", in an earlier run since which nothing has changed" } else { "" },
    );
    for note in &outcome.notes {
        let _ = writeln!(page, "<p>{}</p>", escape(note));
    }
    if let (true, Some(log)) = (result(outcome) == "failed", &outcome.log) {
        let _ = writeln!(page, "<pre>{}</pre>\n<p class=\"small\">{}</p>", escape(&tail(log)), escape(&log.display().to_string()));
    }
    page.push_str("</section>\n");
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
        let page = html(&Report { rows: vec![row] }, &[]);
        assert!(page.contains("<a class=\"failed\" href=\"#a-build\">FAILED</a>"), "{page}");
        assert!(page.contains("<section id=\"a-build\">"));
        assert!(page.contains("error: &lt;no&gt;"));
        assert!(page.contains("<title>0 passed, 1 failed, 0 skipped</title>"));
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
