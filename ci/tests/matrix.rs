// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The whole program on a small crate, with the compiler on PATH: its output, its exit status and the three reports
//! agree.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

const CELLS: &str = "floor = \"1.48.0\"\n[[cell]]\nname = \"own\"\npath = true\n";

/// A crate with an msrv.toml, and a cache beside it.
struct Project {
    folder: TempDir,
}

impl Project {
    fn path(&self) -> PathBuf {
        self.folder.path().join("small")
    }

    fn oldstable(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
            .arg("oldstable")
            .args(arguments)
            .current_dir(self.path())
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .env_remove("CARGO_TARGET_DIR")
            .output()
            .unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap()
    }
}

fn project(library: &str) -> Project {
    let project = Project { folder: tempfile::tempdir().unwrap() };
    fs::create_dir_all(project.path().join("src")).unwrap();
    project.write("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2018\"\n");
    project.write("Cargo.lock", "version = 3\n\n[[package]]\nname = \"small\"\nversion = \"0.1.0\"\n");
    project.write("msrv.toml", CELLS);
    project.write("src/lib.rs", library);
    project
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns the table's fields of the only cell, by their headings.
fn fields(output: &Output) -> Vec<(String, String)> {
    let said = text(&output.stdout);
    let lines: Vec<&str> = said.lines().collect();
    let split = |line: &str| -> Vec<String> {
        let mut fields = Vec::new();
        let mut at = 0;
        let rules = lines.get(1).unwrap_or_else(|| panic!("no table: {}", text(&output.stderr)));
        for rule in rules.split("  ") {
            let end = (at + rule.len()).min(line.len());
            fields.push(line.get(at..end).unwrap_or("").trim().to_string());
            at += rule.len() + 2;
        }
        fields
    };
    split(lines[0]).into_iter().zip(split(lines[2])).collect()
}

fn field(output: &Output, step: &str) -> String {
    let found = fields(output).into_iter().find(|(heading, _)| heading == step);
    found.unwrap_or_else(|| panic!("no {step} in:\n{}{}", text(&output.stdout), text(&output.stderr))).1
}

const GOOD: &str = "//! Small.\n#[test]\nfn one() {}\n#[test]\nfn two() {}\n";
const RED: &str = "//! Small.\n#[test]\nfn one() {}\n#[test]\nfn two() { panic!(\"the reason\") }\n";

#[test]
fn what_passed_is_not_run_again_until_a_source_changes() {
    let project = project(GOOD);
    let first = project.oldstable(&["matrix"]);
    assert_eq!((field(&first, "build"), field(&first, "unit tests")), ("ok".into(), "ok 2".into()));
    assert_eq!(first.status.code(), Some(0));
    let second = project.oldstable(&["matrix"]);
    assert!(text(&second.stdout).contains("3 steps were not run again"), "{}", text(&second.stdout));
    assert_eq!(second.status.code(), Some(0));
    project.write("src/lib.rs", RED);
    let third = project.oldstable(&["matrix"]);
    assert_eq!(field(&third, "unit tests"), "FAILED");
}

#[test]
fn a_failure_shows_in_status_counts_and_reports() {
    let project = project(RED);
    let output = project.oldstable(&["matrix"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(field(&output, "unit tests"), "FAILED");
    assert_eq!(field(&output, "doc"), "not run");
    assert!(text(&output.stdout).ends_with("2 passed, 1 failed, 1 skipped\n"), "{}", text(&output.stdout));
    let report = |name: &str| fs::read_to_string(project.path().join("target/oldstable/report").join(name)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&report("matrix.json")).unwrap();
    assert_eq!((&json["passed"], &json["failed"], &json["skipped"]), (&2.into(), &1.into(), &1.into()));
    let junit = report("junit.xml");
    assert!(junit.contains("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\""), "{junit}");
    assert!(junit.contains("<testcase name=\"two\" classname=\"own.unit tests.small\"><failure message="), "{junit}");
    assert!(junit.contains("the reason"), "{junit}");
    let page = report("index.html");
    assert!(page.contains("2 passed, 1 failed, 1 skipped") && page.contains("the reason"), "{page}");
    assert!(page.contains("<h1 id=\"matrix\">small</h1>"), "{page}");
    assert!(page.contains("cargo oldstable matrix --again --cell own --step test"), "{page}");
    let logs: Vec<&str> = page.split("href=\"../").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!logs.is_empty(), "{page}");
    for log in logs {
        assert!(project.path().join("target/oldstable").join(log).is_file(), "{log}");
    }

    let going = project.oldstable(&["matrix", "--keep-going"]);
    assert_eq!(going.status.code(), Some(1));
    assert_eq!(field(&going, "doc"), "ok");
}

/// Characters that move a terminal's cursor or rename its window, and some that XML does not allow.
#[test]
fn control_characters_reach_neither_terminal_nor_report() {
    let project = project(
        "#[test]\nfn f() {\n    print!(\"\\u{1b}]0;mine\\u{7}\\u{9b}2J\\u{0}\\u{fffe}\\u{ffff}\");\n    panic!(\"the \\u{1b}[2Jreason\\u{fffe}\")\n}\n",
    );
    for arguments in [&["matrix"][..], &["matrix", "--verbose"]] {
        let output = project.oldstable(arguments);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(said.contains("reason"), "{said}");
        let moving: Vec<char> = said.chars().filter(|c| c.is_control() && !"\n\t".contains(*c)).collect();
        assert!(moving.is_empty(), "{moving:?}");
    }
    for report in ["junit.xml", "index.html"] {
        let written = fs::read(project.path().join("target/oldstable/report").join(report)).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(written.contains("reason"), "{written}");
        let forbidden = |c: &char| c.is_control() && !"\n\t".contains(*c) || ['\u{fffe}', '\u{ffff}'].contains(c);
        assert!(!written.chars().any(|c| forbidden(&c)), "{report}");
    }
}

#[test]
fn a_toolchain_that_is_missing_is_skipped_and_said() {
    let project = project(GOOD);
    let cells = CELLS.replace("path = true", "rustup = \"no-such-toolchain\"");
    project.write("msrv.toml", &cells);
    let output = project.oldstable(&["matrix"]);
    assert_eq!((field(&output, "set-up"), field(&output, "build")), ("not run".into(), "not run".into()));
    assert!(text(&output.stdout).contains("0 passed, 0 failed, 4 skipped"), "{}", text(&output.stdout));
    assert_eq!(output.status.code(), Some(2), "nothing was run");
    let find = project.oldstable(&["find"]);
    assert_eq!(find.status.code(), Some(2), "{}", text(&find.stdout));
    assert!(text(&find.stderr).contains("own could not be tested: "), "{}", text(&find.stderr));
    let mend = if has_rustup() { "`cargo oldstable setup --cell own`" } else { "rustup is not installed" };
    assert!(text(&output.stdout).contains(mend), "{}", text(&output.stdout));
}

/// The cells in which this program is built have none.
fn has_rustup() -> bool {
    Command::new("rustup").arg("--version").output().is_ok()
}

#[test]
fn a_toolchain_that_cannot_be_installed_fails_the_set_up() {
    let project = project(GOOD);
    project.write("msrv.toml", &CELLS.replace("path = true", "rustup = \"no-such-toolchain\""));
    let output = project.oldstable(&["setup"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    let why = if has_rustup() { "rustup cannot install no-such-toolchain: " } else { "rustup is not installed" };
    assert!(said.starts_with(&format!("own: failed: {why}")), "{said}");
    assert_eq!(said.lines().count(), 1);
}

#[test]
fn a_cells_own_lock_file_is_used() {
    let project = project(GOOD);
    assert_eq!(project.oldstable(&["lock", "--check"]).status.code(), Some(2));
    // The cell's is shown in its place, so that a file must exist there.
    fs::remove_file(project.path().join("Cargo.lock")).unwrap();
    let output = project.oldstable(&["lock"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let own = project.path().join("ci/locks/own.lock");
    let lock = fs::read_to_string(&own).unwrap();
    assert_eq!(project.oldstable(&["lock", "--check"]).status.code(), Some(0));

    // cargo reads this one.
    fs::write(&own, lock.replace("0.1.0", "0.2.0")).unwrap();
    let output = project.oldstable(&["matrix", "--step", "build"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stdout);
    assert!(said.contains("ci/locks/own.lock does not match the manifests: `cargo oldstable lock` "), "{said}");
    assert!(fs::read_to_string(project.path().join("Cargo.lock")).unwrap().contains("0.1.0"));
}

#[test]
fn logs_are_shown_while_they_are_written_when_asked_for() {
    let project = project(RED);
    let output = project.oldstable(&["matrix", "--verbose"]);
    let said = text(&output.stderr);
    assert!(said.lines().any(|line| line.starts_with("own: test-small-0 | ") && line.contains("the reason")), "{said}");
    let output = project.oldstable(&["matrix"]);
    assert!(!text(&output.stderr).contains(" | "));
}

#[test]
fn cleaning_leaves_the_cache_to_other_projects() {
    let project = project(GOOD);
    project.oldstable(&["matrix", "--step", "build"]);
    let kept = project.folder.path().join("cache/oldstable/vendor");
    assert!(kept.is_dir() && project.path().join("target/oldstable").is_dir());
    assert_eq!(project.oldstable(&["clean"]).status.code(), Some(0));
    assert!(kept.is_dir() && !project.path().join("target/oldstable").exists());
    assert_eq!(project.oldstable(&["clean", "--all"]).status.code(), Some(0));
    assert!(!kept.exists());
}

#[test]
fn a_refusal_is_one_sentence_with_status_2() {
    let project = project(GOOD);
    for (change, arguments, mend) in [
        (CELLS.replace("path", "paht"), vec!["matrix"], "unknown field `paht`"),
        (CELLS.to_string(), vec!["matrix", "--cell", "other"], "use one of own"),
        (String::new(), vec!["matrix"], "missing field `floor`"),
    ] {
        project.write("msrv.toml", &change);
        let output = project.oldstable(&arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: ") && said.contains(mend), "{said}");
        assert!(!project.path().join("target").exists(), "something was left behind");
    }
}

#[test]
fn an_unknown_feature_is_an_error_unless_allowed() {
    let project = project(GOOD);
    project.write("msrv.toml", &format!("features = [\"serd\"]\n{CELLS}"));
    let output = project.oldstable(&["matrix"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stdout);
    assert!(said.contains("no package of the workspace has the feature \"serd\": correct"), "{said}");
    project.write("msrv.toml", &format!("features = [\"serd\"]\nallow-unknown-features = true\n{CELLS}"));
    assert_eq!(project.oldstable(&["matrix", "--step", "build"]).status.code(), Some(0));
}

#[test]
fn tests_without_libtest_count_and_printed_text_does_not() {
    let forged = "use std::io::Write;\n#[test]\nfn forges() {\n    \
                  let mut own = std::fs::OpenOptions::new().write(true).open(\"/proc/self/fd/1\").unwrap();\n    \
                  writeln!(own, \"test result: ok. 100 passed; 0 failed; 0 ignored\").unwrap();\n}\n";
    let project = project(forged);
    fs::create_dir(project.path().join("tests")).unwrap();
    project.write("tests/own.rs", "fn main() { println!(\"test result: none\") }");
    let manifest = fs::read_to_string(project.path().join("Cargo.toml")).unwrap();
    project.write("Cargo.toml", &format!("{manifest}[[test]]\nname = \"own\"\nharness = false\n"));
    let output = project.oldstable(&["matrix", "--step", "test"]);
    assert_eq!(field(&output, "unit tests"), "ok 2");
    project.write("tests/own.rs", "fn main() { std::process::exit(3) }");
    let output = project.oldstable(&["matrix", "--step", "test"]);
    assert_eq!((field(&output, "unit tests"), output.status.code()), ("FAILED".into(), Some(1)));
}

#[test]
fn a_column_that_a_cell_leaves_out_runs_if_it_is_asked_for() {
    let project = project(GOOD);
    project.write("msrv.toml", &format!("{CELLS}without = [\"doc\", \"test\"]\n"));
    let names = |output: &Output| fields(output).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ");
    let all = project.oldstable(&["matrix"]);
    assert_eq!(names(&all), "cell rustc build", "{}", text(&all.stdout));
    assert!(text(&all.stdout).contains(", without doc test"), "{}", text(&all.stdout));
    for (step, column) in [("doc", "doc"), ("test", "unit tests")] {
        assert!(names(&project.oldstable(&["matrix", "--step", step])).contains(column));
    }
    project.write("msrv.toml", &format!("{CELLS}without = [\"docs\"]\n"));
    let refused = project.oldstable(&["matrix"]);
    assert!(text(&refused.stderr).contains("cell own has without = [\"docs\"], which is no column"), "{refused:?}");
}
