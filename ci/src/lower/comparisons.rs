// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Vectors that are compared with slices, which std has from Rust 1.49 on, though its pages say 1.48.

use std::ops::Range;

use super::constants;
use super::source::{Change, File, Kind};

const MACROS: [&str; 4] = ["assert_eq", "assert_ne", "debug_assert_eq", "debug_assert_ne"];

/// Makes slices of both operands, whatever references lead to them. The tokens are the operator, or a call of one of
/// [`MACROS`].
pub fn mend(file: &File, tokens: Range<usize>) -> Option<Change> {
    let at = tokens.start;
    let operands = if MACROS.contains(&file.text(at)) && file.text(at + 1) == "!" {
        let open = at + 2;
        let mut arguments = file.split(open + 1..file.other(open), ",").into_iter();
        [arguments.next()?, arguments.next()?]
    } else if ["==", "!="].contains(&file.text(at)) {
        [start_of(file, at)?..at, at + 1..end_of(file, at + 1)]
    } else {
        return None;
    };
    if operands.iter().any(|operand| operand.is_empty() || is_slice(file, operand)) {
        return None;
    }
    let mut change = Change::at(file, at, "vector compared with a slice");
    for operand in operands {
        let bytes = file.bytes(operand.clone());
        let alone = constants::receiver(file, operand.end) == Some(operand.start);
        change = match alone {
            true => change.insert(bytes.end, "[..]"),
            false => change.insert(bytes.start, "(").insert(bytes.end, ")[..]"),
        };
    }
    Some(change)
}

/// Returns whether this was rewritten before, and the error has another cause.
fn is_slice(file: &File, operand: &Range<usize>) -> bool {
    operand.len() > 3 && file.reads(operand.end - 3, &["[", "..", "]"])
}

/// Returns the first token of the operand before an operator.
fn start_of(file: &File, operator: usize) -> Option<usize> {
    let mut start = constants::receiver(file, operator)?;
    while let Some(before) = start.checked_sub(1) {
        let prefix = ["*", "&"].contains(&file.text(before));
        // After an operand it would be a multiplication.
        let binary = before.checked_sub(1).map_or(false, |i| {
            [Some(Kind::Name), Some(Kind::Literal), Some(Kind::Close)].contains(&file.kind(i))
                && !["return", "if", "while", "match", "in", "break"].contains(&file.text(i))
        });
        if !prefix || binary {
            break;
        }
        start = before;
    }
    Some(start)
}

/// Returns the token after the operand that begins here.
fn end_of(file: &File, start: usize) -> usize {
    let mut i = start;
    while ["*", "&", "mut"].contains(&file.text(i)) {
        i += 1;
    }
    let mut generics = 0;
    while i < file.len() {
        match (file.kind(i), file.text(i)) {
            (_, "<") if generics > 0 || file.before(i) == "::" || i == start => generics += 1,
            (_, ">") if generics > 0 => generics -= 1,
            (Some(Kind::Close), _) => break,
            (Some(Kind::Open), "{") if file.before(i) != "!" => break,
            (Some(Kind::Operator), text) if generics == 0 && !["::", ".", "?", "!", "$"].contains(&text) => break,
            _ => {}
        }
        i = file.after(i);
    }
    i
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    #[test]
    fn both_operands_become_slices() {
        let made = |text: &str| {
            rewritten(text, |file| {
                let found = |i: &usize| ["==", "!="].contains(&file.text(*i)) || MACROS.contains(&file.text(*i));
                let at = (0..file.len()).find(found).unwrap();
                mend(file, at..at + 1)
            })
        };
        for (before, after) in [
            ("if v == *s { f() }", "if v[..] == (*s)[..] { f() }"),
            ("x && &a.b(c)? != f::<A<u8>>(s) && y", "x && (&a.b(c)?)[..] != f::<A<u8>>(s)[..] && y"),
            ("return *v == vec![1].x;", "return (*v)[..] == vec![1].x[..];"),
            ("assert_eq!(&v, s, \"{}\", x)", "assert_eq!((&v)[..], s[..], \"{}\", x)"),
            ("m!(assert_ne!($a, f(x, y)));", "m!(assert_ne!($a[..], f(x, y)[..]));"),
        ] {
            assert_eq!(made(before), after);
            // It ends.
            assert_eq!(made(after), after);
        }
    }
}
