// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Expressions and items that are rewritten in place.

use std::ops::Range;

use super::Target;
use crate::lower::source::{Change, File, Kind};

pub fn find_raw(file: &File, _: &Target) -> Vec<Change> {
    let found =
        (0..file.len()).filter(|i| file.reads(*i, &["&", "raw"]) && ["const", "mut"].contains(&file.text(i + 2)));
    found
        .map(|i| {
            let mutable = file.text(i + 2) == "mut";
            let name = if mutable { "core::ptr::addr_of_mut!(" } else { "core::ptr::addr_of!(" };
            let place = file.bytes(i + 3..operand(file, i + 3));
            Change::at(file, i, "&raw").replace(file.bytes(i..i + 1).start..place.start, name).insert(place.end, ")")
        })
        .collect()
}

/// Returns the end of the operand that begins at a token: everything that binds tighter than `as`.
fn operand(file: &File, start: usize) -> usize {
    let mut i = start;
    while ["*", "&"].contains(&file.text(i)) {
        i += 1;
    }
    i += usize::from(file.text(i) == "$");
    i = file.after(i);
    loop {
        i = match file.text(i) {
            "." | "::" => file.after(i + 1),
            "[" | "(" | "?" => file.after(i),
            "!" if file.kind(i + 1) == Some(Kind::Open) => file.after(i + 1),
            _ => return i,
        };
    }
}

pub fn find_c_strings(file: &File, _: &Target) -> Vec<Change> {
    let found = (0..file.len()).filter(|i| {
        let text = file.text(*i);
        file.kind(*i) == Some(Kind::Literal) && (text.starts_with("c\"") || text.starts_with("cr"))
    });
    found
        .map(|i| {
            let change = Change::at(file, i, "C string literal");
            let text = &file.text(i)[1..];
            let high =
                text.match_indices("\\x").any(|(at, _)| !text[at + 2..].starts_with(|c| ('0'..='7').contains(&c)));
            if high && !text.starts_with('r') {
                return change.by_hand("it is not UTF-8: call from_bytes_with_nul with its bytes");
            }
            change.replace(file.bytes(i..i + 1), format!("oldstable_compat::c_str!({text})"))
        })
        .collect()
}

/// Returns the `const` blocks.
fn blocks<'f>(file: &'f File) -> impl Iterator<Item = usize> + 'f {
    (0..file.len()).filter(move |i| file.reads(*i, &["const", "{"]) && file.before(*i) != "unsafe")
}

fn in_thread_local(file: &File, mut i: usize) -> bool {
    while let Some(open) = file.around(i) {
        if open >= 2 && file.reads(open - 2, &["thread_local", "!"]) {
            return true;
        }
        i = open;
    }
    false
}

pub fn find_thread_locals(file: &File, _: &Target) -> Vec<Change> {
    let found = blocks(file).filter(|i| in_thread_local(file, *i) && file.before(*i) == "=");
    found.map(|i| Change::at(file, i, "thread_local! with const").remove(file, i..i + 1)).collect()
}

pub fn find_inline_const(file: &File, _: &Target) -> Vec<Change> {
    let found = blocks(file).filter(|i| !(in_thread_local(file, *i) && file.before(*i) == "="));
    found
        .map(|i| {
            let change = Change::at(file, i, "inline const").remove(file, i..i + 1);
            let inside = i + 2..file.other(i + 1);
            let checks = inside.clone().any(|i| ["assert", "panic"].contains(&file.text(i)));
            if checks {
                change.differs("a check at compile time becomes one at run time")
            } else if file.before(i) == "[" {
                // An array of constants: each element is evaluated separately.
                let (open, close) = (i - 1, file.other(i - 1));
                let length = file.after(i + 1) + 1;
                if file.before(length) == ";" && length < close {
                    let value = file.spelled(i + 1..file.after(i + 1));
                    let length = file.spelled(length..close);
                    if let Some(times) = length.parse().ok().filter(|times| (1..=8).contains(times)) {
                        let text = format!("[{}]", vec![value; times].join(", "));
                        return Change::at(file, i, "inline const").replace(file.bytes(open..close + 1), text);
                    }
                    let text = format!("core::array::from_fn::<_, {{ {length} }}, _>(|_| {value})");
                    return Change::at(file, i, "inline const").replace(file.bytes(open..close + 1), text);
                }
                change
            } else {
                change
            }
        })
        .collect()
}

/// In a labeled block, a break or continue without a label can only belong to a loop inside it, so a loop can replace
/// the block.
pub fn find_labels(file: &File, target: &Target) -> Vec<Change> {
    let label = |i: &usize| file.kind(*i) == Some(Kind::Lifetime) && file.reads(i + 1, &[":", "{"]);
    let found = (0..file.len()).filter(label).filter(|i| file.before(*i) != "where");
    found
        .map(|i| {
            let (open, close) = (i + 2, file.other(i + 2));
            let change = Change::at(file, i, "block with a label")
                .insert(file.bytes(open..open + 1).start, format!("loop {{ break {} ", file.text(i)))
                .insert(file.bytes(close..close + 1).end, " }");
            let value = ![";", "}", "{"].contains(&file.before(close));
            let last = (open + 1..close).rev().take_while(|i| file.text(*i) != ";" || file.around(*i) != Some(open));
            let makes = value && last.into_iter().any(|i| file.text(i) == "(");
            let how = "the last expression's temporaries are dropped at the block's end, not at the statement's";
            if makes && target.from < 2024 {
                change.differs(how)
            } else {
                change
            }
        })
        .collect()
}

pub fn find_const_asserts(file: &File, _: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    for i in (0..file.len()).filter(|i| file.text(*i) == "const" && file.reads(i + 2, &[":", "(", ")", "="])) {
        let value = i + 6;
        let end = match file.find(value, file.len(), |i| file.text(i) == ";") {
            Some(end) => end,
            None => continue,
        };
        let body = if file.text(value) == "{" { value + 1..end - 1 } else { value..end };
        let conditions: Option<Vec<_>> = statements(file, body).into_iter().map(|part| condition(file, part)).collect();
        let conditions = match conditions {
            Some(conditions) if !conditions.is_empty() => conditions,
            _ => continue,
        };
        let all = match &conditions[..] {
            [one] => one.clone(),
            more => more.iter().map(|c| format!("({c})")).collect::<Vec<_>>().join(" && "),
        };
        let change = Change::at(file, i, "assert! in a constant");
        changes.push(if file.text(i + 1) == "_" {
            change.replace(file.bytes(i + 3..end), format!("[(); 0] = [(); !({all}) as usize]"))
        } else {
            change.replace(file.bytes(value..end), format!("[()][!({all}) as usize]"))
        });
    }
    changes
}

/// Returns the statements of a block. One that ends with a block needs no semicolon.
fn statements(file: &File, tokens: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for part in file.split(tokens, ";") {
        let mut start = part.start;
        while file.text(start) == "if" {
            let end = match super::body(file, start + 1).map(|block| file.after(block)) {
                Some(end) if end < part.end && file.text(end) != "else" => end,
                _ => break,
            };
            found.push(start..end);
            start = end;
        }
        if start < part.end {
            found.push(start..part.end);
        }
    }
    found
}

/// Returns what holds if an `assert!`, or an `if` that panics, does not fail; `None` if anything else is here.
fn condition(file: &File, tokens: Range<usize>) -> Option<String> {
    if file.text(tokens.start) == "if" {
        let block = super::body(file, tokens.start + 1)?;
        let panics = block + 1..file.other(block) - usize::from(file.before(file.other(block)) == ";");
        called(file, panics, "panic").filter(|_| file.after(block) == tokens.end)?;
        let condition = tokens.start + 1..block;
        let plain = !condition.clone().any(|i| file.text(i) == "let");
        return plain.then(|| format!("!({})", file.spelled(condition)));
    }
    let open = called(file, tokens, "assert")?;
    let argument = file.split(open + 1..file.other(open), ",").into_iter().next()?;
    Some(file.spelled(argument).to_string())
}

/// Returns the parenthesis of a call of this macro of std if nothing else is here.
fn called(file: &File, tokens: Range<usize>, name: &str) -> Option<usize> {
    let macro_name = tokens.clone().find(|i| file.text(*i) == name)?;
    let path = file.spelled(tokens.start..macro_name);
    let open = macro_name + 2;
    let plain = ["", "core::", "std::", "::core::", "$crate::"].contains(&path) && file.text(open - 1) == "!";
    (plain && file.after(open) == tokens.end).then_some(open)
}

/// At the start of a statement, a macro call in braces was a statement of its own.
pub fn find_braced_calls(file: &File, _: &Target) -> Vec<Change> {
    let calls = (1..file.len()).filter(|i| file.reads(*i, &["!", "{"]) && file.is_name(*i - 1));
    let calls = calls.map(|i| (i, file.other(i + 1))).filter(|(_, close)| [".", "?"].contains(&file.text(close + 1)));
    calls
        .map(|(i, close)| {
            let change = Change::at(file, i, "method of a macro call in braces");
            change.replace(file.bytes(i + 1..i + 2), "(").replace(file.bytes(close..close + 1), ")")
        })
        .collect()
}

pub fn find_unsafe_extern(file: &File, _: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    for i in (0..file.len()).filter(|i| file.reads(*i, &["unsafe", "extern"])) {
        let block = i + 2 + usize::from(file.kind(i + 2) == Some(Kind::Literal));
        if file.text(block) != "{" {
            continue;
        }
        changes.push(Change::at(file, i, "unsafe extern").remove(file, i..i + 1));
        for at in (block..file.other(block)).filter(|at| ["safe", "unsafe"].contains(&file.text(*at))) {
            if ["fn", "static"].contains(&file.text(at + 1)) && file.around(at) == Some(block) {
                let change = Change::at(file, at, "unsafe extern").remove(file, at..at + 1);
                let safe = file.text(at) == "safe";
                changes.push(if safe { change.differs("a safe foreign item is unsafe to use") } else { change });
            }
        }
    }
    changes
}

pub fn find_captures(file: &File, _: &Target) -> Vec<Change> {
    let found = (1..file.len()).filter(|i| file.reads(*i, &["use", "<"]) && ["+", "impl"].contains(&file.before(*i)));
    found
        .filter_map(|i| {
            let end = (i..file.len()).find(|i| file.text(*i) == ">")? + 1;
            let lifetimes: Vec<_> =
                (i..end).filter(|i| file.text(*i).starts_with('\'')).map(|i| file.text(i)).collect();
            let change = Change::at(file, i, "use<…>");
            match lifetimes[..] {
                // A bound captures lifetimes if nothing else does.
                [lifetime] => Some(change.replace(file.bytes(i..end), lifetime)),
                _ if file.before(i) == "+" => {
                    Some(change.replace(file.bytes(i - 2..i - 1).end..file.bytes(i..end).end, ""))
                }
                _ => Some(change.remove(file, i..end + usize::from(file.text(end) == "+"))),
            }
        })
        .collect()
}

pub fn find_expr_2021(file: &File, _: &Target) -> Vec<Change> {
    let found = (1..file.len()).filter(|i| file.text(*i) == "expr_2021" && file.before(*i) == ":");
    found.map(|i| Change::at(file, i, "expr_2021").replace(file.bytes(i..i + 1), "expr")).collect()
}
