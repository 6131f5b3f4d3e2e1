// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Workspaces with several packages: each has its own floor, some are not published, and cargos without support for
//! inheritance read members that inherit.
//!
//! This has no libtest harness, because tests that cannot run are counted as ignored, with the reason.

#[path = "common/cells.rs"]
mod cells;
#[path = "common/folder.rs"]
mod folder;
#[path = "common/runner.rs"]
mod runner;

use std::fs;

use cells::of_the_project;
use folder::{said, Folder};

/// The compiler on PATH, and two of Debian's.
fn cells() -> String {
    format!("[[cell]]\nname = \"own\"\npath = true\n{}", of_the_project(&["bullseye", "bookworm"]))
}

const FLOORS: &str = "floor = \"1.48.0\"\n[floors]\nnew = \"1.85\"\n";

/// `old` inherits its rust-version and its edition, `new` needs a newer compiler, and `tasks` is not published.
struct Workspace(Folder);

impl Workspace {
    fn new(msrv: &str) -> Workspace {
        let workspace = Workspace(Folder::new());
        let root = "[workspace]\nmembers = [\"old\", \"new\", \"tasks\"]\n\
                    [workspace.package]\nedition = \"2018\"\nrust-version = \"1.48\"\n\
                    [workspace.dependencies]\nold = { path = \"old\" }\n";
        workspace.0.write("Cargo.toml", root);
        let head = |name: &str| format!("[package]\nname = {name:?}\nversion = \"0.1.0\"\n");
        let inherits = "edition.workspace = true\nrust-version.workspace = true\n";
        workspace.0.write("old/Cargo.toml", &format!("{}{inherits}", head("old")));
        workspace.0.write("old/src/lib.rs", "#[test]\nfn is_old() {}\n");
        let own = "edition = \"2024\"\nrust-version = \"1.85\"\n[dependencies]\nold.workspace = true\n";
        workspace.0.write("new/Cargo.toml", &format!("{}{own}", head("new")));
        workspace.0.write("new/src/lib.rs", "pub async fn f() -> u8 { let Some(x) = Some(1) else { return 0 }; x }\n");
        let private = "edition = \"2024\"\npublish = false\n[dependencies]\nnew = { path = \"../new\" }\n";
        workspace.0.write("tasks/Cargo.toml", &format!("{}{private}", head("tasks")));
        workspace.0.write("tasks/src/main.rs", "fn main() { does_not_compile }\n");
        workspace.0.write("msrv.toml", msrv);
        workspace
    }

    fn said(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let output = self.0.oldstable("", arguments).output().unwrap();
        (said(&output), output.status.code())
    }
}

fn cells_are_built_from_the_floor_of_each_package_on() {
    let workspace = Workspace::new(&(FLOORS.replace("1.85", "1.999") + &cells()));
    let (said, status) = workspace.said(&["matrix", "--cell", "own"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("new: msrv.toml gives it the floor 1.999"), "{said}");
    assert!(said.contains("tasks: it is not published: give `--package tasks`"), "{said}");
    // `old` alone is built, tested and documented, beside two packages that are not built.
    assert!(said.contains("\n3 passed, 0 failed, 2 skipped\n"), "{said}");
    let (said, status) = workspace.said(&["matrix", "--cell", "own", "--step", "build", "--package", "tasks"]);
    assert_eq!(status, Some(1), "{said}");
    let (said, status) = workspace.said(&["matrix", "--cell", "own", "--step", "build", "--exclude", "old"]);
    assert_eq!(status, Some(2), "nothing is left to build: {said}");
    let (said, status) = workspace.said(&["matrix", "--cell", "own", "--exclude", "odl"]);
    assert_eq!(status, Some(2));
    assert!(said.contains("there is no package \"odl\" in the workspace: use one of old, new, tasks"), "{said}");
}

/// Debian's cargos support neither inheritance nor edition 2024.
fn old_cargos_read_inheriting_manifests() {
    let workspace = Workspace::new(&(FLOORS.to_string() + &cells()));
    let arguments = ["matrix", "--cell", "bullseye", "--cell", "bookworm", "--step", "build", "--step", "test"];
    let (said, status) = workspace.said(&arguments);
    assert_eq!(status, Some(0), "{said}");
    let told = "it reads the manifests of old with the inherited values written out, as they are published";
    assert!(said.contains("bullseye, build; bookworm, build: its cargo") && said.contains(told), "{said}");
    assert!(said.contains("4 passed, 0 failed, 4 skipped"), "{said}");
    for file in ["Cargo.toml", "old/Cargo.toml", "new/Cargo.toml"] {
        assert!(fs::read_to_string(workspace.0.path(file)).unwrap().contains("workspace"), "{file} was changed");
    }
    // The message that it does not support them appears if the user asks for it.
    let (said, status) = workspace.said(&["matrix", "--cell", "bookworm", "--step", "build", "--package", "tasks"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("2024"), "{said}");
}

fn each_package_has_a_lowest_compiler_of_its_own() {
    let workspace = Workspace::new(&(FLOORS.to_string() + &cells()));
    let (said, status) = workspace.said(&["find", "--check"]);
    assert_eq!(status, Some(0), "{said}");
    let (old, new) = said.split_once("new:\n").unwrap_or_else(|| panic!("{said}"));
    assert!(old.contains("the lowest compiler of a cell that builds is 1.48.0 in bullseye"), "{said}");
    assert!(new.contains("in own") && new.contains("1.63.0 in bookworm does not pass"), "{said}");
    assert!(!said.contains("tasks"), "{said}");
}

fn what_is_promised_is_changed_where_that_is_asked_for() {
    let workspace =
        Workspace::new("floor = \"1.56\"\n[floors]\nnew = \"1.90\"\n[[cell]]\nname = \"own\"\npath = true\n");
    let of = |name: &str| fs::read_to_string(workspace.0.path(&format!("{name}/Cargo.toml"))).unwrap();
    let before = ["old", "new", "tasks"].map(of);
    assert_eq!(workspace.said(&["sync"]), (String::new(), Some(0)));
    assert_eq!(["old", "new", "tasks"].map(of), before);
    let (said, status) = workspace.said(&["sync", "--rust-version"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(of("old").contains("rust-version = \"1.56\"") && of("new").contains("rust-version = \"1.90\""), "{said}");
    assert_eq!(of("tasks"), before[2]);
}

fn a_workspace_gets_the_floors_that_its_packages_state() {
    let workspace = Workspace::new("");
    fs::remove_file(workspace.0.path("msrv.toml")).unwrap();
    let (said, status) = workspace.said(&["init"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("floor = \"1.48.0\"\n") && said.contains("[floors]\nnew = \"1.85.0\"\n"), "{said}");
    // It does not belong in a member.
    let output = workspace.0.oldstable("old", &["init"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("belongs to the workspace") && said.contains("put msrv.toml there"), "{said}");
}

fn main() {
    let tests: [(&str, fn()); 5] = [
        ("cells_are_built_from_the_floor_of_each_package_on", cells_are_built_from_the_floor_of_each_package_on),
        ("old_cargos_read_inheriting_manifests", old_cargos_read_inheriting_manifests),
        ("each_package_has_a_lowest_compiler_of_its_own", each_package_has_a_lowest_compiler_of_its_own),
        ("what_is_promised_is_changed_where_that_is_asked_for", what_is_promised_is_changed_where_that_is_asked_for),
        ("a_workspace_gets_the_floors_that_its_packages_state", a_workspace_gets_the_floors_that_its_packages_state),
    ];
    let missing = missing();
    let asks_debian = |name: &str| name.starts_with("old_cargos") || name.starts_with("each_package");
    runner::run(&tests, |name| missing.clone().filter(|_| asks_debian(name)))
}

/// Returns the reason why Debian's compilers are not available, if so.
fn missing() -> Option<String> {
    let workspace = Workspace::new(&(FLOORS.to_string() + &cells()));
    let (said, status) = workspace.said(&["setup", "--cell", "bullseye", "--cell", "bookworm"]);
    (status != Some(0)).then(|| format!("Debian's compilers are not set up: {}", said.lines().next().unwrap_or("")))
}
