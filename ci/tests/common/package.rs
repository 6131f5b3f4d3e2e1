// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A small package that a test lowers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::cells::of_the_project;
use super::folder::{said, Folder};

pub struct Package {
    pub folder: Folder,
}

impl Package {
    pub fn new(edition: u32, library: &str) -> Package {
        let package = Package { folder: Folder::new() };
        let cells = of_the_project(&["bullseye", "bookworm"]);
        package.write("msrv.toml", &format!("floor = \"1.48.0\"\n[qemu]\n{cells}"));
        let head = "[package]\nname = \"small\"\nversion = \"0.1.0\"\n";
        package.write("Cargo.toml", &format!("{head}edition = \"{edition}\"\n\n[workspace]\n"));
        package.write("src/lib.rs", library);
        package
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path("small")
    }

    pub fn write(&self, name: &str, text: &str) {
        self.folder.write(&format!("small/{name}"), text)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        self.folder.oldstable("small", arguments)
    }

    pub fn lower(&self, floor: &str, more: &[&str]) -> Output {
        let cell = if floor == "1.48" { "bullseye" } else { "bookworm" };
        self.command(&["lower", floor, "--cell", cell, "--out", "../lowered"]).args(more).output().unwrap()
    }

    pub fn lowered(&self) -> PathBuf {
        self.folder.path("lowered")
    }
}

/// Returns all files of a folder and their contents.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path.clone(), fs::read(path).unwrap())),
        }
    }
    found
}

/// Returns the cargo that started these tests, in a folder.
pub fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(arguments).current_dir(folder).env_remove("CARGO_TARGET_DIR").output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    output
}
