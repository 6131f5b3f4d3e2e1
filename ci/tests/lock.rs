// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The versions of dependencies that a cell can use, of made-up packages in a folder that takes the registry's place.
//!
//! This has no libtest harness, because tests that cannot run are counted as ignored, with the reason.

#[path = "common/cells.rs"]
mod cells;
#[path = "common/folder.rs"]
mod folder;
#[path = "common/runner.rs"]
mod runner;
#[path = "common/setup.rs"]
mod setup;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use cells::of_the_project;
use folder::{said, Folder};

/// This machine's own compiler.
const OWN: &str = "floor = \"1.48.0\"\n[[cell]]\nname = \"own\"\npath = true\n";

/// A package of the registry: its name, version, further lines of its manifest, and its source.
type Published<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Makes a project with these dependencies, and the packages.
fn project(dependencies: &str, packages: &[Published]) -> Folder {
    let folder = Folder::new();
    let head = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2018\"\n";
    folder.write("Cargo.toml", &format!("{head}{dependencies}"));
    folder.write("msrv.toml", OWN);
    folder.write("src/lib.rs", "");
    let sum = format!("{{\"files\":{{}},\"package\":\"{}\"}}", "0".repeat(64));
    for (name, version, rest, library) in packages {
        let place = format!("vendored/{name}-{version}");
        // cargo takes the last of two editions for a mistake.
        let edition = if rest.contains("edition") { "" } else { "edition = \"2018\"\n" };
        let manifest = format!("[package]\nname = {name:?}\nversion = {version:?}\n{edition}{rest}");
        folder.write(&format!("{place}/Cargo.toml"), &manifest);
        folder.write(&format!("{place}/src/lib.rs"), library);
        folder.write(&format!("{place}/.cargo-checksum.json"), &sum);
    }
    let config = "[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"vendored\"\n";
    folder.write(".cargo/config.toml", config);
    folder
}

/// Runs the program with a cache of its own, which Debian's root file systems are not in.
fn run(project: &Folder, arguments: &[&str]) -> Output {
    project.oldstable("", arguments).env("XDG_CACHE_HOME", project.path("cache")).output().unwrap()
}

/// Gives a project Bullseye's cell alone, whose rustc 1.48 reads no manifest of edition 2021.
fn in_bullseye(project: &Folder) {
    project.write("msrv.toml", &format!("floor = \"1.48.0\"\n[qemu]\n{}", of_the_project(&["bullseye"])));
}

/// Returns the output of `lock` in Bullseye, and the lock file.
fn locked_in_bullseye(project: &Folder, arguments: &[&str], file: &str) -> (String, String) {
    in_bullseye(project);
    let output = project.oldstable("", &[&["lock"], arguments].concat()).output().unwrap();
    (said(&output), fs::read_to_string(project.path("ci/locks").join(file)).unwrap_or_default())
}

/// Returns the remarks at the top of a lock file.
fn remarks(lock: &str) -> Vec<&str> {
    let remarks = lock.lines().filter_map(|line| line.strip_prefix("# "));
    remarks.take_while(|line| !line.starts_with("This file is")).collect()
}

/// Returns whether a lock file has a version of a package.
fn has(lock: &str, name: &str, version: &str) -> bool {
    lock.contains(&format!("name = {name:?}\nversion = {version:?}\n"))
}

const TOO_NEW: &str = "edition = \"2021\"\n";

fn for_a_dependency_that_does_not_compile_there_may_be_another_version() {
    let project = project("[dependencies]\nnew = \"1\"\n", &[("new", "1.0.0", "", "compile_error!(\"too new\");\n")]);
    let advised = "`cargo oldstable lock --cell own` looks for versions that build there";
    let text = said(&run(&project, &["matrix", "--step", "build"]));
    assert!(text.contains(advised) && text.contains("too new"), "{text}");
    // Older dependencies do not help the project's own code.
    project.write("vendored/new-1.0.0/src/lib.rs", "");
    fs::remove_dir_all(project.path("cache")).unwrap();
    project.write("src/lib.rs", "compile_error!(\"wrong\");\n");
    let text = said(&run(&project, &["matrix", "--step", "build"]));
    assert!(!text.contains(advised) && text.contains("wrong"), "{text}");
}

/// As serde and serde_derive are, where one of them has been held back.
fn of_a_macro_and_its_library_the_newer_is_held_back() {
    let writes = |text: &str| {
        format!(
            "use proc_macro::TokenStream;\n#[proc_macro_derive(Write)]\n\
             pub fn write(_: TokenStream) -> TokenStream {{ {text:?}.parse().unwrap() }}\n"
        )
    };
    let (old, new) = (writes("const _: fn() = library::old;"), writes("const _: fn() = library::private::new;"));
    let user = "[dependencies]\nlibrary = \"1\"\nlibrary_derive = \"1\"\n";
    let is_macro = "[lib]\nproc-macro = true\n";
    let newer_macro = ("library_derive", "1.1.0", is_macro, &*new);
    let newer_library = ("library", "1.1.0", "", "");
    for newer in [newer_macro, newer_library] {
        let packages = [
            ("user", "1.0.0", user, "#[derive(library_derive::Write)]\npub struct A;\n"),
            ("library", "1.0.0", "", "pub fn old() {}\n"),
            ("library_derive", "1.0.0", is_macro, &old),
            newer,
        ];
        let project = project("[dependencies]\nuser = \"1\"\n", &packages);
        let output = run(&project, &["lock"]);
        let lock = fs::read_to_string(project.path("ci/locks/own.lock")).unwrap_or_default();
        let held = format!("held back: {} 1.1.0: what a macro writes for user does not compile", newer.0);
        assert!(lock.contains(&held) && !lock.contains("held back: user"), "{}{lock}", said(&output));
    }
}

/// As semver has serde, whose derive macro is behind an optional edge and one of a target that does not exist, and
/// bzip2 has winapi, which only Windows needs.
fn what_nothing_builds_holds_nothing_back() {
    let edges = |version: &str| {
        format!(
            "[dependencies]\nserde_derive = {{ version = \"={version}\", optional = true }}\n\
             [target.'cfg(any())'.dependencies]\nserde_derive = \"={version}\"\n\
             [target.'cfg(windows)'.dependencies]\nwinapi = \"0.3\"\n"
        )
    };
    let (new, old) = (edges("1.0.2"), edges("1.0.1"));
    let is_macro = "[lib]\nproc-macro = true\n[dependencies]\nsyn = \"2\"\n";
    let of_new_std = "pub fn f(x: Option<u8>) -> bool { x.is_some_and(|x| x > 1) }\n";
    let mut packages = vec![
        ("serde", "1.0.2", &*new, of_new_std),
        ("serde", "1.0.1", &*old, ""),
        ("serde_derive", "1.0.2", is_macro, ""),
        ("serde_derive", "1.0.1", is_macro, ""),
        ("winapi", "0.3.9", TOO_NEW, ""),
        ("winapi", "0.3.8", TOO_NEW, ""),
    ];
    let versions: Vec<String> = (0..10).map(|patch| format!("2.0.{patch}")).collect();
    packages.extend(versions.iter().map(|version| ("syn", &**version, TOO_NEW, "")));
    let project = project("[dependencies]\nserde = \"1\"\n", &packages);
    let (text, lock) = locked_in_bullseye(&project, &[], "bullseye.lock");
    let stubbed = "nothing in the cell builds it, and its edition is 2021, which the cell's cargo does not know";
    let remarks = remarks(&lock);
    assert_eq!(remarks.len(), 3, "{text}{lock}");
    assert!(remarks[0].starts_with("held back: serde 1.0.2: error[E0599]: no method named `is_some_and`"), "{lock}");
    assert_eq!(remarks[1], format!("stubbed: syn 2.0.9: {stubbed}"));
    assert_eq!(remarks[2], format!("stubbed: winapi 0.3.9: {stubbed}"));
    assert!(has(&lock, "serde", "1.0.1"), "{lock}");
}

/// As toml_datetime has: cargo's lock file names a dependency of which only a feature is asked for, should it be used.
fn a_stub_agrees_with_the_lock_file_on_weak_features() {
    let weak = "edition = \"2021\"\n[dependencies]\nmemchr = { version = \"2\", optional = true }\n\
                [features]\ndefault = [\"std\"]\nstd = [\"memchr?/std\"]\n";
    let packages = [("winnow", "1.0.0", weak, ""), ("memchr", "2.0.0", "[features]\nstd = []\n", "")];
    let other = ("built", "1.0.0", "", "");
    let dependencies = "[dependencies]\nbuilt = \"1\"\n[target.'cfg(windows)'.dependencies]\nwinnow = \"1\"\n";
    let project = project(dependencies, &[&packages[..], &[other]].concat());
    let (text, lock) = locked_in_bullseye(&project, &[], "bullseye.lock");
    assert!(has(&lock, "memchr", "2.0.0"), "{text}{lock}");
    assert!(remarks(&lock)[0].starts_with("stubbed: winnow 1.0.0: "), "{lock}");
}

/// As crossbeam's dependencies: two, with two lines each that are too new, and requirements that allow an older one, of
/// the project and of a package of the registry.
fn all_that_is_too_new_is_held_back_at_once() {
    let versions = ["0.9.1", "0.9.0", "0.8.1", "0.8.0", "0.7.0"];
    let of = |version: &str| if version == "0.7.0" { "" } else { TOO_NEW };
    let of_both = ["memoffset", "scopeguard"].iter().flat_map(|name| versions.map(|v| (*name, v, of(v), "")));
    let mut packages: Vec<Published> = of_both.collect();
    packages.push(("epoch", "1.0.0", "[dependencies]\nscopeguard = \">=0.7\"\n", ""));
    let project = project("[dependencies]\nmemoffset = \">=0.7\"\nepoch = \"1\"\n", &packages);
    let (text, lock) = locked_in_bullseye(&project, &[], "bullseye.lock");
    assert!(has(&lock, "memoffset", "0.7.0") && has(&lock, "scopeguard", "0.7.0"), "{text}{lock}");
    for version in &versions[1..4] {
        let line = format!("nor, for the same reasons, memoffset {version}, scopeguard {version}\n");
        assert!(text.contains(&line), "{text}");
    }
    let too_new = "its edition is 2021, which the cell's cargo does not know";
    let held = |name: &str, version: &str| format!("held back: {name} {version}: {too_new}");
    let expected = [
        held("memoffset", "0.9.1"),
        held("scopeguard", "0.9.1"),
        held("memoffset", "0.8.1"),
        held("scopeguard", "0.8.1"),
    ];
    assert_eq!(remarks(&lock), expected);
}

/// As bzip2 0.4.4 in Bookworm: an optional dependency that Debian has in no version, and one of Windows in another.
fn the_packager_does_without_what_debian_lacks() {
    let dependencies = "[dependencies]\nno-such-crate = { version = \"1\", optional = true }\n\
                        [target.'cfg(windows)'.dependencies]\nwinapi = \"0.4\"\n";
    let project = project(dependencies, &[("no-such-crate", "1.0.0", "", ""), ("winapi", "0.4.0", "", "")]);
    let (text, lock) = locked_in_bullseye(&project, &["--packager"], "bullseye.packager.lock");
    let expected = [
        "left out: no-such-crate: bullseye has no librust-no-such-crate-dev, and the project builds without it",
        "stubbed: winapi 0.4.0: nothing in the cell builds it, and bullseye has version 0.3.8-2 as librust-winapi-dev, \
         not 0.4.0",
    ];
    assert_eq!(remarks(&lock), expected, "{text}");
}

/// As zstd has zstd-safe in a folder of its own, without a workspace, and others have a patch.
fn what_the_project_s_own_packages_claim_is_not_believed() {
    let claims = "edition = \"2018\"\nrust-version = \"1.999\"\n";
    let patch = "[dependencies]\npart = { path = \"part\" }\n[patch.crates-io]\nnew = { path = \"patched\" }\n";
    let project = project(patch, &[("new", "1.0.0", "", "compile_error!(\"new\");\n"), ("old", "1.0.0", "", "")]);
    for (name, rest) in [("part", "[dependencies]\nnew = \"1\"\n"), ("new", "[dependencies]\nold = \"1\"\n")] {
        let folder = if name == "new" { "patched" } else { name };
        let manifest = format!("[package]\nname = {name:?}\nversion = \"1.0.0\"\n{claims}{rest}");
        project.write(&format!("{folder}/Cargo.toml"), &manifest);
        project.write(&format!("{folder}/src/lib.rs"), "");
    }
    let output = run(&project, &["lock"]);
    assert!(output.status.success(), "{}", said(&output));
    let lock = fs::read_to_string(project.path("ci/locks/own.lock")).unwrap();
    assert!(remarks(&lock).is_empty() && has(&lock, "old", "1.0.0"), "{lock}");
    // The user's own build believes it.
    let text = said(&run(&project, &["matrix", "--step", "build"]));
    assert!(text.contains("rustc 1.999"), "{text}");
    let text = said(&run(&project, &["find", "--check"]));
    assert!(text.contains("the lowest compiler of a cell that builds is "), "{text}");
}

fn of_a_git_dependency_another_commit_is_advised() {
    let repository = Folder::new();
    repository.write("Cargo.toml", "[package]\nname = \"gitdep\"\nversion = \"0.3.0\"\nedition = \"2018\"\n");
    repository.write("src/lib.rs", "compile_error!(\"new\");\n");
    let place = repository.path("");
    let committer = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    for arguments in [&["init", "-q"][..], &["add", "."], &[&committer[..], &["commit", "-qm", "x"]].concat()] {
        let output = Command::new("git").args(arguments).current_dir(&place).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }
    let project = project(&format!("[dependencies]\ngitdep = {{ git = \"file://{}\" }}\n", place.display()), &[]);
    let text = said(&run(&project, &["lock"]));
    assert!(text.contains("(new): name an older commit of it in Cargo.toml"), "{text}");
}

/// The tests wait for the answer whether the package builds.
fn it_is_said_what_builds_before_any_test_runs() {
    let project = project("", &[]);
    let waits = "#[test]\nfn waits() {\n    let go = concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/go\");\n    \
                 for _ in 0..600 {\n        if std::path::Path::new(go).exists() { return }\n        \
                 std::thread::sleep(std::time::Duration::from_millis(100));\n    }\n    panic!(\"no answer\");\n}\n";
    project.write("src/lib.rs", waits);
    let mut command = project.oldstable("", &["find"]);
    command.env("XDG_CACHE_HOME", project.path("cache")).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let built = lines.by_ref().find(|line| line.starts_with("the lowest compiler of a cell that builds is "));
    assert!(built.is_some());
    project.write("go", "");
    let rest: Vec<String> = lines.collect();
    assert!(rest.iter().any(|line| line.starts_with("the lowest compiler of a cell that passes is ")), "{rest:?}");
    assert!(child.wait().unwrap().success());
}

/// A package for tests of which no version builds, as some are on every compiler.
fn tests_that_were_left_out_do_not_pass() {
    let packages = [("broken", "1.0.0", "", "compile_error!(\"never\");\n")];
    let project = project("[dev-dependencies]\nbroken = \"1\"\n", &packages);
    project.write("src/lib.rs", "#[test]\nfn one() { broken::one() }\n");
    let output = run(&project, &["find"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("the lowest compiler of a cell that builds is "), "{text}");
    assert!(text.contains(" (own): does not pass: the tests do not build with this compiler: error"), "{text}");
    assert!(text.contains("no cell passes") && !text.contains("a cell that passes is"), "{text}");
}

type Test = (&'static str, fn());

const TESTS: [Test; 10] = [
    (
        "for_a_dependency_that_does_not_compile_there_may_be_another_version",
        for_a_dependency_that_does_not_compile_there_may_be_another_version,
    ),
    ("of_a_macro_and_its_library_the_newer_is_held_back", of_a_macro_and_its_library_the_newer_is_held_back),
    ("what_nothing_builds_holds_nothing_back", what_nothing_builds_holds_nothing_back),
    ("a_stub_agrees_with_the_lock_file_on_weak_features", a_stub_agrees_with_the_lock_file_on_weak_features),
    ("all_that_is_too_new_is_held_back_at_once", all_that_is_too_new_is_held_back_at_once),
    ("the_packager_does_without_what_debian_lacks", the_packager_does_without_what_debian_lacks),
    ("what_the_project_s_own_packages_claim_is_not_believed", what_the_project_s_own_packages_claim_is_not_believed),
    ("of_a_git_dependency_another_commit_is_advised", of_a_git_dependency_another_commit_is_advised),
    ("it_is_said_what_builds_before_any_test_runs", it_is_said_what_builds_before_any_test_runs),
    ("tests_that_were_left_out_do_not_pass", tests_that_were_left_out_do_not_pass),
];

fn main() {
    let project = project("", &[]);
    in_bullseye(&project);
    let missing = setup::failure(&mut project.oldstable("", &["setup"]));
    let asks_debian = |name: &str| TESTS[2..6].iter().any(|(test, _)| *test == name);
    runner::run(&TESTS, |name| missing.clone().filter(|_| asks_debian(name)))
}
