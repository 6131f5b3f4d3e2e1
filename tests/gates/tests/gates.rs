//! compat behaves at each gate as it does on the floor and on the newest compiler.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

// It asks for releases, and names no cfg.
#[allow(dead_code)]
#[path = "../../../compat/gates.rs"]
mod gates;

#[test]
fn all_tests_pass_on_both_sides_of_each_gate() {
    for minor in minors() {
        let output = at("test", &["--lib", "--tests"], minor);
        assert!(output.status.success(), "as if it were 1.{minor}:\n{}", both(&output));
        // Whether there is std, and the cstr crate, is asked together with the release. The other test programs
        // have no features, or only std's.
        for features in [&[][..], &["--features=alloc"], &["--features=cstr"], &["--features=cstr,std"]] {
            let all = [&["--lib", "--test=items", "--no-default-features"], features].concat();
            let output = at("check", &all, minor);
            assert!(output.status.success(), "as if it were 1.{minor}, with {features:?}:\n{}", both(&output));
        }
    }
}

#[test]
fn clippy_finds_nothing_too_new_on_either_side_of_a_gate() {
    for minor in minors() {
        let output = at("clippy", &["--", "-D", "warnings"], minor);
        assert!(output.status.success(), "with msrv 1.{minor}:\n{}", both(&output));
    }
}

/// What the bindings use comes from compat where the floor lacks it.
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

/// The tests above can fail: on a source that is not gated, the same lint speaks.
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

/// The releases at which a gate switches and those before them, up to this compiler's own.
fn minors() -> BTreeSet<u32> {
    let version =
        Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-vV").output().expect("rustc runs");
    let real = gates::minor_of(&String::from_utf8_lossy(&version.stdout)).expect("a release");
    (gates::FIRST - 1..=gates::LAST).filter(|&minor| minor <= real).collect()
}

fn compat() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compat")
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// A directory whose clippy.toml sets the msrv.
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
        // Nothing is built twice that could be built in part.
        .env("CARGO_INCREMENTAL", "0")
        .env("OLDSTABLE_COMPAT_PRETEND_RUSTC", release)
        .env("CLIPPY_CONF_DIR", clippy)
        .output()
        .expect("cargo runs")
}

fn both(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
