// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The size of the object with the PL011, which is read from disk each time QEMU starts.
#![cfg(target_os = "linux")]

use crate::cargo_build;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

/// How many bytes larger than one that does nothing it may be: 170,136 are with Bullseye's rustc.
///
/// A large part are the checks of QEMU at load, and those before QEMU would fail an assertion or safe code break its
/// memory.
const AT_MOST: u64 = 172 * 1024;

/// The same against an object of an empty file, which has nothing of std in it: 457,272 with Trixie's rustc 1.85, whose
/// std brings most of it.
const AT_MOST_OVER_EMPTY: u64 = 448 * 1024;

/// The source of the other object. Every program that can panic contains std's code from a panic to its message, so
/// this one does too.
const NOTHING_BUT_STD: &str = r#"
#[no_mangle]
pub extern "C" fn check(number: usize) {
    assert!(number != 0);
}
"#;

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{:?}: {}", command, error));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}: {}", command, said);
}

/// Builds a package for release; `arguments` are cargo's. Returns how many bytes its object has without
/// symbols.
fn stripped_size(manifest: &Path, arguments: &[&str], object: &str, directory: &Path) -> u64 {
    let arguments = [&["--release"], arguments].concat();
    let built = cargo_build::build(manifest, &arguments, |name| name.ends_with(object));
    let stripped = directory.join(object);
    run(Command::new("strip").arg("-o").arg(&stripped).arg(built));
    fs::metadata(&stripped).expect("strip has written it").len()
}

/// Returns the lines of this package's manifest with the profile of release builds.
fn release_profile(manifest: &Path) -> String {
    let manifest = fs::read_to_string(manifest).expect("this package has a manifest");
    let from_heading = manifest.lines().skip_while(|line| *line != "[profile.release]");
    let profile: Vec<_> = from_heading.take_while(|line| !line.is_empty()).collect();
    assert!(profile.len() > 1, "the manifest says how objects are built:\n{}", manifest);
    profile.join("\n")
}

/// Returns the size of an object of this source, built like this package's.
fn size_of_another(source: &str, directory: &Path) -> u64 {
    fs::create_dir_all(directory.join("src")).expect("a temporary directory can be made");
    let manifest = directory.join("Cargo.toml");
    let package = format!(
        "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2018\"\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n[workspace]\n\n{}\n",
        release_profile(cargo_build::own_manifest())
    );
    fs::write(&manifest, package).expect("the directory can be written to");
    let lock = "[[package]]\nname = \"nothing\"\nversion = \"0.0.0\"\n";
    fs::write(directory.join("Cargo.lock"), lock).expect("the directory can be written to");
    fs::write(directory.join("src/lib.rs"), source).expect("the directory can be written to");
    let target = directory.join("target");
    let target = target.to_str().expect("the temporary directory's name is UTF-8");
    stripped_size(&manifest, &["--target-dir", target], "libnothing.so", directory)
}

#[test]
fn the_object_is_little_larger_than_one_of_nothing_but_std() {
    let directory = env::temp_dir().join(format!("oldstable-object-size-{}", std::process::id()));
    let nothing = size_of_another(NOTHING_BUT_STD, &directory.join("std"));
    let empty = size_of_another("", &directory.join("empty"));
    let object = stripped_size(cargo_build::own_manifest(), &["--example", "pl011"], "libpl011.so", &directory);
    fs::remove_dir_all(&directory).expect("the directory is ours");
    let measured = format!(
        "the object has {} bytes, {} more than the {} of one of nothing but std, and {} more than the {} of an empty \
         one; it may have {} and {} more",
        object,
        object.saturating_sub(nothing),
        nothing,
        object.saturating_sub(empty),
        empty,
        AT_MOST,
        AT_MOST_OVER_EMPTY
    );
    // Not by println!, whose output is shown only for failed tests.
    writeln!(io::stderr(), "{}", measured).expect("standard error takes what a test says");
    assert!(object <= nothing + AT_MOST, "{}", measured);
    assert!(object <= empty + AT_MOST_OVER_EMPTY, "{}", measured);
}

#[test]
fn the_readme_says_how_large_the_object_may_be() {
    let readme = include_str!("../../README.md");
    for bound in &[AT_MOST, AT_MOST_OVER_EMPTY] {
        let said = format!("{} KiB", bound / 1024);
        assert!(readme.contains(&said), "README.md does not say {}", said);
    }
}
