//! What must not compile, and what the compiler says then.
//!
//! Each file of `tests/ui` names in its first line what the message must hold; where compilers differ,
//! alternatives stand between bars. Every program is compiled with `--cap-lints allow` as well, as a
//! dependency is: an error must not be a lint that this silences. It is compiled down to machine code,
//! since some rules are checked only for the functions that are used.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// This crate, built as the tests' own is.
struct Library {
    rlib: PathBuf,
}

impl Library {
    fn build() -> Library {
        let output = Command::new(env!("CARGO"))
            .args(&["build", "--offline", "--lib", "--message-format", "json", "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .output()
            .expect("cargo runs");
        let stdout = String::from_utf8_lossy(&output.stdout);
        // The only strings of the output that end so are names of files.
        let rlib = stdout
            .split('"')
            .find(|text| text.ends_with(".rlib") && text.contains("liboldstable") && !text.contains("compat"));
        Library {
            rlib: rlib
                .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)))
                .into(),
        }
    }

    fn compile(&self, program: &Path, cap_lints: &str) -> Output {
        let directory = self.rlib.parent().expect("a file in a directory");
        let name = program.file_stem().expect("a source file").to_string_lossy();
        let object = env::temp_dir().join(format!("oldstable-ui-{}-{}.o", std::process::id(), name));
        let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(&["--edition", "2018", "--crate-type", "lib", "--emit", "obj", "--cap-lints", cap_lints])
            .arg("--extern")
            .arg(format!("oldstable={}", self.rlib.display()))
            .arg("-L")
            .arg(directory.join("deps"))
            .arg("-o")
            .arg(&object)
            .arg(program)
            .output()
            .expect("rustc runs");
        // There is none if the compiler refuses the program.
        let _ = fs::remove_file(object);
        output
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    let library = Library::build();
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
            let output = library.compile(&program, cap_lints);
            // Old compilers name a trait with its path.
            let said = String::from_utf8_lossy(&output.stderr)
                .replace("oldstable::qom::", "")
                .replace("oldstable::qdev::", "");
            if output.status.success() {
                failures.push(format!("{} compiles with --cap-lints {}", program.display(), cap_lints));
            } else if !expected.iter().any(|sentence| said.contains(sentence)) {
                failures.push(format!("{} says something else:\n{}", program.display(), said));
            }
        }
    }
    assert!(wrong > 20, "only {} programs were found", wrong);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_right_compiles() {
    let output = Library::build().compile(&directory().join("pass.rs"), "warn");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{}", said);
}
