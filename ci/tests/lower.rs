// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The results of `cargo oldstable lower` on Debian's own compilers: programs print the same as before, and the
//! original package is unchanged.
//!
//! This has no libtest harness, because tests that cannot run are counted as ignored, with the reason.

#[path = "common/cells.rs"]
mod cells;
#[path = "common/folder.rs"]
mod folder;
#[path = "common/package.rs"]
mod package;
#[path = "common/runner.rs"]
mod runner;
#[path = "common/setup.rs"]
mod setup;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use folder::said;
use package::{cargo, files, Package};

/// A package's own test, which runs with it on every compiler.
const PRINTS: &str = r#"
#[test]
fn NAME() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_BINARY")).arg("NAME").output().unwrap();
    let expected = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/expected/NAME")).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&expected));
}
"#;

/// Returns the name and source of each program in `tests/lower`. One file there is a library.
fn programs() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lower");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let sources = files.filter(|path| path.extension().map_or(false, |extension| extension == "rs"));
    let named = sources.map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        (name, fs::read_to_string(path).unwrap())
    });
    let programs: Vec<_> = named.filter(|(_, text)| text.contains("\nfn main()")).collect();
    assert!(programs.len() > 10, "{programs:?}");
    programs
}

/// The programs are modules of one, which is linked once, but for those with attributes of their crate.
fn prints(floor: &str) {
    let package = Package::new(2024, "");
    let programs = programs();
    let (mut tests, mut modules, mut choices) = (String::new(), String::new(), String::new());
    let binary =
        |name: &str, source: &str| if source.contains("\n#![") { name.to_string() } else { "small".to_string() };
    for (name, source) in &programs {
        if binary(name, source) == *name {
            package.write(&format!("src/bin/{name}.rs"), source);
        } else {
            package.write(&format!("src/{name}.rs"), &source.replace("\nfn main()", "\npub fn main()"));
            modules += &format!("mod {name};\n");
            choices += &format!("        \"{name}\" => {name}::main(),\n");
        }
        tests += &PRINTS.replace("BINARY", &binary(name, source)).replace("NAME", name);
    }
    let choose = "    match std::env::args().nth(1).unwrap().as_str() {\n";
    let main = format!("{modules}\nfn main() {{\n{choose}{choices}        _ => unreachable!(),\n    }}\n}}\n");
    package.write("src/main.rs", &main);
    cargo(&package.path(), &["build", "--offline", "--quiet"]);
    for (name, source) in &programs {
        let program = package.path().join("target/debug").join(binary(name, source));
        let output = Command::new(program).arg(name).output().unwrap();
        assert!(output.status.success(), "{name}: {}", said(&output));
        package.write(&format!("expected/{name}"), &String::from_utf8(output.stdout).unwrap());
    }
    package.write("tests/prints.rs", &tests);
    let output = package.lower(floor, &["--test"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains(&format!("its tests: {} passed, 0 failed", programs.len())), "{}", said(&output));
    let newest = cargo(&package.lowered(), &["test", "--offline", "--quiet", "--test", "prints"]);
    assert!(said(&newest).contains(&format!("{} passed", programs.len())), "{}", said(&newest));
}

fn programs_print_the_same_on_1_48() {
    prints("1.48");
}

fn programs_print_the_same_on_1_63() {
    prints("1.63");
}

const LET_ELSE: &str = "pub fn f(x: Option<u8>) -> u8 {\n    let Some(x) = x else { return 0 };\n    x\n}\n";

/// 1.48 does not know whether a panic unwinds.
fn strict_refuses_and_leaves_nothing() {
    let package = Package::new(2021, LET_ELSE);
    package.write("src/lib.rs", &format!("#[cfg(panic = \"unwind\")]\npub fn g() {{}}\n{LET_ELSE}"));
    let before = files(&package.path());
    let output = package.lower("1.48", &["--strict"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("src/lib.rs:1: cfg(panic): "), "{}", said(&output));
    assert!(!package.lowered().exists());
    assert!(files(&package.path()) == before);
}

fn apply_rewrites_the_package_and_names_what_it_cannot_read() {
    let package = Package::new(2021, LET_ELSE);
    package.write("data/broken.rs", "fn f( {\n");
    let output = package.lower("1.48", &["--apply"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("data/broken.rs: line 1: "), "{}", said(&output));
    let read = |name: &str| fs::read_to_string(package.path().join(name)).unwrap();
    assert_eq!(read("src/lib.rs"), fs::read_to_string(package.lowered().join("src/lib.rs")).unwrap());
    assert!(!read("src/lib.rs").contains("else { return 0 };"), "{}", read("src/lib.rs"));
    assert_eq!(read("data/broken.rs"), "fn f( {\n");
    assert!(files(&package.path()).keys().all(|path| path.extension().map_or(true, |e| e != "lowering")));
}

/// The floor's compiler builds the patched package in its own folder, with nothing beside it.
fn git_applies_the_patch() {
    let package = Package::new(2021, &format!("{MACRO}pub fn name() -> usize {{\n    name!().to_bytes().len()\n}}\n"));
    let output = package.lower("1.63", &[]);
    assert!(output.status.success(), "{}", said(&output));
    let patch = package.lowered().join("lowered.patch");
    let output = Command::new("git").arg("apply").arg(&patch).current_dir(package.path()).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let below = |folder: PathBuf, part: &str| {
        let found = files(&folder.join(part)).into_iter();
        found.map(|(path, text)| (path.strip_prefix(&folder).unwrap().to_path_buf(), text)).collect::<BTreeMap<_, _>>()
    };
    for part in ["src", "oldstable-compat"] {
        assert!(below(package.path(), part) == below(package.lowered(), part), "{part}");
    }
    let again = package.lower("1.63", &[]);
    assert!(again.status.success() && !patch.exists(), "{}", said(&again));
    let page = fs::read_to_string(package.lowered().join("lowered.md")).unwrap();
    assert!(page.contains("there is no lowered.patch"), "{page}");
    fs::remove_dir_all(package.lowered()).unwrap();
    cargo(&package.path(), &["generate-lockfile", "--offline", "--quiet"]);
    let output = package.command(&["matrix", "--cell", "bookworm", "--step", "build"]).output().unwrap();
    assert!(said(&output).contains("bookworm: build-small-0: ok"), "{}", said(&output));
}

/// Nothing is written into the package before the copy builds, so an interruption does no harm.
fn a_killed_run_or_an_unwritable_folder_leaves_the_package() {
    let package = Package::new(2021, LET_ELSE);
    let before = files(&package.path());
    for wait in [50, 200, 400] {
        let mut command = package.command(&["lower", "1.63", "--cell", "bookworm", "--out", "../lowered"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(files(&package.path()) == before, "killed after {wait} ms");
    }
    // The next run removes what killed ones left beside --out.
    let output = package.lower("1.63", &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(left_beside(&package), 0);
    let output =
        package.command(&["lower", "1.63", "--cell", "bookworm", "--apply", "--out", "/dev/full/x"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("cannot write /dev/full"), "{}", said(&output));
    assert!(files(&package.path()) == before);
}

/// If it is killed between two files, the next run finishes the work.
fn a_run_killed_during_apply_is_finished_by_the_next() {
    let package = Package::new(2021, LET_ELSE);
    for n in 0..400 {
        package.write(&format!("src/part{n}.rs"), LET_ELSE);
    }
    let journal = package.path().join(".lowering-journal");
    let mut command = package.command(&["lower", "1.63", "--cell", "bookworm", "--apply", "--out", "../lowered"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !journal.exists() && child.try_wait().unwrap().is_none() {}
    child.kill().unwrap();
    child.wait().unwrap();
    let output = package.lower("1.63", &[]);
    assert!(output.status.success(), "{}", said(&output));
    let now = files(&package.path());
    let sources = now.iter().filter(|(path, _)| path.extension().map_or(false, |extension| extension == "rs"));
    let as_before = sources.filter(|(_, text)| text.as_slice() == LET_ELSE.as_bytes()).count();
    assert!(as_before == 0 || as_before == 401, "{as_before}");
    assert!(!now.keys().any(|path| path.file_name().unwrap().to_string_lossy().starts_with(".lowering-")));
}

const MACRO: &str = "#[macro_export]\nmacro_rules! name {\n    () => { c\"name\" };\n}\n";

fn an_exported_macro_brings_compat_to_its_caller() {
    let package = Package::new(2021, MACRO);
    let output = package.lower("1.63", &[]);
    assert!(output.status.success(), "{}", said(&output));
    let caller = package.folder.path("lowered/caller");
    fs::create_dir_all(caller.join("src")).unwrap();
    let manifest = "[package]\nname = \"caller\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n\
                    [dependencies]\nsmall = { path = \"..\" }\n";
    fs::write(caller.join("Cargo.toml"), manifest).unwrap();
    fs::write(caller.join("src/main.rs"), "fn main() { assert_eq!(small::name!().to_bytes(), b\"name\"); }\n").unwrap();
    cargo(&caller, &["run", "--offline", "--quiet"]);
}

fn a_member_has_what_its_workspace_says() {
    let package = Package::new(2021, LET_ELSE);
    let root = "[workspace]\nmembers = [\"member\", \"other\"]\n[workspace.package]\nedition = \"2021\"\n\
                version = \"3.0.0\"\n[workspace.dependencies]\nother = { path = \"other\" }\n";
    package.write("Cargo.toml", root);
    package.write("other/Cargo.toml", "[package]\nname = \"other\"\nversion = \"0.1.0\"\nedition = \"2018\"\n");
    package.write("other/src/lib.rs", "pub const ONE: u8 = 1;\n");
    let member = "[package]\nname = \"member\"\nversion.workspace = true\nedition.workspace = true\n\
                  [dependencies]\nother.workspace = true\n";
    package.write("member/Cargo.toml", member);
    package.write("member/src/lib.rs", &LET_ELSE.replace("return 0", "return other::ONE"));
    let mut command = package.command(&["lower", "1.63", "--cell", "bookworm", "--package", "member"]);
    let output = command.args(["--out", "../lowered"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let manifest = fs::read_to_string(package.lowered().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("3.0.0") && manifest.contains("edition = \"2021\""), "{manifest}");
    let before = files(&package.path());
    for folder in ["", "member"] {
        let mut command = package.command(&["lower", "1.63", "--apply", "--out", "/dev/full/x"]);
        let output = command.current_dir(package.path().join(folder)).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("--apply needs a package with its own workspace"), "{}", said(&output));
    }
    assert!(files(&package.path()) == before);
}

/// A workspace has such ones. What the package denies says nothing about them.
fn folders_of_dependencies_are_lowered_too() {
    let package = Package::new(2024, "#![deny(warnings)]\npub fn f() -> u8 {\n    other::f(None)\n}\n");
    let member = |name: &str, needs: &str| {
        package.write(&format!("{name}/src/lib.rs"), LET_ELSE);
        let head = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        package.write(&format!("{name}/Cargo.toml"), &format!("{head}[dependencies]\n{needs}"));
    };
    let needs = "deep = { path = \"../deep\" }\n";
    let root = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n\
                other = { path = \"other\" }\n[workspace]\nmembers = [\"other\", \"deep\"]\n";
    member("other", needs);
    // The tests of a dependency may depend on the package.
    member("deep", "[dev-dependencies]\nsmall = { path = \"..\" }\n");
    package.write("Cargo.toml", root);
    let output = package.lower("1.48", &[]);
    assert!(said(&output).contains("(--with-dependencies also lowers other)"), "{}", said(&output));
    let output = package.lower("1.48", &["--with-dependencies", "--strict", "--test"]);
    assert!(output.status.success(), "{}", said(&output));
    let read = |file: &str| fs::read_to_string(package.lowered().join(file)).unwrap();
    assert!(read("Cargo.toml").contains("\"dependencies/other-0.1.0\""), "{}", read("Cargo.toml"));
    assert!(read("dependencies/other-0.1.0/Cargo.toml").contains("\"../../dependencies/deep-0.1.0\""));
    cargo(&package.lowered(), &["check", "--offline", "--quiet"]);
}

/// An import, and a path in a module, as linked-hash-map 0.5.6 has the first.
fn edition_2015_finds_compat() {
    let own = "pub unsafe fn f(p: *mut (u8, u8)) -> *mut u8 {\n    addr_of_mut!((*p).1)\n}\n";
    let inner = "pub mod inner {\n    pub fn g(x: &u8) -> *const u8 {\n        ::std::ptr::addr_of!(*x)\n    }\n}\n";
    let package = Package::new(2015, &format!("use std::ptr::{{self, addr_of_mut}};\n{own}{inner}"));
    // The place for the copy is a name alone.
    let output = package.command(&["lower", "1.48", "--cell", "bullseye", "--out", "copy"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(package.path().join("copy/lowered.md").is_file());
}

const LOUD: &str = "pub struct Loud(pub u8);
impl Drop for Loud {
    fn drop(&mut self) {
        println!(\"{}\", self.0);
    }
}
impl Loud {
    fn get(&self) -> Option<u8> {
        Some(self.0)
    }
}
pub fn tail() -> u8 {
    let _first = Loud(1);
    Loud(2).get().unwrap_or(0)
}
pub fn condition() {
    if let Some(4) = Loud(3).get() {
    } else {
        println!(\"else\");
    }
}
pub fn closure() -> impl Fn() -> u8 {
    let pair = (Loud(4), Loud(5));
    move || pair.0.get().unwrap_or(0)
}
";

/// Only types show which values are dropped later, so the newest compiler is asked for the places.
fn what_is_dropped_at_another_time_is_listed() {
    let package = Package::new(2024, LOUD);
    let output = package.lower("1.48", &[]);
    assert!(output.status.success(), "{}", said(&output));
    let places = [
        (14, "edition 2024: the temporaries of a block's last expression are dropped after the variables"),
        (17, "edition 2024: the condition's temporaries are dropped after the else branch"),
        (24, "edition 2021: the closure captures whole variables"),
    ];
    for (line, how) in places {
        assert!(said(&output).contains(&format!("src/lib.rs:{line}: {how}")), "{}", said(&output));
    }
    let output = package.lower("1.48", &["--strict"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

const NOTED: &str = "use std::cell::{Cell, RefCell};
use std::collections::HashMap;
thread_local!(static N: RefCell<u8> = RefCell::new(1));
pub fn half(n: u8) -> u8 {
    n.div_ceil(2)
}
pub fn set(cell: &Cell<u8>) -> &'static str {
    cell.set(half(3));
    N.set(2);
    String::new().as_str();
    format_args!(\"a\").as_str().unwrap_or_default()
}
pub fn smaller(map: &mut HashMap<u8, u8>, list: &mut Vec<u8>) {
    map.shrink_to(3);
    list.shrink_to(3);
}
macro_rules! shrink {
    ($map:expr) => {
        $map.shrink_to(2)
    };
}
pub fn smallest(map: &mut HashMap<u8, u8>) {
    shrink!(map);
}
pub fn kind() -> std::io::ErrorKind {
    std::io::ErrorKind::Unsupported
}
";

/// A name of many types' methods, such as `set`, is listed where it is one of compat's methods that do something else.
fn what_compat_does_otherwise_is_listed() {
    let package = Package::new(2021, NOTED);
    let output = package.lower("1.48", &[]);
    assert!(output.status.success(), "{}", said(&output));
    let text = said(&output);
    let lines = text.lines().filter_map(|line| line.strip_prefix("src/lib.rs:")?.split(':').next());
    assert_eq!(lines.collect::<Vec<_>>(), ["9", "11", "14", "15", "19", "26"], "{text}");
    assert!(text.contains("HashMap::shrink_to: gives back all or nothing, or collections::HashSet"), "{text}");
    let page = fs::read_to_string(package.lowered().join("lowered.md")).unwrap();
    assert!(page.contains("- src/lib.rs:11: std item: fmt::Arguments::as_str: always `None`"), "{page}");
    let output = package.lower("1.48", &["--strict"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let output = package.lower("1.63", &[]);
    let text = said(&output);
    assert!(text.contains("src/lib.rs:9: std item: thread::LocalKey::set") && !text.contains("shrink_to"), "{text}");
}

/// With the newest floor the code uses nothing of compat.
fn retire_takes_compat_back() {
    let own = "use std::sync::OnceLock;\n\npub static ONCE: OnceLock<u8> = OnceLock::new();\n\n\
               pub fn half(n: u8) -> u8 {\n    n.div_ceil(2)\n}\n";
    let package = Package::new(2021, own);
    let output = package.lower("1.63", &["--apply"]);
    assert!(output.status.success(), "{}", said(&output));
    let read = || fs::read_to_string(package.path().join("src/lib.rs")).unwrap();
    assert!(read().contains("oldstable_compat::sync::OnceLock") && read().contains("prelude!"), "{}", read());
    let output = package.command(&["retire", "1.95", "--apply"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(!read().contains("oldstable_compat"), "{}", read());
    cargo(&package.path(), &["check", "--offline", "--quiet"]);
}

/// They are tests, which see the copy from outside.
fn examples_in_the_documentation_are_lowered() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lower/documentation.rs");
    let package = Package::new(2024, &fs::read_to_string(library).unwrap());
    let output = package.lower("1.48", &["--test"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("its tests: 7 passed, 0 failed"), "{}", said(&output));
    let newest = cargo(&package.lowered(), &["test", "--offline", "--quiet", "--doc"]);
    assert!(said(&newest).contains("7 passed"), "{}", said(&newest));
}

/// The tests' build of the tool is slow, and the machine may be busy: for a user it takes a second.
fn a_thousand_lines_are_rewritten_in_no_time() {
    let function = |n: usize| LET_ELSE.replace("fn f", &format!("fn f{n}"));
    let library: String = (0..250).map(function).collect();
    assert_eq!(library.lines().count(), 1000);
    let package = Package::new(2021, &library);
    let output = package.lower("1.63", &[]);
    let text = said(&output);
    let time = text.split(" places rewritten in ").nth(1).and_then(|rest| rest.split(" ms").next());
    let time: u32 = time.and_then(|time| time.parse().ok()).unwrap_or_else(|| panic!("{text}"));
    assert!(text.contains(": 250 places") && time < 10_000, "{text}");
}

/// A dependency's path and the workspace stay unchanged.
fn apply_keeps_the_manifest_but_for_what_is_rewritten() {
    let package = Package::new(2024, LET_ELSE);
    package.write("other/Cargo.toml", "[package]\nname = \"other\"\nversion = \"0.1.0\"\n[workspace]\n");
    package.write("other/src/lib.rs", "");
    let rest = "\n[workspace]\nexclude = [\"other\"]\n\n[dependencies]\nother = { path = \"other\" }\n";
    let head = "[package]\nname = \"small\"\nversion = \"0.1.0\"\n";
    package.write("Cargo.toml", &format!("{head}edition = \"2024\"\n{rest}"));
    let output = package.lower("1.63", &["--apply"]);
    assert!(output.status.success(), "{}", said(&output));
    let manifest = fs::read_to_string(package.path().join("Cargo.toml")).unwrap();
    assert_eq!(manifest, format!("{head}edition = \"2021\"\nrust-version = \"1.63\"\n{rest}"));
}

/// Neither does the build on a rustup toolchain outlive the run, nor does a folder of it.
fn a_signal_ends_the_build_and_leaves_no_folders() {
    let package = Package::new(2021, LET_ELSE);
    let temporary = package.folder.path("temporary");
    fs::create_dir(&temporary).unwrap();
    let started = package.folder.path("started");
    let rustup = format!(
        "#!/bin/sh\n[ \"$3\" = cargo ] || exit 0\necho $$ >{0}.new; mv {0}.new {0}\ntrap '' TERM\nsleep 65\nsleep 66\n",
        started.display()
    );
    package.folder.write("bin/rustup", &rustup);
    let program = package.folder.path("bin/rustup");
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut command = package.command(&["lower", "1.63", "--out", "../lowered"]);
    let mut child = command.env("PATH", path).env("TMPDIR", &temporary).stdout(Stdio::null()).spawn().unwrap();
    while !started.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ends before it builds");
        std::thread::sleep(Duration::from_millis(20));
    }
    let build = fs::read_to_string(&started).unwrap();
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(128 + 15));
    let state = fs::read_to_string(format!("/proc/{}/stat", build.trim())).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "the build still runs: {state}");
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
    assert_eq!(left_beside(&package), 0);
}

/// Returns the number of unfinished copies beside `--out`.
fn left_beside(package: &Package) -> usize {
    let beside = fs::read_dir(package.path().parent().unwrap()).unwrap().flatten();
    beside.filter(|entry| entry.file_name().to_string_lossy().starts_with(".lowering-")).count()
}

/// Each of them uses an item of std that the floor lacks.
fn compat_is_a_dependency_of_those_who_use_it() {
    let package = Package::new(2021, "");
    let once = "static ONCE: std::sync::OnceLock<u8> = std::sync::OnceLock::new();\n";
    let used = format!("{once}#[test]\nfn f() {{ assert_eq!(*ONCE.get_or_init(|| 7), 7); }}\n");
    package.write("tests/once.rs", &used);
    package.write("src/lib.rs", &format!("#[cfg(test)]\nmod tests {{ {used} }}\n"));
    let kinds = |lowered: &Path| {
        let manifest = fs::read_to_string(lowered.join("Cargo.toml")).unwrap();
        let tables = manifest.split("\n[").filter(|table| table.contains("\noldstable-compat"));
        tables.map(|table| table.split(']').next().unwrap().to_string()).collect::<Vec<_>>()
    };
    let lower = || {
        let output = package.lower("1.63", &["--test"]);
        assert!(output.status.success(), "{}", said(&output));
        assert!(said(&output).contains("its tests: 2 passed, 0 failed"), "{}", said(&output));
        let _ = fs::remove_file(package.lowered().join("Cargo.lock"));
        cargo(&package.lowered(), &["test", "--offline", "--quiet"]);
        kinds(&package.lowered())
    };
    assert_eq!(lower(), ["dev-dependencies"]);
    package.write(
        "build.rs",
        &format!("{once}fn main() {{ println!(\"cargo::rustc-cfg=said\"); ONCE.set(1).unwrap(); }}\n"),
    );
    assert_eq!(lower(), ["dev-dependencies", "build-dependencies"]);
    let said = "#[cfg(not(said))]\ncompile_error!(\"the floor's cargo does not read what the build script says\");\n";
    package.write("src/more.rs", &format!("{said}pub {once}"));
    package.write("src/lib.rs", &format!("pub mod more;\n#[cfg(test)]\nmod tests {{ {used} }}\n"));
    assert_eq!(lower(), ["build-dependencies", "dependencies"]);
}

const TESTS: [(&str, fn()); 19] = [
    ("programs_print_the_same_on_1_48", programs_print_the_same_on_1_48),
    ("programs_print_the_same_on_1_63", programs_print_the_same_on_1_63),
    ("strict_refuses_and_leaves_nothing", strict_refuses_and_leaves_nothing),
    ("apply_rewrites_the_package", apply_rewrites_the_package_and_names_what_it_cannot_read),
    ("git_applies_the_patch", git_applies_the_patch),
    ("a_killed_run_leaves_the_package", a_killed_run_or_an_unwritable_folder_leaves_the_package),
    ("a_run_killed_between_files_is_finished", a_run_killed_during_apply_is_finished_by_the_next),
    ("an_exported_macro_brings_compat", an_exported_macro_brings_compat_to_its_caller),
    ("a_member_has_what_its_workspace_says", a_member_has_what_its_workspace_says),
    ("folders_of_dependencies_are_lowered_too", folders_of_dependencies_are_lowered_too),
    ("what_is_dropped_at_another_time_is_listed", what_is_dropped_at_another_time_is_listed),
    ("what_compat_does_otherwise_is_listed", what_compat_does_otherwise_is_listed),
    ("retire_takes_compat_back", retire_takes_compat_back),
    ("examples_in_the_documentation_are_lowered", examples_in_the_documentation_are_lowered),
    ("a_thousand_lines_are_rewritten_in_no_time", a_thousand_lines_are_rewritten_in_no_time),
    ("edition_2015_finds_compat", edition_2015_finds_compat),
    ("a_signal_ends_the_build", a_signal_ends_the_build_and_leaves_no_folders),
    ("compat_is_a_dependency_of_its_users", compat_is_a_dependency_of_those_who_use_it),
    ("apply_keeps_the_manifest", apply_keeps_the_manifest_but_for_what_is_rewritten),
];

fn main() {
    let missing = setup::failure(&mut Package::new(2018, "").command(&["setup"]));
    runner::run(&TESTS, |_| missing.clone())
}
