// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A runner for test programs without libtest's harness: tests that cannot run are counted as ignored, with the reason.

use std::panic::catch_unwind;

/// Runs the requested tests, or reports why each cannot run, and ends the process like libtest.
pub fn run(tests: &[(&str, fn())], missing: impl Fn(&str) -> Option<String>) -> ! {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let (tests, others): (Vec<_>, Vec<_>) =
        tests.iter().partition(|(name, _)| wanted.is_empty() || wanted.iter().any(|part| name.contains(part)));
    let (mut passed, mut failed, mut ignored) = (0, 0, 0);
    for (name, test) in tests {
        match missing(name) {
            Some(why) => {
                ignored += 1;
                println!("test {name} ... ignored, {why}");
            }
            None if catch_unwind(test).is_ok() => {
                passed += 1;
                println!("test {name} ... ok");
            }
            None => {
                failed += 1;
                println!("test {name} ... FAILED");
            }
        }
    }
    let word = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {word}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; {} filtered out\n",
        others.len()
    );
    std::process::exit(i32::from(failed > 0))
}
