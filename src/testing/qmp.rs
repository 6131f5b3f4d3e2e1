// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A client of QEMU's monitor.

use super::{qemu, wait_until};
use crate::sys;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_void, CStr};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

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
    let (address, commands) = (wait_for_address(), commands.join("\n") + "\n");
    let count = commands.lines().count();
    let (sender, answers) = mpsc::channel();
    let client = std::thread::spawn(move || -> std::io::Result<()> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(b"{\"execute\": \"qmp_capabilities\"}\n")?;
        stream.write_all(commands.as_bytes())?;
        let mut left = count + 1;
        for line in BufReader::new(stream).lines() {
            let line = line?;
            // Skip events, and the greeting.
            if line.starts_with("{\"return\"") || line.starts_with("{\"error\"") {
                // There is no receiver any more if the test has ended.
                let _ = sender.send(line);
                left -= 1;
            }
            if left == 0 {
                break;
            }
        }
        Ok(())
    });
    let lines = RefCell::new(Vec::new());
    wait_until(|| {
        lines.borrow_mut().extend(answers.try_iter());
        lines.borrow().len() == count + 1
    });
    client.join().expect("a client that does not panic").expect("QEMU's monitor answers");
    let mut lines = lines.into_inner();
    // The first answers the client's greeting.
    lines.remove(0);
    lines
}

/// Returns the events that a client of QEMU's monitor gets while `act` runs, each as its line.
///
/// # Panics
/// As [`ask`].
#[track_caller]
pub fn events(act: impl FnOnce()) -> Vec<String> {
    let address = wait_for_address();
    let (sender, lines) = mpsc::channel();
    let (go, gone) = mpsc::channel::<()>();
    let client = std::thread::spawn(move || -> std::io::Result<()> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(b"{\"execute\": \"qmp_capabilities\"}\n")?;
        let mut answers = 0;
        for line in BufReader::new(stream.try_clone()?).lines() {
            let line = line?;
            let is_answer = line.starts_with("{\"return\"");
            // There is no receiver any more if the test has ended.
            let _ = sender.send(line);
            if is_answer && answers == 1 {
                break;
            }
            if is_answer {
                answers += 1;
                if gone.recv().is_err() {
                    break;
                }
                // Its answer comes after the events.
                stream.write_all(b"{\"execute\": \"query-name\"}\n")?;
            }
        }
        Ok(())
    });
    let all = RefCell::new(Vec::new());
    let answers = |count| {
        all.borrow_mut().extend(lines.try_iter());
        all.borrow().iter().filter(|line: &&String| line.starts_with("{\"return\"")).count() == count
    };
    wait_until(|| answers(1));
    all.borrow_mut().retain(|line| line.starts_with("{\"return\""));
    act();
    go.send(()).expect("the client waits");
    wait_until(|| answers(2));
    client.join().expect("a client that does not panic").expect("QEMU's monitor answers");
    let lines = all.into_inner();
    lines.into_iter().filter(|line| line.contains("\"event\"")).collect()
}
