// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The end of this program by a signal: its child processes end with it, and its temporary folders are removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::process::{exit, id, Child, Command};
use std::sync::RwLock;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{getpid, set_child_subreaper};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::host::temporary;

/// Read while a program is started. The end writes, for good: one that started behind its back would outlive this
/// program.
static STARTING: RwLock<()> = RwLock::new(());

/// The time that programs get to end on their own: mmdebstrap removes its files in /tmp.
const GRACE: Duration = Duration::from_secs(2);

/// Makes signals end all programs that this one has started, and remove its temporary folders.
pub fn prepare() -> Result<()> {
    // A process that outlives its parent becomes this program's child.
    set_child_subreaper(Some(getpid())).context("this kernel does not support child subreapers")?;
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM]).context("cannot wait for signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let _for_good = STARTING.write();
            end(id());
            temporary::remove_all();
            exit(128 + signal);
        }
    });
    Ok(())
}

/// Starts a program, unless the end has begun: then it waits for that.
pub fn start(command: &mut Command) -> io::Result<Child> {
    let _start = STARTING.read();
    command.spawn()
}

/// Waits for the end if it has begun.
pub fn wait_if_ending() {
    drop(STARTING.read());
}

/// Ends all descendants of a process, and the process too unless it is this one.
pub fn end(process: u32) {
    let start = Instant::now();
    // One that ignores the signal may outlive its parent, and is nobody's descendant then but this program's.
    let mut all = BTreeMap::new();
    loop {
        let running = running();
        all.retain(|number, started| running.get(number).map_or(false, |now| now.started == *started));
        let above: Vec<u32> = all.keys().copied().chain([process]).collect();
        let found = descendants(&running, above);
        let found = found.into_iter().filter(|number| *number != id());
        all.extend(found.filter_map(|number| Some((number, running.get(&number)?.started))));
        if all.is_empty() {
            return;
        }
        let signal = if start.elapsed() < GRACE { "-TERM" } else { "-KILL" };
        let numbers = all.keys().map(u32::to_string);
        // Some may have ended meanwhile, which is fine.
        let _ = Command::new("sh").args(["-c", "kill \"$@\" 2>/dev/null", "sh", signal]).args(numbers).status();
        thread::sleep(Duration::from_millis(20));
    }
}

/// Returns these processes and their descendants.
fn descendants(running: &BTreeMap<u32, Process>, above: Vec<u32>) -> BTreeSet<u32> {
    let (mut found, mut pending) = (BTreeSet::new(), above);
    while let Some(above) = pending.pop() {
        if found.insert(above) {
            pending.extend(running.iter().filter(|(_, process)| process.parent == above).map(|(number, _)| *number));
        }
    }
    found
}

/// A process that runs.
struct Process {
    parent: u32,
    /// The time of its start, because another process may get the same number later.
    started: u64,
}

fn running() -> BTreeMap<u32, Process> {
    numbers().filter_map(|number| Some((number, Process::of(number)?))).collect()
}

fn numbers() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

impl Process {
    /// Returns a process unless it has ended or is a zombie.
    fn of(number: u32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
        // The name in brackets may contain any character.
        let words: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let is_running = !["Z", "X"].contains(words.first()?);
        let process = Process { parent: words.get(1)?.parse().ok()?, started: words.get(19)?.parse().ok()? };
        is_running.then_some(process)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends a shell's script, which writes the number of a process that it starts, and returns whether that still runs.
    fn outlives(script: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("children");
        let script = script.replace("FILE", &file.display().to_string());
        let mut child = Command::new("sh").args(["-c", &script]).spawn().unwrap();
        let grandchild = loop {
            if let Ok(number) = fs::read_to_string(&file).unwrap_or_default().trim().parse::<u32>() {
                break number;
            }
            thread::sleep(Duration::from_millis(10));
        };
        assert!(Process::of(grandchild).is_some());
        end(child.id());
        child.wait().unwrap();
        Process::of(grandchild).is_some()
    }

    #[test]
    fn a_process_ends_with_all_that_it_has_started() {
        assert!(!outlives("trap '' TERM; (sleep 61 & echo $! >FILE; wait) & sleep 62"));
    }

    /// As a QEMU does whose main loop does not run.
    #[test]
    fn who_ignores_the_signal_ends_although_its_parent_has_ended_before() {
        assert!(!outlives("(trap '' TERM; sh -c 'echo $PPID' >FILE; exec sleep 63) & wait"));
        assert!(!outlives("(setsid sh -c \"trap '' TERM; echo \\$\\$ >FILE; sleep 64 & wait\" & wait) & wait"));
    }
}
