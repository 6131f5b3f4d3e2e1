// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Programs that must not compile, with the compiler's messages.

use crate::{ui_programs, LIBRARY};

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    let paths = ["oldstable_compat::c_str_literal::"];
    ui_programs::what_is_wrong_is_refused(&LIBRARY, "metadata", &[], &paths, 10);
}

#[test]
fn what_is_right_compiles() {
    ui_programs::what_is_right_compiles(&LIBRARY, "metadata");
}

/// A lint refuses it, which the author of the code sees.
#[cfg(before_1_51)]
#[test]
fn safe_pointers_to_packed_fields_are_refused() {
    use std::{env, fs, process};
    let file = env::temp_dir().join(format!("oldstable-compat-packed-{}.rs", process::id()));
    for &(pointer, refused) in &[
        ("addr_of!(packed.first)", false),
        ("addr_of!(packed.bytes[1])", false),
        ("addr_of!(packed.second)", true),
        ("addr_of_mut!(packed.second)", true),
        ("addr_of!(packed.bytes)", false),
    ] {
        let source = format!(
            "#[repr(C, packed)] #[derive(Clone, Copy)] pub struct Packed {{ first: u8, second: u32, bytes: [u8; 2] }}\n\
             #[allow(unused_mut)]\n\
             pub fn program(mut packed: Packed) {{\n    let _ = {};\n}}\n",
            pointer.replace("addr_of", "oldstable_compat::ptr::addr_of")
        );
        fs::write(&file, source).expect("a scratch file");
        let output = LIBRARY.compile(&file, "metadata", &["--edition", "2018"]).0;
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), !refused, "{}: {}", pointer, said);
        let says_why = said.contains("borrow of packed field is un") || said.contains("field of packed struct is un");
        assert!(!refused || says_why, "{}: {}", pointer, said);
    }
    fs::remove_file(file).expect("the scratch file is there");
}
