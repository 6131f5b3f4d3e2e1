// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The shell in the initial root file system of Debian's installer, used through the serial port.

use anyhow::{ensure, Result};
use sha2::{Digest, Sha256};

use super::console::Console;
use super::images::Kernel;
use super::machine::PATIENCE;

/// The kernel's arguments for any board: start only the shell, and do not test the kernel's own ciphers first.
const ARGUMENTS: &str = "rdinit=/bin/sh earlycon cryptomgr.notests";
pub const PROMPT: &str = "# ";

/// Returns the arguments with which QEMU starts a kernel whose console is the PL011 named `port`.
pub fn arguments(kernel: &Kernel, port: &str) -> Vec<std::ffi::OsString> {
    vec![
        "-kernel".into(),
        kernel.image.clone().into(),
        "-initrd".into(),
        kernel.initrd.clone().into(),
        "-append".into(),
        format!("{ARGUMENTS} console={port}").into(),
    ]
}

/// Waits for the shell, and turns the kernel's own messages off, which would disturb comparisons.
pub fn wait(console: &mut Console) -> Result<()> {
    console.expect("BusyBox", PATIENCE)?;
    console.expect(PROMPT, PATIENCE)?;
    // No marks yet, because messages of the kernel may still come between them.
    console.send("dmesg -n 1\r")?;
    console.expect(PROMPT, PATIENCE)?;
    run(console, "mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev").map(drop)
}

/// Types a line, and returns the output of its commands. Fails if the last of them does.
pub fn run(console: &mut Console, line: &str) -> Result<String> {
    // The shell echoes its input, so the marks are typed differently from how they are printed.
    console.send(&format!("echo 'be''gins'; {line}; echo 'sta''tus' $?\r"))?;
    console.expect("begins", PATIENCE)?;
    let printed = console.expect("status ", PATIENCE)?;
    let status = console.expect("\n", PATIENCE)?;
    console.expect(PROMPT, PATIENCE)?;
    ensure!(status.trim() == "0", "the guest's `{line}` failed with status {}: {}", status.trim(), printed.trim());
    Ok(printed.replace('\r', "").trim().to_string())
}

/// Returns the checksum that the guest's `sha256sum` prints.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
