// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A device that replaces QEMU's own keeps the user's settings for that one, and reports them to the user. The test
//! needs a `qemu-system-aarch64` with plugins, so it runs only on request: `cargo test --test replaced_settings`.

use std::path::Path;
use std::process::Command;

#[path = "common/cargo_build.rs"]
mod cargo_build;
#[path = "common/example.rs"]
mod example;
#[path = "common/monitor.rs"]
mod monitor;

/// Returns QEMU's answers to some commands, after the monitor's initial ones.
fn answers(object: &Path, setting: &str, commands: &str) -> String {
    let mut qemu = Command::new("qemu-system-aarch64");
    qemu.args(&["-M", "virt", "-nic", "none", "-display", "none", "-S"])
        .args(&["-serial", "null", "-qmp", "stdio", "-global"])
        .arg(format!("pl011.migrate-clk={}", setting))
        .arg("-plugin")
        .arg(format!("{},replace=on", object.display()));
    let commands = format!("{{'execute': 'qmp_capabilities'}} {} {{'execute': 'quit'}}\n", commands);
    let output = monitor::output(&mut qemu, &commands);
    assert!(output.status.success(), "{:?}", output);
    String::from_utf8(output.stdout).expect("QMP is UTF-8")
}

#[test]
fn the_replacement_has_the_setting_that_the_original_was_given() {
    let object = example::build("pl011");
    let list = answers(&object, "on", "{'execute': 'qom-list', 'arguments': {'path': '/machine'}}");
    let name = list
        .split('"')
        .find(|text| text.starts_with("replacement-of-"))
        .unwrap_or_else(|| panic!("nothing was replaced: {}", list));
    for (setting, value) in &[("on", "true"), ("off", "false")] {
        let get = format!(
            "{{'execute': 'qom-get', 'arguments': {{'path': '/machine/{}', 'property': 'migrate-clk'}}}}",
            name
        );
        let answer = format!("{{\"return\": {}}}", value);
        let said = answers(&object, setting, &get);
        assert!(said.contains(&answer), "{}: {}", setting, said);
    }
}

/// Returns QEMU's output on standard error and in its monitor, for these arguments.
fn said(object: &Path, board: &str, arguments: &[&str], commands: &str) -> String {
    let mut qemu = Command::new("qemu-system-aarch64");
    qemu.args(&["-M", board, "-display", "none", "-S", "-monitor", "stdio"])
        .arg("-plugin")
        .arg(format!("{},replace=on", object.display()))
        .args(arguments);
    let output = monitor::output(&mut qemu, &format!("{}\nquit\n", commands));
    String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned()
}

#[test]
fn replacing_nothing_names_the_boards_that_have_something() {
    let object = example::build("pl011");
    let line = "oldstable: replace=on: this board has nothing that the plugin replaces";
    let none = said(&object, "none", &[], "");
    assert!(none.contains(line) && none.contains("virt"), "{}", none);
    let virt = said(&object, "virt", &["-nic", "none"], "");
    assert!(!virt.contains("oldstable"), "{}", virt);
}

#[test]
fn a_plugin_that_is_given_twice_is_told_of() {
    let object = example::build("pl011");
    let copy = std::env::temp_dir().join(format!("oldstable-copy-{}.so", std::process::id()));
    std::fs::copy(&object, &copy).expect("the temporary directory can be written to");
    let said = said(&object, "none", &["-plugin", &copy.to_string_lossy()], "");
    std::fs::remove_file(&copy).expect("the copy is there");
    let line = "oldstable: the class x-pl011-rust exists already";
    assert!(said.contains(line), "{}", said);
}

#[test]
fn the_original_is_marked_as_replaced() {
    let object = example::build("pl011");
    let tree = said(&object, "virt", &["-nic", "none"], "info qtree");
    assert!(tree.contains("dev: pl011, id \"replaced\""), "{}", tree);
    let list = said(&object, "virt", &["-nic", "none"], "qom-list /machine");
    let name = list
        .split_whitespace()
        .find(|word| word.starts_with("replacement-of-"))
        .unwrap_or_else(|| panic!("nothing was replaced: {}", list));
    let get = format!("qom-get /machine/{} hotplugged", name);
    let answer = said(&object, "virt", &["-nic", "none"], &get);
    assert!(answer.contains("false"), "{}", answer);
}
