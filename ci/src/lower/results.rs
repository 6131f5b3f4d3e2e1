// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The results of a package's own tests: which ran, what came out, and why others did not run.

use std::fmt;
use std::process::Output;

use serde::{Deserialize, Serialize};

/// The program of the documentation's examples, as [`Run::each`] names it.
pub const DOCUMENTATION: &str = "Doc-tests";

/// The results of a package's own tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Tests {
    NotRun(String),
    Run(Run),
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub passed: u32,
    pub failed: u32,
    /// The names of those that failed, as far as there are some.
    pub failures: Vec<String>,
    /// The programs that do not build, each with an error. Each counts as one that failed.
    pub unbuilt: Vec<String>,
    /// The tests that were not run, with the reason.
    pub left_out: Option<String>,
    /// Each test's program, name and result, sorted.
    pub each: Vec<String>,
    /// The programs and tests that are not in `each`, because they do not build.
    pub apart: Vec<String>,
}

impl Run {
    /// Parses the output of `cargo test`.
    pub fn of(output: &Output) -> Run {
        let text = String::from_utf8_lossy(&output.stdout);
        let mut run = Run::default();
        let mut program = String::new();
        for line in text.lines() {
            if let Some(name) = line.trim_start().strip_prefix("Running ") {
                program = source(name);
            } else if line.trim_start().starts_with(DOCUMENTATION) {
                program = DOCUMENTATION.to_string();
            } else if line.starts_with("test result:") {
                let count = |word: &str| -> u32 {
                    let words: Vec<&str> = line.split_whitespace().collect();
                    let at = words.iter().position(|found| found.trim_end_matches(';') == word);
                    at.and_then(|at| words.get(at.checked_sub(1)?)?.parse().ok()).unwrap_or(0)
                };
                run.passed += count("passed");
                run.failed += count("failed");
            } else if let Some((name, result)) = line.strip_prefix("test ").and_then(|line| line.rsplit_once(" ... ")) {
                // Of a documentation's example, the line is another in the copy.
                let name = name.split(" (line ").next().unwrap_or(name);
                run.each.push(format!("{program}: {name}: {result}"));
                if result == "FAILED" {
                    run.failures.push(name.to_string());
                }
            }
        }
        // They run side by side.
        run.failures.sort();
        run.each.sort();
        // A program that ends before its summary has failed too.
        if run.failed == 0 && !output.status.success() {
            run.failed = 1;
        }
        run
    }

    /// Adds those of another program.
    pub fn add(&mut self, other: Run) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
        self.unbuilt.extend(other.unbuilt);
        self.each.extend(other.each);
        self.each.sort();
        self.apart.extend(other.apart);
    }

    /// Returns whether each test that ran is one of the original's with the same result, and each other test of the
    /// original is one that does not build.
    fn is_part_of(&self, original: &Run) -> bool {
        let mut others = original.each.clone();
        let all = self.each.iter().all(|own| {
            let at = others.iter().position(|other| other == own);
            at.map(|at| others.remove(at)).is_some()
        });
        let excused = |test: &String| self.apart.iter().any(|apart| test.starts_with(&format!("{apart}: ")));
        all && others.iter().all(excused) && self.unbuilt.iter().all(|own| original.unbuilt.contains(own))
    }
}

/// Returns the source of the program that cargo runs; older releases of cargo name the program alone.
fn source(running: &str) -> String {
    match running.split_once(" (") {
        Some((source, _)) => source.trim_start_matches("unittests ").to_string(),
        None => {
            let name = running.rsplit('/').next().unwrap_or(running);
            name.rsplit_once('-').map_or(name, |(name, _)| name).to_string()
        }
    }
}

impl Tests {
    /// Says whether these are the results of the original.
    pub fn compared(&self, original: &Tests) -> String {
        match (self, original) {
            _ if self == original => format!("the same: {self}"),
            (Tests::Run(own), Tests::Run(other)) if own.left_out.is_some() && own.is_part_of(other) => {
                format!("the same where it runs: {self} (the original: {original})")
            }
            _ => format!("{self} (the original: {original})"),
        }
    }
}

impl fmt::Display for Tests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = match self {
            Tests::NotRun(why) => return write!(f, "not run: {why}"),
            Tests::Run(run) => run,
        };
        write!(f, "{} passed, {} failed", run.passed, run.failed)?;
        if let Some(name) = run.failures.first() {
            let more = if run.failures.len() > 1 { " and others" } else { "" };
            write!(f, " ({name}{more})")?;
        }
        if !run.unbuilt.is_empty() {
            write!(f, "; does not build: {}", run.unbuilt.join(", "))?;
        }
        run.left_out.as_ref().map_or(Ok(()), |why| write!(f, "; not run: {why}"))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    use super::*;

    const SAID: &str = "     Running unittests src/lib.rs (target/debug/deps/a-0123)
test one ... ok
test two - should panic ... FAILED
test result: FAILED. 1 passed; 1 failed; 0 ignored
     Running tests/b.rs (target/debug/deps/b-0123)
test one ... ok
test result: ok. 1 passed; 0 failed; 0 ignored
   Doc-tests a
test src/lib.rs - f (line 12) ... ok
test src/lib.rs - f (line 20) - compile ... ok
test result: ok. 2 passed; 0 failed; 0 ignored
";

    fn run(said: &str) -> Run {
        Run::of(&Output { status: ExitStatus::from_raw(0), stdout: said.into(), stderr: Vec::new() })
    }

    #[test]
    fn each_test_is_read_with_its_program() {
        let run = run(SAID);
        assert_eq!((run.passed, run.failed, &run.failures[..]), (4, 1, &["two - should panic".to_string()][..]));
        let each = [
            "Doc-tests: src/lib.rs - f: ok",
            "Doc-tests: src/lib.rs - f: ok",
            "src/lib.rs: one: ok",
            "src/lib.rs: two - should panic: FAILED",
            "tests/b.rs: one: ok",
        ];
        assert_eq!(run.each, each);
        assert_eq!(source("target/debug/deps/b-c-0123"), "b-c");
    }

    /// As many passed in each of them.
    #[test]
    fn names_and_results_are_compared_and_not_numbers() {
        let original = Tests::Run(run(SAID));
        let says = |said: &str, apart: &[&str]| {
            let mut run = run(said);
            run.apart = apart.iter().map(|name| name.to_string()).collect();
            run.left_out = (!apart.is_empty()).then(|| "x".to_string());
            Tests::Run(run).compared(&original)
        };
        assert!(says(SAID, &[]).starts_with("the same: "));
        let exchanged = SAID.replace(
            "test one ... ok\ntest two - should panic ... FAILED",
            "test one ... FAILED\ntest two - should panic ... ok",
        );
        let less = SAID.replace("test one ... ok\ntest result: ok. 1", "test result: ok. 0");
        let renamed = SAID.replace("test one", "test three");
        for (said, apart) in
            [(&exchanged, &["src/lib.rs"][..]), (&less, &[]), (&less, &["src/lib.rs"]), (&renamed, &["tests/b.rs"])]
        {
            let says = says(said, apart);
            assert!(says.starts_with(char::is_numeric), "{says}");
        }
        assert!(says(&less, &["tests/b.rs"]).starts_with("the same where it runs: "));
        let example = SAID.replace("test src/lib.rs - f (line 12) ... ok\n", "");
        assert!(says(&example, &["Doc-tests: src/lib.rs - f"]).starts_with("the same where it runs: "));
    }
}
