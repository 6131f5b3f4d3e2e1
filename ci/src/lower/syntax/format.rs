// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Format strings: names inside them become arguments.

use std::ops::Range;

use super::Target;
use crate::lower::source::{Change, File, Kind, KEYWORDS};

/// Macros that take a format string, and the number of arguments before it.
const MACROS: [(&str, usize); 36] = [
    ("format", 0),
    ("print", 0),
    ("println", 0),
    ("eprint", 0),
    ("eprintln", 0),
    ("format_args", 0),
    ("panic", 0),
    ("todo", 0),
    ("unimplemented", 0),
    ("unreachable", 0),
    ("write", 1),
    ("writeln", 1),
    ("assert", 1),
    ("debug_assert", 1),
    ("assert_eq", 2),
    ("assert_ne", 2),
    ("debug_assert_eq", 2),
    ("debug_assert_ne", 2),
    // Macros of widely used crates.
    ("anyhow", 0),
    ("bail", 0),
    ("ensure", 1),
    ("error", 0),
    ("warn", 0),
    ("info", 0),
    ("debug", 0),
    ("trace", 0),
    ("log", 1),
    ("format_err", 0),
    ("compile_error", usize::MAX),
    ("matches", usize::MAX),
    ("concat", usize::MAX),
    ("stringify", usize::MAX),
    ("include_str", usize::MAX),
    ("env", usize::MAX),
    ("option_env", usize::MAX),
    ("vec", usize::MAX),
];

/// A call of a formatting macro: its name and its arguments, each a range of tokens.
struct Call {
    name: usize,
    literal: usize,
    rest: Vec<Range<usize>>,
}

fn calls(file: &File) -> Vec<Call> {
    let own = forwarding(file);
    let mut calls = Vec::new();
    for i in 0..file.len() {
        if !file.is_name(i) || file.text(i + 1) != "!" || file.kind(i + 2) != Some(Kind::Open) {
            continue;
        }
        let open = i + 2;
        let arguments = file.split(open + 1..file.other(open), ",");
        let known = MACROS.iter().find(|(name, _)| *name == file.text(i)).map(|(_, before)| *before);
        let at = match known {
            Some(before) => before,
            // One of the crate's own macros that passes its arguments on: the first string is the format string.
            None if own.contains(&file.text(i)) => {
                let text = arguments.iter().position(|argument| is_text(file, argument));
                text.unwrap_or(usize::MAX)
            }
            None => continue,
        };
        // `error!(target: "x", "…")` and `panic!` with one message are handled alike.
        let labelled = arguments.iter().take_while(|argument| file.text(argument.start + 1) == ":").count();
        let at = at.saturating_add(labelled);
        if let Some(argument) = arguments.get(at).filter(|argument| is_text(file, argument)) {
            let rest = arguments[at + 1..].to_vec();
            calls.push(Call { name: i, literal: argument.start, rest });
        }
    }
    calls
}

fn is_text(file: &File, argument: &Range<usize>) -> bool {
    let text = file.text(argument.start);
    argument.len() == 1 && (text.starts_with('"') || text.starts_with("r\"") || text.starts_with("r#"))
}

/// Returns the macros of the file that pass arguments on to a formatting macro.
fn forwarding<'a>(file: &File<'a>) -> Vec<&'a str> {
    let declared = (0..file.len()).filter(|i| file.reads(*i, &["macro_rules", "!"]) && file.text(i + 3) == "{");
    let formats = |open: usize| {
        (open..file.other(open)).any(|i| {
            file.text(i + 1) == "!"
                && MACROS.iter().any(|(name, before)| *name == file.text(i) && *before != usize::MAX)
                && (i + 2..file.other(i + 2)).any(|i| file.text(i) == "$")
        })
    };
    declared.filter(|i| formats(i + 3)).map(|i| file.text(i + 2)).collect()
}

/// A name in a format string: the place of the name, and whether it is the argument itself or a width or precision.
struct Capture {
    bytes: Range<usize>,
    name: String,
    argument: bool,
}

/// Returns the names in a format string, and whether it has positional placeholders.
fn captures(literal: &str) -> (Vec<Capture>, bool) {
    let raw = literal.starts_with('r');
    let (mut found, mut counted) = (Vec::new(), false);
    let bytes = literal.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            // `\u{…}` is not a placeholder.
            b'\\' if !raw => {
                i += if bytes.get(i + 1) == Some(&b'u') { literal[i..].find('}').unwrap_or(1) + 1 } else { 2 };
                continue;
            }
            b'{' if bytes.get(i + 1) == Some(&b'{') => i += 2,
            b'}' => i += 1,
            b'{' => {
                let end = match literal[i..].find('}') {
                    Some(end) => i + end,
                    None => break,
                };
                let hole = &literal[i + 1..end];
                let (name, spec) = hole.split_at(hole.find(':').unwrap_or(hole.len()));
                let trimmed = name.trim();
                if is_identifier(trimmed) {
                    let start = i + 1 + name.find(trimmed).unwrap_or(0);
                    found.push(Capture {
                        bytes: start..start + trimmed.len(),
                        name: trimmed.to_string(),
                        argument: true,
                    });
                } else {
                    counted = true;
                }
                let mut from = 0;
                while let Some(dollar) = spec[from..].find('$').map(|at| from + at) {
                    let before = &spec[..dollar];
                    let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
                    // A zero before a width is a flag.
                    let name = before[start..].trim_start_matches('0');
                    let start = dollar - name.len();
                    if is_identifier(name) {
                        let at = i + 1 + hole.len() - spec.len() + start;
                        found.push(Capture { bytes: at..at + name.len(), name: name.to_string(), argument: false });
                    } else {
                        counted = true;
                    }
                    from = dollar + 1;
                }
                i = end + 1;
            }
            _ => i += 1,
        }
    }
    (found, counted)
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

pub fn find(file: &File, _: &Target) -> Vec<Change> {
    calls(file).iter().filter_map(|call| rewrite(file, call)).collect()
}

fn rewrite(file: &File, call: &Call) -> Option<Change> {
    let (mut found, counted) = captures(file.text(call.literal));
    let named = |name: &str| call.rest.iter().any(|argument| file.reads(argument.start, &[name, "="]));
    found.retain(|capture| !named(&capture.name));
    if found.is_empty() {
        return None;
    }
    let start = file.bytes(call.literal..call.literal + 1).start;
    let mut change = Change::at(file, call.name, "inline format argument");
    let last = call.rest.last().map_or(call.literal, |argument| argument.end - 1);
    let end = file.bytes(last..last + 1).end;
    let plain = call.rest.is_empty() && !counted && found.iter().all(|capture| capture.argument);
    let mut arguments = String::new();
    let mut seen: Vec<&str> = Vec::new();
    for capture in &found {
        if plain {
            change = change.replace(start + capture.bytes.start..start + capture.bytes.end, "");
            arguments += &format!(", {}", variable(&capture.name));
        } else if !seen.contains(&capture.name.as_str()) {
            seen.push(&capture.name);
            arguments += &format!(", {} = {}", capture.name, variable(&capture.name));
        }
    }
    Some(change.insert(end, arguments))
}

/// Returns the variable that a format string names: `{type}` is `r#type`.
fn variable(name: &str) -> String {
    if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_string()
    }
}

/// Rewrites `panic!` and its like: before edition 2021, a single argument of these is not a format string.
pub fn find_panics(file: &File, target: &Target) -> Vec<Change> {
    if !target.leaves(2021) {
        return Vec::new();
    }
    let message = ["panic", "assert", "debug_assert", "unreachable"];
    let found = calls(file).into_iter().filter(|call| message.contains(&file.text(call.name)) && call.rest.is_empty());
    found
        .filter_map(|call| {
            let literal = file.text(call.literal);
            if !captures(literal).0.is_empty() || !(literal.contains("{{") || literal.contains("}}")) {
                return None;
            }
            // With further arguments it is a format string in every edition.
            let bytes = file.bytes(call.literal..call.literal + 1);
            let change = Change::at(file, call.name, "format string of edition 2021's panic!");
            Some(change.insert(bytes.start, "\"{}\", format_args!(").insert(bytes.end, ")"))
        })
        .collect()
}
