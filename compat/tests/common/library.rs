//! This crate, built as the tests' own is, for programs that are compiled one by one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Output};
use std::{env, fs, thread};

pub struct Library {
    rlib: PathBuf,
}

impl Library {
    pub fn build() -> Library {
        let mut features = vec!["std"];
        for &(feature, on) in &[
            ("cstr", cfg!(feature = "cstr")),
            ("libc", cfg!(feature = "libc")),
            ("memoffset", cfg!(feature = "memoffset")),
        ] {
            if on {
                features.push(feature);
            }
        }
        let output = Command::new(env::var_os("CARGO").expect("cargo runs the tests"))
            .args(&["build", "--offline", "--lib", "--no-default-features"])
            .args(&[
                "--message-format",
                "json",
                "--features",
                &features.join(" "),
            ])
            .arg("--manifest-path")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
            .output()
            .expect("cargo runs");
        let stdout = String::from_utf8_lossy(&output.stdout);
        // The only strings of the output that end so are names of files.
        let rlib = stdout
            .split('"')
            .find(|text| text.ends_with(".rlib") && text.contains("liboldstable_compat"));
        Library {
            rlib: rlib
                .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)))
                .into(),
        }
    }

    /// Runs rustc on a source that may use this crate, and returns what it says and what it emits.
    pub fn rustc(&self, source: &Path, emit: &str, args: &[&str]) -> (Output, Option<Vec<u8>>) {
        let mut library = OsString::from("oldstable_compat=");
        library.push(&self.rlib);
        let directory = self.rlib.parent().expect("a file in a directory");
        let unique = format!("programs-{}-{:?}", process::id(), thread::current().id());
        // Rustc puts intermediate files beside the result, under names that depend on the source
        // alone, and other tests may compile the same one now.
        let out = directory.join(unique);
        fs::create_dir_all(&out).expect("a directory beside the library");
        let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .arg("--extern")
            .arg(library)
            .arg("-L")
            .arg(directory.join("deps"))
            .args(&["--emit", emit, "--out-dir"])
            .arg(&out)
            .args(args)
            .arg(source)
            .output()
            .expect("rustc runs");
        let emitted = fs::read_dir(&out).expect("it was made above").next();
        let content = emitted.map(|file| fs::read(file.expect("a file").path()).expect("a file"));
        fs::remove_dir_all(&out).expect("it was made above");
        (output, content)
    }
}
