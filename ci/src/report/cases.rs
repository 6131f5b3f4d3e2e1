// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The individual tests of a step, by libtest's output in its logs.

use std::fs::File;
use std::io::BufReader;

use crate::host::log::lines;
use crate::report::model::{Counts, Outcome};

/// The length to which one test's output is cut.
const OUTPUT: usize = 20_000;

/// One test.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// The test program.
    pub program: String,
    pub name: String,
    /// libtest's result: `ok`, `FAILED`, or `ignored` with its reason.
    pub result: String,
    /// Its output, if it failed.
    pub output: String,
}

impl Case {
    fn counts(&self) -> Counts {
        let is = |word: &str| self.result.starts_with(word).into();
        Counts { passed: is("ok"), failed: is("FAILED"), skipped: is("ignored") }
    }
}

/// Returns the tests of a step, or none if their number in the logs differs from the counts: tests may print lines that
/// look like further results.
pub fn of(outcome: &Outcome) -> Vec<Case> {
    let mut cases = Vec::new();
    for log in &outcome.logs {
        if let Ok(file) = File::open(log) {
            cases.extend(read(lines(BufReader::new(file)).map_while(Result::ok)));
        }
    }
    cases.retain(|case| outcome.programs.iter().any(|(name, _)| *name == case.program));
    let counts = cases.iter().fold(Counts::default(), |mut sum, case| {
        sum.add(case.counts());
        sum
    });
    // A part that did not run has no log, and is counted as skipped.
    let skipped = outcome.programs.iter().map(|(_, counts)| counts.skipped).sum();
    if counts == (Counts { skipped, ..outcome.counts }) {
        cases
    } else {
        Vec::new()
    }
}

fn read(lines: impl Iterator<Item = String>) -> Vec<Case> {
    let (mut cases, mut begin, mut program) = (Vec::<Case>::new(), 0, String::new());
    let mut talks: Option<usize> = None;
    for line in lines {
        if let Some(started) = started(&line) {
            program = started;
            begin = cases.len();
            talks = None;
        } else if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            talks = cases[begin..].iter().position(|case| case.name == name).map(|at| begin + at);
        } else if line == "failures:" || line.starts_with("test result: ") {
            talks = None;
        } else if let Some(case) = talks.and_then(|at| cases.get_mut(at)) {
            if case.output.len() < OUTPUT {
                case.output.push_str(&line);
                case.output.push('\n');
            }
        } else if let Some((name, result)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            let name = name.trim_end_matches(" - should panic").to_string();
            cases.push(Case { program: program.clone(), name, result: result.to_string(), output: String::new() });
        }
    }
    cases
}

/// Returns the name of the test program that cargo starts, from a line of its output.
pub fn started(line: &str) -> Option<String> {
    match line.strip_prefix("   Doc-tests ") {
        Some(name) => Some(name.trim().to_string()),
        None => program(line.strip_prefix("     Running ")?),
    }
}

/// Old: `target/debug/deps/layout-0f3c`. New: `tests/layout.rs (target/…/layout-0f3c)`.
fn program(words: &str) -> Option<String> {
    let path = words.rsplit(['(', ' ']).next().unwrap_or(words).trim_end_matches(['`', ')']);
    let (folder, file) = path.rsplit_once('/')?;
    let (name, hash) = file.rsplit_once('-')?;
    let is_program = folder.ends_with("deps") && hash.chars().all(|c| c.is_ascii_hexdigit());
    is_program.then(|| name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "     Running tests/a.rs (target/debug/deps/a-0a1b)\n\nrunning 3 tests\ntest one ... ok\n\
                       test two ... FAILED\ntest three ... ignored, later\n\nfailures:\n\n---- two stdout ----\n\
                       the reason\n\n\nfailures:\n    two\n\ntest result: FAILED. 1 passed; 1 failed; 1 ignored\n";

    #[test]
    fn each_test_has_its_result_and_a_failed_one_its_output() {
        let cases = read(LOG.lines().map(str::to_string));
        let found: Vec<_> = cases.iter().map(|case| (&case.name[..], &case.result[..], case.output.trim())).collect();
        assert_eq!(found, [("one", "ok", ""), ("two", "FAILED", "the reason"), ("three", "ignored, later", "")]);
        assert!(cases.iter().all(|case| case.program == "a"));
    }

    #[test]
    fn what_tests_print_makes_no_tests() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let counts = Counts { passed: 1, failed: 1, skipped: 1 };
        let programs = vec![("a".to_string(), counts)];
        let outcome = Outcome { counts, programs, logs: vec![log.clone()], ..Outcome::default() };
        std::fs::write(&log, LOG).unwrap();
        assert_eq!(of(&outcome).len(), 3);
        let with_a_part_not_run = Outcome { counts: Counts { skipped: 2, ..counts }, ..outcome.clone() };
        assert_eq!(of(&with_a_part_not_run).len(), 3);
        std::fs::write(&log, LOG.replace("running 3 tests", "test forged ... ok")).unwrap();
        assert_eq!(of(&outcome), []);
    }
}
