//! This crate, with its default features, for programs that are compiled one by one.

use crate::cargo_build;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

pub struct Library {
    rlib: PathBuf,
}

impl Library {
    /// Builds it; `arguments` are cargo's.
    pub fn build(arguments: &[&str]) -> Library {
        let rlib = cargo_build::build(
            cargo_build::own_manifest(),
            &[&["--lib"], arguments].concat(),
            |name| {
                name.ends_with(".rlib") && name.contains("liboldstable") && !name.contains("compat")
            },
        );
        Library { rlib }
    }

    /// Compiles a program that may use it, and returns what the compiler says and what it emits.
    pub fn compile(
        &self,
        program: &Path,
        emit: &str,
        arguments: &[&str],
    ) -> (Output, Option<Vec<u8>>) {
        let directory = self.rlib.parent().expect("a file in a directory");
        let name = program
            .file_stem()
            .expect("a source file")
            .to_string_lossy();
        // Tests run side by side.
        let (process, thread) = (std::process::id(), std::thread::current().id());
        let folder = env::temp_dir().join(format!("oldstable-{}-{:?}-{}", process, thread, name));
        fs::create_dir_all(&folder).expect("a folder for what is emitted");
        let emitted = folder.join(emit);
        let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(&["--edition", "2018", "--crate-type", "lib", "--emit", emit])
            .args(arguments)
            .arg("--extern")
            .arg(format!("oldstable={}", self.rlib.display()))
            .arg("-L")
            .arg(directory.join("deps"))
            .arg("-o")
            .arg(&emitted)
            .arg(program)
            .output()
            .expect("rustc runs");
        // There is none if the compiler refuses the program.
        let content = fs::read(&emitted).ok();
        // Newer compilers put long names of types into files beside it.
        fs::remove_dir_all(folder).expect("the folder can be removed");
        (output, content)
    }
}
