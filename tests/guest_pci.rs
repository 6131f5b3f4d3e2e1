// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! An ordinary guest finds the example's PCI device: U-Boot lists the devices on its bus. The test needs a
//! `qemu-system-aarch64` and Debian's package u-boot-qemu, so it runs only on request: `cargo test --test guest_pci`.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

#[path = "common/cargo_build.rs"]
mod cargo_build;
#[path = "common/example.rs"]
mod example;

const QEMU: &str = "qemu-system-aarch64";
const U_BOOT: &str = "/usr/lib/u-boot/qemu_arm64/u-boot.bin";

/// The time limit from the board's start to its reset, which takes some seconds unless the host is emulated.
const PATIENCE: Duration = Duration::from_secs(300);

/// The board's output before it reads, and the input typed then: U-Boot discards earlier input while it sets up its
/// serial line.
const DIALOGUE: [(&str, &str); 3] = [("Hit any key to stop autoboot", "\r"), ("=> ", "pci\r"), ("=> ", "reset\r")];

/// A board with a device, whose serial line is standard input and output.
fn board(object: &Path, device: &str) -> Child {
    let version = Command::new(QEMU).arg("--version").output().expect("a QEMU");
    let mut command = Command::new(QEMU);
    if String::from_utf8_lossy(&version.stdout).contains("version 5.2") {
        command.env("LD_PRELOAD", object);
    } else {
        command.arg("-plugin").arg(object);
    }
    command
        .args(&["-M", "virt", "-cpu", "cortex-a57", "-nic", "none"])
        .args(&["-display", "none", "-monitor", "none", "-no-reboot"])
        .args(&["-serial", "stdio", "-bios", U_BOOT, "-device", device])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("QEMU starts")
}

/// Types the dialogue's input at the board's serial line, and returns U-Boot's output until it resets the board, which
/// ends QEMU.
fn said_in_dialogue(mut qemu: Child) -> String {
    let mut input = qemu.stdin.take().expect("a pipe");
    let mut output = qemu.stdout.take().expect("a pipe");
    let (bytes, received) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..=4096) = output.read(&mut buffer) {
            if bytes.send(buffer[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    let end = Instant::now() + PATIENCE;
    let mut said = String::new();
    let mut answered = 0;
    let mut dialogue = DIALOGUE.iter().peekable();
    loop {
        match received.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(bytes) => said.push_str(&String::from_utf8_lossy(&bytes)),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let killed = qemu.kill();
                panic!("the board has not come to its end after {:?} ({:?}):\n{}", PATIENCE, killed, said);
            }
        }
        while let Some((prompt, typed)) = dialogue.peek() {
            let found = match said[answered..].find(prompt) {
                Some(found) => found,
                None => break,
            };
            answered += found + prompt.len();
            input.write_all(typed.as_bytes()).expect("QEMU reads");
            dialogue.next();
        }
    }
    qemu.wait().expect("QEMU ends");
    said
}

#[test]
fn a_guest_lists_the_device_with_its_numbers_and_its_class() {
    let said = said_in_dialogue(board(&example::build("pci_copy"), "pci-copy"));
    let device = said.lines().find(|line| line.contains("0xc0b1"));
    let device = device.unwrap_or_else(|| panic!("the device is not in the list:\n{}", said));
    let words: Vec<&str> = device.split_whitespace().collect();
    assert_eq!(words[1..], ["0x1234", "0xc0b1", "Base", "system", "peripheral", "0x80"]);
}
