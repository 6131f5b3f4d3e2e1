//! A folder of a test's own, and this program in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder that ends with it.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// What is called so in it.
    pub fn path(&self, name: &str) -> PathBuf {
        // The name of a temporary folder begins with a dot.
        self.0.path().join("place").join(name)
    }

    /// Writes a file, and makes the folders that it is in.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap()
    }

    /// This program in a folder in it.
    pub fn oldstable(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"));
        command.arg("oldstable").args(arguments).current_dir(self.path(name)).env_remove("CARGO_TARGET_DIR");
        command
    }
}

/// What a program has printed.
pub fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}
