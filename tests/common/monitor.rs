// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Commands for a QEMU that runs until the last of them.

use std::io::Write;
use std::process::{Command, Output, Stdio};

const ETXTBSY: i32 = 26;

/// Starts a QEMU whose monitor is its standard input, and returns what it has written when it has ended. The last
/// command should end it.
///
/// # Panics
/// If there is no such program.
pub fn output(qemu: &mut Command, commands: &str) -> Output {
    qemu.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut qemu = loop {
        match qemu.spawn() {
            // Another test has forked while this one wrote its QEMU, and not yet closed the file.
            Err(error) if error.raw_os_error() == Some(ETXTBSY) => std::thread::yield_now(),
            other => break other.expect("QEMU starts"),
        }
    };
    // A QEMU that refuses a plugin reads nothing.
    let _ = qemu.stdin.take().expect("a pipe").write_all(commands.as_bytes());
    qemu.wait_with_output().expect("QEMU ends")
}
