//! QEMU's machine protocol (QMP), as far as it is asked what devices the machine has.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use serde_json::{json, Value};

/// A connection that takes commands.
pub struct Monitor {
    stream: BufReader<UnixStream>,
}

impl Monitor {
    /// Connects to the socket of a QEMU that has just been started.
    pub fn connect(socket: &Path, patience: Duration) -> Result<Monitor> {
        let end = Instant::now() + patience;
        let stream = loop {
            match UnixStream::connect(socket) {
                Ok(stream) => break stream,
                Err(_) if Instant::now() < end => thread::sleep(Duration::from_millis(20)),
                Err(e) => bail!("QEMU's monitor does not answer: {e}"),
            }
        };
        stream.set_read_timeout(Some(patience))?;
        let mut monitor = Monitor { stream: BufReader::new(stream) };
        monitor.next()?;
        monitor.execute(json!({ "execute": "qmp_capabilities" }))?;
        Ok(monitor)
    }

    /// What the human monitor prints for a command line.
    pub fn human(&mut self, line: &str) -> Result<String> {
        let answer = self.execute(json!({
            "execute": "human-monitor-command",
            "arguments": { "command-line": line },
        }))?;
        answer.as_str().map(str::to_string).context("QEMU's monitor gave no text")
    }

    fn execute(&mut self, command: Value) -> Result<Value> {
        writeln!(self.stream.get_mut(), "{command}").context("QEMU's monitor takes no command")?;
        loop {
            let mut answer = self.next()?;
            if let Some(error) = answer.get("error") {
                bail!("QEMU refused {command}: {error}");
            }
            // Events come between the answers.
            if let Some(result) = answer.get_mut("return") {
                return Ok(result.take());
            }
        }
    }

    fn next(&mut self) -> Result<Value> {
        let mut line = String::new();
        self.stream.read_line(&mut line).context("QEMU's monitor does not answer")?;
        serde_json::from_str(&line).with_context(|| format!("QEMU's monitor said {line:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn events_between_answers_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("m");
        let listener = UnixListener::bind(&socket).unwrap();
        let server = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            reader.get_mut().write_all(b"{\"QMP\": {}}\n").unwrap();
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            reader.get_mut().write_all(b"{\"event\": \"X\"}\n{\"return\": {}}\n").unwrap();
            reader.read_line(&mut line).unwrap();
            reader.get_mut().write_all(b"{\"return\": \"bus: main\"}\n").unwrap();
        });
        let patience = Duration::from_secs(5);
        let mut monitor = Monitor::connect(&socket, patience).unwrap();
        assert_eq!(monitor.human("info qtree").unwrap(), "bus: main");
        server.join().unwrap();
    }
}
