//! Running a command with its output in a file and an end to the patience, and what the output says went wrong.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};

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

/// The first error of cargo or rustc without its prefix, with the cause that cargo states last; their last line where
/// there is no error.
pub fn first_error(text: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("error: ") && !line.starts_with("error["));
    let error = match lines.next() {
        Some(line) => line.strip_prefix("error: ").unwrap_or(line).trim(),
        None => return text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("no message").into(),
    };
    let own: Vec<&str> = lines.take_while(|line| !line.starts_with("error")).collect();
    let cause = own.iter().rposition(|line| *line == "Caused by:").and_then(|at| own.get(at + 1));
    match cause {
        Some(cause) => format!("{error}: {}", cause.trim()),
        None => error.to_string(),
    }
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
        assert_eq!(first_error(""), "no message");
    }
}
