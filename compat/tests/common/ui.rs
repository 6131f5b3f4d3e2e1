//! Runs the programs of `tests/ui`: what must not compile, and what the compiler says then.
//!
//! Each names in its first line what the message must hold; where compilers or features differ, alternatives
//! stand between bars. It is compiled with `--cap-lints allow`, as a dependency is: an error must not be a
//! lint that this silences.

use crate::library::Library;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

/// Emits what shows the errors that are wanted: `metadata` is quick, and `obj` has the functions that are
/// used checked as well.
fn compile(library: &Library, program: &Path, emit: &str, arguments: &[&str]) -> Output {
    library.compile(program, emit, &[&["--edition", "2018"], arguments].concat()).0
}

/// Checks that each wrong program is refused with its sentence.
///
/// Old compilers name a trait with its path: `paths` are left out of what they say. `arguments` are more for the
/// compiler.
///
/// # Panics
/// If one is not, or there are no more than `at_least` programs.
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

/// Checks that a program, which is like the wrong ones but right, compiles without a warning.
///
/// # Panics
/// If it does not.
pub fn what_is_right_compiles(library: &Library, emit: &str) {
    let output = compile(library, &directory().join("pass.rs"), emit, &["--cap-lints", "warn"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{}", said);
}
