//! Running a command with its output in a file and an end to the patience, and what the output says went wrong.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};

use crate::matrix::test_log;

/// Longer than any step takes on a slow machine; a test that hangs must not hang the run.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Runs a command; both its outputs are appended to `log` in the order in which they come.
pub fn run(command: &mut Command, log: &Path) -> Result<ExitStatus> {
    let file = File::options()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write the log {}", log.display()))?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
    let end = Instant::now() + PATIENCE;
    let mut pause = Duration::from_millis(5);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() > end {
            child.kill()?;
            child.wait()?;
            bail!("it was given up after {} minutes", PATIENCE.as_secs() / 60);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(200));
    }
}

/// Adds to a log.
pub fn append(log: &Path, text: &str) -> Result<()> {
    let mut file = File::options().append(true).create(true).open(log)?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write the log {}", log.display()))
}

/// What went wrong by the output of cargo, rustc or a test program: the first error, without its prefix and with the
/// cause that cargo states last, or the first panic; the last line where there is neither.
pub fn first_error(text: &str) -> String {
    first_error_of(text.lines().map(str::to_string))
}

/// The same for a log, which need not fit into memory.
pub fn first_error_in(log: &Path) -> String {
    match File::open(log) {
        Ok(file) => first_error_of(test_log::lines(BufReader::new(file)).map_while(Result::ok)),
        Err(error) => format!("the log cannot be read: {error}"),
    }
}

fn first_error_of(mut lines: impl Iterator<Item = String>) -> String {
    let (mut error, mut cause, mut last) = (None, None, None);
    while let Some(line) = lines.next() {
        if error.is_some() && line.starts_with("error") {
            break;
        } else if error.is_some() && line == "Caused by:" {
            cause = lines.next();
        } else if error.is_none() && line.contains(" panicked at ") && line.ends_with(':') {
            // Newer compilers' panics say why in the line below.
            error = Some(format!("{line} {}", lines.next().unwrap_or_default().trim()));
        } else if error.is_none() && is_telling(&line) {
            error = Some(line.strip_prefix("error: ").unwrap_or(&line).trim().to_string());
        } else if !line.trim().is_empty() {
            last = Some(line.trim().to_string());
        }
    }
    match (error, cause) {
        (Some(error), Some(cause)) => format!("{error}: {}", cause.trim()),
        (Some(error), None) => error,
        (None, _) => last.unwrap_or_else(|| "it ended without a word".to_string()),
    }
}

fn is_telling(line: &str) -> bool {
    ["error: ", "error[", "test result: FAILED"].iter().any(|start| line.starts_with(start))
        || line.contains(" panicked at ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_outputs_come_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let status = run(Command::new("sh").args(["-c", "echo a; echo b >&2; echo c; exit 3"]), &log).unwrap();
        assert_eq!(status.code(), Some(3));
        assert_eq!(std::fs::read_to_string(log).unwrap(), "a\nb\nc\n");
    }

    #[test]
    fn the_first_error_is_what_cargo_calls_one() {
        assert_eq!(first_error("   Updating\nerror: no matching package\n\nCaused by:\n"), "no matching package");
        let log = "error: failed to parse\n\nCaused by:\n  x\n\nCaused by:\n  edition 2024\n  is new\nerror: y\n";
        assert_eq!(first_error(log), "failed to parse: edition 2024");
        assert_eq!(first_error("warning: x\nerror[E0658]: unstable\n"), "error[E0658]: unstable");
        assert_eq!(first_error("even\nodd\n\n"), "odd");
        assert_eq!(first_error(""), "it ended without a word");
    }

    #[test]
    fn a_panic_is_told_with_its_reason() {
        let log = "x\nthread 't' (7) panicked at src/lib.rs:2:9:\nthe end\nnote: y\n";
        assert_eq!(first_error(log), "thread 't' (7) panicked at src/lib.rs:2:9: the end");
        let old = "thread 't' panicked at 'the end', src/lib.rs:2:9\nnote: y\ntest result: FAILED. 0 passed\n";
        assert_eq!(first_error(old), "thread 't' panicked at 'the end', src/lib.rs:2:9");
    }

    #[test]
    fn a_log_is_read_as_its_text_is() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        assert!(first_error_in(&log).starts_with("the log cannot be read: "));
        let text =
            "warning: x\nerror: failed to parse manifest\n\nCaused by:\n  edition 2024 is new\n  too\nerror: y\n";
        std::fs::write(&log, text).unwrap();
        assert_eq!(first_error_in(&log), "failed to parse manifest: edition 2024 is new");
        assert_eq!(first_error_in(&log), first_error(text));
    }
}
