//! Counts from the output of `cargo test`, test program by test program.

use std::io::BufRead;

use crate::host::log::lines;
use crate::report::model::Counts;

/// Reads cargo's messages and the tests' output as they come, in one stream. Gives the name of each
/// test program (`pl011` for tests/pl011/main.rs, the crate's own name for unit tests and doc tests) with
/// its counts.
pub fn read(log: impl BufRead) -> std::io::Result<Vec<(String, Counts)>> {
    let mut programs: Vec<(String, Counts)> = Vec::new();
    for line in lines(log) {
        let line = line?;
        let trimmed = line.trim();
        if let Some(program) = trimmed.strip_prefix("Running ") {
            // Old: `Running target/debug/deps/layout-0f3c`. New: `Running tests/layout.rs (target/…/layout-0f3c)`.
            let path = program.rsplit(['(', ' ']).next().unwrap_or(program).trim_end_matches(['`', ')']);
            let file = path.rsplit('/').next().unwrap_or(path);
            programs.push((file.rsplit_once('-').map_or(file, |(name, _)| name).to_string(), Counts::default()));
        } else if let Some(name) = trimmed.strip_prefix("Doc-tests ") {
            programs.push((name.to_string(), Counts::default()));
        } else if let (Some(counts), Some(last)) = (result(trimmed), programs.last_mut()) {
            last.1.add(counts);
        }
    }
    Ok(programs)
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out`
fn result(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?;
    let number = |what: &str| -> Option<u64> {
        let before = &rest[..rest.find(what)?];
        before.split_whitespace().next_back()?.parse().ok()
    };
    Some(Counts { passed: number(" passed")?, failed: number(" failed")?, skipped: number(" ignored")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(log: &str) -> Vec<(String, Counts)> {
        read(log.as_bytes()).unwrap()
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
        assert_eq!(read(&log[..]).unwrap()[0].1.passed, 1);
    }
}
