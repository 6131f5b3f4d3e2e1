// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The example's HPET does what QEMU's own does, in QEMU 10.0 and later: before 9.1 that one has faults which ours does
//! not have. The test needs a `qemu-system-x86_64`, so it runs only on request:
//! `cargo test --features testing --test hpet`.

use std::fs;
use std::process::Command;

#[path = "common/cargo_build.rs"]
mod cargo_build;
#[path = "common/example.rs"]
mod example;

/// Instructions that halt the processor, which no interrupt wakes.
static HALTED: [u8; 0x10000] = [0xf4; 0x10000];

#[test]
fn the_hpet_does_what_the_one_in_c_does() {
    let hpet = example::build("hpet");
    let harness = example::build("harness_x86");
    let firmware = std::env::temp_dir().join(format!("oldstable-halted-{}", std::process::id()));
    fs::write(&firmware, &HALTED[..]).expect("a file");
    // Timers of the guest's time need a processor.
    let output = Command::new("qemu-system-x86_64")
        .args(&["-M", "microvm", "-nodefaults", "-display", "none", "-icount", "shift=0,sleep=off", "-bios"])
        .arg(&firmware)
        .arg("-plugin")
        .arg(&hpet)
        .arg("-plugin")
        .arg(&harness)
        .output()
        .expect("qemu-system-x86_64 is on PATH");
    fs::remove_file(&firmware).expect("the file");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("2 passed, 0 failed"), "{:?}", output);
}
