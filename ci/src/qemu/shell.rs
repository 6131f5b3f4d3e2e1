//! The shell in the first root file system of Debian's installer, typed at through the serial port.

use anyhow::{ensure, Result};

use super::console::Console;
use super::images::Kernel;
use super::machine::PATIENCE;

/// What the kernel is told, whatever the board: to start the shell and nothing else.
const ARGUMENTS: &str = "rdinit=/bin/sh earlycon";
const PROMPT: &str = "# ";

/// The arguments for QEMU that start a kernel whose console is the PL011 named `port`.
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

/// Waits for the shell, and keeps what the kernel says itself out of what is compared.
pub fn wait(console: &mut Console) -> Result<()> {
    console.expect("BusyBox", PATIENCE)?;
    console.expect(PROMPT, PATIENCE)?;
    // No marks yet: the kernel's words may still come between them.
    console.send("dmesg -n 1\r")?;
    console.expect(PROMPT, PATIENCE)?;
    run(console, "mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev").map(drop)
}

/// Types a line, and gives what its commands print. Fails if the last of them does.
pub fn run(console: &mut Console, line: &str) -> Result<String> {
    // The shell echoes what is typed, so that the marks are typed in another way than they are printed.
    console.send(&format!("echo 'be''gins'; {line}; echo 'sta''tus' $?\r"))?;
    console.expect("begins", PATIENCE)?;
    let printed = console.expect("status ", PATIENCE)?;
    let status = console.expect("\n", PATIENCE)?;
    console.expect(PROMPT, PATIENCE)?;
    ensure!(status.trim() == "0", "the guest's `{line}` failed with status {}: {}", status.trim(), printed.trim());
    Ok(printed.replace('\r', "").trim().to_string())
}
