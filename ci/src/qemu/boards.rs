// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Debian's kernels as guests of other boards with a PL011.

use anyhow::{ensure, Result};

use super::emulator::Emulator;
use super::images::NotRun;
use super::machine::Setting;
use super::shell;

/// A board that a kernel of Debian supports.
pub struct Board {
    /// Its names in QEMU's releases.
    names: &'static [&'static str],
    system: &'static str,
    /// Debian's name of the kernel's architecture.
    arch: &'static str,
    /// Empty if QEMU generates it.
    device_tree: &'static str,
    memory: &'static str,
}

const fn armv7(names: &'static [&'static str], device_tree: &'static str, memory: &'static str) -> Board {
    Board { names, system: "arm", arch: "armhf", device_tree, memory }
}

const fn armv8(names: &'static [&'static str], device_tree: &'static str, memory: &'static str) -> Board {
    Board { names, system: "aarch64", arch: "arm64", device_tree, memory }
}

/// The boards, each with its size of memory.
pub const ALL: &[Board] = &[
    armv7(&["virt"], "", "512"),
    armv7(&["vexpress-a9"], "vexpress-v2p-ca9.dtb", "512"),
    armv7(&["vexpress-a15"], "vexpress-v2p-ca15-tc1.dtb", "512"),
    armv7(&["highbank"], "highbank.dtb", "512"),
    armv7(&["raspi2b", "raspi2"], "bcm2836-rpi-2-b.dtb", "1G"),
    // The device tree of the Raspberry Pi 3 connects the PL011 to a Bluetooth chip, which QEMU does not have.
    armv8(&["raspi3b", "raspi3"], "bcm2837-rpi-cm3-io3.dtb", "1G"),
];

impl Board {
    pub fn name(&self) -> &'static str {
        self.names[0]
    }

    /// Boots the kernel to its shell, and runs some commands.
    pub fn run(&self, setting: &Setting) -> Result<()> {
        let machine = self.machine(setting.emulator)?;
        let mut command = setting.command(self.system)?;
        command.args(["-M", machine, "-m", self.memory]);
        command.args(shell::arguments(&setting.images.kernel(self.arch)?, "ttyAMA0"));
        if !self.device_tree.is_empty() {
            command.arg("-dtb").arg(setting.images.device_tree(self.device_tree)?);
        }
        let mut machine = setting.start(command)?;
        let console = &mut machine.console;
        shell::wait(console)?;
        let answer = shell::run(console, "echo $((6 * 7))")?;
        ensure!(answer == "42", "the guest was asked for 6 times 7 and answered {answer:?}");
        let line = shell::run(console, "grep uart-pl011 /proc/interrupts")?;
        ensure!(interrupts(&line) > 0, "the guest took no interrupt of the PL011: {line:?}");
        Ok(())
    }

    /// Returns a release's name of the board.
    fn machine(&self, emulator: &Emulator) -> Result<&'static str> {
        let output = emulator.command(self.system, &[])?.args(["-M", "help"]).output()?;
        let known = String::from_utf8_lossy(&output.stdout).into_owned();
        let found =
            self.names.iter().find(|name| known.lines().any(|line| line.split_whitespace().next() == Some(name)));
        match found {
            Some(name) => Ok(name),
            None => Err(NotRun(format!("QEMU {} has no such board", emulator.release)).into()),
        }
    }
}

/// Returns the number of interrupts of all processors in a line of /proc/interrupts.
fn interrupts(line: &str) -> u64 {
    let counts = line.split_whitespace().skip(1).map_while(|word| word.parse::<u64>().ok());
    counts.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interrupts_of_all_processors_are_counted() {
        assert_eq!(interrupts(" 36:   12    3   GICv2  33 Level  uart-pl011"), 15);
        assert_eq!(interrupts(" 36:    0   GICv2  33 Level  uart-pl011"), 0);
        assert_eq!(interrupts(""), 0);
    }
}
