// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The log of a running step, shown while it is written.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::host::output::visible;

/// Shows additions to a log until it is dropped.
pub struct Follower {
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Follower {
    /// Passes each line of the log, prefixed with `name`, to `show`; several at once if they come fast.
    pub fn start(log: &Path, name: &str, show: impl Fn(&str) + Send + 'static) -> Follower {
        let ended = Arc::new(AtomicBool::new(false));
        let (end, prefix) = (Arc::clone(&ended), format!("{name} | "));
        // If the log cannot be read, the step itself fails and reports it.
        let thread = File::open(log).ok().map(|file| thread::spawn(move || follow(file, &prefix, &end, show)));
        Follower { ended, thread }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // The lines before a panic have been shown already.
            let _ = thread.join();
        }
    }
}

fn follow(mut log: File, prefix: &str, ended: &AtomicBool, show: impl Fn(&str)) {
    let mut chunk = [0; 1 << 16];
    let mut pending: Vec<u8> = Vec::new();
    loop {
        // Checked before reading, so that nothing written before the end is missed.
        let last = ended.load(Ordering::SeqCst);
        match log.read(&mut chunk) {
            Ok(0) if last => break,
            Ok(0) => thread::sleep(Duration::from_millis(100)),
            // A long log's middle, which is not kept: somebody reads slowly what is shown.
            Ok(n) if chunk[..n].iter().all(|byte| *byte == 0) => {}
            Ok(n) => {
                pending.extend(&chunk[..n]);
                // An endless line is shown in parts.
                let end = pending.iter().rposition(|byte| *byte == b'\n');
                if let Some(end) = end.or_else(|| pending.len().checked_sub(chunk.len())) {
                    let lines: Vec<u8> = pending.drain(..=end).collect();
                    show(&prefixed(prefix, &lines));
                }
            }
            Err(_) => break,
        }
    }
    if !pending.is_empty() {
        show(&prefixed(prefix, &pending));
    }
}

fn prefixed(prefix: &str, lines: &[u8]) -> String {
    let text = String::from_utf8_lossy(lines);
    let lines: Vec<String> =
        text.strip_suffix('\n').unwrap_or(&text).split('\n').map(|line| format!("{prefix}{}", visible(line))).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::Mutex;

    #[test]
    fn every_line_is_shown_once_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        fs::write(&log, "one\n").unwrap();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&shown);
        let follower = Follower::start(&log, "cell: step", move |text| sink.lock().unwrap().push(text.to_string()));
        fs::write(&log, "one\ntwo\n\nend without a line feed").unwrap();
        drop(follower);
        let shown = shown.lock().unwrap().join("\n");
        let expected =
            ["cell: step | one", "cell: step | two", "cell: step | ", "cell: step | end without a line feed"];
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_line_that_does_not_end_is_shown_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        fs::write(&log, vec![b'x'; 1 << 18]).unwrap();
        let length = Arc::new(Mutex::new(0));
        let sum = Arc::clone(&length);
        drop(Follower::start(&log, "a", move |text| *sum.lock().unwrap() += text.matches('x').count()));
        assert_eq!(*length.lock().unwrap(), 1 << 18);
    }
}
