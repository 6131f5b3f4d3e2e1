// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! U-Boot's prompt on the user's own terminal.
//! QEMU's input is a pipe, so that this program can press the key that stops the autoboot. The user's input passes
//! through it unchanged, with the terminal in raw mode, as QEMU itself would set it.

use std::io::{self, stdin, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context, Result};
use rustix::termios::{isatty, tcgetattr, tcsetattr, OptionalActions, Termios};

use super::uboot::COUNTDOWN;
use crate::host::ending;

/// The terminal's settings, restored on drop.
struct Raw(Termios);

impl Raw {
    /// Returns `None` if standard input is not a terminal.
    fn set() -> Option<Raw> {
        let before = isatty(stdin()).then(|| tcgetattr(stdin()).ok()).flatten()?;
        let mut raw = before;
        // Like cfmakeraw, except for the output settings, which this program's messages share.
        raw.c_iflag &= !(rustix::termios::ICRNL | rustix::termios::IXON | rustix::termios::BRKINT);
        raw.c_lflag &=
            !(rustix::termios::ECHO | rustix::termios::ICANON | rustix::termios::ISIG | rustix::termios::IEXTEN);
        tcsetattr(stdin(), OptionalActions::Now, &raw).ok()?;
        Some(Raw(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that was closed has no settings to restore.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}

/// Runs QEMU until it ends, with the user at its serial port.
pub fn attach(command: &mut Command) -> Result<ExitStatus> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = ending::start(command).context("cannot start QEMU")?;
    let input = Arc::new(Mutex::new(child.stdin.take().context("QEMU has no input")?));
    let mut output = child.stdout.take().context("QEMU has no output")?;
    let _raw = Raw::set();

    let typed = Arc::clone(&input);
    thread::spawn(move || {
        let mut buffer = [0; 256];
        while let Ok(n) = stdin().read(&mut buffer) {
            let mut input = typed.lock().unwrap_or_else(|e| e.into_inner());
            if n == 0 || input.write_all(&buffer[..n]).and_then(|()| input.flush()).is_err() {
                break;
            }
        }
    });

    let mut head: Option<Vec<u8>> = Some(Vec::new());
    let mut buffer = [0; 4096];
    loop {
        let n = output.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        let mut screen = io::stdout();
        screen.write_all(&buffer[..n]).and_then(|()| screen.flush()).context("standard output is closed")?;
        if let Some(seen) = &mut head {
            seen.extend(&buffer[..n]);
            if seen.windows(COUNTDOWN.len()).any(|window| window == COUNTDOWN.as_bytes()) {
                let mut input = input.lock().unwrap_or_else(|e| e.into_inner());
                input.write_all(b" ").and_then(|()| input.flush())?;
                head = None;
            }
        }
    }
    Ok(child.wait()?)
}
