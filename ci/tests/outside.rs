// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The first page's short way in a folder outside the repository, with only the packaged crates: the device is made,
//! its tests pass inside a suite's QEMU, and a change that breaks it makes the corresponding test fail.
//!
//! This has no libtest harness, because tests that cannot run are counted as ignored, with the reason.

#[path = "common/runner.rs"]
mod runner;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project").to_path_buf()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Returns the folder of the project's packages, or the reason why there are none.
fn package() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packaged");
    let output = Command::new(env::var_os("CARGO").expect("cargo runs the tests"))
        .args(["package", "--workspace", "--no-verify", "--allow-dirty", "--locked", "--target-dir"])
        .arg(&folder)
        .current_dir(root())
        .output()
        .unwrap();
    match output.status.success() {
        true => Ok(folder.join("package")),
        false => {
            Err(format!("cargo cannot package the workspace: {}", said(&output).lines().last().unwrap_or_default()))
        }
    }
}

/// Returns the lines of the page's short way, except the one that installs the tool.
fn short_way() -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/first-device.md")).unwrap();
    let block = page.split("```console short\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the way");
    let lines = block.lines().map(|line| line.strip_prefix("$ ").expect("a command").to_string());
    lines.filter(|line| !line.starts_with("cargo install ")).collect()
}

/// What a debugger reads would take a third of the time.
const NO_DEBUG: (&str, &str) = ("CARGO_PROFILE_DEV_DEBUG", "0");

/// Leaves one cell in the tests that `cargo oldstable test` runs.
fn only(cell: &str, configuration: &Path) {
    let text = fs::read_to_string(configuration).unwrap();
    let tables = text.split("[[cell]]").map(|table| match table.contains(&format!("name = \"{cell}\"\n")) {
        true => table.to_string(),
        false => table.replace("ci = true\n", ""),
    });
    let text = format!("pass-env = [{:?}]\n", NO_DEBUG.0) + &tables.collect::<Vec<_>>().join("[[cell]]");
    assert_eq!(text.matches("ci = true").count(), 1, "{text}");
    fs::write(configuration, text).unwrap();
}

fn short_way_in(cell: &str) {
    let packages = package().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["oldstable", "oldstable-compat"] {
        let place = folder.path().join(name);
        fs::create_dir(&place).unwrap();
        let package = packages.join(format!("{name}-0.1.0.crate"));
        let unpacked =
            Command::new("tar").arg("-xzf").arg(package).arg("--strip-components=1").current_dir(place).status();
        assert!(unpacked.unwrap().success(), "{name}");
    }
    // cargo finds the subcommand like any other.
    let tool = Path::new(env!("CARGO_BIN_EXE_cargo-oldstable")).parent().expect("a folder");
    let path = format!("{}:{}", tool.display(), env::var("PATH").unwrap_or_default());
    let run = |folder: &Path, line: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(folder).env("PATH", &path).env_remove("CARGO_TARGET_DIR");
        command.env(NO_DEBUG.0, NO_DEBUG.1);
        command.output().unwrap()
    };
    let mut here = folder.path().to_path_buf();
    let way = short_way();
    let (last, before) = way.split_last().expect("a command");
    for line in before {
        match line.strip_prefix("cd ") {
            Some(into) => here = here.join(into),
            None => {
                let output = run(&here, line);
                assert!(output.status.success(), "{line}: {}", said(&output));
            }
        }
    }
    only(cell, &here.join("msrv.toml"));
    let output = run(&here, last);
    assert!(output.status.success() && said(&output).contains(&format!("{cell}: in-qemu: ok 3")), "{}", said(&output));

    // QEMU itself, with the plugin's arguments: the register is at that address, and counts by that step.
    let with_arguments = |arguments: &str| {
        let look = "printf 'xp /1wx 0x0c000000\\nquit\\n' | cargo oldstable run --cell";
        run(&here, &format!("{look} {cell} {arguments} -- -M virt -display none -S -monitor stdio"))
    };
    let output = with_arguments("--plugin-arg address=0x0c000000 --plugin-arg step=7");
    assert!(output.status.success() && said(&output).contains("0c000000: 0x00000007"), "{}", said(&output));
    let output = with_arguments("--plugin-arg address=0x0c000000 --plugin-arg stride=7");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("the plugin does not know the argument 'stride=7'"), "{}", said(&output));

    let source = here.join("src/lib.rs");
    let device = fs::read_to_string(&source).unwrap();
    let broken = device.replace("wrapping_add(this.conf.step.get())", "wrapping_add(1)");
    assert_ne!(device, broken);
    fs::write(&source, broken).unwrap();
    let output = run(&here, last);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("each_read_adds_the_step"), "{said}");
    assert!(!said.contains("a_reset_begins_again"), "{said}");
}

fn rust_1_48_and_qemu_5_2() {
    short_way_in("bullseye");
}

fn rust_1_96_and_qemu_11_1() {
    short_way_in("trixie-backports");
}

const TESTS: [(&str, fn()); 2] =
    [("rust_1_48_and_qemu_5_2", rust_1_48_and_qemu_5_2), ("rust_1_96_and_qemu_11_1", rust_1_96_and_qemu_11_1)];

/// Returns the reason why a test cannot run, if any.
fn missing(name: &str) -> Option<String> {
    if name == TESTS[1].0 && env::args().all(|argument| argument != name) {
        return Some(format!("CI has no such root file system: `cargo test --test outside {name}` runs it"));
    }
    // An old suite's cell has an old cargo, and may make no root file systems.
    package().err()
}

fn main() {
    runner::run(&TESTS, missing)
}
