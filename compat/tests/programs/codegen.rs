// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The shims have no cost.

use crate::LIBRARY;
use std::path::Path;

/// On old compilers too, a constant in std compiles to a constant.
#[test]
fn shims_leave_no_call() {
    let assembly = assembly("shim.rs", "2018");
    let calls: Vec<_> = assembly.lines().filter(|line| is_call(line)).collect();
    assert!(calls.is_empty(), "{:?} in:\n{}", calls, assembly);
    for function in &["name", "offset", "address", "cast"] {
        let label = format!("{}:", function);
        assert!(assembly.lines().any(|line| line == label), "no {} in:\n{}", label, assembly);
    }
}

/// If the compiler has everything, the machine code equals std's.
#[cfg(not(before_1_77))]
#[test]
fn shims_and_std_make_the_same_machine_code() {
    assert_eq!(assembly("shim.rs", "2021"), assembly("std.rs", "2021"));
}

fn is_call(line: &str) -> bool {
    let mnemonic = line.split_whitespace().next().unwrap_or_default();
    ["call", "callq", "calll", "bl", "blx", "jal", "jalr", "brasl"].contains(&mnemonic)
}

/// Returns the optimised machine code of a file, without the file's name.
fn assembly(file: &str, edition: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codegen").join(file);
    // Without position-independent code, which calls a function for its own address on some processors.
    let (output, assembly) = LIBRARY.compile(
        &source,
        "asm",
        &[
            "--edition",
            edition,
            "--crate-name",
            "codegen",
            "-O",
            "-C",
            "relocation-model=static",
            "-C",
            "codegen-units=1",
        ],
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let assembly = String::from_utf8(assembly.expect("rustc emits it")).expect("it is text");
    let lines = assembly.lines().filter(|line| {
        let directive = line.trim_start();
        !directive.starts_with(".file") && !directive.starts_with(".ident")
    });
    lines.map(without_hash).collect::<Vec<_>>().join("\n")
}

/// Cuts the hash out of a name such as `.Lanon.0123456789abcdef0123456789abcdef.0`.
fn without_hash(line: &str) -> String {
    let words = line.split('.').map(|part| {
        let hash = part.len() == 32 && part.chars().all(|c| c.is_ascii_hexdigit());
        if hash {
            "hash"
        } else {
            part
        }
    });
    words.collect::<Vec<_>>().join(".")
}
