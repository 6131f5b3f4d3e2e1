// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cfg_select!` becomes `#[cfg]`s: of what a macro hands on for items, of blocks for an expression.

use super::Target;
use crate::lower::source::{Change, File, Kind};

/// The tokens before an item or a statement, and those with which one begins.
const BEFORE: [&str; 4] = ["", "{", "}", ";"];
const FIRST: [&str; 17] = [
    "mod",
    "use",
    "pub",
    "fn",
    "struct",
    "enum",
    "union",
    "const",
    "static",
    "type",
    "impl",
    "trait",
    "unsafe",
    "extern",
    "macro_rules",
    "let",
    "#",
];

/// Hands on what it gets, so that all of it is under one `cfg`.
const SELECTED: &str = "macro_rules! selected { ($($t:tt)*) => { $($t)* } }";

pub fn find(file: &File, _: &Target) -> Vec<Change> {
    // A macro of one's own may do something else.
    let own = (0..file.len()).any(|i| file.text(i) == "cfg_select" && file.text(i + 1) != "!");
    let calls = (0..file.len()).filter(|i| !own && file.reads(*i, &["cfg_select", "!", "{"]));
    calls.filter_map(|i| rewrite(file, i)).collect()
}

fn rewrite(file: &File, name: usize) -> Option<Change> {
    let root =
        name.checked_sub(2).filter(|root| ["core", "std"].contains(&file.text(*root)) && file.text(*root + 1) == "::");
    let mut start = root.unwrap_or(name);
    start -= usize::from(start > 0 && file.before(start) == "::");
    let (open, close) = (name + 2, file.other(name + 2));
    let inside = open + 1..close;
    let after_doc = start > 0 && file.kind(start - 1) == Some(Kind::Doc);
    let is_statement = (after_doc || BEFORE.contains(&file.before(start))) && has_items(file, inside.clone());
    let indentation = file.indentation(start);
    let (mut arms, mut before): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut i = inside.start;
    while i < close {
        let arrow = file.find(i, close, |i| file.text(i) == "=>")?;
        let condition = file.spelled(i..arrow);
        let end = match file.text(arrow + 1) {
            "{" => file.after(arrow + 1),
            _ => file.find(arrow, close, |i| file.text(i) == ",").unwrap_or(close),
        };
        let body = file.spelled(arrow + 1..end);
        let body = if file.text(arrow + 1) == "{" { body.to_string() } else { format!("{{ {body} }}") };
        let none = format!("not(any({}))", before.join(", "));
        let cfg = match (condition, before.is_empty()) {
            ("_" | "true", true) => "all()".to_string(),
            ("_" | "true", false) => none,
            (_, true) => condition.to_string(),
            (_, false) => format!("all({none}, {condition})"),
        };
        arms.push(format!("#[cfg({cfg})]\n{indentation}{}{body}", if is_statement { "selected! " } else { "" }));
        before.push(condition);
        i = end + usize::from(file.text(end) == ",");
    }
    let arms = arms.join(&format!("\n{indentation}"));
    let text = match is_statement {
        true => format!("{SELECTED}\n{indentation}{arms}"),
        false => format!("{{ {arms} }}"),
    };
    Some(Change::at(file, name, "cfg_select!").replace(file.bytes(start..close + 1), text))
}

/// Returns whether an arm ends like items or statements.
fn has_items(file: &File, arms: std::ops::Range<usize>) -> bool {
    let arrows = arms.filter(|i| file.reads(*i, &["=>", "{"]));
    let mut bodies = arrows.map(|i| (file.text(i + 2), file.before(file.other(i + 1))));
    bodies.any(|(first, last)| last == ";" || last == "}" && FIRST.contains(&first))
}
