//! The folders that become Debian's packages agree with each other and with the published crates.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn debian() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../debian")
}

/// Returns the files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

/// Returns the names with addresses in the packages' folders, and the lines about the places of the sources.
fn maintained(folder: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut who, mut place) = (BTreeSet::new(), BTreeSet::new());
    for file in files(folder).iter().filter(|file| file.parent() != Some(folder)) {
        for line in fs::read_to_string(file).expect("text").lines() {
            let name = ["Maintainer: ", " -- ", "Author: "].iter().find_map(|start| line.strip_prefix(start));
            who.extend(name.map(|name| name.split_inclusive('>').next().unwrap_or(name).to_string()));
            place.extend(line.strip_prefix("Vcs-Git: ").map(str::to_string));
        }
    }
    (who, place)
}

#[test]
fn one_command_sets_who_maintains_all_packages() {
    assert_eq!(maintained(&debian()).0.len(), 1, "{:?}", maintained(&debian()).0);
    let copy = tempfile::tempdir().expect("a folder");
    let status = Command::new("cp").arg("--recursive").arg(debian()).arg(copy.path()).status().expect("cp runs");
    assert!(status.success());
    let readme = fs::read_to_string(debian().join("README.md")).expect("the page");
    let command = readme.lines().find_map(|line| line.strip_prefix("$ sh debian/set-maintainer")).expect("the command");
    let line = format!("sh debian/set-maintainer {command}");
    let status = Command::new("sh").args(["-c", &line]).current_dir(copy.path()).status().expect("a shell");
    assert!(status.success(), "{line}");
    let (who, place) = maintained(&copy.path().join("debian"));
    assert_eq!(who.into_iter().collect::<Vec<_>>(), ["A Name <name@example.org>"]);
    assert_eq!(place.into_iter().collect::<Vec<_>>(), ["https://salsa.debian.org/name/rust-oldstable.git"]);
}

#[test]
fn a_name_without_an_address_is_refused() {
    let script = debian().join("set-maintainer");
    let output = Command::new("sh").arg(script).args(["Nobody", "https://x.example/a.git"]).output().expect("a shell");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not of the form NAME <ADDRESS>"));
}
