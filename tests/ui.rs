//! What must not compile, and what the compiler says then.
//!
//! Each file of `tests/ui` names in its first line what the message must hold; where compilers differ,
//! alternatives stand between bars. Every program is compiled with `--cap-lints allow` as well, as a
//! dependency is: an error must not be a lint that this silences. It is compiled down to machine code,
//! since some rules are checked only for the functions that are used.

use library::Library;
use std::fs;
use std::path::{Path, PathBuf};

mod cargo_build;
mod library;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    let library = Library::build(&[]);
    let mut failures = Vec::new();
    let mut wrong = 0;
    for entry in fs::read_dir(directory()).expect("the directory of programs") {
        let program = entry.expect("a directory entry").path();
        let source = fs::read_to_string(&program).expect("a source file");
        let first = source.lines().next().unwrap_or_default();
        if !first.starts_with("//! expect: ") {
            continue;
        }
        wrong += 1;
        let expected: Vec<_> = first["//! expect: ".len()..].split(" | ").collect();
        for cap_lints in &["warn", "allow"] {
            let (output, _) = library.compile(&program, "obj", &["--cap-lints", cap_lints]);
            // Old compilers name a trait with its path.
            let said = String::from_utf8_lossy(&output.stderr)
                .replace("oldstable::qom::", "")
                .replace("oldstable::qdev::", "");
            if output.status.success() {
                failures.push(format!(
                    "{} compiles with --cap-lints {}",
                    program.display(),
                    cap_lints
                ));
            } else if !expected.iter().any(|sentence| said.contains(sentence)) {
                failures.push(format!(
                    "{} says something else:\n{}",
                    program.display(),
                    said
                ));
            }
        }
    }
    assert!(wrong > 20, "only {} programs were found", wrong);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_right_compiles() {
    let program = directory().join("pass.rs");
    let (output, _) = Library::build(&[]).compile(&program, "obj", &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{}", said);
}
