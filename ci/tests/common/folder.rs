// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A test's own folder, and this program in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder that is removed on drop.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// Returns the path of that name in it.
    pub fn path(&self, name: &str) -> PathBuf {
        // The name of a temporary folder would begin with a dot.
        self.0.path().join("place").join(name)
    }

    /// Writes a file, and makes its folders.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap()
    }

    /// Returns this program's command in a subfolder.
    pub fn oldstable(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"));
        command.arg("oldstable").args(arguments).current_dir(self.path(name)).env_remove("CARGO_TARGET_DIR");
        command
    }
}

/// Returns a program's output.
pub fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}
