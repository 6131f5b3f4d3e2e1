// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Uses of `NonZero` that compat's alias cannot stand for: it is an associated type, which is any type for those who look
//! for conflicting implementations, and from which no parameter is inferred.

use std::ops::Range;

use super::source::{Change, File};
use super::standard::CRATE;

/// Names the type in an implementation that seems to conflict with others.
pub fn implemented(file: &File, tokens: Range<usize>) -> Option<Change> {
    // Within two macros the message's place may be the first token alone.
    let mut header = (tokens.start..file.len()).take_while(|i| file.text(*i) != "fn");
    let start = header.find(|i| file.reads(*i, &["NonZero", "<"]))?;
    let end = file.find(start, file.len(), |i| file.text(i) == ">")?;
    let mut path = start;
    while file.before(path) == "::" && path >= 2 && file.is_name(path - 2) {
        path -= 2;
    }
    let text = format!("{CRATE}::__non_zero!({})", file.spelled(start + 2..end));
    Some(Change::at(file, start, "implementation for NonZero").replace(file.bytes(path..end + 1), text))
}

/// Writes the parameter of a type whose function is called, if the function around says which one it is.
pub fn called(file: &File, name: usize) -> Option<Change> {
    let of = name.checked_sub(2).filter(|of| file.reads(*of, &["NonZero", "::"]))?;
    let mut before = (0..of).rev().take_while(|i| file.text(*i) != "fn");
    let written = before.find(|i| file.reads(*i, &["NonZero", "<"]))?;
    let end = file.find(written, of, |i| file.text(i) == ">")?;
    let parameter = format!("::{}", file.spelled(written + 1..end + 1));
    Some(Change::at(file, of, "parameter of NonZero").insert(file.bytes(of..of + 1).end, parameter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    #[test]
    fn the_type_of_an_implementation_is_named() {
        let made = |text: &str| rewritten(text, |file| implemented(file, 0..1));
        let text = "impl From<num::NonZero<$n>> for S { fn f(_: NonZero<$n>) {} }";
        let after = "impl From<oldstable_compat::__non_zero!($n)> for S { fn f(_: NonZero<$n>) {} }";
        assert_eq!((made(text).as_str(), made(after).as_str()), (after, after));
    }

    #[test]
    fn a_parameter_is_that_of_the_function_around() {
        let made = |text: &str| {
            rewritten(text, |file| called(file, (0..file.len()).find(|i| file.text(*i) == "new").unwrap()))
        };
        assert_eq!(
            made("fn f(x: NonZero<i8>) {} fn g() -> Option<NonZero<u8>> { NonZero::new(1) }"),
            "fn f(x: NonZero<i8>) {} fn g() -> Option<NonZero<u8>> { NonZero::<u8>::new(1) }"
        );
        let unknown = "fn f(x: NonZero<i8>) {} fn g() { NonZero::new(1) }";
        assert_eq!(made(unknown), unknown);
    }
}
