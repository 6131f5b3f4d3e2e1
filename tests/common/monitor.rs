// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Commands for a QEMU that runs until the last of them.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Starts a QEMU whose monitor is its standard input, and returns what it has written when it has ended. The last
/// command should end it.
///
/// # Panics
/// If there is no such program.
pub fn output(qemu: &mut Command, commands: &str) -> Output {
    qemu.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut qemu = qemu.spawn().expect("QEMU is on PATH");
    // A QEMU that refuses a plugin reads nothing.
    let _ = qemu.stdin.take().expect("a pipe").write_all(commands.as_bytes());
    qemu.wait_with_output().expect("QEMU ends")
}
