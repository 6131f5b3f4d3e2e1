//! What must not compile, and what the compiler says then.
//!
//! Each file of `tests/ui` names in its first line what the message must hold; where compilers or
//! features differ, alternatives stand between bars. Every program is compiled with
//! `--cap-lints allow` as well, as a dependency is: an error must not be a lint that this
//! silences.
#![cfg(feature = "std")]

use library::Library;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "common/library.rs"]
mod library;

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
            let args = ["--edition", "2018", "--cap-lints", cap_lints];
            let (output, _) = library.rustc(&file, "metadata", &args);
            let stderr = String::from_utf8_lossy(&output.stderr);
            // Old compilers name a trait with its path.
            let message = stderr.replace("oldstable_compat::c_str_literal::", "");
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
    let program = directory().join("pass.rs");
    let (output, _) = Library::build().rustc(&program, "metadata", &["--edition", "2018"]);
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
