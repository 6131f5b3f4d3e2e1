// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Finding programs, and running them with their output in a log and a time limit.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};

use crate::host::{ending, log};

/// The minutes that a command may take unless msrv.toml sets a limit: a test that hangs must not hang the run.
const DEFAULT_TIMEOUT: u64 = 30;

static TIMEOUT: AtomicU64 = AtomicU64::new(DEFAULT_TIMEOUT);

/// Returns the minutes that a command may take if msrv.toml does not say.
pub fn default_timeout() -> u64 {
    DEFAULT_TIMEOUT
}

/// Sets the minutes that a command may take.
pub fn set_timeout(minutes: u64) {
    TIMEOUT.store(minutes, Ordering::Relaxed);
}

thread_local! {
    /// Replaces [`TIMEOUT`] in a thread.
    static OWN_TIMEOUT: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Does some work whose commands may take `minutes` each, if that is given.
pub fn with_timeout<T>(minutes: Option<u64>, work: impl FnOnce() -> T) -> T {
    let before = OWN_TIMEOUT.with(|own| own.replace(minutes));
    let result = work();
    OWN_TIMEOUT.with(|own| own.set(before));
    result
}

/// Runs a command and appends both its outputs to `log` in their order. At the time limit the command is stopped, which
/// the log states too.
pub fn run(command: &mut Command, log: &Path) -> Result<ExitStatus> {
    let minutes = OWN_TIMEOUT.with(Cell::get).unwrap_or_else(|| TIMEOUT.load(Ordering::Relaxed));
    let status = run_for(command, log, Duration::from_secs(minutes.saturating_mul(60)))?;
    log::cut(log)?;
    match status {
        Some(status) => Ok(status),
        None => {
            let why = format!("it was stopped after {minutes} min: set a longer `timeout` in msrv.toml");
            log::append(log, &format!("\n{why}\n"))?;
            bail!(why)
        }
    }
}

/// Does the same with a given time limit; returns `None` if the limit is reached.
fn run_for(command: &mut Command, log: &Path, patience: Duration) -> Result<Option<ExitStatus>> {
    let file = File::options()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write the log {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file.try_clone()?);
    let mut child =
        ending::start(command).with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
    let start = Instant::now();
    let (mut pause, mut end_of_log) = (Duration::from_millis(5), 0);
    loop {
        if let Some(status) = child.try_wait()? {
            ending::wait_if_ending();
            return Ok(Some(status));
        }
        if start.elapsed() > patience {
            ending::end(child.id());
            child.wait()?;
            return Ok(None);
        }
        log::free_the_middle(&file, &mut end_of_log);
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(200));
    }
}

/// Returns the program of that name in the folders of PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    folders.extend(["/usr/sbin".into(), "/sbin".into()]);
    folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Passes each item to an idle thread; the results are in the order of the items.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], jobs: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let waiting: Mutex<VecDeque<usize>> = Mutex::new((0..items.len()).collect());
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            scope.spawn(|| loop {
                let next = waiting.lock().unwrap_or_else(|e| e.into_inner()).pop_front();
                let index = match next {
                    Some(index) => index,
                    None => break,
                };
                let result = work(&items[index]);
                done.lock().unwrap_or_else(|e| e.into_inner()).push((index, result));
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|e| e.into_inner());
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
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
    fn what_a_command_prints_does_not_fill_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        run(Command::new("sh").args(["-c", "echo first; head -c 150000000 /dev/zero; echo; echo last"]), &log).unwrap();
        assert!(std::fs::metadata(&log).unwrap().len() < 101_000_000);
        assert!(log::end_of(&log).ends_with("\nlast\n"));
        assert_eq!(log::lines(std::io::BufReader::new(File::open(&log).unwrap())).count(), 5);
    }

    #[test]
    fn a_command_that_takes_too_long_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let start = Instant::now();
        let started = folder.path().join("started");
        let script = format!("sleep 603 & echo $! >{}; wait", started.display());
        let mut command = Command::new("sh");
        let status = run_for(command.args(["-c", &script]), &log, Duration::from_secs(2)).unwrap();
        assert!(status.is_none() && start.elapsed() < Duration::from_secs(300));
        let child = std::fs::read_to_string(started).unwrap();
        let state = std::fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "what it started still runs: {state}");
    }
}
