// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! What build.rs makes of what the compiler says of itself, whichever compiler cargo's wrappers run.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A folder with build.rs as a program, and with compilers that only say their release.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new() -> Folder {
        // Cargo names a folder for it only from 1.54 on.
        let path = env::temp_dir().join(format!("oldstable-compat-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        let built = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(&["--edition=2018", "--cap-lints=allow", "-o"])
            .arg(path.join("build"))
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs"))
            .output()
            .expect("rustc runs");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        Folder { path }
    }

    /// A program that a shell runs.
    fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path.join(name);
        fs::write(&path, format!("#!/bin/sh\n{}\n", text)).expect("the folder can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        path
    }

    /// A compiler of a release, which says another one in its first line.
    fn compiler(&self, name: &str, release: &str) -> PathBuf {
        let says = "test \"$1\" = -vV && printf 'rustc 1.1.0 (of a distribution)\\nbinary: rustc\\nrelease: %s\\n' ";
        self.script(name, &format!("{}{}", says, release))
    }

    /// What build.rs says, where cargo sets these variables.
    fn said(&self, variables: &[(&str, &OsStr)]) -> String {
        let variables: BTreeMap<_, _> = variables.iter().copied().collect();
        let mut command = Command::new(self.path.join("build"));
        command.env_clear().envs(variables);
        if let Some(path) = env::var_os("PATH") {
            command.env("PATH", path);
        }
        let output = command.output().expect("build.rs runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// The first release that the compiler is older than, and the warnings.
    fn build(&self, variables: &[(&str, &OsStr)]) -> (Option<u32>, Vec<String>) {
        let said = self.said(variables);
        let after = |start: &str| -> Vec<String> {
            said.lines().filter_map(|line| line.strip_prefix(start)).map(str::to_string).collect()
        };
        let gates = after("cargo:rustc-cfg=before_1_");
        let lowest = gates.iter().map(|minor| minor.parse::<u32>().expect("a number")).min();
        (lowest, after("cargo:warning="))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.path));
    }
}

/// One after the other: a script cannot be run while another thread's new process still has it open.
#[test]
fn what_compiles_the_crate_is_asked_for_its_release() {
    let folder = Folder::new();
    what_a_wrapper_replaces_is_not_asked(&folder);
    a_release_that_cannot_be_read_is_said(&folder);
    targets_have_their_atomics(&folder);
}

fn what_a_wrapper_replaces_is_not_asked(folder: &Folder) {
    let old = folder.compiler("old", "1.50.0");
    let other = folder.compiler("other", "1.70.0-nightly");
    let passes_on = folder.script("passes_on", "exec \"$@\"");
    let replaces = folder.script("replaces", &format!("shift; exec {} \"$@\"", other.display()));
    let (old, passes_on, replaces) = (old.as_os_str(), passes_on.as_os_str(), replaces.as_os_str());
    let none = Vec::<String>::new();
    assert_eq!(folder.build(&[("RUSTC", old)]), (Some(51), none.clone()));
    assert_eq!(folder.build(&[("RUSTC", old), ("RUSTC_WRAPPER", OsStr::new(""))]), (Some(51), none.clone()));
    assert_eq!(folder.build(&[("RUSTC", old), ("RUSTC_WRAPPER", passes_on)]), (Some(51), none.clone()));
    assert_eq!(folder.build(&[("RUSTC", old), ("RUSTC_WRAPPER", replaces)]), (Some(71), none.clone()));
    assert_eq!(folder.build(&[("RUSTC", old), ("RUSTC_WORKSPACE_WRAPPER", replaces)]), (Some(71), none.clone()));
    let both = [("RUSTC", old), ("RUSTC_WRAPPER", passes_on), ("RUSTC_WORKSPACE_WRAPPER", replaces)];
    assert_eq!(folder.build(&both), (Some(71), none));
}

fn a_release_that_cannot_be_read_is_said(folder: &Folder) {
    let whole = folder.compiler("whole", "1.50.0");
    let scripts = [
        ("says_nothing", "exit 0", "names no release"),
        ("is_no_rust", "echo release: 8.0", "names no release"),
        ("fails_behind_its_release", "echo release: 1.50.0; exit 1", "fails"),
    ];
    for (name, text, problem) in &scripts {
        let script = folder.script(name, text);
        for variables in &[
            vec![("RUSTC", script.as_os_str())],
            vec![("RUSTC", whole.as_os_str()), ("RUSTC_WRAPPER", script.as_os_str())],
        ] {
            let (gates, warnings) = folder.build(variables);
            assert_eq!((gates, warnings.len()), (None, 1), "{}", name);
            assert!(
                warnings[0].contains("takes the compiler for the newest") && warnings[0].ends_with(problem),
                "{}",
                warnings[0]
            );
            assert!(warnings[0].contains(name), "{}", warnings[0]);
        }
    }
    let (gates, warnings) = folder.build(&[("RUSTC", OsStr::new("/nowhere/rustc"))]);
    assert!(gates.is_none() && warnings[0].contains("`\"/nowhere/rustc\" \"-vV\"` does not run: "), "{:?}", warnings);
    let (gates, warnings) = folder.build(&[]);
    assert!(gates.is_none() && warnings[0].ends_with("cargo does not say which it is"), "{:?}", warnings);
}

fn targets_have_their_atomics(folder: &Folder) {
    let old = folder.compiler("older", "1.48.0");
    let has = |variables: &[(&str, &str)]| {
        let mut all = vec![("RUSTC", old.as_os_str())];
        all.extend(variables.iter().map(|(name, value)| (*name, OsStr::new(*value))));
        folder.said(&all).lines().any(|line| line == "cargo:rustc-cfg=atomics_of_64_bits")
    };
    let sizes = "CARGO_CFG_TARGET_HAS_ATOMIC";
    assert!(has(&[(sizes, "16,32,64,8,ptr")]) && !has(&[(sizes, "16,32,8,ptr"), ("TARGET", "armv7-a")]));
    assert!(has(&[("CARGO_CFG_TARGET_POINTER_WIDTH", "64")]) && has(&[("CARGO_CFG_TARGET_ARCH", "wasm32")]));
    assert!(has(&[("TARGET", "armv7-unknown-linux-gnueabihf")]) && has(&[("CARGO_CFG_TARGET_ARCH", "x86")]));
    assert!(!has(&[("TARGET", "armv5te-unknown-linux-gnueabi")]) && !has(&[("TARGET", "thumbv7em-none-eabi")]));
}
