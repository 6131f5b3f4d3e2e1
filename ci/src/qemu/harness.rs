// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The output of tests inside QEMU: a line for each, and the counts at the end.

use crate::report::model::Counts;

/// Parses a run's output. `succeeded` is whether QEMU exited with success, which must agree.
///
/// Returns the counts, and a line for each fault.
pub fn read(output: &str, succeeded: bool) -> (Counts, Vec<String>) {
    let mut notes: Vec<String> = Vec::new();
    // A message of the bindings' stands before the test that it has ended.
    let mut message = None;
    for line in output.lines() {
        match line.strip_prefix("test ") {
            Some(test) if test.ends_with("FAILED: it has ended QEMU") => {
                notes.push(message.take().map_or(test.to_string(), |message| format!("{test}: {message}")));
            }
            Some(test) if test.contains(" ... FAILED") => notes.push(test.to_string()),
            Some(_) => message = None,
            None if line.starts_with("oldstable: ") => message = Some(line),
            None => {}
        }
    }
    let mut counts = Counts::default();
    match output.lines().rev().find_map(last_line) {
        Some((passed, failed)) => {
            counts.passed = passed;
            counts.failed = failed;
            if succeeded != (failed == 0) || passed + failed == 0 {
                counts.failed += 1;
                notes.push("QEMU's exit status and the counts do not agree".to_string());
            }
        }
        None => {
            counts.passed = output.lines().filter(|line| line.ends_with(" ... ok")).count() as u64;
            counts.failed = 1;
            let last = output.lines().map(str::trim).rfind(|line| !line.is_empty());
            notes.push(format!("QEMU ended before the tests did; last output: {}", last.unwrap_or("none")));
        }
    }
    (counts, notes)
}

/// `58 passed, 1 failed on none-machine`
fn last_line(line: &str) -> Option<(u64, u64)> {
    let (passed, rest) = line.split_once(" passed, ")?;
    let (failed, _) = rest.split_once(" failed on ")?;
    Some((passed.parse().ok()?, failed.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_and_named() {
        let output = "test a::b ... ok\ntest a::c ... FAILED: no (x.rs:1:2)\n1 passed, 1 failed on virt-machine\n";
        let (counts, notes) = read(output, false);
        assert_eq!(counts, Counts { passed: 1, failed: 1, skipped: 0 });
        assert_eq!(notes, ["a::c ... FAILED: no (x.rs:1:2)"]);
    }

    #[test]
    fn a_test_that_ends_qemu_is_named_with_the_message() {
        let output =
            "oldstable: of another test\ntest a::a ... ok\noldstable: no device (src/lib.rs:7:9)\ntest a::b ... \
                      FAILED: it has ended QEMU\n";
        let (_, notes) = read(output, false);
        assert_eq!(notes[0], "a::b ... FAILED: it has ended QEMU: oldstable: no device (src/lib.rs:7:9)");
    }

    #[test]
    fn an_abort_is_a_failure_that_says_where() {
        let (counts, notes) = read("test a::b ... ok\ntest a::c ... ", false);
        assert_eq!(counts, Counts { passed: 1, failed: 1, skipped: 0 });
        assert!(notes[0].contains("test a::c ..."), "{notes:?}");
    }

    #[test]
    fn good_counts_do_not_hide_a_bad_exit_status() {
        assert_eq!(read("test a ... ok\n1 passed, 0 failed on x\n", false).0.failed, 1);
        assert_eq!(read("0 passed, 0 failed on x\n", true).0.failed, 1);
        assert_eq!(read("test a ... ok\n1 passed, 0 failed on x\n", true).0.failed, 0);
    }
}
