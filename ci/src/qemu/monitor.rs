// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The part of QEMU's machine protocol (QMP) that the guests need.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use serde_json::{json, Value};

/// A connection that accepts commands.
pub struct Monitor {
    stream: BufReader<UnixStream>,
}

impl Monitor {
    /// Connects to the socket of a newly started QEMU.
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
        monitor.execute("qmp_capabilities", json!({}))?;
        Ok(monitor)
    }

    /// Returns the human monitor's output for a command line.
    pub fn human(&mut self, line: &str) -> Result<String> {
        let answer = self.execute("human-monitor-command", json!({ "command-line": line }))?;
        answer.as_str().map(str::to_string).context("QEMU's monitor returned no text")
    }

    /// Returns the 32-bit word that a bus master would read at a guest address, including registers.
    pub fn word(&mut self, address: u64) -> Result<u32> {
        let line = self.human(&format!("xp /1wx {address:#x}"))?;
        let word = line.trim().rsplit("0x").next().and_then(|digits| u32::from_str_radix(digits, 16).ok());
        word.with_context(|| format!("QEMU's monitor read {line:?} at {address:#x}"))
    }

    /// Runs a command, and returns its result.
    pub fn execute(&mut self, name: &str, arguments: Value) -> Result<Value> {
        let command = json!({ "execute": name, "arguments": arguments });
        // In one write: QEMU acts on the last brace, and may exit then.
        let written = self.stream.get_mut().write_all(format!("{command}\n").as_bytes());
        written.with_context(|| format!("QEMU's monitor does not accept {name}"))?;
        loop {
            let mut answer = self.next()?;
            if let Some(error) = answer.get("error") {
                let why = error.get("desc").and_then(Value::as_str).unwrap_or("without a word");
                bail!("QEMU refused {name}: {why}");
            }
            // Events may come between the answers.
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
            reader.read_line(&mut line).unwrap();
            reader.get_mut().write_all(b"{\"return\": \"0000000009000024: 0x0000009c\\r\\n\"}\n").unwrap();
            reader.read_line(&mut line).unwrap();
            reader.get_mut().write_all(b"{\"error\": {\"desc\": \"no such\"}}\n").unwrap();
        });
        let patience = Duration::from_secs(5);
        let mut monitor = Monitor::connect(&socket, patience).unwrap();
        assert_eq!(monitor.human("info qtree").unwrap(), "bus: main");
        assert_eq!(monitor.word(0x900_0024).unwrap(), 0x9c);
        let error = monitor.execute("x", json!({})).unwrap_err().to_string();
        assert_eq!(error, "QEMU refused x: no such");
        server.join().unwrap();
    }
}
