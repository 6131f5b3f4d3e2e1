// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Compiles the programs of `tests/ui`, which must not compile, and checks the compiler's messages.
//! The first line of each names a part of the message; if compilers or features differ, bars separate alternatives. A
//! program is compiled with `--cap-lints allow`, like a dependency: an error must not be a lint that this silences.

use crate::library::Library;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

/// The kind of output that reveals the expected errors: `metadata` is quick, and `obj` also checks the functions that
/// are used.
fn compile(library: &Library, program: &Path, emit: &str, arguments: &[&str]) -> Output {
    library.compile(program, emit, &[&["--edition", "2018"], arguments].concat()).0
}

/// Checks that each wrong program is refused with its message.
///
/// Old compilers name a trait with its path: `paths` are removed from their messages. `arguments` are more for the
/// compiler.
///
/// # Panics
/// If a program compiles or has another message, or if there are not more than `at_least` programs.
pub fn what_is_wrong_is_refused(library: &Library, emit: &str, arguments: &[&str], paths: &[&str], at_least: usize) {
    let mut failures = Vec::new();
    let mut wrong = 0;
    for entry in fs::read_dir(directory()).expect("the directory of programs") {
        let program = entry.expect("a directory entry").path();
        let source = fs::read_to_string(&program).expect("a source file");
        let first = source.lines().next().unwrap_or_default();
        let expected = match first.strip_prefix("//! expect: ") {
            Some(expected) => expected,
            None => continue,
        };
        wrong += 1;
        let output = compile(library, &program, emit, &[&["--cap-lints", "allow"], arguments].concat());
        let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
        for path in paths {
            said = said.replace(path, "");
        }
        let shown = program.display();
        if output.status.success() {
            failures.push(format!("{} compiles", shown));
        } else if !expected.split(" | ").any(|text| said.contains(text)) {
            failures.push(format!("{} says something else:\n{}", shown, said));
        }
    }
    assert!(wrong > at_least, "only {} programs were found", wrong);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Checks that a program that resembles the wrong ones but is right compiles without a warning.
///
/// # Panics
/// If the program does not compile.
pub fn what_is_right_compiles(library: &Library, emit: &str) {
    let output = compile(library, &directory().join("pass.rs"), emit, &["--cap-lints", "warn"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{}", said);
}
