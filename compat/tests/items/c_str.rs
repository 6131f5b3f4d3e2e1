// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(any(feature = "std", not(before_1_64)))]

use oldstable_compat::{c_str, ffi::CStr};

const NAME: &str = "name";
const BYTES: &[u8] = b"\xff\xfe";
const ARRAY: &[u8; 2] = b"ab";
static TABLE: [&CStr; 9] = [
    c_str!("chardev"),
    c_str!(b"\xff"),
    c_str!(concat!("a", 1, "b")),
    c_str!(stringify!(c d)),
    c_str!(NAME),
    c_str!(BYTES),
    c_str!(ARRAY),
    c_str!(""),
    c_str!(r#"gr\u{fc}n "ü""#),
];

#[test]
fn text_ends_in_its_only_nul() {
    let expected: [&[u8]; 9] = [
        b"chardev\0",
        b"\xff\0",
        b"a1b\0",
        b"c d\0",
        b"name\0",
        b"\xff\xfe\0",
        b"ab\0",
        b"\0",
        b"gr\\u{fc}n \"\xc3\xbc\"\0",
    ];
    for (text, bytes) in TABLE.iter().zip(&expected) {
        assert_eq!(text.to_bytes_with_nul(), *bytes);
    }
}

#[test]
fn a_literal_may_share_a_constants_name() {
    const TEXT: &str = "text";
    let text = c_str!(TEXT);
    let len = text.to_bytes().len();
    assert_eq!((text.to_bytes(), len), (TEXT.as_bytes(), TEXT.len()));
}

#[test]
fn macros_may_pass_literals_on() {
    macro_rules! passed {
        ($literal:literal, $expression:expr, $token:tt) => {
            [c_str!($literal), c_str!($expression), c_str!($token)]
        };
    }
    assert_eq!(passed!("a", "a", "a"), [c_str!("a"), c_str!(b"a"), c_str!("a",)]);
}
