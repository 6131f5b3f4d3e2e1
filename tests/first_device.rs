// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Follows docs/first-device.md and then docs/testing.md literally: writes their files, runs their commands, and
//! compares the output with the pages. It needs a `qemu-system-aarch64`, so it runs only on request:
//! `cargo test --test first_device`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// A fenced block: the words after the fence, and the lines.
struct Block<'a> {
    words: Vec<&'a str>,
    lines: Vec<&'a str>,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(words) if !open => {
                open = true;
                blocks.push(Block { words: words.split_whitespace().collect(), lines: Vec::new() });
            }
            Some(_) => open = false,
            None if open => blocks.last_mut().expect("the open block").lines.push(line),
            None => {}
        }
    }
    blocks
}

/// The time limit of a page's command, enough for a build on a busy machine.
const SECONDS: u32 = 600;

/// Runs a command of the page, and returns its output.
///
/// # Panics
/// If it fails, or has not ended in time: with what it has printed until then.
fn run(directory: &Path, command: &str, seconds: u32) -> String {
    /// The exit status of `timeout`, if it had to end the command.
    const TIME_IS_UP: i32 = 124;
    let output = Command::new("timeout")
        .args(&["--kill-after=5", &seconds.to_string()])
        .args(&["sh", "-c", &format!("{{ {}\n}} 2>&1", command)])
        .current_dir(directory)
        // The page's crate is built where the page says.
        .env_remove("CARGO_TARGET_DIR")
        // What a debugger reads would take a third of the time.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .expect("a shell runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code() != Some(TIME_IS_UP), "after {} s: {}\n{}", seconds, command, said);
    assert!(output.status.success(), "{}\n{}", command, said);
    said
}

/// Returns the commands of a block, each with its lines of output.
fn commands<'a>(block: &Block<'a>) -> Vec<(String, Vec<&'a str>)> {
    let mut commands: Vec<(String, Vec<&str>)> = Vec::new();
    for line in &block.lines {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command.to_owned(), Vec::new()));
            continue;
        }
        let (command, prints) = commands.last_mut().expect("a command before what it prints");
        if command.ends_with('\\') {
            command.push('\n');
            command.push_str(line);
        } else {
            prints.push(line);
        }
    }
    commands
}

/// Appends a block to the file that it names.
fn append(file: &Path, lines: &[&str]) {
    fs::create_dir_all(file.parent().expect("a folder")).unwrap();
    let mut file = OpenOptions::new().append(true).create(true).open(file).unwrap();
    writeln!(file, "{}\n", lines.join("\n")).unwrap();
}

#[test]
fn the_page_s_device_builds_and_does_what_the_pages_say() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |page| fs::read_to_string(repository.join("docs").join(page)).expect("the page");
    let pages = [read("first-device.md"), read("testing.md")];
    let directory = std::env::temp_dir().join(format!("oldstable-first-device-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    std::os::unix::fs::symlink(repository, directory.join("oldstable")).unwrap();

    let version = run(&directory, "qemu-system-aarch64 --version", SECONDS);
    let mut here = vec![if version.contains("version 5.2") { "qemu-5.2" } else { "qemu-7.2" }];
    // Debian's packages of these two omit it.
    if !version.contains("version 7.2") && !version.contains("version 10.0") {
        here.push("qtest");
    }
    let mut compared = 0;
    for block in pages.iter().flat_map(|page| blocks(page)) {
        match block.words[0] {
            "toml" | "rust" => append(&directory.join("odometer").join(block.words[1]), &block.lines),
            "console" if block.words[1..].iter().all(|word| here.contains(word)) => {
                for (command, prints) in commands(&block) {
                    let said = run(&directory, &command, SECONDS);
                    let mut rest = &said[..];
                    for line in prints {
                        // The text after it differs between releases.
                        let line = line.trim_end_matches('…');
                        let at = rest.find(line).unwrap_or_else(|| panic!("{}\n{}", command, said));
                        rest = &rest[at + line.len()..];
                        compared += 1;
                    }
                }
            }
            // The short way needs the tool, which is not in a cell. The tool's own tests make the crate.
            "console" => {
                assert!(["short", "qtest", "qemu-5.2", "qemu-7.2"].contains(&block.words[1]), "{:?}", block.words)
            }
            other => panic!("the test does not know what to do with a block of {}", other),
        }
    }
    assert!(compared >= 7, "only {} lines were compared", compared);
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn an_endless_command_is_killed_and_its_output_shown() {
    let start = std::time::Instant::now();
    let panic = std::panic::catch_unwind(|| run(Path::new("/"), "echo begun; sleep 1000 & wait", 1));
    let said = panic.expect_err("it has not ended").downcast::<String>().expect("a message");
    assert!(said.starts_with("after 1 s: echo begun;") && said.ends_with("\nbegun\n"), "{}", said);
    assert!(start.elapsed().as_secs() < 60);
}
