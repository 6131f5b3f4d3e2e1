//! A guest that knows nothing of this crate finds the example's PCI device: U-Boot lists what is on its bus.
//! It needs a `qemu-system-aarch64` and Debian's package u-boot-qemu, so that it runs only when it is asked
//! for: `cargo test --test guest_pci`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

#[path = "common/cargo_build.rs"]
mod cargo_build;
#[path = "common/example.rs"]
mod example;

const QEMU: &str = "qemu-system-aarch64";
const U_BOOT: &str = "/usr/lib/u-boot/qemu_arm64/u-boot.bin";

/// Types at the serial line of a board with a device, and returns what U-Boot says until it resets the board,
/// which ends QEMU. What is typed waits until U-Boot reads it: the first key keeps it from booting.
fn typed(object: &Path, device: &str, lines: &str) -> String {
    let version = Command::new(QEMU).arg("--version").output().expect("a QEMU");
    let mut command = Command::new(QEMU);
    if String::from_utf8_lossy(&version.stdout).contains("version 5.2") {
        command.env("LD_PRELOAD", object);
    } else {
        command.arg("-plugin").arg(object);
    }
    let mut qemu = command
        .args(&["-M", "virt", "-cpu", "cortex-a57", "-nic", "none"])
        .args(&["-display", "none", "-monitor", "none", "-no-reboot"])
        .args(&["-serial", "stdio", "-bios", U_BOOT, "-device", device])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("QEMU starts");
    let mut input = qemu.stdin.take().expect("a pipe");
    input.write_all(lines.as_bytes()).expect("QEMU reads");
    let output = qemu.wait_with_output().expect("QEMU ends");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_guest_lists_the_device_with_its_numbers_and_its_class() {
    let said = typed(&example::build("pci_copy"), "pci-copy", "\rpci\rreset\r");
    let device = said.lines().find(|line| line.contains("0xc0b1"));
    let device = device.unwrap_or_else(|| panic!("the device is not in the list:\n{}", said));
    let words: Vec<&str> = device.split_whitespace().collect();
    assert_eq!(words[1..], ["0x1234", "0xc0b1", "Base", "system", "peripheral", "0x80"]);
}
