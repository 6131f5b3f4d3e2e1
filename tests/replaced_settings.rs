//! A device that takes the place of QEMU's own has the settings that the user gave that one. It needs a
//! `qemu-system-aarch64` that takes plugins, so that it runs only when it is asked for:
//! `cargo test --test replaced_settings`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

#[path = "common/cargo_build.rs"]
mod cargo_build;
#[path = "common/example.rs"]
mod example;

/// What QEMU answers to some commands, given after those that its monitor wants first.
fn answers(object: &Path, setting: &str, commands: &str) -> String {
    let mut qemu = Command::new("qemu-system-aarch64")
        .args(&["-M", "virt", "-nic", "none", "-display", "none", "-S"])
        .args(&["-serial", "null", "-qmp", "stdio", "-global"])
        .arg(format!("pl011.migrate-clk={}", setting))
        .arg("-plugin")
        .arg(format!("{},replace=on", object.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("QEMU starts");
    let mut monitor = qemu.stdin.take().expect("a pipe");
    write!(
        monitor,
        "{{'execute': 'qmp_capabilities'}} {} {{'execute': 'quit'}}\n",
        commands
    )
    .expect("QEMU reads");
    let output = qemu.wait_with_output().expect("QEMU ends");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("QMP is UTF-8")
}

#[test]
fn the_replacement_has_the_setting_that_the_original_was_given() {
    let object = example::build("pl011");
    let list = answers(
        &object,
        "on",
        "{'execute': 'qom-list', 'arguments': {'path': '/machine'}}",
    );
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
