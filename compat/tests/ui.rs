//! What must not compile, and what the compiler says then.
//!
//! Each file of `tests/ui` names in its first line what the message must hold; where compilers or
//! features differ, alternatives stand between bars. Every program is compiled with
//! `--cap-lints allow` as well, as a dependency is: an error must not be a lint that this
//! silences.
#![cfg(feature = "std")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    let library = Library::build();
    let mut failures = Vec::new();
    let mut wrong = 0;
    for file in programs() {
        let source = fs::read_to_string(&file).expect("a source file");
        let first = source.lines().next().unwrap_or_default();
        if !first.starts_with("//! expect: ") {
            continue;
        }
        wrong += 1;
        let expected: Vec<_> = first["//! expect: ".len()..].split(" | ").collect();
        for cap_lints in &["warn", "allow"] {
            let output = library.compile(&file, cap_lints);
            let stderr = String::from_utf8_lossy(&output.stderr);
            // Old compilers name a trait with its path.
            let message = stderr.replace("oldstable_compat::c_str::", "");
            if output.status.success() {
                failures.push(format!(
                    "{} compiles with --cap-lints {}",
                    file.display(),
                    cap_lints
                ));
            } else if !expected.iter().any(|sentence| message.contains(sentence)) {
                failures.push(format!(
                    "{} says something else:\n{}",
                    file.display(),
                    stderr
                ));
            }
        }
    }
    assert!(wrong > 10, "only {} programs were found", wrong);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_right_compiles() {
    let output = Library::build().compile(&directory().join("pass.rs"), "warn");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{}", stderr);
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

fn programs() -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(directory()).expect("the directory of programs");
    entries.map(|entry| entry.expect("a directory entry").path())
}

/// This crate, built as the tests' own is.
struct Library {
    rlib: PathBuf,
}

impl Library {
    fn build() -> Library {
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

    fn compile(&self, program: &Path, cap_lints: &str) -> Output {
        let mut library = std::ffi::OsString::from("oldstable_compat=");
        library.push(&self.rlib);
        let directory = self.rlib.parent().expect("a file in a directory");
        let out = directory.join(format!("ui-{}", std::process::id()));
        fs::create_dir_all(&out).expect("a directory beside the library");
        let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(&[
                "--edition",
                "2018",
                "--emit",
                "metadata",
                "--cap-lints",
                cap_lints,
            ])
            .arg("--extern")
            .arg(library)
            .arg("-L")
            .arg(directory.join("deps"))
            .arg("--out-dir")
            .arg(&out)
            .arg(program)
            .output()
            .expect("rustc runs");
        fs::remove_dir_all(&out).expect("the directory was made above");
        output
    }
}
