// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Patterns that leave out variants which have no value, as Rust 1.82 allows: they get an arm that is never reached.

use std::ops::Range;

use super::source::{Change, File};
use super::syntax;

/// The name of this pass.
const WHAT: &str = "pattern without what has no value";

/// Rewrites a `let` whose pattern omits an uninhabited variant.
pub fn binding(file: &File, pattern: Range<usize>) -> Option<Change> {
    let plain = !pattern.clone().any(|i| ["mut", "ref"].contains(&file.text(i)));
    if file.before(pattern.start) != "let" || file.text(pattern.end) != "=" || !plain {
        return None;
    }
    let end = file.find(pattern.end, file.len(), |i| file.text(i) == ";")?;
    let names = match syntax::bindings(file, pattern.clone()).ok()?.as_slice() {
        [name] => name.clone(),
        names => format!("({})", names.join(", ")),
    };
    let (spelled, end) = (file.spelled(pattern.clone()), file.bytes(end..end + 1).start);
    let change = Change::at(file, pattern.start, WHAT);
    let change = change.replace(file.bytes(pattern.clone()), names.as_str());
    let start = file.bytes(pattern.end..pattern.end + 1).end;
    Some(change.insert(start, " match").insert(end, format!(" {{ {spelled} => {names}, _ => unreachable!() }}")))
}

/// Adds an arm to a `match`, given its scrutinee and the error. A newer compiler has accepted it without one, so no
/// value gets there, if what is missing is a variant with a field.
pub fn arm(file: &File, scrutinee: Range<usize>, message: &str) -> Option<Change> {
    let open = scrutinee.end;
    if file.before(scrutinee.start) != "match" || file.text(open) != "{" || !message.contains("(_)") {
        return None;
    }
    let close = file.other(open);
    let last = file.bytes(close - 1..close).end;
    let comma = if ["{", ",", "}"].contains(&file.before(close)) { "" } else { "," };
    let between = &file.text[file.bytes(open..open + 1).end..file.bytes(open + 1..open + 2).start];
    let blank = if between.contains('\n') { format!("\n{}", file.indentation(open + 1)) } else { " ".to_string() };
    Some(Change::at(file, open, WHAT).insert(last, format!("{comma}{blank}_ => unreachable!(),")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    fn with_arm(text: &str, message: &str) -> String {
        rewritten(text, |file| {
            let scrutinee = (0..file.len()).find(|i| file.text(*i) == "match").unwrap() + 1;
            arm(file, scrutinee..scrutinee + 1, message)
        })
    }

    #[test]
    fn a_match_gets_an_arm_that_is_never_reached() {
        let message = "non-exhaustive patterns: `Err(_)` not covered";
        for (before, after) in [
            ("match x { Ok(x) => x }", "match x { Ok(x) => x, _ => unreachable!(), }"),
            ("match x { Ok(x) => { x } }", "match x { Ok(x) => { x } _ => unreachable!(), }"),
            (
                "match x {\n    Ok(x) => x, // It is.\n}",
                "match x {\n    Ok(x) => x,\n    _ => unreachable!(), // It is.\n}",
            ),
        ] {
            assert_eq!(with_arm(before, message), after);
            assert_eq!(with_arm(before, "non-exhaustive patterns: `A` not covered"), before);
        }
    }
}
