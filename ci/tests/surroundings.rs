// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The surroundings of a crate: packages and members outside the folder, registries and configuration of cargo, a
//! target folder elsewhere, missing toolchains. Each works, or results in a specific message.
//!
//! This has no libtest harness, because tests that cannot run are counted as ignored, with the reason.

#[path = "common/cells.rs"]
mod cells;
#[path = "common/folder.rs"]
mod folder;
#[path = "common/runner.rs"]
mod runner;
#[path = "common/server.rs"]
mod server;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cells::of_the_project;
use folder::{said, Folder};

/// A crate in `small`, a cargo home in `home`, and further files of a test beside them.
struct Place(Folder);

impl Place {
    fn new(dependencies: &str) -> Place {
        let place = Place(Folder::new());
        fs::create_dir_all(place.0.path("home")).unwrap();
        place.0.write("small/Cargo.toml", &format!("{}{dependencies}", package("small")));
        place.0.write("small/src/lib.rs", "#[test]\nfn one() {}\n");
        let own = "floor = \"1.48.0\"\n[[cell]]\nname = \"own\"\npath = true\n";
        place.0.write("small/msrv.toml", &format!("{own}{}", of_the_project(&["bookworm"])));
        place
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.0.oldstable("small", arguments);
        command.env("CARGO_HOME", self.0.path("home"));
        command
    }

    fn said(&self, arguments: &[&str]) -> (String, Option<i32>) {
        ended(&mut self.command(arguments))
    }

    fn passes(&self, cells: &[&str]) {
        let cells = cells.iter().flat_map(|cell| ["--cell", cell]);
        let arguments: Vec<&str> = ["matrix", "--step", "build", "--step", "test"].into_iter().chain(cells).collect();
        let (said, status) = self.said(&arguments);
        assert_eq!(status, Some(0), "{said}");
    }
}

fn package(name: &str) -> String {
    format!("[package]\nname = {name:?}\nversion = \"1.0.0\"\nedition = \"2018\"\n")
}

/// Returns a command's output and its exit status.
fn ended(command: &mut Command) -> (String, Option<i32>) {
    let output = command.output().unwrap();
    (said(&output), output.status.code())
}

fn members_and_packages_outside_the_folder() {
    let place = Place::new("[dependencies]\nother = { path = \"../other\" }\n[workspace]\nmembers = [\"../member\"]\n");
    let member =
        "workspace = \"../small\"\n[dependencies]\nsmall = { path = \"../small\" }\nother = { path = \"../other\" }\n";
    place.0.write("member/Cargo.toml", &format!("{}{member}", package("member")));
    place.0.write("member/src/lib.rs", "#[test]\nfn one() { let _ = other::F; }\n");
    place.0.write("other/Cargo.toml", &format!("{}[workspace]\n", package("other")));
    place.0.write("other/src/lib.rs", "pub const F: u8 = 1;\n");
    place.passes(&["own", "bookworm"]);
    let (said, status) = place.said(&["lock", "--cell", "bookworm"]);
    assert_eq!(status, Some(0), "{said}");
    place.passes(&["bookworm"]);
    place.0.write("member/src/lib.rs", "does_not_compile");
    let (said, status) = place.said(&["matrix", "--cell", "own", "--step", "build"]);
    assert_eq!(status, Some(1), "a member outside is stale: {said}");
}

/// Starts a registry with the crate `mine`, 1.0.0, on a port of this machine.
fn registry(place: &Place) -> u16 {
    place
        .0
        .write("mine/Cargo.toml", &format!("{}description = \"x\"\nlicense = \"MIT\"\n[workspace]\n", package("mine")));
    place.0.write("mine/src/lib.rs", "pub const X: u8 = 1;\n");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["package", "--no-verify", "--allow-dirty"]).current_dir(place.0.path("mine"));
    let (text, status) = ended(command.env_remove("CARGO_TARGET_DIR"));
    assert_eq!(status, Some(0), "{text}");
    let file = place.0.path("mine/target/package/mine-1.0.0.crate");
    let (sum, _) = ended(Command::new("sha256sum").arg(&file));
    let line = format!(
        "{{\"name\":\"mine\",\"vers\":\"1.0.0\",\"deps\":[],\"cksum\":\"{}\",\"features\":{{}},\"yanked\":false}}\n",
        sum.split(' ').next().unwrap()
    );
    let archive = fs::read(file).unwrap();
    let own_port = std::sync::Arc::new(std::sync::atomic::AtomicU16::new(0));
    let port_of = own_port.clone();
    let port = server::start(move |path| match path {
        "/index/config.json" => {
            let port = port_of.load(std::sync::atomic::Ordering::SeqCst);
            Some(format!("{{\"dl\":\"http://127.0.0.1:{port}/dl/{{crate}}-{{version}}.crate\"}}").into_bytes())
        }
        "/index/mi/ne/mine" => Some(line.clone().into_bytes()),
        "/dl/mine-1.0.0.crate" => Some(archive.clone()),
        _ => None,
    });
    own_port.store(port, std::sync::atomic::Ordering::SeqCst);
    port
}

const OF_MINE: &str = "[dependencies]\nmine = { version = \"1\", registry = \"private\" }\n";

fn a_private_registry() {
    for settings in ["small/.cargo/config.toml", "home/config.toml"] {
        let place = Place::new(OF_MINE);
        let index = format!("sparse+http://127.0.0.1:{}/index/", registry(&place));
        place.0.write(settings, &format!("[registries.private]\nindex = {index:?}\n"));
        place.0.write("small/src/lib.rs", "#[test]\nfn one() { assert_eq!(mine::X, 1) }\n");
        let (said, status) = place.said(&["lock", "--cell", "own"]);
        assert_eq!(status, Some(0), "{settings}: {said}");
        place.passes(&["own"]);
    }
}

fn a_registry_that_is_not_there() {
    let place = Place::new(OF_MINE);
    let (said, status) = place.said(&["matrix", "--cell", "own"]);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("registry index was not found in any configuration: `private`"), "{said}");
    place.0.write("small/.cargo/config.toml", "[registries.private]\nindex = \"sparse+http://127.0.0.1:9/\"\n");
    let (said, status) = place.said(&["matrix", "--cell", "own"]);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("a registry cannot be reached") && said.contains("correct its address"), "{said}");
}

/// Another registry replaces crates.io.
fn sources_in_the_place_of_others() {
    let place = Place::new("[dependencies]\nmine = \"1\"\n");
    let index = format!("sparse+http://127.0.0.1:{}/index/", registry(&place));
    let settings = format!("[source.crates-io]\nreplace-with = \"m\"\n[source.m]\nregistry = {index:?}\n");
    place.0.write("small/.cargo/config.toml", &settings);
    place.0.write("small/src/lib.rs", "#[test]\nfn one() { assert_eq!(mine::X, 1) }\n");
    // Debian's cell cannot connect to this machine's ports.
    place.passes(&["own", "bookworm"]);
}

fn a_target_folder_elsewhere() {
    let place = Place::new("");
    fs::create_dir(place.0.path("elsewhere")).unwrap();
    symlink("../elsewhere", place.0.path("small/target")).unwrap();
    place.passes(&["own", "bookworm"]);
    assert!(place.0.path("elsewhere/oldstable/bookworm").is_dir());
}

fn wrappers_of_this_machine() {
    let place = Place::new("");
    place.0.write("small/.cargo/config.toml", "[build]\nrustc-wrapper = \"not-there\"\nrustc = \"not-there-either\"\n");
    let mut command = place.command(&["matrix", "--step", "build"]);
    let (said, status) = ended(command.env("RUSTC_WRAPPER", "/not/there"));
    assert_eq!(status, Some(0), "{said}");
}

fn a_toolchain_that_is_not_there() {
    let place = Place::new("");
    place.0.write("small/rust-toolchain.toml", "[toolchain]\nchannel = \"1.12.999\"\n");
    // cargo prints its version, and rustup's proxy for it reads the file.
    let mut command = place.command(&["matrix", "--cell", "own"]);
    command.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN").env("RUSTUP_AUTO_INSTALL", "0");
    let (said, status) = ended(&mut command);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("1.12.999") && said.contains("rust-toolchain.toml asks for it"), "{said}");
}

/// Returns the number of processes with some words in their command lines.
fn running(words: &str) -> usize {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).replace('\0', " ").contains(words)).count()
}

fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Killing the program kills the processes in the root file systems of its cells.
fn what_runs_in_debians_cell_ends_with_the_program() {
    for (number, signal) in ["TERM", "KILL"].into_iter().enumerate() {
        let place = Place::new("");
        let sleep = format!("{}{number}", 8_000_000 + std::process::id());
        let script = format!("[\"-c\", \"setsid sleep {sleep} & wait\"]");
        let test =
            format!("#[test]\nfn waits() {{ std::process::Command::new(\"sh\").args({script}).status().unwrap(); }}\n");
        place.0.write("small/src/lib.rs", &test);
        let mut command = place.command(&["matrix", "--cell", "bookworm", "--step", "test"]);
        let mut program = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        eventually("the test does not start", || running(&format!("sleep {sleep} ")) >= 2);
        let kill = Command::new("kill").arg(format!("-{signal}")).arg(program.id().to_string()).status().unwrap();
        assert!(kill.success());
        program.wait().unwrap();
        eventually(&format!("something runs on after {signal}"), || running(&format!("sleep {sleep} ")) == 0);
    }
}

fn main() {
    let tests: [(&str, fn()); 8] = [
        ("members_and_packages_outside_the_folder", members_and_packages_outside_the_folder),
        ("a_private_registry", a_private_registry),
        ("a_registry_that_is_not_there", a_registry_that_is_not_there),
        ("sources_in_the_place_of_others", sources_in_the_place_of_others),
        ("a_target_folder_elsewhere", a_target_folder_elsewhere),
        ("wrappers_of_this_machine", wrappers_of_this_machine),
        ("what_runs_in_debians_cell_ends_with_the_program", what_runs_in_debians_cell_ends_with_the_program),
        ("a_toolchain_that_is_not_there", a_toolchain_that_is_not_there),
    ];
    let (said, status) = Place::new("").said(&["setup", "--cell", "bookworm"]);
    let no_root =
        (status != Some(0)).then(|| format!("Debian's compiler is not set up: {}", said.lines().next().unwrap_or("")));
    let has_rustup = Command::new("rustup").arg("--version").output().is_ok();
    runner::run(&tests, |name| match name {
        "a_private_registry" | "a_registry_that_is_not_there" => None,
        "a_toolchain_that_is_not_there" => (!has_rustup).then(|| "rustup is not installed".to_string()),
        _ => no_root.clone(),
    })
}
