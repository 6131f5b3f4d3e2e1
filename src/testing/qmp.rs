// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A client of QEMU's monitor.

use super::{qemu, wait_until};
use crate::sys;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_void, CStr};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

/// Returns QEMU's list of its character devices.
fn chardevs() -> String {
    let mut err = std::ptr::null_mut();
    // SAFETY: the command is a string; the answer is copied.
    unsafe {
        let command = c_str!("info chardev").as_ptr();
        let said = qemu::qmp_human_monitor_command(command, false, 0, &mut err);
        let text = CStr::from_ptr(said).to_string_lossy().into_owned();
        sys::g_free(said as *mut c_void);
        text
    }
}

/// Returns the address at which this QEMU listens for a QMP client; None until it has noticed that the last one has
/// disconnected.
fn address() -> Option<String> {
    let chardevs = chardevs();
    let start = chardevs.find("tcp:127.0.0.1:")?;
    let rest = &chardevs[start + "tcp:".len()..];
    rest.split(|c| c == ',' || c == '\r' || c == '\n').next().map(str::to_owned)
}

/// Waits until the monitor has no client.
#[track_caller]
fn wait_for_address() -> String {
    assert!(chardevs().contains("compat_monitor"), "start QEMU with -qmp tcp:127.0.0.1:0,server=on,wait=off");
    // The next call may return None again, but the last address is still right.
    let found = RefCell::new(None);
    wait_until(|| {
        let address = address();
        let is_there = address.is_some();
        found.replace(address);
        is_there
    });
    found.into_inner().expect("it was there")
}

/// A client of the monitor. This thread runs QEMU, so another one reads.
struct Client {
    stream: TcpStream,
    lines: mpsc::Receiver<String>,
    reader: Option<JoinHandle<()>>,
}

impl Client {
    #[track_caller]
    fn connect() -> Client {
        let stream = TcpStream::connect(wait_for_address()).expect("QEMU's monitor listens");
        let (sender, lines) = mpsc::channel();
        let input = BufReader::new(stream.try_clone().expect("a second handle of the connection"));
        let reader = thread::spawn(move || {
            // It ends with the connection, which the client closes.
            for line in input.lines() {
                if line.map_or(true, |line| sender.send(line).is_err()) {
                    break;
                }
            }
        });
        let mut client = Client { stream, lines, reader: Some(reader) };
        client.ask(&["{\"execute\": \"qmp_capabilities\"}"]);
        client
    }

    /// Sends commands, and returns the lines up to the last one's answer.
    #[track_caller]
    fn ask(&mut self, commands: &[&str]) -> Vec<String> {
        let commands = commands.join("\n") + "\n";
        self.stream.write_all(commands.as_bytes()).expect("QEMU's monitor reads");
        let lines = RefCell::new(Vec::new());
        wait_until(|| {
            lines.borrow_mut().extend(self.lines.try_iter());
            lines.borrow().iter().filter(|line| is_answer(line)).count() == commands.lines().count()
        });
        lines.into_inner()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
        let _ = self.reader.take().map(JoinHandle::join);
    }
}

/// Returns whether a line answers a command, and is neither an event nor the monitor's greeting.
fn is_answer(line: &str) -> bool {
    line.starts_with("{\"return\"") || line.starts_with("{\"error\"")
}

/// Sends commands to QEMU as a client of its monitor does, and returns the line that answers each:
/// `{"return": …}` or `{"error": …}`.
///
/// ```no_run
/// let answers = oldstable::testing::ask(&[
///     r#"{"execute": "device_add", "arguments": {"driver": "odometer", "id": "mine"}}"#,
///     r#"{"execute": "device_del", "arguments": {"id": "mine"}}"#,
/// ]);
/// assert!(answers[0].contains("return"), "{}", answers[0]);
/// ```
///
/// # Panics
/// If QEMU was started without `-qmp tcp:127.0.0.1:0,server=on,wait=off`, or does not answer within ten seconds.
#[track_caller]
pub fn ask(commands: &[&str]) -> Vec<String> {
    let mut lines = Client::connect().ask(commands);
    lines.retain(|line| is_answer(line));
    lines
}

/// Returns the events that a client of QEMU's monitor gets while `act` runs, each as its line.
///
/// # Panics
/// As [`ask`].
#[track_caller]
pub fn events(act: impl FnOnce()) -> Vec<String> {
    let mut client = Client::connect();
    act();
    // Its answer comes after the events.
    let mut lines = client.ask(&["{\"execute\": \"query-name\"}"]);
    lines.retain(|line| line.contains("\"event\""));
    lines
}
