// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several commands at the same time, and the killing of one.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Crates, each in its own folder, beside one cache.
struct Projects(TempDir);

impl Projects {
    fn new(names: &[&str], library: &str) -> Projects {
        let projects = Projects(tempfile::tempdir().unwrap());
        fs::create_dir(projects.path("temporary")).unwrap();
        for name in names {
            fs::create_dir_all(projects.path(name).join("src")).unwrap();
            let package = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2018\"\n";
            let cells = "floor = \"1.48.0\"\npass-env = [\"PLACE\"]\n[[cell]]\nname = \"own\"\npath = true\n";
            for (file, text) in [("Cargo.toml", package), ("msrv.toml", cells), ("src/lib.rs", library)] {
                fs::write(projects.path(name).join(file), text).unwrap();
            }
        }
        projects
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn start(&self, project: &str, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"))
            .arg("oldstable")
            .args(arguments)
            .current_dir(self.path(project))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("TMPDIR", self.path("temporary"))
            .env("PLACE", self.0.path())
            .env_remove("CARGO_TARGET_DIR")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn all_succeed(&self, all: Vec<Child>) {
        for one in all {
            let output = one.wait_with_output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
        }
    }
}

#[test]
fn one_cell_is_worked_in_by_one_command_at_a_time() {
    // The test fails if another process runs it at the same time.
    let library = "#[test]\nfn alone() {\n    let file = std::path::Path::new(&std::env::var(\"PLACE\").unwrap()).join(\"alone\");\n    \
                   std::fs::OpenOptions::new().write(true).create_new(true).open(&file).unwrap();\n    \
                   std::thread::sleep(std::time::Duration::from_secs(1));\n    std::fs::remove_file(file).unwrap();\n}\n";
    let projects = Projects::new(&["one"], library);
    let arguments = ["matrix", "--again", "--step", "test"];
    projects.all_succeed((0..3).map(|_| projects.start("one", &arguments)).collect());
}

#[test]
fn projects_that_share_the_cache_run_side_by_side() {
    let projects = Projects::new(&["one", "two"], "");
    let lock = |name: &&str| projects.start(name, &["lock"]);
    let matrix = |name: &&str| projects.start(name, &["matrix", "--step", "build"]);
    let names = ["one", "two", "one"];
    projects.all_succeed(names.iter().map(lock).chain(names.iter().map(matrix)).collect());
}

/// Its cells wait for each other, too, but that is nothing to tell.
#[test]
fn only_another_process_that_is_waited_for_is_told() {
    let projects =
        Projects::new(&["one"], "#[test]\nfn slow() { std::thread::sleep(std::time::Duration::from_secs(1)) }\n");
    let cells: String = (0..4).map(|n| format!("[[cell]]\nname = \"own{n}\"\npath = true\n")).collect();
    fs::write(projects.path("one/msrv.toml"), format!("floor = \"1.48.0\"\n{cells}")).unwrap();
    let said = |child: Child| String::from_utf8_lossy(&child.wait_with_output().unwrap().stderr).into_owned();
    let alone = said(projects.start("one", &["matrix", "--jobs", "4", "--step", "build"]));
    assert!(alone.contains("it is generated") && !alone.contains("waiting for"), "{alone}");
    let two = [(); 2].map(|_| projects.start("one", &["matrix", "--cell", "own0", "--step", "test"]));
    let told = two.map(said).concat();
    assert!(told.contains("waiting for another process that works in cell own0"), "{told}");
}

/// Returns the processes with some words in their command lines.
fn running(words: &str) -> usize {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).replace('\0', " ").contains(words)).count()
}

#[test]
fn a_signal_ends_everything_and_leaves_nothing_temporary() {
    for (number, (signal, status)) in [("TERM", 143), ("HUP", 129), ("INT", 130)].into_iter().enumerate() {
        let sleep = format!("{}{number}", 7_000_000 + std::process::id());
        let library = format!(
            "#[test]\nfn waits() {{\n    std::process::Command::new(\"sh\").args([\"-c\", \"sleep {sleep} & wait\"]).status().unwrap();\n}}\n"
        );
        let projects = Projects::new(&["one"], &library);
        let mut tool = projects.start("one", &["matrix", "--step", "test"]);
        let end = Instant::now() + Duration::from_secs(120);
        while running(&format!("sleep {sleep} ")) < 2 {
            assert!(Instant::now() < end, "the test does not start");
            thread::sleep(Duration::from_millis(50));
        }
        assert!(Command::new("kill").arg(format!("-{signal}")).arg(tool.id().to_string()).status().unwrap().success());
        assert_eq!(tool.wait().unwrap().code(), Some(status));
        assert_eq!(running(&format!("sleep {sleep} ")), 0, "after {signal}");
        assert_eq!(fs::read_dir(projects.path("temporary")).unwrap().count(), 0, "after {signal}");
    }
}
