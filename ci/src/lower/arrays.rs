// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Arrays by value, where std used to take only slices and vectors.

use std::ops::Range;

use super::constants;
use super::source::{Change, File, Kind};

/// Makes a slice of an array of characters that is a pattern, which std has from Rust 1.58 on. The tokens are the array,
/// or the method that is called with it.
pub fn pattern(file: &File, tokens: Range<usize>) -> Option<Change> {
    let array = match file.text(tokens.end) {
        "(" => tokens.end + 1..file.other(tokens.end),
        _ => tokens,
    };
    let bytes = file.bytes(array.clone());
    let change = Change::at(file, array.start, "array of characters as a pattern");
    (!array.is_empty()).then(|| change.insert(bytes.start, "&").insert(bytes.end, "[..]"))
}

/// Rewrites an array that is iterated over by value, from Rust 1.53 on.
pub fn iterated(file: &File, array: Range<usize>, std: bool) -> Change {
    let bytes = file.bytes(array.clone());
    let literal = file.text(array.start) == "[" && file.after(array.start) == array.end;
    let change = Change::at(file, array.start, "array as an iterator");
    match (std, literal) {
        (true, true) => change.insert(bytes.start, "vec!"),
        (true, false) => change.insert(bytes.start, "Vec::from(").insert(bytes.end, ")"),
        (false, _) => {
            let change = change.insert(bytes.end, ".iter().cloned()");
            change.differs("the items are clones, and the array is dropped after the loop")
        }
    }
}

/// Before edition 2021 the `into_iter` of an array literal yields references.
pub fn into_iter(file: &File, std: bool) -> Vec<Change> {
    let called = |i: &usize| file.reads(*i, &[".", "into_iter", "("]) && file.before(*i) == "]";
    let found = (0..file.len()).filter(called).map(|i| file.other(i - 1)).filter(|open| {
        let before = open.checked_sub(1).map(|i| (file.kind(i), file.text(i)));
        before.map_or(true, |(kind, text)| {
            let keyword = ["return", "in", "match", "if", "else"].contains(&text);
            keyword || [Some(Kind::Open), Some(Kind::Operator)].contains(&kind) && !["!", "#", "?", "&"].contains(&text)
        })
    });
    // Then `into_iter` is a vector's, or an iterator's.
    found.map(|open| iterated(file, open..file.after(open), std)).collect()
}

/// Rewrites a collection made from an array, from Rust 1.56 on. The tokens are its `from`, or the array.
pub fn collection(file: &File, tokens: Range<usize>) -> Option<Change> {
    let open = if file.text(tokens.end) == "(" { tokens.end } else { tokens.start.checked_sub(1)? };
    let array = open + 1;
    let called = open >= 3 && file.text(open) == "(" && file.text(array) == "[";
    if !called || !file.reads(open - 2, &["::", "from"]) || file.after(array) != file.other(open) {
        return None;
    }
    let first = file.first_segment(open - 3);
    let change = Change::at(file, first, "collection from an array");
    let start = file.bytes(array..array + 1).start;
    let parameters = match file.text(open - 3) {
        "VecDeque" | "BinaryHeap" => return Some(change.insert(start, "vec!")),
        "HashMap" | "BTreeMap" => "_, _",
        "HashSet" | "BTreeSet" | "LinkedList" => "_",
        _ => return None,
    };
    let collection = file.spelled(first..open - 2);
    let (before, after) = (file.bytes(first..open + 1), file.bytes(file.other(open)..file.other(open) + 1));
    let change = change.replace(before.start..start, "vec!");
    Some(change.replace(after, format!(".into_iter().collect::<{collection}<{parameters}>>()")))
}

/// Functions with the length of an array as a generic argument, which compat's do not have before Rust 1.51, and what
/// they return.
const WITH_LENGTH: [(&str, &str); 9] = [
    ("from_fn", "[_; N]"),
    ("first_chunk", "Option<&[_; N]>"),
    ("last_chunk", "Option<&[_; N]>"),
    ("first_chunk_mut", "Option<&mut [_; N]>"),
    ("last_chunk_mut", "Option<&mut [_; N]>"),
    ("split_first_chunk", "Option<(&[_; N], &[_])>"),
    ("split_last_chunk", "Option<(&[_], &[_; N])>"),
    ("as_chunks", "(&[[_; N]], &[_])"),
    ("as_rchunks", "(&[_], &[[_; N]])"),
];

/// A length among generic arguments, from Rust 1.51 on: the type of the result has it instead, on every compiler. The
/// first compilers may point at an argument beside it.
pub fn length(file: &File, tokens: Range<usize>) -> Option<Change> {
    let open = (0..tokens.start).rev().find(|i| file.text(*i) == "<")?;
    let close = file.find(open, file.len(), |i| file.text(i) == ">")?;
    let arguments = file.split(open + 1..close, ",");
    let mut lengths = arguments.into_iter().filter(|part| file.text(part.start) != "_");
    let length = lengths.next().filter(|_| lengths.next().is_none() && file.before(open) == "::")?;
    let name = open.checked_sub(2)?;
    let (_, shape) = WITH_LENGTH.iter().find(|(function, _)| *function == file.text(name))?;
    let mut start = name;
    if file.before(name) == "." {
        start = constants::receiver(file, name - 1)?;
    }
    start = file.first_segment(start);
    let call = close + 1;
    let end = if file.text(call) == "(" { file.bytes(call..file.after(call)).end } else { return None };
    let change = Change::at(file, length.start, "length of an array as an argument");
    let annotated = format!("({{ let made: {} = ", shape.replace('N', file.spelled(length)));
    let change = change.insert(file.bytes(start..start + 1).start, annotated).insert(end, "; made })");
    Some(change.remove(file, name + 1..close + 1))
}

/// Makes a vector of a boxed slice that is iterated by value, from Rust 1.80 on. The tokens are the slice, or the
/// function that is called with it.
pub fn boxed(file: &File, tokens: Range<usize>) -> Option<Change> {
    let slice = match file.text(tokens.end) {
        "(" => tokens.end + 1..file.other(tokens.end),
        _ => tokens,
    };
    let bytes = file.bytes(slice.clone());
    let change = Change::at(file, slice.start, "boxed slice as an iterator");
    match slice.len() {
        0 => None,
        1 => Some(change.insert(bytes.end, ".into_vec()")),
        _ => Some(change.insert(bytes.start, "(").insert(bytes.end, ").into_vec()")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    #[test]
    fn what_is_written_out_is_iterated_by_value() {
        let made = |text: &str, std: bool| rewritten(text, |file| into_iter(file, std));
        assert_eq!(made("f(0, [1, 2].into_iter())", true), "f(0, vec![1, 2].into_iter())");
        assert_eq!(made("f(0, [1, 2].into_iter())", false), "f(0, [1, 2].iter().cloned().into_iter())");
        for text in ["a[0].into_iter()", "vec![1].into_iter()", "f()[1].into_iter()", "&[1].into_iter()"] {
            assert_eq!(made(text, true), text);
            assert_eq!(made(text, false), text);
        }
    }

    #[test]
    fn a_length_is_an_arrays() {
        let made = |text: &str, what: &str| {
            rewritten(text, |file| {
                let at = (0..file.len()).find(|i| file.text(*i) == what).unwrap();
                length(file, at..file.after(at))
            })
        };
        let chunk = "f(({ let made: Option<&[_; 16]> = x.y().first_chunk(); made })?)";
        assert_eq!(made("f(x.y().first_chunk::<16>()?)", "16"), chunk);
        let array = "({ let made: [_; { 2 + M }] = array::from_fn(|i| i); made })";
        assert_eq!(made("array::from_fn::<_, { 2 + M }, _>(|i| i)", "{"), array);
        // The first compilers point at the argument after it.
        let behind = rewritten("from_fn::<_, LEN, _>(f)", |file| {
            let after = (0..file.len()).rfind(|i| file.text(*i) == "_").unwrap();
            length(file, after..after + 1)
        });
        assert_eq!(behind, "({ let made: [_; LEN] = from_fn(f); made })");
        for text in ["f::<u8, 3>()", "own::<3>()", "from_fn::<3>"] {
            assert_eq!(made(text, "3"), text);
        }
    }

    #[test]
    fn a_collection_is_made_from_a_vector() {
        let made = |text: &str| {
            let open = |file: &File| (0..file.len()).find(|i| file.text(*i) == "(").unwrap();
            let by_name = rewritten(text, |file| collection(file, 0..open(file)));
            // Some compilers point at the array.
            let by_array = rewritten(text, |file| collection(file, open(file) + 1..file.after(open(file) + 1)));
            let array = File::parse(text).map(|file| file.text(open(&file) + 1) == "[").unwrap();
            assert!(!array || by_array == by_name);
            by_name
        };
        assert_eq!(made("VecDeque::from([a, b])"), "VecDeque::from(vec![a, b])");
        let map = "vec![(1, 2)].into_iter().collect::<std::collections::HashMap<_, _>>()";
        assert_eq!(made("std::collections::HashMap::from([(1, 2)])"), map);
        for text in ["Own::from([1])", "HashSet::from(list)", "HashSet::from([1].iter())"] {
            assert_eq!(made(text), text);
        }
    }
}
