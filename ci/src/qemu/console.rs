//! A running QEMU whose serial port is typed at and read by this program.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};

/// A QEMU with its serial port on standard input and output. It is killed when this is dropped.
pub struct Console {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Vec<u8>>,
    errors: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    /// How much of `seen` was waited for already.
    read: usize,
}

impl Console {
    pub fn start(command: &mut Command) -> Result<Console> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start QEMU")?;
        let input = child.stdin.take();
        let output = chunks(child.stdout.take().context("QEMU has no output")?);
        let errors = chunks(child.stderr.take().context("QEMU has no messages")?);
        Ok(Console { child, input, output, errors, seen: Vec::new(), read: 0 })
    }

    /// Types some characters.
    pub fn send(&mut self, text: &str) -> Result<()> {
        let input = self.input.as_mut().context("QEMU takes no input any more")?;
        input.write_all(text.as_bytes()).and_then(|()| input.flush()).context("QEMU takes no input any more")
    }

    /// Reads until `text` has come, and gives what came before it.
    pub fn expect(&mut self, text: &str, patience: Duration) -> Result<String> {
        let end = Instant::now() + patience;
        loop {
            if let Some(at) = find(&self.seen[self.read..], text.as_bytes()) {
                let before = String::from_utf8_lossy(&self.seen[self.read..self.read + at]).into_owned();
                self.read += at + text.len();
                return Ok(before);
            }
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(RecvTimeoutError::Timeout) => bail!(
                    "the guest did not write {text:?} within {} s; its last words: {}",
                    patience.as_secs(),
                    self.last_words()
                ),
                Err(RecvTimeoutError::Disconnected) => {
                    self.wait(Duration::from_secs(5))?;
                    bail!("QEMU ended before the guest wrote {text:?}; last words: {}", self.last_words())
                }
            }
        }
    }

    /// Waits until QEMU has ended by itself.
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

    /// All that was written until now, the guest's and then QEMU's own messages.
    pub fn transcript(&mut self) -> String {
        // The pipes of a QEMU that has ended come to an end by themselves.
        let ended = matches!(self.child.try_wait(), Ok(Some(_)));
        let pause = Duration::from_millis(if ended { 5000 } else { 50 });
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

    fn last_words(&mut self) -> String {
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
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe on a thread of its own, so that it can be waited for with patience.
fn chunks(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n) = pipe.read(&mut buffer) {
            if n == 0 || sender.send(buffer[..n].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
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
