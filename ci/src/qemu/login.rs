// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Debian's kernel with nothing but Busybox: a getty at the serial port that asks for a name and a password.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{ensure, Context, Result};
use tempfile::NamedTempFile;

use super::console::Console;
use super::initrd::Initrd;
use super::machine::{virt, Setting, PATIENCE};
use super::{program, shell};

const NAME: &str = "root";
const PASSWORD: &str = "secret";
/// The password, as `openssl passwd -6 -salt oldstable` writes it.
const CRYPTED: &str =
    "$6$oldstable$8vVWHp4xSvZRj91F.kJQemRlRp5fK36IS3UYI8y6ZlgOY4UpH6py9emh7KpSoZu4tszJj9Z4hCV050MDcwg7M/";

/// Starts a getty at the port, and another one when a user has logged out.
const INIT: &str = "\
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev
dmesg -n 1
while :; do getty -L 115200 PORT vt100; done
";

/// What a person waits between two things.
pub const MOMENT: Duration = Duration::from_millis(700);

/// What a login says to a wrong password.
const REFUSED: &str = "Login incorrect";

/// Returns the initial root file system, in which somebody can log in at a port.
pub fn initrd(setting: &Setting, port: &str) -> Result<NamedTempFile> {
    let busybox = std::fs::read(setting.images.busybox()?)?;
    let mut initrd = Initrd::default();
    for folder in ["bin", "dev", "etc", "proc", "root", "tmp"] {
        initrd = initrd.folder(folder);
    }
    let initrd = initrd
        .program("bin/busybox", &busybox)
        .program("init", INIT.replace("PORT", port).as_bytes())
        .file("etc/passwd", format!("{NAME}:x:0:0::/root:/bin/sh\n").as_bytes())
        .file("etc/group", b"root:x:0:\n")
        .file("etc/shadow", format!("{NAME}:{CRYPTED}:20000::::::\n").as_bytes());
    program::file(&initrd.finish())
}

/// Returns the virt board with the kernel.
pub fn command(setting: &Setting, initrd: &NamedTempFile) -> Result<Command> {
    let mut command = virt(setting.emulator, setting.plugins, "aarch64")?;
    command.args(["-m", "512", "-append", "earlycon cryptomgr.notests console=ttyAMA0", "-kernel"]);
    command.arg(setting.images.kernel("arm64")?.image).arg("-initrd").arg(initrd.path());
    Ok(command)
}

/// Waits for the getty, mistypes the password once, and logs in.
pub fn log_in(console: &mut Console) -> Result<()> {
    answer(console, "wrong")?;
    console.expect(REFUSED, PATIENCE).context("a wrong password")?;
    answer(console, PASSWORD)?;
    let said = console.expect(shell::PROMPT, PATIENCE).context("the right password")?;
    ensure!(!said.contains(PASSWORD), "the password is echoed: {said:?}");
    Ok(())
}

fn answer(console: &mut Console, password: &str) -> Result<()> {
    console.expect("login: ", PATIENCE)?;
    console.send(&format!("{NAME}\r"))?;
    console.expect("Password: ", PATIENCE)?;
    // Busybox asks first, and switches the echo off then.
    thread::sleep(MOMENT);
    console.send(&format!("{password}\r"))
}
