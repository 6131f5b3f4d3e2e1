//! What the project's pages say: each command line is one that this program takes, each link leads somewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What stands for a reader's own word, and a word that the command line takes in its place.
const PLACEHOLDERS: [(&str, &str); 3] = [("FLOOR", "1.63"), ("VERSION", "1.63"), ("STEP", "build")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project").to_path_buf()
}

/// The pages, with their text. Not below `target`, nor where files of others are kept.
fn pages() -> Vec<(PathBuf, String)> {
    let mut folders = vec![root()];
    let mut pages = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
                folders.push(path);
            } else if path.extension().map_or(false, |extension| extension == "md") {
                let text = fs::read_to_string(&path).expect("a page");
                pages.push((path, text));
            }
        }
    }
    assert!(pages.len() > 10, "{pages:?}");
    pages
}

/// The command lines of this program in a page, without `cargo`: in lines of their own and in running text.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    for line in text.lines() {
        let alone = line.trim_start().trim_start_matches("$ ");
        if alone.starts_with("cargo oldstable ") {
            commands.push(alone.split(" #").next().unwrap_or(alone).trim().to_string());
        }
        let quoted = line.split('`').skip(1).step_by(2);
        commands.extend(quoted.filter(|code| code.starts_with("cargo oldstable ")).map(str::to_string));
    }
    commands
}

/// The command's own arguments, up to those of QEMU.
fn arguments(command: &str) -> Vec<String> {
    let words = command.split_whitespace().skip(1).take_while(|word| *word != "--" && *word != "…" && *word != "|");
    words
        .map(|word| PLACEHOLDERS.iter().find(|(name, _)| *name == word).map_or(word, |(_, value)| *value).to_string())
        .collect()
}

#[test]
fn every_command_of_the_pages_is_one() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        for command in commands(&text) {
            count += 1;
            // What stands before `--help` is read first, and an error of it comes first.
            let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
                .args(arguments(&command))
                .arg("--help")
                .output()
                .expect("the program runs");
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                wrong.push(format!("{}: `{command}`: {}", page.display(), said.lines().next().unwrap_or("")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "only {count} command lines were found");
}

#[test]
fn a_command_that_is_none_is_found() {
    for command in ["cargo oldstable matrix --bogus", "cargo oldstable bogus", "cargo oldstable retire x"] {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
            .args(arguments(command))
            .arg("--help")
            .output()
            .expect("the program runs");
        assert!(!output.status.success(), "{command}");
    }
}

#[test]
fn every_link_of_the_pages_leads_to_a_file() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.starts_with('#') || target.contains(char::is_whitespace) {
                continue;
            }
            count += 1;
            let file = target.split('#').next().unwrap_or(target);
            if !page.parent().expect("a folder").join(file).exists() {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 20, "only {count} links were found");
}
