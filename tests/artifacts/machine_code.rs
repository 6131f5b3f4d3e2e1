// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The cost of the bindings in machine code.
#![cfg(target_arch = "x86_64")]

use crate::library::Library;
use oldstable_compat::sync::LazyLock;
use std::path::Path;

static ASSEMBLY: LazyLock<String> = LazyLock::new(|| {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/artifacts/machine_code/program.rs");
    let library = Library::build(&["--release"]);
    let (output, assembly) = library.compile(&program, "asm", &["--edition", "2018", "-O", "-C", "codegen-units=1"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}", said);
    String::from_utf8(assembly.expect("rustc emits it")).expect("it is text")
});

/// Returns the instructions of the first function whose label contains the text and is followed by a body.
fn function<'a>(assembly: &'a str, label: &str) -> Vec<&'a str> {
    // Functions with the same instructions may be merged, by an assignment.
    for line in assembly.lines() {
        let words: Vec<_> = line.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
        match words[..] {
            [name, "=", same] | [".set", name, same] if name == label => return function(assembly, same),
            _ => {}
        }
    }
    let body: Vec<_> = assembly
        .lines()
        .skip_while(|line| !(line.ends_with(':') && line.contains(label) && !line.starts_with('.')))
        .skip(1)
        .take_while(|line| !line.starts_with(".Lfunc_end"))
        // Instructions, without labels and directives.
        .filter(|line| line.starts_with('\t') && !line.starts_with("\t."))
        .collect();
    assert!(!body.is_empty(), "no {} in:\n{}", label, assembly);
    body
}

/// Returns the calls of a function, and the jumps that replace calls, except those reached only after an error or when
/// an object has lost its last reference.
fn calls<'a>(function: &[&'a str]) -> Vec<&'a str> {
    let is_cold = |line: &str| {
        ["panic", "expect_failed", "not_locked", "conflicts", "schedule_give_back", "Unwind", "abort"]
            .iter()
            .any(|name| line.contains(name))
    };
    function
        .iter()
        .filter(|line| line.starts_with("\tcall") || (line.starts_with("\tjmp") && !line.contains("\t.L")))
        .filter(|line| !is_cold(line))
        .copied()
        .collect()
}

#[test]
fn an_upcast_leaves_no_instruction() {
    assert_eq!(function(&ASSEMBLY, "upcast"), function(&ASSEMBLY, "nothing"));
}

#[test]
fn a_method_of_c_costs_the_lock_check_and_one_call() {
    let function = function(&ASSEMBLY, "method_of_c");
    assert_eq!(calls(&function).len(), 2, "{:#?}", function);
    assert!(function.iter().any(|line| line.contains("LOCKED")), "{:#?}", function);
}

#[test]
fn a_virtual_method_is_the_one_call_that_c_makes() {
    let function = function(&ASSEMBLY, "method_of_rust");
    assert_eq!(calls(&function).len(), 1, "{:#?}", function);
}

#[test]
fn a_borrow_asks_for_the_lock_and_has_its_two_bad_ends_apart() {
    let mut function = function(&ASSEMBLY, "change");
    // Some compilers put one after each call that does not return.
    function.retain(|line| !line.contains("ud2"));
    assert_eq!(calls(&function).len(), 1, "{:#?}", function);
    let end = |name: &str| function.iter().position(|line| line.contains("call") && line.contains(name));
    let first = end("not_locked").expect("the first end").min(end("conflicts").expect("the second end"));
    // Each is the author's line and the call.
    let path = first - 1;
    assert_eq!(function.len() - path, 4, "{:#?}", function);
    // Rust 1.95 makes 12, 1.70 makes 16.
    assert!(path <= 16, "{:#?}", function);
}

#[test]
fn a_callback_calls_the_device_and_nothing_else() {
    let function = function(&ASSEMBLY, "6memory3ops4read");
    let calls = calls(&function);
    assert!(calls.len() == 1 && calls[0].contains("the_read"), "{:#?}", function);
}
