// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A chain of conditions with `let` is split into nested conditions.

use std::ops::Range;

use super::Target;
use crate::lower::source::{Change, File, Kind};

/// An else branch this short is repeated for each condition; a longer one is put after a loop that ends at once.
const SHORT: usize = 80;

pub fn find(file: &File, _: &Target) -> Vec<Change> {
    let starts = (0..file.len()).filter(|i| ["if", "while"].contains(&file.text(*i)));
    starts.filter_map(|i| rewrite(file, i)).collect()
}

/// Returns the operators `&&` between the conditions from a token on, and the block after them.
fn chain(file: &File, start: usize) -> Option<(Vec<usize>, usize)> {
    let block = super::body(file, start + 1)?;
    let (mut operators, mut lets, mut i) = (Vec::new(), 0, start + 1);
    while i < block {
        match file.text(i) {
            "let" => {
                lets += 1;
                // A pattern may contain braces and `&&`.
                i = file.find(i, block, |i| file.text(i) == "=")? + 1;
                continue;
            }
            "&&" if i > start + 1 && !["=", "&&"].contains(&file.before(i)) => operators.push(i),
            // An arm's guard cannot be split.
            "=>" => return None,
            _ => {}
        }
        i = file.after(i);
    }
    (lets > 0 && !operators.is_empty()).then_some((operators, block))
}

fn rewrite(file: &File, start: usize) -> Option<Change> {
    let (operators, body) = chain(file, start)?;
    let change = Change::at(file, start, "let chain");
    let end = file.bytes(file.other(body)..file.other(body) + 1).end;
    let opened = file.bytes(start..start + 1);
    let closing = " }".repeat(operators.len());
    let apart = |change: Change| {
        operators.iter().fold(change, |change, i| {
            let bytes = file.bytes(*i..*i + 1);
            // The blanks before the operator and a line's end stay.
            change.replace(bytes, "{ if")
        })
    };
    if file.text(start) == "while" {
        let inside = file.bytes(body..body + 1).start;
        let change = change
            .replace(opened, "loop { if")
            .insert(inside, "{ ")
            .insert(end, format!(" continue; }}{closing} break; }}"));
        return Some(apart(change));
    }
    let after = file.after(body);
    if file.text(after) != "else" {
        return Some(apart(change).insert(end, closing));
    }
    let branch = otherwise(file, after);
    let text = file.spelled(branch.clone());
    let text = if file.text(branch.start) == "if" { format!("{{ {text} }}") } else { text.to_string() };
    let leaves = [body..file.other(body), branch.clone()].iter().any(|tokens| jumps(file, tokens.clone()));
    if text.len() <= SHORT || leaves {
        let copies: String = operators.iter().map(|_| format!(" }} else {text}")).collect();
        let at = file.bytes(branch.start..branch.end).end;
        return Some(apart(change).insert(at, copies));
    }
    let inside = file.bytes(body..body + 1).start;
    let gone = end..file.bytes(branch.start..branch.start + 1).start;
    let last = file.bytes(branch.clone()).end;
    Some(
        apart(change)
            .replace(opened, "loop { if")
            .insert(inside, "{ break ")
            .replace(gone, format!("; }}{closing} break "))
            .insert(last, "; }"),
    )
}

/// Returns the part after an `else`: a block, or conditions with their blocks.
fn otherwise(file: &File, at: usize) -> Range<usize> {
    let start = at + 1;
    let mut i = start;
    loop {
        let block = if file.text(i) == "if" { super::body(file, i + 1) } else { Some(i) }.unwrap_or(file.len());
        let after = file.after(block);
        if file.text(after) != "else" || file.text(i) != "if" && i != start {
            return start..after;
        }
        i = after + 1;
    }
}

/// Returns whether a `break` or `continue` without a label leaves these tokens.
fn jumps(file: &File, tokens: Range<usize>) -> bool {
    tokens.clone().any(|i| {
        let jump = ["break", "continue"].contains(&file.text(i)) && file.kind(i + 1) != Some(Kind::Lifetime);
        jump && !in_loop(file, i, tokens.start)
    })
}

/// Returns whether a loop is around a token, inside the construct that begins at another token.
fn in_loop(file: &File, mut i: usize, outer: usize) -> bool {
    while let Some(open) = file.around(i).filter(|open| *open > outer) {
        let mut head = open;
        while let Some(before) = file.back(head) {
            match file.text(before) {
                "loop" | "while" | "for" => return true,
                ";" | "{" | "=>" => break,
                _ => head = before,
            }
        }
        i = open;
    }
    false
}
