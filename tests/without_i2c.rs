// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A QEMU whose machines have neither I2C nor PCI takes devices that need neither, and says of one that does what it lacks.
//! It needs a `qemu-system-m68k` that takes plugins (Debian's package qemu-system-misc), so that it runs only when it is
//! asked for: `cargo test --test without_i2c`.

use std::path::Path;
use std::process::{Command, Output};

#[path = "common/author.rs"]
mod author;
#[path = "common/cargo_build.rs"]
mod cargo_build;
#[path = "common/example.rs"]
mod example;
#[path = "common/monitor.rs"]
mod monitor;

/// What a machine with no board and this plugin answers to its monitor.
fn run(plugin: &str, commands: &str) -> Output {
    let mut qemu = Command::new("qemu-system-m68k");
    qemu.args(&["-M", "none", "-display", "none", "-monitor", "stdio", "-plugin", plugin]);
    monitor::output(&mut qemu, &format!("{}quit\n", commands))
}

#[test]
fn a_device_that_needs_no_i2c_counts() {
    let folder = std::env::temp_dir().join(format!("oldstable-without-i2c-{}", std::process::id()));
    let plugin = author::plugin(&folder, "odometer", "tachometer", Path::new(env!("CARGO_MANIFEST_DIR")));
    let argument = format!("{},address=0x1000,step=3", plugin.display());
    let output = run(&argument, "xp /1bx 0x1003\nxp /1bx 0x1003\n");
    let text = String::from_utf8_lossy(&output.stdout);
    let values: Vec<&str> = text.lines().filter_map(|line| line.split("1003:").nth(1)).map(str::trim).collect();
    assert!(output.status.success() && output.stderr.is_empty(), "{:?}", output);
    assert_eq!(values, ["0x03", "0x06"], "{}", text);
    std::fs::remove_dir_all(&folder).expect("the folder");
}

#[test]
fn the_pl011_is_taken() {
    let plugin = example::build("pl011");
    let output = run(&plugin.to_string_lossy(), "");
    assert!(output.status.success() && output.stderr.is_empty(), "{:?}", output);
}

#[test]
fn a_device_on_a_bus_that_is_not_there_is_one_line() {
    for (name, bus, class) in &[
        ("i2c_memory", "i2c-slave", "i2c-memory"),
        ("max1111", "ssi-peripheral", "example-max1111"),
        ("pci_copy", "pci-device", "pci-copy"),
    ] {
        let plugin = example::build(name);
        let output = run(&plugin.to_string_lossy(), "");
        let text = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("oldstable: ")).collect();
        let expected =
            format!("oldstable: this QEMU has no {}, which {} is one of: its machines lack that bus", bus, class);
        assert_eq!(lines, [expected], "{}", text);
        assert_eq!(output.status.code(), Some(1), "{}", text);
    }
}
