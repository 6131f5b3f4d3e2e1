// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A package's library, for programs that are compiled individually.

use crate::cargo_build;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs, process, thread};

pub struct Library {
    name: String,
    rlib: PathBuf,
}

impl Library {
    /// Builds the library of this package; `arguments` are cargo's.
    pub fn build(arguments: &[&str]) -> Library {
        let name = env!("CARGO_PKG_NAME").replace('-', "_");
        let file = format!("lib{}.rlib", name);
        let rlib = cargo_build::build(cargo_build::own_manifest(), &[&["--lib"], arguments].concat(), |built| {
            built.ends_with(&file)
        });
        Library { name, rlib }
    }

    /// Compiles a program that may use it, and returns the compiler's messages and its output.
    pub fn compile(&self, program: &Path, emit: &str, arguments: &[&str]) -> (Output, Option<Vec<u8>>) {
        let directory = self.rlib.parent().expect("a file in a directory");
        // The compiler writes further files beside the requested one, with names that depend only on the program, and
        // tests run in parallel.
        let (process, thread) = (process::id(), thread::current().id());
        let folder = env::temp_dir().join(format!("{}-{}-{:?}", self.name, process, thread));
        fs::create_dir_all(&folder).expect("a folder for what is emitted");
        let emitted = folder.join(emit);
        let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(&["--crate-type", "lib", "--emit", emit])
            .args(arguments)
            .arg("--extern")
            .arg(format!("{}={}", self.name, self.rlib.display()))
            .arg("-L")
            .arg(directory.join("deps"))
            .arg("-o")
            .arg(&emitted)
            .arg(program)
            .output()
            .expect("rustc runs");
        // There is no output if the compiler refuses the program.
        let content = fs::read(&emitted).ok();
        fs::remove_dir_all(folder).expect("the folder can be removed");
        (output, content)
    }
}
