// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The inputs of a step are changed one at a time: the step is run again.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// A crate in `above/small` that reads files in every way that a crate may.
struct Project(TempDir);

const LIBRARY: &str = "#![doc = include_str!(\"../../README.md\")]
pub mod linked;
pub mod target;
include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));
#[test]
fn reads() {
    std::fs::read_to_string(\"tests/fixture/src/lib.rs\").unwrap();
    assert_eq!(MADE, patched::ONE + other::ONE);
}
";

const BUILD: &str = "fn main() {
    println!(\"cargo:rerun-if-changed=../number\");
    let number = std::fs::read_to_string(\"../number\").unwrap();
    let out = std::path::PathBuf::from(std::env::var_os(\"OUT_DIR\").unwrap());
    std::fs::write(out.join(\"made.rs\"), format!(\"pub const MADE: u8 = {};\", number.trim())).unwrap();
}
";

const MANIFEST: &str = "[package]
name = \"small\"
version = \"0.1.0\"
edition = \"2021\"
[dependencies]
other = { path = \"../other\" }
patched = \"0.1\"
[patch.crates-io]
patched = { path = \"../patched\" }
";

/// All packages are on this machine, so nothing is fetched.
const LOCK: &str = "version = 3

[[package]]
name = \"other\"
version = \"0.1.0\"

[[package]]
name = \"patched\"
version = \"0.1.0\"

[[package]]
name = \"small\"
version = \"0.1.0\"
dependencies = [
 \"other\",
 \"patched\",
]
";

impl Project {
    fn new() -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        let package = |name: &str| format!("[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2018\"\n");
        for (file, text) in [
            ("README.md", "One."),
            ("number", "2"),
            ("elsewhere/mod.rs", "pub fn f() {}"),
            ("other/Cargo.toml", &package("other")),
            ("other/src/lib.rs", "pub const ONE: u8 = 1;"),
            ("patched/Cargo.toml", &package("patched")),
            ("patched/src/lib.rs", "pub const ONE: u8 = 1;"),
            ("small/Cargo.toml", MANIFEST),
            ("small/Cargo.lock", LOCK),
            ("small/build.rs", BUILD),
            ("small/src/lib.rs", LIBRARY),
            ("small/src/target/mod.rs", "pub fn f() {}"),
            ("small/tests/fixture/Cargo.toml", &package("fixture")),
            ("small/tests/fixture/src/lib.rs", "pub fn f() {}"),
            ("small/.cargo/config.toml", "[env]\nX = \"1\"\n"),
            ("small/msrv.toml", "floor = \"1.56.0\"\n[[cell]]\nname = \"own\"\npath = true\n"),
        ] {
            project.write(file, text);
        }
        symlink("../../elsewhere", project.path("small/src/linked")).unwrap();
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap()
    }

    /// Returns whether the tests are run instead of taken from an earlier run.
    fn runs(&self, environment: &[(&str, &str)]) -> bool {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
            .args(["oldstable", "matrix", "--step", "test"])
            .current_dir(self.path("small"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS")
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        !said.contains("1 step was not run again")
    }
}

#[test]
fn nothing_that_a_step_read_is_ever_stale() {
    let project = Project::new();
    assert!(project.runs(&[]));
    assert!(!project.runs(&[]), "nothing has changed");
    for (file, text) in [
        ("small/src/target/mod.rs", "pub fn g() {}"),
        ("elsewhere/mod.rs", "pub fn g() {}"),
        ("small/tests/fixture/src/lib.rs", "pub fn g() {}"),
        ("README.md", "Two."),
        ("small/.cargo/config.toml", "[env]\nX = \"2\"\n"),
        (".cargo/config.toml", "[env]\nY = \"2\"\n"),
        ("patched/src/lib.rs", "pub const ONE: u8 = 2 - 1;"),
        ("other/src/lib.rs", "pub const ONE: u8 = 2 - 1;"),
        ("other/build.rs", "fn main() {}"),
        ("number", "1 + 1"),
    ] {
        project.write(file, text);
        assert!(project.runs(&[]), "{file} was changed");
        assert!(!project.runs(&[]), "{file} was changed long ago");
    }
    assert!(project.runs(&[("RUSTFLAGS", "--cfg x")]), "RUSTFLAGS was set");
    assert!(!project.runs(&[("RUSTFLAGS", "--cfg x")]), "RUSTFLAGS was set before");
    assert!(!project.runs(&[("OTHER", "x")]), "what no cell is given does not count");
}

/// Neither cargo nor rustc knows of it.
#[test]
fn what_tests_read_elsewhere_in_the_repository_counts() {
    let project = Project::new();
    project.write("small/tests/data.rs", "#[test]\nfn reads() { std::fs::read(\"../data/one\").unwrap(); }\n");
    project.write("data/one", "1");
    project.write(".git/HEAD", "x");
    assert!(project.runs(&[]));
    assert!(!project.runs(&[]), "nothing has changed");
    project.write(".git/HEAD", "y");
    assert!(!project.runs(&[]), "only git's own files have changed");
    project.write("data/one", "2");
    assert!(project.runs(&[]), "what the tests read has changed");
}
