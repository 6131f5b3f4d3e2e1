// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Turns the compiler's release into the cfgs of gates.rs.
//!
//! Each user compiles it, so it avoids generic code of std that would be compiled with it, such as iterator adapters,
//! patterns, and the drop of a `Command`. With these it takes three times as long.

mod gates;

use std::env;
use std::fmt::Arguments;
use std::mem::ManuallyDrop;
use std::process::Command;

/// Only for tests: pretend that the compiler has this release, such as `1.64`.
const PRETEND: &str = "OLDSTABLE_COMPAT_PRETEND_RUSTC";

/// docs.rs sets it.
const DOCS: &str = "DOCS_RS";

/// Switches on what needs atomics of 64 bits.
const WIDE: &str = "atomics_of_64_bits";

/// The programs that cargo runs as the compiler, from the outside in.
const COMPILER: [&str; 3] = ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "RUSTC"];

/// The first cargo that understands `rustc-check-cfg`; those shortly before it warn about it.
const CHECK_CFG: u32 = 80;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=gates.rs");
    println!("cargo:rerun-if-env-changed={}", PRETEND);
    println!("cargo:rerun-if-env-changed={}", DOCS);
    for variable in &COMPILER {
        println!("cargo:rerun-if-env-changed={}", variable);
    }

    let real = rustc_minor();
    let minor = match env::var(PRETEND) {
        Ok(release) => match gates::minor_of_release(&release) {
            Some(minor) => minor,
            None => panic!("{} is `{}`: write a release such as 1.64", PRETEND, release),
        },
        // Its pages show the extension methods for old compilers, so that users can find them.
        Err(_) if env::var_os(DOCS).is_some() => gates::FIRST - 1,
        Err(_) => real,
    };
    if real >= CHECK_CFG {
        println!("cargo:rustc-check-cfg=cfg(pretended, {})", WIDE);
        // A distribution leaves out those whose crates it does not have.
        println!("cargo:rustc-check-cfg=cfg(feature, values(\"cstr\", \"libc\", \"memoffset\"))");
    }
    if minor != real {
        println!("cargo:rustc-cfg=pretended");
    }
    if has_wide_atomics() {
        println!("cargo:rustc-cfg={}", WIDE);
    }
    let mut since = gates::FIRST;
    while since <= gates::LAST {
        let cfg = gates::cfg(since);
        if real >= CHECK_CFG {
            println!("cargo:rustc-check-cfg=cfg({})", cfg);
        }
        if minor < since {
            println!("cargo:rustc-cfg={}", cfg);
        }
        since += 1;
    }
}

/// Whether the target has `AtomicU64`. The compiler says so from 1.60 on; of older ones, this is what they have.
fn has_wide_atomics() -> bool {
    let is = |name, value: &str| env::var_os(name).unwrap_or_default() == value;
    if let Some(sizes) = env::var_os("CARGO_CFG_TARGET_HAS_ATOMIC") {
        return sizes.to_string_lossy().contains("64");
    }
    let target = env::var("TARGET").unwrap_or_default();
    is("CARGO_CFG_TARGET_POINTER_WIDTH", "64")
        || is("CARGO_CFG_TARGET_ARCH", "x86")
        || is("CARGO_CFG_TARGET_ARCH", "wasm32")
        || target.starts_with("armv7-")
        || target.starts_with("arm-unknown-linux-")
        || target.starts_with("thumbv7neon-")
}

/// Asks the program that compiles the crate: a wrapper may run another compiler than its argument.
fn rustc_minor() -> u32 {
    let mut command: Option<ManuallyDrop<Command>> = None;
    for variable in &COMPILER {
        let word = env::var_os(variable).unwrap_or_default();
        match &mut command {
            _ if word.is_empty() => {}
            Some(command) => drop(command.arg(word)),
            None => command = Some(ManuallyDrop::new(Command::new(word))),
        }
    }
    let command: &mut Command = match &mut command {
        Some(command) => command.arg("-vV"),
        None => return newest(format_args!("cargo does not say which it is")),
    };
    match command.output() {
        Err(error) => newest(format_args!("`{:?}` does not run: {}", command, error)),
        Ok(output) if !output.status.success() => newest(format_args!("`{:?}` fails", command)),
        Ok(output) => match gates::minor_of(&String::from_utf8_lossy(&output.stdout)) {
            Some(minor) => minor,
            None => newest(format_args!("`{:?}` names no release", command)),
        },
    }
}

/// If that is wrong, code that needs a missing item does not compile.
fn newest(because: Arguments) -> u32 {
    println!("cargo:warning=oldstable-compat takes the compiler for the newest: {}", because);
    u32::MAX
}
