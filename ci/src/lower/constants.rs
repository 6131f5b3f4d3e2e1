// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Calls in constants of functions that std makes `const` later than the floor, and for which oldstable-compat has one.

use std::ops::Range;

use super::source::{Change, File, Kind};

/// The name of this pass.
pub const WHAT: &str = "call in a constant";

/// A method, or the end of a function's path, the releases `1.n` that lack it in constants and can do with what
/// oldstable-compat has.
struct Call {
    name: &'static [&'static str],
    lack: Range<u32>,
    through: &'static str,
}

/// Before 1.56 a constant cannot read the same bytes as another type.
const CALLS: [Call; 6] = [
    Call { name: &[".", "cast_mut"], lack: 0..65, through: "constant::cast_mut" },
    Call { name: &[".", "cast_const"], lack: 0..65, through: "constant::cast_const" },
    Call { name: &[".", "ilog10"], lack: 0..67, through: "__ilog10!" },
    Call { name: &["char", "::", "from_u32"], lack: 56..67, through: "constant::char_from_u32" },
    Call { name: &["char", "::", "from_u32_unchecked"], lack: 56..81, through: "constant::char_from_u32_unchecked" },
    Call { name: &["slice", "::", "from_raw_parts"], lack: 56..64, through: "constant::slice_from_raw_parts" },
];

/// Redirects the call that ends with these tokens to oldstable-compat.
pub fn mend(file: &File, tokens: Range<usize>, floor: u32) -> Option<Change> {
    let close = tokens.end.checked_sub(1).filter(|close| file.kind(*close) == Some(Kind::Close))?;
    let open = file.other(close);
    let name = |call: &Call| open.checked_sub(call.name.len()).filter(|start| file.reads(*start, call.name));
    let call = CALLS.iter().find(|call| call.lack.contains(&floor) && name(call).is_some())?;
    let through = format!("{}::{}(", super::standard::CRATE, call.through);
    if call.name[0] != "." {
        let change = Change::at(file, tokens.start, WHAT);
        return Some(change.replace(file.bytes(tokens.start..open + 1), through));
    }
    let start = receiver(file, open - 2)?;
    let comma = if open + 1 < close { ", " } else { "" };
    let change = Change::at(file, start, WHAT).insert(file.bytes(start..start + 1).start, through);
    Some(change.replace(file.bytes(open - 2..open + 1), comma))
}

/// Writes out the `expect` or `unwrap` of an option that ends with these tokens, which are `const` from 1.83 on. Before
/// 1.57 a constant cannot panic.
pub fn unwrapped(file: &File, tokens: Range<usize>, message: &str, floor: u32) -> Option<Change> {
    let close = tokens.end.checked_sub(1).filter(|_| message.contains("Option::<") && floor >= 57)?;
    let open = file.other(close);
    let dot = open.checked_sub(2).filter(|dot| file.text(*dot) == "." && file.kind(close) == Some(Kind::Close))?;
    let why = match (file.text(open - 1), open + 1 < close) {
        ("expect", true) => format!("\"{{}}\", {}", file.spelled(open + 1..close)),
        ("unwrap", false) => "\"called `Option::unwrap()` on a `None` value\"".to_string(),
        _ => return None,
    };
    let start = receiver(file, dot)?;
    // Compilers warn of needless parentheses.
    let alone = ["", "{", "(", "[", ",", ";", "=", "=>", "return"].contains(&file.before(start))
        && ["", "}", ")", "]", ",", ";"].contains(&file.text(close + 1));
    let (before, after) = if alone { ("", "") } else { ("(", ")") };
    let change = Change::at(file, start, WHAT).insert(file.bytes(start..start + 1).start, format!("{before}match "));
    let arms = format!(" {{ Some(value) => value, None => panic!({why}) }}{after}");
    Some(change.replace(file.bytes(dot..close + 1), arms))
}

/// Returns the first token of a method's receiver.
pub fn receiver(file: &File, dot: usize) -> Option<usize> {
    const BEFORE: [&str; 13] =
        ["return", "break", "in", "if", "match", "while", "else", "as", "mut", "move", "loop", "unsafe", "const"];
    let mut at = dot;
    loop {
        let before = at.checked_sub(1)?;
        let text = file.text(before);
        at = match file.kind(before)? {
            Kind::Close => {
                let open = file.other(before);
                let called = open.checked_sub(1).map_or(false, |i| {
                    ["?", "!", ">"].contains(&file.text(i))
                        || file.kind(i) == Some(Kind::Close) && file.text(i) != "}"
                        || file.is_name(i) && !BEFORE.contains(&file.text(i))
                });
                match called {
                    true => open,
                    false => return Some(open - usize::from(file.before(open) == "unsafe")),
                }
            }
            Kind::Name | Kind::Literal => {
                let start = before - usize::from(file.before(before) == "$");
                match file.before(start) {
                    "." | "::" => start - 1,
                    _ => return Some(start),
                }
            }
            Kind::Operator if text == "?" || text == "!" => before,
            Kind::Operator if text == ">" => {
                let open = generics(file, before)?;
                match file.before(open) {
                    "::" => open - 1,
                    _ if open > 0 && file.is_name(open - 1) => return None,
                    _ => return Some(open),
                }
            }
            _ => return None,
        };
    }
}

/// Returns the start of the generic arguments that end with this token.
fn generics(file: &File, end: usize) -> Option<usize> {
    let (mut at, mut depth) = (end, 0);
    loop {
        match file.text(at) {
            ">" => depth += 1,
            "<" if depth == 1 => return Some(at),
            "<" => depth -= 1,
            ";" | "{" | "&&" | "||" => return None,
            _ => {}
        }
        at = file.back(at)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    fn mended(text: &str, floor: u32) -> String {
        rewritten(text, |file| {
            // Newer compilers point at the method alone, older ones at the whole call.
            let start = if text.contains('.') { file.len().saturating_sub(3) } else { 0 };
            mend(file, start..file.len(), floor)
        })
    }

    #[test]
    fn calls_go_through_compat() {
        assert_eq!(mended("a.b(c).cast_mut()", 63), "oldstable_compat::constant::cast_mut(a.b(c))");
        assert_eq!(mended("$Int::MAX.ilog10()", 63), "oldstable_compat::__ilog10!($Int::MAX)");
        assert_eq!(mended("a + (b)?.c[0].ilog10()", 63), "a + oldstable_compat::__ilog10!((b)?.c[0])");
        assert_eq!(mended("<$u>::MAX.ilog10()", 63), "oldstable_compat::__ilog10!(<$u>::MAX)");
        assert_eq!(mended("1 + f::<A<u8>>(x).ilog10()", 63), "1 + oldstable_compat::__ilog10!(f::<A<u8>>(x))");
        assert_eq!(mended("core::char::from_u32(x)", 63), "oldstable_compat::constant::char_from_u32(x)");
    }

    #[test]
    fn options_are_unwrapped_by_a_match() {
        let made = |text: &str, floor: u32| {
            let says = "`Option::<u8>::expect` is not yet stable as a const fn";
            rewritten(text, |file| unwrapped(file, file.len() - 3..file.len(), says, floor))
        };
        let arms = "{ Some(value) => value, None => panic!";
        assert_eq!(made("-f(a).b(c).expect(\"{}\")", 63), format!("-(match f(a).b(c) {arms}(\"{{}}\", \"{{}}\") }})"));
        let why = "called `Option::unwrap()` on a `None` value";
        assert_eq!(made("X.unwrap()", 63), format!("match X {arms}(\"{why}\") }}"));
        assert_eq!(made("X.unwrap()", 56), "X.unwrap()");
        assert_eq!(made("X.as_ref()", 63), "X.as_ref()");
    }

    #[test]
    fn what_the_floor_has_or_nobody_has_stays() {
        for text in ["a.cast_mut()", "x.ilog2()", "f()", "cast_mut", "a < b > .cast_mut()"] {
            assert_eq!(mended(text, 65), text);
        }
    }
}
