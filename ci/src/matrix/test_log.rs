// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Counts from the output of `cargo test`, test program by test program.

use std::io::BufRead;

use crate::host::log::lines;
use crate::report::cases;
use crate::report::model::Counts;

/// Parses cargo's messages and the tests' output in one stream. Returns the name of each test program (`pl011` for
/// tests/pl011.rs, the crate's own name for unit tests and doc tests) with its counts.
///
/// libtest's line of counts is a program's last line, after the output of tests. A program without one
/// (`harness = false`) is one test; it `succeeded` like cargo, unless others ran after it.
pub fn read(log: impl BufRead, succeeded: bool) -> std::io::Result<Vec<(String, Counts)>> {
    let mut programs: Vec<Program> = Vec::new();
    for line in lines(log) {
        let line = line?;
        let trimmed = line.trim();
        if let Some(name) = cases::started(&line) {
            programs.push(Program { name, is_doc: line.starts_with("   Doc-tests "), results: Vec::new() });
        } else if let (Some(counts), Some(last)) = (result(trimmed), programs.last_mut()) {
            last.results.push(counts);
        }
    }
    let last = programs.len().saturating_sub(1);
    let counted = programs.into_iter().enumerate();
    Ok(counted.map(|(index, program)| (program.name.clone(), program.counts(succeeded || index < last))).collect())
}

/// A test program, and the lines of counts after its start.
struct Program {
    name: String,
    /// Whether rustdoc runs it and writes several lines of counts.
    is_doc: bool,
    results: Vec<Counts>,
}

impl Program {
    fn counts(&self, succeeded: bool) -> Counts {
        match (self.results.last(), self.is_doc) {
            (_, true) => self.results.iter().fold(Counts::default(), |mut sum, counts| {
                sum.add(*counts);
                sum
            }),
            (Some(last), false) => *last,
            (None, false) => Counts { passed: succeeded.into(), failed: (!succeeded).into(), skipped: 0 },
        }
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out`
fn result(line: &str) -> Option<Counts> {
    let number = |what: &str| number(line.strip_prefix("test result: ")?, what);
    Some(Counts { passed: number(" passed")?, failed: number(" failed")?, skipped: number(" ignored")? })
}

/// Returns the number before a word.
fn number(line: &str, what: &str) -> Option<u64> {
    line[..line.find(what)?].split_whitespace().next_back()?.parse().ok()
}

/// Returns how many tests were left out by arguments.
pub fn left_out(log: impl BufRead) -> std::io::Result<u64> {
    let mut sum = 0;
    for line in lines(log) {
        let line = line?;
        sum += line.strip_prefix("test result: ").and_then(|rest| number(rest, " filtered out")).unwrap_or(0);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(log: &str) -> Vec<(String, Counts)> {
        read(log.as_bytes(), true).unwrap()
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
        assert_eq!(read(&log[..], true).unwrap()[0].1.passed, 1);
    }

    #[test]
    fn tests_that_are_left_out_are_counted() {
        let log = "     Running target/debug/deps/a-1\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 3 \
                   filtered out; finished in 0.1s\n     Running target/debug/deps/b-1\n\
                   test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out\n";
        assert_eq!(left_out(log.as_bytes()).unwrap(), 7);
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
            read(log.as_bytes(), succeeded).unwrap().iter().map(|(_, counts)| counts.passed).collect()
        };
        assert_eq!((of(true), of(false)), (vec![1, 1], vec![1, 0]));
    }
}
