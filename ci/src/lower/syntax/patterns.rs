// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Patterns: nested alternatives, and ranges.

use std::ops::Range;

use super::Target;
use crate::lower::source::{Change, File, Kind};

/// More alternatives than this are left to the user.
const MOST: usize = 64;

/// Returns the patterns of match arms, of `if let` and `while let`, and of `matches!`.
fn patterns(file: &File) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for i in 0..file.len() {
        match file.text(i) {
            "match" if file.text(i + 1) != "!" => {
                let block = super::body(file, i + 1);
                block.into_iter().for_each(|block| arms(file, block, &mut found));
            }
            "let" if ["if", "while", "&&"].contains(&file.before(i)) => {
                let equals = file.find(i, file.len(), |i| file.text(i) == "=");
                found.extend(equals.map(|equals| i + 1..equals));
            }
            "matches" if file.text(i + 1) == "!" => {
                let inside = i + 3..file.other(i + 2);
                if let Some(comma) = file.find(inside.start, inside.end, |i| file.text(i) == ",") {
                    let end = file.find(comma + 1, inside.end, |i| ["if", ","].contains(&file.text(i)));
                    found.push(comma + 1..end.unwrap_or(inside.end));
                }
            }
            _ => {}
        }
    }
    found
}

fn arms(file: &File, block: usize, found: &mut Vec<Range<usize>>) {
    let end = file.other(block);
    let mut i = block + 1;
    while i < end {
        while file.reads(i, &["#", "["]) || file.kind(i) == Some(Kind::Doc) {
            i = file.after(if file.text(i) == "#" { i + 1 } else { i });
        }
        let arrow = match file.find(i, end, |i| file.text(i) == "=>") {
            Some(arrow) => arrow,
            None => return,
        };
        let guard = file.find(i, arrow, |i| file.text(i) == "if");
        found.push(i..guard.unwrap_or(arrow));
        i = arrow + 1;
        if file.text(i) == "{" {
            i = file.after(i);
        } else {
            let mut generics = 0;
            while i < end {
                match file.text(i) {
                    "<" if file.before(i) == "::" => generics += 1,
                    ">" if generics > 0 => generics -= 1,
                    "," if generics == 0 => break,
                    _ => {}
                }
                i = file.after(i);
            }
        }
        i += usize::from(file.text(i) == ",");
    }
}

pub fn find_or(file: &File, _: &Target) -> Vec<Change> {
    patterns(file).into_iter().filter_map(|pattern| apart(file, pattern)).collect()
}

/// Rewrites a pattern with alternatives inside.
fn apart(file: &File, pattern: Range<usize>) -> Option<Change> {
    // What a macro repeats, such as `$(| $rest)*`, is whole alternatives.
    let nested = |i: usize| {
        let mut around = std::iter::successors(file.around(i), |open| file.around(*open));
        let mut inside = around.by_ref().take_while(|open| *open >= pattern.start).peekable();
        file.text(i) == "|" && inside.peek().is_some() && inside.all(|open| file.before(open) != "$")
    };
    let first = pattern.clone().find(|i| nested(*i))?;
    let change = Change::at(file, first, "or-pattern inside a pattern");
    let alternatives = alternatives(file, pattern.clone());
    Some(match alternatives.len() > MOST {
        true => change.by_hand(format!("it has {} alternatives", alternatives.len())),
        false => change.replace(file.bytes(pattern), alternatives.join(" | ")),
    })
}

/// Rewrites the pattern in a macro's call in which the compiler reports alternatives.
pub fn mend_or(file: &File, tokens: Range<usize>) -> Option<Change> {
    let mut open = file.around(tokens.start)?;
    while !(file.before(open) == "!" && open >= 2 && file.is_name(open - 2)) {
        open = file.around(open)?;
    }
    let ends = |i: &usize| file.around(*i) == Some(open) && [",", ";", "=>", "if"].contains(&file.text(*i));
    let start = (open + 1..tokens.start).rev().find(ends).map_or(open + 1, |before| before + 1);
    let end = (tokens.start..file.other(open)).find(ends).unwrap_or_else(|| file.other(open));
    apart(file, start..end)
}

/// Before 1.53 each `pat` is what `pat_param` is.
pub fn find_pat_param(file: &File, _: &Target) -> Vec<Change> {
    let found = (1..file.len()).filter(|i| file.text(*i) == "pat_param" && file.before(*i) == ":");
    found.map(|i| Change::at(file, i, "pat_param").replace(file.bytes(i..i + 1), "pat")).collect()
}

/// Returns the alternatives of a pattern, each without nested alternatives.
fn alternatives(file: &File, tokens: Range<usize>) -> Vec<String> {
    let parts = file.split(tokens, "|");
    parts.into_iter().flat_map(|part| product(file, part)).collect()
}

fn product(file: &File, tokens: Range<usize>) -> Vec<String> {
    let mut results = vec![String::new()];
    let mut last = tokens.start;
    let mut i = tokens.start;
    // Each piece keeps the blanks before it.
    let piece = |from: usize, to: usize| {
        let start =
            if from == tokens.start { file.bytes(from..from + 1).start } else { file.bytes(from - 1..from).end };
        &file.text[start..file.bytes(to..to + 1).start]
    };
    while i < tokens.end {
        if file.kind(i) == Some(Kind::Open) && file.before(i) == "$" {
            i = file.after(i);
        } else if file.kind(i) == Some(Kind::Open) {
            let head = format!("{}{}", piece(last, i), file.text(i));
            let mut inner = vec![head];
            let close = file.other(i);
            for (n, element) in file.split(i + 1..close, ",").into_iter().enumerate() {
                let start = match file.text(i) {
                    "{" => file
                        .find(element.start, element.end, |i| file.text(i) == ":")
                        .map_or(element.start, |at| at + 1),
                    _ => element.start,
                };
                let comma = if n > 0 { "," } else { "" };
                let blank = if file.bytes(element.start - 1..element.start).end < file.bytes(element.clone()).start {
                    " "
                } else {
                    ""
                };
                let field =
                    &file.text[file.bytes(element.start..element.start + 1).start..file.bytes(start..start + 1).start];
                let choices = alternatives(file, start..element.end);
                inner = cross(&inner, &choices.iter().map(|c| format!("{comma}{blank}{field}{c}")).collect::<Vec<_>>());
            }
            let trailing = if file.before(close) == "," { "," } else { "" };
            let blank = if file.bytes(close - 1..close).end < file.bytes(close..close + 1).start { " " } else { "" };
            inner.iter_mut().for_each(|text| *text += &format!("{trailing}{blank}{}", file.text(close)));
            results = cross(&results, &inner);
            i = close + 1;
            last = i;
        } else {
            i += 1;
        }
        if results.len() > MOST {
            return results;
        }
    }
    if last < tokens.end {
        let start =
            if last == tokens.start { file.bytes(last..last + 1).start } else { file.bytes(last - 1..last).end };
        let rest = &file.text[start..file.bytes(tokens).end];
        results.iter_mut().for_each(|text| text.push_str(rest));
    }
    results
}

fn cross(left: &[String], right: &[String]) -> Vec<String> {
    left.iter().flat_map(|a| right.iter().map(move |b| format!("{a}{b}"))).collect()
}

pub fn find_ranges(file: &File, _: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    for i in patterns(file).into_iter().flatten() {
        let start = file.kind(i.wrapping_sub(1));
        let bound = |kind| [Some(Kind::Literal), Some(Kind::Name)].contains(&kind);
        let end = file.kind(i + 1);
        let both = bound(start) && (bound(end) || file.text(i + 1) == "-");
        if file.text(i) != ".." || !both && (bound(start) || end != Some(Kind::Literal)) {
            continue;
        }
        if ["if", "ref", "mut"].contains(&file.text(i + 1)) {
            continue;
        }
        let change = Change::at(file, i, "exclusive range pattern");
        changes.push(match last(file, i) {
            Some((bound, last)) => change.replace(file.bytes(i..bound), format!("..={last}")),
            None => change.by_hand("write the last value, or a guard"),
        });
    }
    changes
}

/// Returns the last value of an exclusive range, and the token after its bound.
fn last(file: &File, range: usize) -> Option<(usize, String)> {
    match file.text(range + 1) {
        "-" => Some((range + 3, format!("-{}", next(file.text(range + 2))?))),
        literal => Some((range + 2, previous(literal)?)),
    }
}

/// Returns the literal of the next value.
fn next(literal: &str) -> Option<String> {
    let digits: String = literal.chars().filter(|c| *c != '_').collect();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, suffix) = digits.split_at(end);
    let value = number.parse::<u128>().ok()?.checked_add(1)?;
    (suffix.is_empty() || suffix.starts_with('i')).then(|| format!("{value}{suffix}"))
}

/// Rewrites the range in a pattern that the compiler reports, if its bounds are literals.
pub fn mend_range(file: &File, tokens: Range<usize>) -> Option<Change> {
    let mut ranges = tokens.clone().filter(|i| ["..", "..="].contains(&file.text(*i)));
    let range = ranges.next().filter(|_| ranges.next().is_none())?;
    if range == tokens.start {
        let bound = range + 1 + usize::from(file.text(range + 1) == "-");
        let smallest = Some(smallest(file.text(bound))).filter(|_| file.kind(bound) == Some(Kind::Literal))?;
        let change = Change::at(file, range, "range pattern without a start");
        return Some(match (file.text(range), last(file, range)) {
            ("..=", _) => change.insert(file.bytes(range..range + 1).start, smallest),
            (_, Some((end, last))) => change.replace(file.bytes(range..end), format!("{smallest}..={last}")),
            (_, None) => return None,
        });
    }
    if file.text(range) == "..=" {
        return None;
    }
    if range + 1 < tokens.end {
        let (bound, last) = last(file, range)?;
        let change = Change::at(file, range, "exclusive range pattern");
        return Some(change.replace(file.bytes(range..bound), format!("..={last}")));
    }
    let change = Change::at(file, range, "half-open range pattern");
    Some(change.replace(file.bytes(range..range + 1), format!("..={}", largest(file.text(range - 1)))))
}

/// Returns the literal of the preceding value.
fn previous(literal: &str) -> Option<String> {
    if let Some(inner) = literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        let mut chars = inner.chars();
        let (c, rest) = (chars.next()?, chars.next());
        let before = char::from_u32(u32::from(c).checked_sub(1)?).filter(|c| c.is_ascii_graphic())?;
        return (rest.is_none() && before != '\\' && before != '\'').then(|| format!("'{before}'"));
    }
    let hex = literal.strip_prefix("0x");
    let digits: String = hex.unwrap_or(literal).chars().filter(|c| *c != '_').collect();
    let radix = if hex.is_some() { 16 } else { 10 };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (number, suffix) = digits.split_at(end);
    let value = u128::from_str_radix(number, radix).ok()?;
    if value == 0 && hex.is_none() && !suffix.starts_with('u') {
        // A range of unsigned numbers cannot end there.
        return Some(format!("-1{suffix}"));
    }
    let value = value.checked_sub(1)?;
    Some(if hex.is_some() { format!("0x{value:x}{suffix}") } else { format!("{value}{suffix}") })
}

/// The tokens that can follow a range without an end.
const ENDS: [&str; 7] = ["|", "=>", ")", ",", "]", "if", "}"];

/// Returns the half-open ranges of patterns: the operator, and whether the upper end exists.
fn half_open(file: &File) -> Vec<(usize, bool)> {
    let mut found = Vec::new();
    for pattern in patterns(file) {
        for i in pattern.clone().filter(|i| ["..", "..="].contains(&file.text(*i))) {
            let literal = |i: usize| i >= pattern.start && file.kind(i) == Some(Kind::Literal);
            let (before, after) = (i > 0 && literal(i - 1), literal(i + 1 + usize::from(file.text(i + 1) == "-")));
            if before && ENDS.contains(&file.text(i + 1)) {
                found.push((i, false));
            } else if after && !before && !(i > pattern.start && file.is_name(i - 1)) && file.text(i) == "..=" {
                found.push((i, true));
            }
        }
    }
    found
}

pub fn find_half_open(file: &File, _: &Target) -> Vec<Change> {
    let found = half_open(file).into_iter().filter(|(_, end)| !end);
    found
        .map(|(i, _)| {
            let change = Change::at(file, i, "half-open range pattern");
            change.replace(file.bytes(i..i + 1), format!("..={}", largest(file.text(i - 1))))
        })
        .collect()
}

pub fn find_to_last(file: &File, _: &Target) -> Vec<Change> {
    let found = half_open(file).into_iter().filter(|(_, end)| *end);
    found
        .map(|(i, _)| {
            let change = Change::at(file, i, "range pattern without a start");
            change.insert(file.bytes(i..i + 1).start, smallest(file.text(i + 1 + usize::from(file.text(i + 1) == "-"))))
        })
        .collect()
}

/// The types of numbers, as literals end with them.
pub const NUMBERS: [&str; 12] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];

fn smallest(literal: &str) -> String {
    if literal.starts_with('\'') {
        return "'\\0'".to_string();
    }
    format!("core::{}::MIN", number(literal))
}

fn largest(literal: &str) -> String {
    if literal.starts_with('\'') {
        return "'\\u{10ffff}'".to_string();
    }
    format!("core::{}::MAX", number(literal))
}

/// Returns the type that a number ends with. Of another the compiler says which it is, if it is not the default.
fn number(literal: &str) -> &'static str {
    NUMBERS.iter().copied().find(|name| literal.ends_with(*name)).unwrap_or("i32")
}

/// Writes the type that the compiler expects into the bound of a range.
pub fn mend_bound(file: &File, tokens: Range<usize>, says: &str) -> Option<Change> {
    let expected = says.strip_prefix("expected `")?.split('`').next()?;
    let name = NUMBERS.iter().find(|name| **name == expected)?;
    // The place is the bound or the range.
    let near = tokens.start.saturating_sub(1)..tokens.end + 5;
    let bound = |i: &usize| {
        let is_one = file.text(*i) == "core" && file.reads(i + 1, &["::", "i32", "::"]);
        is_one && (file.before(*i) == "..=" && file.text(i + 4) == "MAX" || file.reads(i + 4, &["MIN", "..="]))
    };
    let at = near.clone().find(bound)? + 2;
    Some(Change::at(file, at, "type of a range pattern").replace(file.bytes(at..at + 1), *name))
}

/// `matches!` accepts a pattern that begins with `|` from 1.53 on.
pub fn find_leading(file: &File, _: &Target) -> Vec<Change> {
    let calls = (0..file.len()).filter(|i| file.reads(*i, &["matches", "!", "("]));
    let bars = calls.filter_map(|i| {
        let comma = file.find(i + 3, file.len(), |i| file.text(i) == ",")?;
        (file.text(comma + 1) == "|").then_some(comma + 1)
    });
    bars.map(|bar| Change::at(file, bar, "leading | in matches!").remove(file, bar..bar + 1)).collect()
}

/// From edition 2021 on a `pat` accepts alternatives.
pub fn find_fragments(file: &File, target: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    if !target.leaves(2021) {
        return changes;
    }
    for i in (0..file.len()).filter(|i| file.reads(*i, &["macro_rules", "!"])) {
        let rules = i + 3;
        for arrow in (rules + 1..file.other(rules)).filter(|i| file.text(*i) == "=>" && file.around(*i) == Some(rules))
        {
            let (matcher, body) = match file.back(arrow) {
                Some(matcher) => (matcher..arrow, arrow + 1..file.after(arrow + 1)),
                None => continue,
            };
            for at in matcher.clone() {
                let repeated = file
                    .around(at)
                    .map_or(false, |open| file.before(open) == "$" && ["|"].contains(&file.text(file.other(open) + 1)));
                if !(file.text(at) == "$" && file.reads(at + 2, &[":", "pat"])) || repeated {
                    continue;
                }
                let name = file.text(at + 1);
                let mut change = Change::at(file, at, "or-pattern in a macro's `pat`")
                    .replace(file.bytes(at..at + 4), format!("$(${name}:pat)|+"));
                for used in body.clone().filter(|i| file.reads(*i, &["$", name])) {
                    change = change.replace(file.bytes(used..used + 2), format!("$(${name})|+"));
                }
                changes.push(change);
            }
        }
    }
    changes
}
