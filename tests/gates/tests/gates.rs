// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! compat behaves at each gate as it does on the floor and on the newest compiler.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

// It asks for releases, and names no cfg.
#[allow(dead_code)]
#[path = "../../../compat/gates.rs"]
mod gates;

#[test]
fn all_tests_pass_on_both_sides_of_each_gate() {
    let programs = programs();
    let programs: Vec<&str> = ["--lib"].into_iter().chain(programs.iter().map(String::as_str)).collect();
    for minor in minors() {
        let output = at("test", &programs, minor);
        assert!(output.status.success(), "as if it were 1.{minor}:\n{}", both(&output));
    }
}

#[test]
fn other_features_compile_on_both_sides_of_each_gate() {
    for minor in minors() {
        // The availability of std is tested together with the release, and the crate cstr only together with both. The
        // other test programs have no features, or only std's.
        let with_cstr = Some(&["--features=cstr,std"][..]).filter(|_| minor < CSTR_UNTIL);
        for features in [&[][..], &["--features=alloc"]].into_iter().chain(with_cstr) {
            let all = [&["--lib", "--test=items", "--no-default-features"], features].concat();
            let output = at("check", &all, minor);
            assert!(output.status.success(), "as if it were 1.{minor}, with {features:?}:\n{}", both(&output));
        }
    }
}

/// Without std, or from the first release with C string literals, the feature cstr changes nothing in the source, so
/// combinations compiled without it need not be compiled with it.
#[test]
fn the_cstr_crate_is_used_only_with_std() {
    let mut found = 0;
    for file in sources(&compat().join("src")).into_iter().chain(sources(&compat().join("tests/items"))) {
        let text = fs::read_to_string(&file).expect("a source file");
        let asks = text.lines().filter(|line| line.contains("\"cstr\""));
        for line in asks {
            let with_both = format!("all(feature = \"std\", before_1_{CSTR_UNTIL}, feature = \"cstr\")");
            assert_eq!(
                line.matches("\"cstr\"").count(),
                line.matches(&with_both).count(),
                "{}: {line}",
                file.display()
            );
            found += 1;
        }
    }
    assert!(found > 0, "compat does not know the feature any more");
}

#[test]
fn clippy_finds_nothing_too_new_on_either_side_of_a_gate() {
    for minor in minors() {
        let output = at("clippy", &["--", "-D", "warnings"], minor);
        assert!(output.status.success(), "with msrv 1.{minor}:\n{}", both(&output));
    }
}

/// The bindings use compat's items where the floor lacks them.
#[test]
fn clippy_finds_nothing_too_new_in_the_bindings() {
    let root = compat().join("..");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the bindings' manifest");
    let floor = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let minor = gates::minor_of_release(floor.expect("a floor").trim_matches('"'));
    let minor = minor.expect("a release");
    let output = cargo(
        "clippy",
        &root,
        &["--package", "oldstable", "--no-deps", "--", "-A", "warnings", "-D", "clippy::incompatible_msrv"],
        &format!("1.{minor}"),
        &configuration(minor),
    );
    assert!(output.status.success(), "{}", both(&output));
}

/// The tests above can fail: on an ungated source, the same lint reports errors.
#[test]
fn clippy_would_find_a_method_that_is_too_new() {
    let source = scratch("too_new.rs");
    fs::write(&source, "pub fn f(n: u32) -> u32 { n.div_ceil(2) }").expect("a scratch file");
    let clippy = |msrv| {
        Command::new("clippy-driver")
            .args(["--crate-type", "lib", "--edition", "2018", "--emit", "metadata", "--out-dir"])
            .args([scratch(""), source.clone()])
            .env("CLIPPY_CONF_DIR", configuration(msrv))
            .output()
            .expect("clippy-driver, which `rustup component add clippy` installs")
    };
    assert!(both(&clippy(72)).contains("incompatible_msrv"));
    assert_eq!(both(&clippy(73)), "");
}

#[test]
fn a_release_that_cannot_be_read_is_refused_with_its_mend() {
    let output = cargo("build", &compat(), &[], "newest", &scratch(""));
    assert!(!output.status.success());
    assert!(both(&output).contains("is `newest`: write a release such as 1.64"), "{}", both(&output));
}

/// The first release that uses nothing of the crate cstr.
const CSTR_UNTIL: u32 = 77;

/// Returns the Rust files in a folder and its subfolders.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry of it").path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false => found.extend(Some(path).filter(|path| path.extension() == Some("rs".as_ref()))),
        }
    }
    found
}

/// Returns the options for compat's test programs. `source` only reads text, which is the same at each gate.
fn programs() -> Vec<String> {
    let entries = fs::read_dir(compat().join("tests")).expect("compat's tests").map(|entry| entry.expect("an entry"));
    let is_program = |path: &PathBuf| path.join("main.rs").is_file() || path.extension() == Some("rs".as_ref());
    let programs = entries.map(|entry| entry.path()).filter(is_program);
    let names = programs.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned());
    let names = names.filter(|name| name != "source");
    let options: Vec<String> = names.map(|name| format!("--test={name}")).collect();
    assert!(options.len() > 1, "{options:?}");
    options
}

/// Returns the releases at which a gate switches and those before them, up to this compiler's own.
fn minors() -> BTreeSet<u32> {
    let version = Command::new(rustc()).arg("-vV").output().expect("rustc runs");
    let real = gates::minor_of(&String::from_utf8_lossy(&version.stdout)).expect("a release");
    (gates::FIRST - 1..=gates::LAST).filter(|&minor| minor <= real).collect()
}

/// Returns the compiler itself.
fn rustc() -> &'static Path {
    static RUSTC: OnceLock<PathBuf> = OnceLock::new();
    RUSTC.get_or_init(|| {
        let named = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(named).args(["--print", "sysroot"]).output().expect("rustc runs");
        Path::new(String::from_utf8(output.stdout).expect("a path").trim_end()).join("bin/rustc")
    })
}

fn compat() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compat")
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Returns a directory whose clippy.toml sets the msrv.
fn configuration(minor: u32) -> PathBuf {
    let directory = scratch(&format!("msrv-1.{minor}"));
    fs::create_dir_all(&directory).expect("a scratch directory");
    fs::write(directory.join("clippy.toml"), format!("msrv = \"1.{minor}.0\"\n")).expect("a scratch file");
    directory
}

fn at(command: &str, args: &[&str], minor: u32) -> Output {
    cargo(command, &compat(), args, &format!("1.{minor}"), &configuration(minor))
}

/// Runs a command of cargo as if this compiler, and the msrv, were another release.
fn cargo(command: &str, package: &Path, args: &[&str], release: &str, clippy: &Path) -> Output {
    Command::new(env!("CARGO"))
        .args([command, "--locked", "--quiet", "--manifest-path"])
        .arg(package.join("Cargo.toml"))
        .args(args)
        .env("CARGO_TARGET_DIR", scratch(command))
        // Little of the compiled code changes from one release to the next, and debug information has no use here.
        .env("CARGO_INCREMENTAL", "1")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        // rustup's proxy would look the toolchain up at each start, here thousands of times.
        .env("RUSTC", rustc())
        .env("OLDSTABLE_COMPAT_PRETEND_RUSTC", release)
        .env("CLIPPY_CONF_DIR", clippy)
        .output()
        .expect("cargo runs")
}

fn both(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
