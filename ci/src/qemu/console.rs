// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A running QEMU whose serial port this program writes and reads.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};

use crate::host::ending;

/// A QEMU with its serial port on standard input and output. It is killed on drop.
pub struct Console {
    child: Child,
    input: Option<Sender<Vec<u8>>>,
    output: Receiver<Vec<u8>>,
    errors: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    /// The length of the part of `seen` that was waited for already.
    read: usize,
}

impl Console {
    pub fn start(command: &mut Command) -> Result<Console> {
        Console::with_reader(command, Pace::default())
    }

    /// Starts the command with a slow reader at its serial port.
    pub fn with_reader(command: &mut Command, pace: Pace) -> Result<Console> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = ending::start(command).context("cannot start QEMU")?;
        let input = writer(child.stdin.take().context("QEMU has no input")?);
        let output = chunks(child.stdout.take().context("QEMU has no output")?, pace);
        let errors = chunks(child.stderr.take().context("QEMU has no messages")?, Pace::default());
        Ok(Console { child, input: Some(input), output, errors, seen: Vec::new(), read: 0 })
    }

    /// Types at and reads from another end of the serial port than QEMU's own input and output.
    pub fn attach(&mut self, reader: impl Read + Send + 'static, input: impl Write + Send + 'static) {
        self.output = chunks(reader, Pace::default());
        self.input = Some(writer(input));
    }

    /// Types some characters. A thread writes them as fast as QEMU takes them.
    pub fn send(&mut self, text: &str) -> Result<()> {
        self.send_bytes(text.as_bytes())
    }

    /// Types characters that need not be text.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let input = self.input.as_ref().context("QEMU accepts no input any more")?;
        input.send(bytes.to_vec()).ok().context("QEMU accepts no input any more")
    }

    /// Reads until `text` has arrived, and returns the output before it.
    pub fn expect(&mut self, text: &str, patience: Duration) -> Result<String> {
        let end = Instant::now() + patience;
        let mut from = self.read;
        loop {
            if let Some(at) = find(&self.seen[from..], text.as_bytes()) {
                let before = String::from_utf8_lossy(&self.seen[self.read..from + at]).into_owned();
                self.read = from + at + text.len();
                return Ok(before);
            }
            // A part of the text may have arrived already.
            from = from.max((self.seen.len() + 1).saturating_sub(text.len()));
            self.more(&format!("{text:?}"), end)?;
        }
    }

    /// Reads the next `count` bytes.
    pub fn take(&mut self, count: usize, patience: Duration) -> Result<Vec<u8>> {
        let end = Instant::now() + patience;
        while self.seen.len() - self.read < count {
            self.more(&format!("{count} bytes but {}", self.seen.len() - self.read), end)?;
        }
        self.read += count;
        Ok(self.seen[self.read - count..self.read].to_vec())
    }

    /// Waits for some output; `wanted` is for the error message if none has arrived by `end`.
    fn more(&mut self, wanted: &str, end: Instant) -> Result<()> {
        let patience = end.saturating_duration_since(Instant::now());
        match self.output.recv_timeout(patience) {
            Ok(bytes) => self.seen.extend(bytes),
            Err(RecvTimeoutError::Timeout) => {
                bail!("the guest did not write {wanted} in time; its last output: {}", self.last_words())
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.wait(Duration::from_secs(5))?;
                bail!("QEMU ended before the guest wrote {wanted}; last output: {}", self.last_words())
            }
        }
        Ok(())
    }

    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Waits until QEMU exits.
    pub fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let end = Instant::now() + patience;
        self.input = None;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > end {
                bail!("QEMU did not end within {} s", patience.as_secs());
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Returns all output so far, the guest's and then QEMU's own messages.
    pub fn transcript(&mut self) -> String {
        // The pipes of a QEMU that has exited are closed.
        let pause = Duration::from_millis(if self.has_ended() { 5000 } else { 50 });
        while let Ok(bytes) = self.output.recv_timeout(pause) {
            self.seen.extend(bytes);
        }
        let mut messages = Vec::new();
        while let Ok(bytes) = self.errors.recv_timeout(pause) {
            messages.extend(bytes);
        }
        let mut text = String::from_utf8_lossy(&self.seen).into_owned();
        text.push_str(&String::from_utf8_lossy(&messages));
        text
    }

    /// Kills QEMU, and returns the unread output.
    pub fn end(&mut self) -> Vec<u8> {
        // It may have exited already.
        let _ = self.child.kill();
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(5)) {
            self.seen.extend(bytes);
        }
        self.seen[self.read..].to_vec()
    }

    pub fn last_words(&mut self) -> String {
        let text = self.transcript();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        match lines.len() {
            0 => "none".to_string(),
            n => lines[n.saturating_sub(3)..].join(" / "),
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The speed of a reader.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The largest size of a read.
    pub chunk: usize,
    /// The delay before the first read.
    pub delay: Duration,
    /// The delay after each read.
    pub pause: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { chunk: 4096, delay: Duration::ZERO, pause: Duration::ZERO }
    }
}

/// Reads a pipe in a separate thread, so that waits can have a time limit.
fn chunks(mut pipe: impl Read + Send + 'static, pace: Pace) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        thread::sleep(pace.delay);
        let mut buffer = vec![0; pace.chunk];
        while let Ok(n) = pipe.read(&mut buffer) {
            if n == 0 || sender.send(buffer[..n].to_vec()).is_err() {
                break;
            }
            thread::sleep(pace.pause);
        }
    });
    receiver
}

/// Writes to a pipe in a separate thread, since a guest that takes no input must not block this program. The pipe is
/// closed when the sender is dropped.
fn writer(mut pipe: impl Write + Send + 'static) -> Sender<Vec<u8>> {
    let (sender, receiver) = mpsc::channel::<Vec<u8>>();
    thread::spawn(move || {
        while let Ok(bytes) = receiver.recv() {
            if pipe.write_all(&bytes).and_then(|()| pipe.flush()).is_err() {
                break;
            }
        }
    });
    sender
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Console {
        Console::start(Command::new("sh").args(["-c", script])).unwrap()
    }

    const PATIENCE: Duration = Duration::from_secs(10);

    #[test]
    fn what_comes_before_the_expected_text_is_given() {
        let mut console = shell("printf 'one => '; read line; printf \"got $line => \"");
        assert_eq!(console.expect("=> ", PATIENCE).unwrap(), "one ");
        console.send("x\n").unwrap();
        assert_eq!(console.expect("=> ", PATIENCE).unwrap(), "got x ");
        assert!(console.wait(PATIENCE).unwrap().success());
    }

    #[test]
    fn text_that_comes_in_parts_is_found() {
        let mut console = shell("printf 'a='; sleep 0.2; printf '=> b'");
        assert_eq!(console.expect("==> ", PATIENCE).unwrap(), "a");
        assert_eq!(console.take(1, PATIENCE).unwrap(), b"b");
    }

    #[test]
    fn what_nobody_reads_can_be_sent_without_waiting() {
        let mut console = shell("sleep 20");
        console.send_bytes(&vec![0; 1 << 20]).unwrap();
    }

    #[test]
    fn a_slow_reader_gets_everything() {
        let pace = Pace { chunk: 7, delay: Duration::from_millis(50), pause: Duration::from_millis(1) };
        let mut console = Console::with_reader(Command::new("sh").args(["-c", "seq 100"]), pace).unwrap();
        let wanted: String = (1..=100).map(|n| format!("{n}\n")).collect();
        assert_eq!(console.take(wanted.len(), PATIENCE).unwrap(), wanted.as_bytes());
    }

    #[test]
    fn a_silent_guest_is_given_up_with_its_last_words() {
        let mut console = shell("echo hello; sleep 20");
        let error = console.expect("=>", Duration::from_millis(300)).unwrap_err().to_string();
        assert!(error.contains("did not write") && error.contains("hello"), "{error}");
    }

    #[test]
    fn an_early_end_is_said_with_the_messages() {
        let mut console = shell("echo no such device >&2; exit 1");
        let error = console.expect("=>", PATIENCE).unwrap_err().to_string();
        assert!(error.contains("ended") && error.contains("no such device"), "{error}");
    }
}
