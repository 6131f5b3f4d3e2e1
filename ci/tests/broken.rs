// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Failures around the tool, one at a time: it ends with one sentence that names the remedy, leaves nothing
//! half-written, and the next run works. A program of ours replaces mmdebstrap.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::io::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const SUITE: &str =
    "floor = \"1.48.0\"\n[[cell]]\nname = \"a\"\nsuite = \"bookworm\"\npackages = [\"rustc\", \"cargo\"]\n";
const OWN: &str = "floor = \"1.48.0\"\n[[cell]]\nname = \"own\"\npath = true\n";

/// A root file system with only a list of packages.
const GOOD: &str = "d=$(mktemp -d); mkdir -p $d/var/lib/dpkg; \
                    printf 'Package: rustc\\nVersion: 1\\n' > $d/var/lib/dpkg/status; tar -C $d -c .; rm -r $d";

struct Project(TempDir);

impl Project {
    fn new(cells: &str, library: &str) -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        fs::create_dir_all(project.path("small/src")).unwrap();
        fs::create_dir(project.path("bin")).unwrap();
        project.write("small/Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2018\"\n");
        project.write("small/msrv.toml", cells);
        project.write("small/src/lib.rs", library);
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap()
    }

    /// Replaces mmdebstrap with a shell script.
    fn mmdebstrap(&self, script: &str) {
        self.write("bin/mmdebstrap", &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.path("bin/mmdebstrap"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-oldstable"));
        let path = std::env::var("PATH").unwrap();
        command
            .arg("oldstable")
            .args(arguments)
            .current_dir(self.path("small"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env_remove("CARGO_TARGET_DIR");
        command
    }

    fn said(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let Output { stdout, stderr, status } = self.command(arguments).output().unwrap();
        (format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)), status.code())
    }

    fn roots(&self) -> Vec<String> {
        names(&self.path("cache/oldstable/roots"))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

const SETUP: [&str; 3] = ["setup", "--mirror", "http://m.example/debian"];

#[test]
fn a_failed_root_says_what_helps_and_leaves_nothing() {
    let project = Project::new(SUITE, "");
    let refused = if rustix::process::geteuid().is_root() { "outside of the chroot" } else { "install uidmap" };
    for (log, mend) in [
        ("Err:1 http://m.example/debian Could not connect to m.example", "connect to the network"),
        ("E: Failed to fetch http://m.example/debian/pool/x.deb  Error reading from server", "run again"),
        ("tar: write error: No space left on device", "set XDG_CACHE_HOME to a larger disk"),
        ("E: Unable to locate package rustc-web", "correct `packages` or `archives`"),
        ("W: GPG error: http://m.example: BADSIG 0E98404D386FA1D9", "debian-archive-keyring"),
        ("E: The repository 'x' does not have a Release file.", "suites.bookworm.mirror"),
        ("E: this user has no subuid entries", refused),
    ] {
        project.mmdebstrap(&format!("echo \"{log}\" >&2; head -c 100000 /dev/zero; exit 25"));
        let (said, status) = project.said(&SETUP);
        assert_eq!(status, Some(1), "{log}: {said}");
        assert!(said.contains(mend) && said.lines().count() == 1, "{log}: {said}");
        assert!(project.roots().is_empty(), "{log}: {:?}", project.roots());
    }
}

/// apt's message about a suite that a mirror no longer has.
#[test]
fn a_root_of_a_suite_that_left_the_mirror_comes_from_the_archive() {
    let project = Project::new(SUITE, "");
    let gone = "case \"$*\" in *' http://m.example/debian bookworm main'*) \
                for s in bookworm bookworm-updates; do \
                echo \"E: The repository 'http://m.example/debian $s Release' does not have a Release file.\" >&2; done; exit 25;; \
                *'http://m.example/debian-archive/debian bookworm-updates main'*) \
                echo \"E: The repository 'http://m.example/debian-archive/debian bookworm-updates Release' does not have a Release file.\" >&2; exit 25;; esac";
    project.mmdebstrap(&format!("{gone}; set -e; {GOOD}"));
    let (said, _) = project.said(&SETUP);
    assert_eq!(project.roots().len(), 1, "{said}");
    assert!(said.contains("taken from http://m.example/debian-archive/debian bookworm;"), "{said}");
    assert!(said.contains("bookworm-updates does not exist: left out"), "{said}");
}

#[test]
fn zeros_behind_a_root_file_system_are_read_too() {
    let project = Project::new(SUITE, "");
    project.mmdebstrap(&format!("set -e; {GOOD}; sleep 0.2; head -c 300000 /dev/zero"));
    let (said, _) = project.said(&SETUP);
    assert_eq!(project.roots().len(), 1, "{said}");
}

#[test]
fn the_next_set_up_removes_what_a_killed_one_left() {
    let project = Project::new(SUITE, "");
    project.mmdebstrap(&format!("{GOOD}; touch \"{}\"; sleep 60", project.path("started").display()));
    let mut killed = project.command(&SETUP).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while !project.path("started").exists() {
        assert!(Instant::now() < end, "the set-up does not start");
        thread::sleep(Duration::from_millis(20));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(project.roots()[0].ends_with(".partial"), "{:?}", project.roots());

    project.mmdebstrap(GOOD);
    project.said(&SETUP);
    assert_eq!(project.roots().len(), 1, "{:?}", project.roots());
    assert!(!project.roots()[0].ends_with(".partial"), "{:?}", project.roots());

    // The list of its packages shows that a root is complete.
    let root = project.path("cache/oldstable/roots").join(&project.roots()[0]);
    fs::remove_file(root.join("packages")).unwrap();
    let (said, _) = project.said(&SETUP);
    assert!(said.contains("is damaged, and is made again"), "{said}");
    assert!(root.join("packages").is_file());
}

#[test]
fn of_a_large_log_the_ends_are_kept_and_the_report_is_small() {
    let library = "#[test]\nfn talks() {\n    let line = \"x\".repeat(1 << 20);\n    for _ in 0..120 {\n        \
                   println!(\"{}\", line);\n    }\n    panic!(\"the reason\")\n}\n";
    let project = Project::new(OWN, library);
    let (said, status) = project.said(&["matrix", "--step", "test"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("the reason") && said.len() < 2000, "{said}");
    let log = project.path("small/target/oldstable/logs/own/test-small-0.log");
    let kept = fs::read(log).unwrap();
    assert!((99_000_000..101_000_000).contains(&kept.len()), "{}", kept.len());
    assert!(String::from_utf8_lossy(&kept).contains("the middle of this log is not kept"));
    let report = project.path("small/target/oldstable/report");
    for file in names(&report) {
        assert!(fs::metadata(report.join(&file)).unwrap().len() < 100_000, "{file}");
    }
    assert!(fs::read_to_string(report.join("index.html")).unwrap().contains("the reason"));
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let project = Project::new(OWN, "");
    for arguments in [&["list"][..], &["man"], &["completions", "bash"], &["lock", "--help"]] {
        let (reader, writer) = UnixStream::pair().unwrap();
        drop(reader);
        let output = project.command(arguments).stdout(Stdio::from(OwnedFd::from(writer))).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.is_empty(), "{arguments:?}: {said}");
        let status = if arguments[1..] == ["--help"] { 0 } else { 141 };
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = project.command(&["list"]).stdout(full).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("error: cannot write to standard output") && said.lines().count() == 1, "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn faults_of_msrv_toml_are_named_with_their_line() {
    let project = Project::new(SUITE, "");
    for (cells, fault) in [
        (SUITE.replace("suite", "siute"), "line 4, column 1: unknown field `siute`"),
        (SUITE.replace("floor = \"1.48.0\"", ""), "missing field `floor`: add it"),
        (SUITE.replace("packages = [\"rustc\", \"cargo\"]\n", ""), "add packages"),
        (SUITE.replace("1.48.0", "1.48.x"), "\"1.48.x\" is not a version"),
        (format!("{SUITE}path = true\n"), "exactly one of"),
    ] {
        project.write("small/msrv.toml", &cells);
        let (said, status) = project.said(&["list"]);
        assert!(said.starts_with("error: ") && said.contains(fault) && said.lines().count() == 1, "{fault}: {said}");
        assert_eq!(status, Some(2));
    }
    fs::remove_file(project.path("small/msrv.toml")).unwrap();
    assert!(project.said(&["list"]).0.contains("`cargo oldstable init` writes one"));
}

#[test]
fn a_missing_lock_file_is_made_and_a_damaged_one_named() {
    let project = Project::new(OWN, "");
    let (said, status) = project.said(&["matrix", "--step", "build"]);
    assert_eq!(status, Some(0), "{said}");
    let lock = fs::read_to_string(project.path("small/Cargo.lock")).unwrap();
    assert!(!lock.contains("version = 4"), "the floor cannot read it: {lock}");
    project.write("small/Cargo.lock", "version = 3\n\n[[package]]\nname = \"sma");
    let (said, status) = project.said(&["matrix", "--step", "build"]);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("`cargo generate-lockfile`"), "{said}");
}

#[test]
fn a_step_that_was_killed_is_run_again() {
    let library = "#[test]\nfn waits() {\n    std::fs::write(std::env::var(\"STARTED\").unwrap(), \"\").unwrap();\n    \
                   std::thread::sleep(std::time::Duration::from_secs(std::env::var(\"WAIT\").unwrap().parse().unwrap()))\n}\n";
    let project = Project::new(&format!("pass-env = [\"WAIT\", \"STARTED\"]\n{OWN}"), library);
    let run = |wait: &str| {
        let mut command = project.command(&["matrix", "--step", "test"]);
        command.env("WAIT", wait).env("STARTED", project.path("started"));
        command
    };
    let mut killed = run("60").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    while !project.path("started").exists() {
        assert!(Instant::now() < end, "the test does not start");
        thread::sleep(Duration::from_millis(20));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(names(&project.path("small/target/oldstable/results")).is_empty());
    let output = run("0").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("were not run again"));
}

#[test]
fn a_machine_without_rustup_has_another_way_to_lower() {
    let project = Project::new(OWN, "");
    let output = project.command(&["lower", "1.63"]).env("PATH", project.path("bin")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("rustup is not installed") && said.contains("by --cell"), "{said}");
    assert_eq!((said.lines().count(), output.status.code()), (1, Some(2)), "{said}");
}

#[test]
fn a_newer_compiler_is_no_proof_for_a_floor() {
    let project = Project::new(OWN, "");
    let (said, status) = project.said(&["lower", "1.50", "--cell", "own"]);
    assert!(said.contains("cell own has rustc 1.") && said.contains("what builds on 1.50"), "{said}");
    assert_eq!((said.lines().count(), status), (1, Some(2)), "{said}");
}
