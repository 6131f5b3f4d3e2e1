// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Uses of `NonZero` that compat's alias cannot stand for: it is an associated type, which is any type for those who look
//! for conflicting implementations, and from which no parameter is inferred.

use std::ops::Range;

use super::source::{Change, File};
use super::standard::CRATE;
use super::syntax::NUMBERS;

const PARAMETER: &str = "parameter of NonZero";

/// The type of a number if nothing says which it is.
const DEFAULT: &str = "i32";

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

/// Writes the parameter of a type whose function is called: that of a macro or of generics, if the function around has
/// one, or the default, instead of which the compiler then names another.
pub fn called(file: &File, name: usize) -> Option<Change> {
    let of = name.checked_sub(2).filter(|of| file.reads(*of, &["NonZero", "::"]))?;
    let mut before = (0..of).rev().take_while(|i| file.text(*i) != "fn");
    let written = before.find(|i| file.reads(*i, &["NonZero", "<"]));
    let end = written.and_then(|written| file.find(written, of, |i| file.text(i) == ">"));
    // One that stands for many types is this one's, too.
    let parameter = match (written, end) {
        (Some(written), Some(end)) if !NUMBERS.contains(&file.text(end - 1)) => {
            file.spelled(written + 1..end + 1).to_string()
        }
        _ => format!("<{DEFAULT}>"),
    };
    let change = Change::at(file, of, PARAMETER);
    Some(change.insert(file.bytes(of..of + 1).end, format!("::{parameter}")))
}

/// Writes the parameter that the compiler expects instead of the default. The place is a value of the type, or the
/// argument of the call.
pub fn expected(file: &File, tokens: Range<usize>, says: &str) -> Option<Change> {
    let guessed = |i: &usize| file.reads(*i, &["NonZero", "::", "<", DEFAULT, ">", "::"]);
    let (expected, found) = says.split_once(", found ")?;
    let around = file.around(tokens.start).and_then(|open| open.checked_sub(7)).filter(guessed);
    let (at, name) = match around {
        Some(at) if expected.contains(&format!("`{DEFAULT}`")) => (at, found.split('`').nth(1)?.to_string()),
        _ => {
            let variable = |i: &usize| {
                let before = [file.before(*i), file.before(i.saturating_sub(1))];
                file.text(*i) == file.text(tokens.start) && (before[0] == "let" || before == ["mut", "let"])
            };
            // The place may be a variable, which has the value.
            let value = match tokens.len() {
                1 => (0..tokens.start).rev().find(variable)?..tokens.start,
                _ => tokens.clone(),
            };
            let end = file.find(value.start, value.end, |i| file.text(i) == ";").unwrap_or(value.end);
            let name = expected.split("NonZero").nth(1)?.split(|c: char| !c.is_alphanumeric()).next()?;
            ((value.start..end).find(guessed)?, name.to_lowercase())
        }
    };
    let bytes = file.bytes(at + 3..at + 4);
    NUMBERS.contains(&name.as_str()).then(|| Change::at(file, at, PARAMETER).replace(bytes, name))
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
    fn a_parameter_is_the_default_or_that_of_a_macro() {
        let made = |text: &str| {
            rewritten(text, |file| called(file, (0..file.len()).find(|i| file.text(*i) == "new").unwrap()))
        };
        assert_eq!(
            made("fn f(x: NonZero<i8>) {} fn g() -> Option<NonZero<$n>> { NonZero::new(1) }"),
            "fn f(x: NonZero<i8>) {} fn g() -> Option<NonZero<$n>> { NonZero::<$n>::new(1) }"
        );
        let unknown = "fn f(x: NonZero<i8>) {} fn g(x: NonZero<u8>) { NonZero::new(1) }";
        assert_eq!(made(unknown), unknown.replace("::new", "::<i32>::new"));
    }

    #[test]
    fn the_default_gives_way_to_what_the_compiler_expects() {
        let text = "fn g(n: u8) { f(NonZero::<i32>::new(n).unwrap()) }";
        let made = |place: &str, says: &str| {
            rewritten(text, |file| {
                let start = (0..file.len()).rev().find(|i| file.text(*i) == place).unwrap();
                expected(file, start..start + 1, says)
            })
        };
        let named = text.replace("i32", "u8");
        assert_eq!(made("n", "expected `i32`, found `u8`"), named);
        assert_eq!(made("NonZero", "expected struct `NonZeroU8`, found struct `NonZeroI32`"), text);
        let values = "let a = NonZero::<i32>::new(1); let b = NonZero::<i32>::new(1); f(a)";
        let says = |says: &str| rewritten(values, |file| expected(file, file.len() - 2..file.len() - 1, says));
        let first = values.replacen("i32", "usize", 1);
        assert_eq!(says("expected struct `NonZeroUsize`, found struct `NonZeroI32`"), first);
        assert_eq!(says("expected struct `Vec`, found struct `NonZeroI32`"), values);
        let whole = rewritten(values, |file| expected(file, 3..13, "expected `NonZeroUsize`, found `NonZeroI32`"));
        assert_eq!(whole, first);
    }
}
