// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The end of this program by a signal: its child processes end with it, and its temporary folders are removed.

use std::fs;
use std::process::{exit, id, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{getpid, set_child_subreaper};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::host::temporary;

/// Set when a signal has arrived: no new program may be started.
static ENDING: AtomicBool = AtomicBool::new(false);

/// The time that programs get to end on their own: mmdebstrap removes its files in /tmp.
const GRACE: Duration = Duration::from_secs(2);

/// Makes signals end all programs that this one has started, and remove its temporary folders.
pub fn prepare() -> Result<()> {
    // A process that outlives its parent becomes this program's child.
    set_child_subreaper(Some(getpid())).context("this kernel does not support child subreapers")?;
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM]).context("cannot wait for signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            ENDING.store(true, Ordering::SeqCst);
            end(id());
            temporary::remove_all();
            exit(128 + signal);
        }
    });
    Ok(())
}

/// Waits for the end if it has begun.
pub fn wait_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_secs(1));
    }
}

/// Ends all descendants of a process, and the process too unless it is this one.
pub fn end(process: u32) {
    let start = Instant::now();
    loop {
        let mut all = descendants(process);
        all.extend((process != id() && is_running(process)).then_some(process));
        let all: Vec<String> = all.iter().map(u32::to_string).collect();
        if all.is_empty() {
            return;
        }
        let signal = if start.elapsed() < GRACE { "-TERM" } else { "-KILL" };
        // Some may have ended meanwhile, which is fine.
        let _ = Command::new("sh").args(["-c", "kill \"$@\" 2>/dev/null", "sh", signal]).args(all).status();
        thread::sleep(Duration::from_millis(20));
    }
}

/// Returns the descendants of a process that still run.
fn descendants(process: u32) -> Vec<u32> {
    let all: Vec<(u32, u32)> = numbers().filter_map(|number| Some((number, parent(number)?))).collect();
    let mut found = vec![process];
    let mut next = 0;
    while next < found.len() {
        let above = found[next];
        found.extend(all.iter().filter(|(_, parent)| *parent == above).map(|(number, _)| *number));
        next += 1;
    }
    found.split_off(1)
}

fn numbers() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// Returns the parent of a process, unless the process is a zombie.
fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in brackets may contain any character.
    let mut words = stat.rsplit_once(')')?.1.split_whitespace();
    let state = words.next().filter(|state| *state != "Z" && *state != "X");
    state.and_then(|_| words.next()?.parse().ok())
}

fn is_running(process: u32) -> bool {
    parent(process).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_ends_with_all_that_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("children");
        let script = format!("trap '' TERM; (sleep 61 & echo $! >{0}; wait) & sleep 62", file.display());
        let mut child = Command::new("sh").args(["-c", &script]).spawn().unwrap();
        let grandchild = loop {
            if let Ok(number) = fs::read_to_string(&file).unwrap_or_default().trim().parse::<u32>() {
                break number;
            }
            thread::sleep(Duration::from_millis(10));
        };
        assert!(is_running(grandchild));
        end(child.id());
        child.wait().unwrap();
        assert!(!is_running(grandchild));
    }
}
