//! Running a command with its output in a file and an end to the patience.

use std::fs::File;
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
}
