// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! let-else becomes a match.
//! If the else branch has no observable effect, one match is enough. Otherwise the values are extracted first: let-else
//! drops the expression's temporaries before it runs the else branch.

use super::{bindings, Target};
use crate::lower::source::{Change, File, Kind};

pub fn find(file: &File, _: &Target) -> Vec<Change> {
    (0..file.len()).filter(|i| file.text(*i) == "let").filter_map(|i| rewrite(file, i)).collect()
}

fn rewrite(file: &File, start: usize) -> Option<Change> {
    if ["if", "while", "&&", "||", "!", "(", ","].contains(&file.before(start)) {
        return None;
    }
    let end = file.find(start, file.len(), |i| file.text(i) == ";")?;
    let equals = file.find(start, end, |i| file.text(i) == "=")?;
    let otherwise =
        file.find(equals, end, |i| file.text(i) == "else" && file.before(i) != "}" && file.text(i + 1) == "{")?;
    let block = otherwise + 1;
    if file.after(block) != end {
        return None;
    }
    let change = Change::at(file, start, "let-else");
    let annotated = file.find(start, equals, |i| file.text(i) == ":");
    let pattern = start + 1..annotated.unwrap_or(equals);
    let names = match bindings(file, pattern.clone()) {
        Ok(names) => names,
        Err(why) => return Some(change.by_hand(why)),
    };
    if annotated.is_some() {
        return Some(change.by_hand("name the type in the expression, instead of after the pattern"));
    }
    let expression = equals + 1..otherwise;
    let pat = file.spelled(pattern.clone());
    let mutable = |name: &String| {
        let mut tokens = pattern.clone();
        let plain = name.trim_start_matches('$');
        let found = tokens.any(|i| file.text(i) == "mut" && [file.text(i + 1), file.text(i + 2)].contains(&plain));
        if found {
            format!("mut {name}")
        } else {
            name.clone()
        }
    };
    let outer = tuple(&names.iter().map(mutable).collect::<Vec<_>>());
    let inner = tuple(&names);
    let head = if names.is_empty() { "match".to_string() } else { format!("let {outer} = match") };
    let taken = if names.is_empty() { "{}" } else { &inner };
    let expr = file.bytes(expression.clone());
    let opened = file.bytes(start..start + 1).start..expr.start;
    let until_block = expr.end..file.bytes(otherwise..block).end;
    let close = file.bytes(end - 1..end).end;
    let seen = !unseen(file, block) && !is_place(file, expression.clone());
    if file.text(expression.start) == "&" && !is_place(file, expression.clone()) {
        // A temporary behind a reference lives as long as the surrounding block.
        let name = match ["matched", "scrutinee", "to_match"].iter().find(|name| !file.text.contains(**name)) {
            Some(name) => name,
            None => return Some(change.by_hand("take the value out in a separate let")),
        };
        let indentation = file.indentation(start);
        let change = change
            .replace(opened, format!("let {name} = "))
            .replace(until_block, format!(";\n{indentation}{head} {name} {{ {pat} => {taken}, _ =>"))
            .insert(close, " }");
        let how = "the expression's temporaries are dropped at the end of the block, not before the else branch";
        return Some(if seen { change.differs(how) } else { change });
    }
    // A struct literal is not allowed as the operand of a match.
    let braced = expression.clone().any(|i| file.text(i) == "{" && file.is_name(i - 1));
    let (open, shut) = if braced { ("(", ")") } else { ("", "") };
    let change = if seen {
        change.replace(opened, format!("{head} {{ let bound = match {open}")).replace(
            until_block,
            format!("{shut} {{ {pat} => Some({inner}), _ => None }}; bound }} {{ Some(bound) => bound, None =>"),
        )
    } else {
        change
            .replace(opened, format!("{head} {open}"))
            .replace(until_block, format!("{shut} {{ {pat} => {taken}, _ =>"))
    };
    Some(change.insert(close, " }"))
}

fn tuple(names: &[String]) -> String {
    match names {
        [name] => name.clone(),
        names => format!("({})", names.join(", ")),
    }
}

/// Returns whether a diverging block does nothing before it leaves, so that the time of drops is not observable.
pub fn unseen(file: &File, block: usize) -> bool {
    let inside = block + 1..file.other(block);
    if inside.clone().any(|i| file.kind(i) == Some(Kind::Open) && file.text(i) != "(") {
        return false;
    }
    let statements = inside.clone().filter(|i| file.text(*i) == ";" && i + 1 < inside.end).count();
    // A variant's name before its values, not a call.
    let calls = inside.clone().any(|i| {
        let name = i.checked_sub(1).map_or("", |i| file.text(i));
        file.text(i) == "(" && !["Some", "Ok", "Err", "return", "("].contains(&name)
    });
    let operators = inside.clone().any(|i| ["?", "!", "*", ".", "+", "-", "=", "/"].contains(&file.text(i)));
    statements == 0 && !calls && !operators
}

/// Returns whether an expression is a place and makes no value that would be dropped.
pub fn is_place(file: &File, tokens: std::ops::Range<usize>) -> bool {
    tokens.clone().all(|i| {
        let text = file.text(i);
        file.is_name(i) && !["match", "if", "unsafe", "loop", "await"].contains(&text)
            || [".", "&", "*", "mut", "self", "$"].contains(&text)
            || file.kind(i) == Some(Kind::Literal)
    })
}
