// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Counts from the output of `cargo test`, test program by test program.

use std::io::BufRead;

use crate::host::log::{self, lines};
use crate::report::cases;
use crate::report::model::Counts;

/// What a log says.
pub struct Read {
    /// The name of each test program (`pl011` for tests/pl011.rs, the crate's own name for unit tests and doc tests) with
    /// its counts.
    pub programs: Vec<(String, Counts)>,
    /// How many tests were left out by arguments.
    pub left_out: u64,
    /// Whether the log's middle is missing, and what it says is less than all.
    pub is_cut: bool,
}

/// Parses cargo's messages and the tests' output in one stream.
///
/// libtest's line of counts is a program's last line, after the output of tests. A program without one
/// (`harness = false`) is one test; it `succeeded` like cargo, unless others ran after it.
pub fn read(log: impl BufRead, succeeded: bool) -> std::io::Result<Read> {
    let (mut programs, mut is_cut): (Vec<Program>, bool) = (Vec::new(), false);
    for line in lines(log) {
        let line = line?;
        let trimmed = line.trim();
        is_cut |= log::is_cut(trimmed);
        if let Some(name) = cases::started(&line) {
            programs.push(Program { name, is_doc: line.starts_with("   Doc-tests "), lines: Vec::new() });
        } else if let (Some(result), Some(last)) = (result(trimmed), programs.last_mut()) {
            last.lines.push(result);
        }
    }
    let last = programs.len().saturating_sub(1);
    let left_out = programs.iter().flat_map(Program::results).map(|result| result.left_out).sum();
    let counted = programs.into_iter().enumerate();
    let programs =
        counted.map(|(index, program)| (program.name.clone(), program.counts(succeeded || index < last))).collect();
    Ok(Read { programs, left_out, is_cut })
}

/// A test program, and the lines of counts after its start.
struct Program {
    name: String,
    /// Whether rustdoc runs it and writes several lines of counts.
    is_doc: bool,
    lines: Vec<Line>,
}

/// A line of counts.
struct Line {
    counts: Counts,
    left_out: u64,
}

impl Program {
    /// Returns the lines of counts that are not the tests' own output.
    fn results(&self) -> &[Line] {
        let first = if self.is_doc { 0 } else { self.lines.len().saturating_sub(1) };
        &self.lines[first..]
    }

    fn counts(&self, succeeded: bool) -> Counts {
        if self.lines.is_empty() && !self.is_doc {
            return Counts { passed: succeeded.into(), failed: (!succeeded).into(), skipped: 0 };
        }
        self.results().iter().fold(Counts::default(), |mut sum, line| {
            sum.add(line.counts);
            sum
        })
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out`
fn result(line: &str) -> Option<Line> {
    let rest = line.strip_prefix("test result: ")?;
    let number = |what: &str| -> Option<u64> {
        let before = &rest[..rest.find(what)?];
        before.split_whitespace().next_back()?.parse().ok()
    };
    let counts = Counts { passed: number(" passed")?, failed: number(" failed")?, skipped: number(" ignored")? };
    Some(Line { counts, left_out: number(" filtered out").unwrap_or(0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(log: &str) -> Vec<(String, Counts)> {
        read(log.as_bytes(), true).unwrap().programs
    }

    #[test]
    fn old_cargos_output_is_counted() {
        let log = "   Compiling x\n     Running target/debug/deps/layout-0a1b\n\nrunning 2 tests\n\
                   test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\n";
        assert_eq!(programs(log), [("layout".to_string(), Counts { passed: 2, failed: 0, skipped: 0 })]);
    }

    #[test]
    fn new_cargos_output_is_counted() {
        let log = "     Running unittests src/lib.rs (target/debug/deps/old_stable-0a1b)\n\
                   test result: FAILED. 1 passed; 2 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                   \x20  Doc-tests old_stable\n\
                   test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                   all doctests ran in 0.20s; merged doctests compilation took 0.10s\n\
                   test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";
        assert_eq!(
            programs(log),
            [
                ("old_stable".to_string(), Counts { passed: 1, failed: 2, skipped: 3 }),
                ("old_stable".to_string(), Counts { passed: 5, failed: 0, skipped: 0 }),
            ]
        );
    }

    #[test]
    fn bytes_that_are_no_text_do_not_end_the_reading() {
        let mut log = b"     Running target/debug/deps/a-1\n\xff\xfe\n".to_vec();
        log.extend(b"test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n");
        assert_eq!(read(&log[..], true).unwrap().programs[0].1.passed, 1);
    }

    #[test]
    fn tests_that_are_left_out_are_counted() {
        let log = "     Running target/debug/deps/a-1\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 3 \
                   filtered out; finished in 0.1s\n     Running target/debug/deps/b-1\n\
                   test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out\n";
        assert_eq!(read(log.as_bytes(), true).unwrap().left_out, 7);
        let printed =
            log.replacen("\n", "\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out\n", 1);
        assert_eq!(read(printed.as_bytes(), true).unwrap().left_out, 7);
    }

    #[test]
    fn what_a_test_prints_is_not_counted() {
        let log = "     Running tests/a.rs (target/debug/deps/a-0a1b)\n\nrunning 1 test\n     Running late\n\
                   test result: ok. 100 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
                   test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(programs(log), [("a".to_string(), Counts { passed: 1, failed: 0, skipped: 0 })]);
    }

    #[test]
    fn a_program_without_libtest_is_one_test() {
        let log = "     Running tests/a.rs (target/debug/deps/a-0a1b)\nall is well\n\
                   \x20    Running tests/b.rs (target/debug/deps/b-0a1b)\nnothing is\n";
        let of = |succeeded| -> Vec<u64> {
            read(log.as_bytes(), succeeded).unwrap().programs.iter().map(|(_, counts)| counts.passed).collect()
        };
        assert_eq!((of(true), of(false)), (vec![1, 1], vec![1, 0]));
    }
}
