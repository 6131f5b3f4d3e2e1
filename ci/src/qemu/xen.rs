// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Xen at the serial port, with Debian's kernel as its first domain: somebody logs in there through Xen's console, and
//! reads a long text, at once or slowly.

use anyhow::{bail, Context, Result};

use super::console::{Console, Pace};
use super::images::NotRun;
use super::machine::{Setting, PATIENCE};
use super::{flood, login, shell};
use crate::project::version::Version;

/// The number of lines that the domain writes: more than a pipe holds, which is 64 KiB.
const LINES: u32 = 12_000;

/// The first release with the device that puts a domain's kernel into memory, and tells Xen of it.
const LOADER_SINCE: &str = "6.0";

/// Where the domain's kernel and its initial root file system lie in memory.
const KERNEL: u32 = 0x4900_0000;
const INITRD: u32 = 0x4d00_0000;

pub fn run(setting: &Setting, pace: Pace) -> Result<()> {
    if setting.emulator.release < LOADER_SINCE.parse::<Version>()? {
        bail!(NotRun(format!("QEMU {} has no guest-loader", setting.emulator.release)));
    }
    let initrd = login::initrd(setting, "hvc0")?;
    let mut command = setting.command("aarch64")?;
    command.args(["-M", "virt,virtualization=on,gic-version=3", "-cpu", "cortex-a57", "-nic", "none", "-m", "1024"]);
    // Otherwise Xen drops what it has no room for.
    command.args(["-append", "dom0_mem=512M sync_console", "-kernel"]).arg(setting.images.xen()?);
    let kernel = setting.images.kernel("arm64")?.image;
    for (place, file, bootargs) in [
        (KERNEL, format!("kernel={}", kernel.display()), ",bootargs=console=hvc0 cryptomgr.notests"),
        (INITRD, format!("initrd={}", initrd.path().display()), ""),
    ] {
        command.arg("-device").arg(format!("guest-loader,addr={place:#x},{file}{bootargs}"));
    }
    command.args(["-serial", "stdio"]);
    let mut machine = setting.start_with(&mut command, |command| Console::with_reader(command, pace))?;
    let console = &mut machine.console;
    login::log_in(console).context("a login through Xen")?;
    console.send(&format!("echo 'li''nes:'; seq {LINES}; echo 'e''nd'\r"))?;
    console.expect("lines:", PATIENCE)?;
    let read = console.expect("end", PATIENCE)?;
    console.expect(shell::PROMPT, PATIENCE)?;
    let written: String = (1..=LINES).map(|line| format!("{line}\n")).collect();
    // The kernel's terminal puts a carriage return before each line's end, and so does Xen.
    flood::same(read.replace('\r', "").trim_start().as_bytes(), written.as_bytes())
}
