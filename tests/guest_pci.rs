//! A guest that knows nothing of this crate finds the example's PCI device: U-Boot lists what is on its bus.
//! It needs a `qemu-system-aarch64` and Debian's package u-boot-qemu, so that it runs only when it is asked
//! for: `cargo test --test guest_pci`.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

#[path = "common/cargo_build.rs"]
mod cargo_build;
#[path = "common/example.rs"]
mod example;

const QEMU: &str = "qemu-system-aarch64";
const U_BOOT: &str = "/usr/lib/u-boot/qemu_arm64/u-boot.bin";

/// A guest at its serial line.
struct Guest {
    qemu: Child,
    input: ChildStdin,
    output: Receiver<u8>,
    said: String,
}

impl Guest {
    fn start(object: &Path, device: &str) -> Guest {
        let version = Command::new(QEMU)
            .arg("--version")
            .output()
            .expect("a QEMU");
        let mut command = Command::new(QEMU);
        if String::from_utf8_lossy(&version.stdout).contains("version 5.2") {
            command.env("LD_PRELOAD", object);
        } else {
            command.arg("-plugin").arg(object);
        }
        command.args(&[
            "-M",
            "virt",
            "-cpu",
            "cortex-a57",
            "-nic",
            "none",
            "-display",
            "none",
        ]);
        command.args(&[
            "-serial", "stdio", "-monitor", "none", "-bios", U_BOOT, "-device", device,
        ]);
        let mut qemu = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("QEMU starts");
        let input = qemu.stdin.take().expect("a pipe");
        let serial = qemu.stdout.take().expect("a pipe");
        let (sender, output) = mpsc::channel();
        std::thread::spawn(move || {
            // It ends with QEMU, or with whoever listens.
            let _ = serial
                .bytes()
                .try_for_each(|byte| byte.ok().and_then(|byte| sender.send(byte).ok()));
        });
        Guest {
            qemu,
            input,
            output,
            said: String::new(),
        }
    }

    /// Waits until the guest has said a text, and returns what it has said before.
    fn wait_for(&mut self, text: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            if let Some(at) = self.said.find(text) {
                let rest = self.said.split_off(at + text.len());
                return std::mem::replace(&mut self.said, rest);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(byte) => self.said.push(byte.into()),
                Err(error) => panic!(
                    "the guest has not said {:?} ({}), but: {}",
                    text, error, self.said
                ),
            }
        }
    }

    fn type_in(&mut self, line: &str) {
        write!(self.input, "{}\r", line).expect("QEMU reads");
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let _ = self.qemu.kill();
        let _ = self.qemu.wait();
    }
}

#[test]
fn a_guest_lists_the_device_with_its_numbers_and_its_class() {
    let mut guest = Guest::start(&example::build("pci_copy"), "pci-copy");
    guest.wait_for("Hit any key");
    guest.type_in("");
    guest.wait_for("=> ");
    guest.type_in("pci");
    guest.wait_for("_____");
    let list = guest.wait_for("=> ");
    let device = list.lines().find(|line| line.contains("0xc0b1"));
    let device = device.unwrap_or_else(|| panic!("the device is not in the list:\n{}", list));
    let words: Vec<&str> = device.split_whitespace().collect();
    assert_eq!(
        words[1..],
        ["0x1234", "0xc0b1", "Base", "system", "peripheral", "0x80"]
    );
}
