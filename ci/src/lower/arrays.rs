//! Arrays by value, where std took slices and vectors alone.

use std::ops::Range;

use super::source::{Change, File};

/// An array of characters as a pattern, from Rust 1.58 on.
pub fn pattern(file: &File, array: Range<usize>) -> Option<Change> {
    let bytes = file.bytes(array.clone());
    let change = Change::at(file, array.start, "array of characters as a pattern");
    Some(change.insert(bytes.start, "&").insert(bytes.end, "[..]"))
}

/// A collection from an array, from Rust 1.56 on: `path` is its `from`, and it is called with an array.
pub fn collection(file: &File, path: Range<usize>) -> Option<Change> {
    let open = path.end;
    let array = open + 1;
    let name = path.end.checked_sub(3).map(|i| file.text(i))?;
    let called = file.text(open) == "(" && file.text(array) == "[" && file.reads(path.end - 2, &["::", "from"]);
    if !called || file.after(array) != file.other(open) {
        return None;
    }
    let change = Change::at(file, path.start, "collection from an array");
    let start = file.bytes(array..array + 1).start;
    let parameters = match name {
        "VecDeque" | "BinaryHeap" => return Some(change.insert(start, "vec!")),
        "HashMap" | "BTreeMap" => "_, _",
        "HashSet" | "BTreeSet" | "LinkedList" => "_",
        _ => return None,
    };
    let collection = file.spelled(path.start..path.end - 2);
    let (before, after) = (file.bytes(path.start..open + 1), file.bytes(file.other(open)..file.other(open) + 1));
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
