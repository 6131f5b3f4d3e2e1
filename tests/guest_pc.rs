// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Debian's kernel takes its time from the example's HPET, on a PC without QEMU's own. The test needs a
//! `qemu-system-x86_64` with plugins and Debian's package linux-image-cloud-amd64, so it runs only on request:
//! `cargo test --test guest_pc`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "common/cargo_build.rs"]
mod cargo_build;
#[path = "common/example.rs"]
mod example;

/// Returns the file of the installed kernel whose name begins so.
fn of_kernel(kind: &str) -> PathBuf {
    let files = fs::read_dir("/boot").expect("/boot").map(|entry| entry.expect("an entry").path());
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(kind) && name.ends_with("-cloud-amd64")
    };
    files.into_iter().find(is_it).unwrap_or_else(|| panic!("/boot has no {}*-cloud-amd64", kind))
}

/// The ACPI table by which a kernel finds the HPET, behind its header: what the HPET can do, its address in memory, its
/// number, and the least period of its timers in ticks.
fn table() -> Vec<u8> {
    let mut table = 0x8086_a201_u32.to_le_bytes().to_vec();
    table.extend_from_slice(&[0, 64, 0, 0]);
    table.extend_from_slice(&0xfed0_0000_u64.to_le_bytes());
    table.push(0);
    table.extend_from_slice(&128_u16.to_le_bytes());
    table.push(0);
    table
}

/// What the guest runs in place of its first program.
const SCRIPT: &str = "\
#!/bin/sh
export PATH=/usr/bin:/usr/sbin:/bin:/sbin
mkdir -p /proc /sys
mount -t proc proc /proc
mount -t sysfs sysfs /sys
sleep 2
echo \"clock: $(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)\"
cat /proc/interrupts
poweroff -f
";

/// Returns an archive of one program, as Linux reads it behind other archives. Who has a kernel's initrd has `cpio`.
fn archive(folder: &Path, name: &str, text: &str) -> Vec<u8> {
    let program = folder.join(name);
    fs::write(&program, text).expect("a file");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("the file");
    let list = format!("echo {} | cpio --create --format=newc --quiet", name);
    let output = Command::new("sh").args(&["-c", &list]).current_dir(folder).output().expect("a shell");
    assert!(output.status.success(), "{:?}", output);
    output.stdout
}

/// Runs a PC with a kernel, and returns what it writes.
fn run(plugin: &Path, table: &Path, initrd: &Path) -> String {
    let output = Command::new("timeout")
        .args(&["300", "qemu-system-x86_64", "-machine", "pc,hpet=off", "-m", "512", "-nodefaults"])
        .args(&["-display", "none", "-no-reboot", "-serial", "stdio"])
        .args(&["-plugin", &format!("{},address=0xfed00000", plugin.display())])
        .args(&["-acpitable", &format!("sig=HPET,rev=1,data={}", table.display())])
        .arg("-kernel")
        .arg(of_kernel("vmlinuz-"))
        .arg("-initrd")
        .arg(initrd)
        // Its own first choices are the processor's counter and timer. On a busy host ticks are later than it waits for
        // them in its check of the timer.
        .args(&["-append", "console=ttyS0 clocksource=hpet tsc=unstable nolapic_timer no_timer_check rdinit=/check"])
        .output()
        .expect("qemu-system-x86_64 is on PATH");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{:?}:\n{}\n{}", output.status, String::from_utf8_lossy(&output.stderr), said);
    said
}

#[test]
fn debians_kernel_takes_its_time_and_its_ticks_from_the_hpet() {
    let folder = std::env::temp_dir().join(format!("oldstable-guest-pc-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (acpi, initrd) = (folder.join("hpet"), folder.join("initrd"));
    fs::write(&acpi, table()).expect("a file");
    let mut bytes = fs::read(of_kernel("initrd.img-")).expect("the kernel's initrd");
    bytes.resize((bytes.len() + 3) / 4 * 4, 0);
    bytes.extend(archive(&folder, "check", SCRIPT));
    fs::write(&initrd, bytes).expect("a file");
    let said = run(&example::build("hpet"), &acpi, &initrd);
    fs::remove_dir_all(&folder).expect("the folder");
    assert!(said.contains("hpet0: 3 comparators, 64-bit 100.000000 MHz counter"), "{}", said);
    assert!(said.lines().any(|line| line.trim_end() == "clock: hpet"), "{}", said);
    let ticks = said.lines().find(|line| line.trim_end().ends_with("timer") && line.contains("IO-APIC"));
    let ticks = ticks.and_then(|line| line.split_whitespace().nth(1)?.parse::<u32>().ok());
    assert!(ticks.map_or(false, |ticks| ticks > 100), "{:?} ticks:\n{}", ticks, said);
}
