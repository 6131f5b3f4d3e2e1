// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Arrays by value, where std used to take only slices and vectors.

use std::ops::Range;

use super::source::{Change, File, Kind};

/// An array of characters as a pattern, from Rust 1.58 on and from its end later: it, or the method called with it.
pub fn pattern(file: &File, tokens: Range<usize>) -> Option<Change> {
    let array = match file.text(tokens.end) {
        "(" => tokens.end + 1..file.other(tokens.end),
        _ => tokens,
    };
    let bytes = file.bytes(array.clone());
    let change = Change::at(file, array.start, "array of characters as a pattern");
    (!array.is_empty()).then(|| change.insert(bytes.start, "&").insert(bytes.end, "[..]"))
}

/// An array that is iterated over by value, from Rust 1.53 on.
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
pub fn into_iter(file: &File) -> Vec<Change> {
    let called = |i: &usize| file.reads(*i, &[".", "into_iter", "("]) && file.before(*i) == "]";
    let found = (0..file.len()).filter(called).map(|i| file.other(i - 1)).filter(|open| {
        let before = open.checked_sub(1).map(|i| (file.kind(i), file.text(i)));
        before.map_or(true, |(kind, text)| {
            let keyword = ["return", "in", "match", "if", "else"].contains(&text);
            keyword || [Some(Kind::Open), Some(Kind::Operator)].contains(&kind) && !["!", "#", "?", "&"].contains(&text)
        })
    });
    found
        .map(|open| Change::at(file, open, "array as an iterator").insert(file.bytes(open..open + 1).start, "vec!"))
        .collect()
}

/// A collection from an array, from Rust 1.56 on: its `from`, or the array that it is called with.
pub fn collection(file: &File, tokens: Range<usize>) -> Option<Change> {
    let open = if file.text(tokens.end) == "(" { tokens.end } else { tokens.start.checked_sub(1)? };
    let array = open + 1;
    let called = open >= 3 && file.text(open) == "(" && file.text(array) == "[";
    if !called || !file.reads(open - 2, &["::", "from"]) || file.after(array) != file.other(open) {
        return None;
    }
    let mut first = open - 3;
    while first >= 2 && file.before(first) == "::" && file.is_name(first - 2) {
        first -= 2;
    }
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

/// A length among generic arguments, where oldstable-compat takes the array's type before Rust 1.51.
pub fn length(file: &File, length: Range<usize>) -> Option<Change> {
    let open = (0..length.start).rev().find(|i| file.text(*i) == "<")?;
    let inferred = (open + 1..length.start).all(|i| ["_", ","].contains(&file.text(i)));
    if !inferred || file.before(open) != "::" || ![">", ","].contains(&file.text(length.end)) {
        return None;
    }
    let change = Change::at(file, length.start, "length of an array as an argument");
    let array = format!("[_; {}]", file.spelled(length.clone()));
    Some(change.replace(file.bytes(open + 1..length.end), array))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::Draft;

    #[test]
    fn what_is_written_out_is_iterated_by_value() {
        let made = |text: &str| {
            let mut draft = Draft::new(text.to_string());
            draft.apply(into_iter(&File::parse(text).unwrap()));
            draft.text
        };
        assert_eq!(made("f([1, 2].into_iter())"), "f(vec![1, 2].into_iter())");
        for text in ["a[0].into_iter()", "vec![1].into_iter()", "f()[1].into_iter()", "&[1].into_iter()"] {
            assert_eq!(made(text), text);
        }
    }

    #[test]
    fn a_length_is_an_arrays() {
        let made = |text: &str, what: &str| {
            let mut draft = Draft::new(text.to_string());
            let file = File::parse(text).unwrap();
            let at = (0..file.len()).find(|i| file.text(*i) == what).unwrap();
            draft.apply(length(&file, at..file.after(at)).into_iter().collect());
            draft.text
        };
        assert_eq!(made("x.first_chunk::<16>()", "16"), "x.first_chunk::<[_; 16]>()");
        assert_eq!(made("from_fn::<_, { 2 + N }, _>(f)", "{"), "from_fn::<[_; { 2 + N }], _>(f)");
        assert_eq!(made("f::<u8, 3>()", "3"), "f::<u8, 3>()");
    }

    #[test]
    fn a_collection_is_made_from_a_vector() {
        let made = |text: &str| {
            let mut draft = Draft::new(text.to_string());
            let file = File::parse(text).unwrap();
            let open = (0..file.len()).find(|i| file.text(*i) == "(").unwrap();
            draft.apply(collection(&file, 0..open).into_iter().collect());
            // Some compilers point at the array.
            let array = file.text(open + 1) == "[";
            let mut other = Draft::new(text.to_string());
            other.apply(collection(&file, open + 1..file.after(open + 1)).into_iter().collect());
            assert!(!array || other.text == draft.text);
            draft.text
        };
        assert_eq!(made("VecDeque::from([a, b])"), "VecDeque::from(vec![a, b])");
        let map = "vec![(1, 2)].into_iter().collect::<std::collections::HashMap<_, _>>()";
        assert_eq!(made("std::collections::HashMap::from([(1, 2)])"), map);
        for text in ["Own::from([1])", "HashSet::from(list)", "HashSet::from([1].iter())"] {
            assert_eq!(made(text), text);
        }
    }
}
