// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Assignments to several places at once become a `let` and an assignment to each place.

use std::ops::Range;

use super::Target;
use crate::lower::source::{Change, File, Kind};

pub fn find(file: &File, _: &Target) -> Vec<Change> {
    (0..file.len()).filter_map(|i| rewrite(file, i)).collect()
}

fn rewrite(file: &File, start: usize) -> Option<Change> {
    if !["{", "}", ";", "=>"].contains(&file.before(start)) {
        return None;
    }
    let change = Change::at(file, start, "destructuring assignment");
    if file.text(start) == "_" && file.text(start + 1) == "=" {
        return Some(change.insert(file.bytes(start..start + 1).start, "let "));
    }
    let open = group(file, start)?;
    let (close, equals) = (file.other(open), file.after(open));
    if file.text(equals) != "=" {
        return None;
    }
    let mut places = Vec::new();
    let pattern = format!("{{ let {}", pattern(file, start..close + 1, &mut places));
    let assigned: String = places.iter().enumerate().map(|(n, place)| format!("{place} = new_{n}; ")).collect();
    let end = file.find(equals, file.len(), |i| [";", ","].contains(&file.text(i)));
    let change = change.replace(file.bytes(start..close + 1), pattern);
    Some(match end {
        Some(end) if file.text(end) == ";" => change.insert(file.bytes(end..end + 1).end, format!(" {assigned}}}")),
        _ => {
            // It is the last expression of a block or of an arm.
            let mut last = equals;
            while file.kind(last).map_or(false, |kind| kind != Kind::Close) && Some(last) != end {
                last = file.after(last);
            }
            change.insert(file.bytes(last - 1..last).end, format!("; {assigned}}}"))
        }
    })
}

/// Returns the group of the tuple, the array or the struct that begins with a token.
fn group(file: &File, start: usize) -> Option<usize> {
    let mut open = start;
    while file.is_name(open) {
        open += 1 + usize::from(file.text(open + 1) == "::");
        if file.before(open) != "::" {
            break;
        }
    }
    let is_type = open > start && file.text(open - 1).starts_with(char::is_uppercase);
    let is_value = match file.text(open) {
        "(" => open == start || is_type,
        "[" => open == start,
        "{" => is_type,
        _ => false,
    };
    is_value.then_some(open)
}

/// Returns the pattern for the places in these tokens, which are added to the others.
fn pattern(file: &File, tokens: Range<usize>, places: &mut Vec<String>) -> String {
    let spelled = file.spelled(tokens.clone());
    let open = match group(file, tokens.start).filter(|open| file.other(*open) + 1 == tokens.end) {
        _ if spelled == "_" || spelled.starts_with("..") => return spelled.to_string(),
        Some(open) => open,
        None => {
            places.push(spelled.to_string());
            return format!("new_{}", places.len() - 1);
        }
    };
    let close = file.other(open);
    let fields = file.split(open + 1..close, ",").into_iter().map(|field| {
        let named = file.text(open) == "{" && file.is_name(field.start);
        match named {
            true if file.text(field.start + 1) == ":" => {
                let name = file.text(field.start);
                format!("{name}: {}", pattern(file, field.start + 2..field.end, places))
            }
            true => format!("{}: {}", file.text(field.start), pattern(file, field, places)),
            false => pattern(file, field, places),
        }
    });
    let fields: Vec<String> = fields.collect();
    let comma = if file.before(close) == "," { "," } else { "" };
    let blank = if file.text(open) == "{" { " " } else { "" };
    let (path, fields) = (file.spelled(tokens.start..open), fields.join(", "));
    format!("{path}{blank}{}{blank}{fields}{comma}{blank}{}", file.text(open), file.text(close))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    #[test]
    fn places_are_assigned_from_outside_in() {
        let target = Target { minor: 48, from: 2021, to: 2018 };
        let made = |text: &str| rewritten(text, |file| find(file, &target));
        for (before, after) in [
            ("(a, (b[0], _)) = f();", "{ let (new_0, (new_1, _)) = f(); a = new_0; b[0] = new_1; }"),
            ("[x.y, .., *z] = f()", "{ let [new_0, .., new_1] = f(); x.y = new_0; *z = new_1; }"),
            ("(a,) = f();", "{ let (new_0,) = f(); a = new_0; }"),
            ("(a) = f();", "{ let (new_0) = f(); a = new_0; }"),
            (
                "m::S { a, b: (c, S(d)), .. } = f();",
                "{ let m::S { a: new_0, b: (new_1, S(new_2)), .. } = f(); a = new_0; c = new_1; d = new_2; }",
            ),
            ("f(x).y = 1;", "f(x).y = 1;"),
            ("x[0] = 1;", "x[0] = 1;"),
        ] {
            let after = format!("{{ {after} }}");
            assert_eq!(made(&format!("{{ {before} }}")), after);
            assert_eq!(made(&after), after);
        }
    }
}
