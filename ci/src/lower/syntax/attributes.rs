// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Attributes.

use std::ops::Range;

use super::Target;
use crate::lower::source::{Change, File, Kind};

/// An attribute's content, and the tokens to remove with all of it.
struct Attribute {
    content: Range<usize>,
    whole: Range<usize>,
}

/// Returns the attributes of a file, with those of a `cfg_attr` as separate ones.
fn attributes(file: &File) -> Vec<Attribute> {
    let mut found = Vec::new();
    for i in (0..file.len()).filter(|i| file.text(*i) == "#") {
        let open = if file.text(i + 1) == "!" { i + 2 } else { i + 1 };
        if file.text(open) == "[" {
            let whole = i..file.after(open);
            nested(file, Attribute { content: open + 1..file.other(open), whole }, &mut found);
        }
    }
    found
}

fn nested(file: &File, attribute: Attribute, found: &mut Vec<Attribute>) {
    let start = attribute.content.start;
    if file.text(start) != "cfg_attr" || file.text(start + 1) != "(" {
        return found.push(attribute);
    }
    let parts = file.split(start + 2..file.other(start + 1), ",");
    let alone = parts.len() == 2;
    for part in parts.into_iter().skip(1) {
        let whole = if alone { attribute.whole.clone() } else { part.start - 1..part.end };
        nested(file, Attribute { content: part, whole }, found);
    }
}

const LINTS: [&str; 5] = ["allow", "warn", "deny", "forbid", "expect"];

pub fn find_expect(file: &File, _: &Target) -> Vec<Change> {
    let found = attributes(file).into_iter().filter(|a| file.reads(a.content.start, &["expect", "("]));
    found
        .map(|a| {
            let name = a.content.start..a.content.start + 1;
            Change::at(file, name.start, "#[expect]").replace(file.bytes(name), "allow")
        })
        .collect()
}

/// rustdoc's lints had no tool prefix.
pub fn find_rustdoc(file: &File, _: &Target) -> Vec<Change> {
    let lints = attributes(file).into_iter().flat_map(|a| lints(file, &a));
    let found = lints.filter(|lint| file.reads(lint.start, &["rustdoc", "::"]));
    found.map(|lint| Change::at(file, lint.start, "lint of rustdoc").remove(file, lint.start..lint.start + 2)).collect()
}

/// Returns the arguments of an attribute that sets the level of lints.
fn lints(file: &File, attribute: &Attribute) -> Vec<Range<usize>> {
    let start = attribute.content.start;
    match LINTS.contains(&file.text(start)) && file.text(start + 1) == "(" {
        true => file.split(start + 2..file.other(start + 1), ","),
        false => Vec::new(),
    }
}

/// Removes one of the arguments, with its comma.
fn without(file: &File, change: Change, arguments: &[Range<usize>], n: usize) -> Change {
    let bytes = file.bytes(arguments[n].clone());
    let bytes = match (n, arguments.get(n + 1)) {
        (0, Some(next)) => bytes.start..file.bytes(next.clone()).start,
        (0, None) => bytes,
        _ => file.bytes(arguments[n - 1].clone()).end..bytes.end,
    };
    change.replace(bytes, "")
}

pub fn find_reason(file: &File, _: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    for attribute in attributes(file) {
        let arguments = lints(file, &attribute);
        if let Some(n) = arguments.iter().position(|argument| file.reads(argument.start, &["reason", "="])) {
            let change = Change::at(file, arguments[n].start, "reason of a lint");
            changes.push(without(file, change, &arguments, n));
        }
    }
    changes
}

pub fn find_unsafe_op(file: &File, _: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    for attribute in attributes(file) {
        let arguments = lints(file, &attribute);
        if let Some(n) = arguments.iter().position(|argument| file.text(argument.start) == "unsafe_op_in_unsafe_fn") {
            let change = Change::at(file, arguments[n].start, "unsafe_op_in_unsafe_fn");
            changes.push(match arguments.len() {
                1 => change.remove(file, attribute.whole),
                _ => without(file, change, &arguments, n),
            });
        }
    }
    changes
}

pub fn find_unsafe(file: &File, _: &Target) -> Vec<Change> {
    // A macro can take another as its own, as libc's does.
    const UNSAFE: [&str; 4] = ["no_mangle", "export_name", "link_section", "naked"];
    let found = attributes(file).into_iter().filter(|a| file.reads(a.content.start, &["unsafe", "("]));
    found
        .filter(|a| UNSAFE.contains(&file.text(a.content.start + 2)))
        .map(|a| {
            let inner = file.spelled(a.content.start + 2..file.other(a.content.start + 1));
            Change::at(file, a.content.start, "unsafe attribute").replace(file.bytes(a.content.clone()), inner)
        })
        .collect()
}

pub fn find_diagnostic(file: &File, _: &Target) -> Vec<Change> {
    let found = attributes(file).into_iter().filter(|a| file.reads(a.content.start, &["diagnostic", "::"]));
    found.map(|a| Change::at(file, a.content.start, "#[diagnostic::…]").remove(file, a.whole)).collect()
}

/// Rewrites macros as attributes' values, which are not accepted yet: documentation names the file with its text
/// instead.
pub fn find_doc(file: &File, _: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    for attribute in attributes(file) {
        let start = attribute.content.start;
        let call = attribute.content.clone().find(|i| file.text(*i) == "!");
        let open = match call {
            Some(call) if file.text(start + 1) == "=" && call < start + 8 => call + 1,
            _ => continue,
        };
        let name = file.text(open - 2);
        let words = (open..file.other(open)).filter(|i| file.kind(*i) == Some(Kind::Literal)).map(|i| file.text(i));
        let text: String = words.map(|word| word.trim_matches(|c| c == '"' || c == '#' || c == 'r')).collect();
        let text = if name.starts_with("include") { format!("(see {text})") } else { text };
        let change = Change::at(file, start, "macro in an attribute");
        let value = file.bytes(start + 2..attribute.content.end);
        let change = change.replace(value, format!("\"{text}\""));
        changes.push(match file.text(start) {
            "doc" => change,
            other => change.differs(format!("the text of the attribute {other} is not made by a macro")),
        });
    }
    changes
}

/// Returns whether a token is in a `cfg` condition.
fn in_cfg(file: &File, i: usize) -> bool {
    let mut at = i;
    while let Some(open) = file.around(at) {
        let head = file.before(open);
        let head = if head == "!" { file.before(open - 1) } else { head };
        match head {
            "cfg" | "cfg_attr" => return true,
            "all" | "any" | "not" => at = open,
            _ => return false,
        }
    }
    false
}

pub fn find_atomic(file: &File, _: &Target) -> Vec<Change> {
    let names = ["target_has_atomic", "target_has_atomic_load_store"];
    let found = (0..file.len()).filter(|i| names.contains(&file.text(*i)) && in_cfg(file, *i));
    found
        .map(|i| {
            let size = if file.text(i + 1) == "=" { file.text(i + 2).trim_matches('"') } else { "" };
            let end = if file.text(i + 1) == "=" { i + 3 } else { i + 1 };
            let (text, how) = match size {
                "64" => ("target_pointer_width = \"64\"", "on targets of 32 bits with atomics of 64 bits"),
                "128" => ("any()", "on targets with atomics of 128 bits"),
                _ => ("all()", "on targets without atomics"),
            };
            let change = Change::at(file, i, "cfg(target_has_atomic)").replace(file.bytes(i..end), text);
            change.differs(format!("the condition differs {how}"))
        })
        .collect()
}

pub fn find_cfg_panic(file: &File, _: &Target) -> Vec<Change> {
    let found = (0..file.len()).filter(|i| file.reads(*i, &["panic", "="]) && in_cfg(file, *i));
    found
        .map(|i| {
            let text = if file.text(i + 2) == "\"unwind\"" { "all()" } else { "any()" };
            let change = Change::at(file, i, "cfg(panic)").replace(file.bytes(i..i + 3), text);
            change.differs("a build with panic = \"abort\" is treated like one that unwinds")
        })
        .collect()
}

pub fn find_cfg_bool(file: &File, _: &Target) -> Vec<Change> {
    let found = (0..file.len()).filter(|i| ["true", "false"].contains(&file.text(*i)) && in_cfg(file, *i));
    let alone =
        found.filter(|i| file.before(*i) != "=" && file.around(*i).map_or(false, |open| file.text(open) == "("));
    alone
        .map(|i| {
            let text = if file.text(i) == "true" { "all()" } else { "any()" };
            Change::at(file, i, "cfg(true)").replace(file.bytes(i..i + 1), text)
        })
        .collect()
}

/// Returns the enum to whose attributes a token belongs.
fn item_of(file: &File, attribute: &Attribute) -> Option<usize> {
    let mut i = attribute.whole.end;
    loop {
        i = match file.text(i) {
            "#" => file.after(i + 1),
            "pub" if file.text(i + 1) == "(" => file.after(i + 1),
            "pub" => i + 1,
            "enum" => return Some(i),
            _ if file.kind(i) == Some(Kind::Doc) => i + 1,
            _ => return None,
        };
    }
}

pub fn find_default(file: &File, _: &Target) -> Vec<Change> {
    let mut changes = Vec::new();
    for attribute in attributes(file) {
        let start = attribute.content.start;
        if !file.reads(start, &["derive", "("]) {
            continue;
        }
        let derived = file.split(start + 2..file.other(start + 1), ",");
        let position = derived.iter().position(|path| file.text(path.end - 1) == "Default");
        if let (Some(n), Some(item)) = (position, item_of(file, &attribute)) {
            changes.extend(default_of(file, &attribute, &derived, n, item));
        }
    }
    changes
}

fn default_of(file: &File, derive: &Attribute, derived: &[Range<usize>], n: usize, item: usize) -> Option<Change> {
    let body = file.find(item, file.len(), |i| file.text(i) == "{")?;
    let marker = (body..file.other(body)).find(|i| file.reads(*i, &["#", "[", "default", "]"]))?;
    let change = Change::at(file, marker, "#[default]");
    let mut variant = marker + 4;
    while file.text(variant) == "#" || file.kind(variant) == Some(Kind::Doc) {
        variant = if file.text(variant) == "#" { file.after(variant + 1) } else { variant + 1 };
    }
    let name = file.spelled(item + 1..item + 2 + usize::from(file.text(item + 1) == "$"));
    let generics = item + 2 + usize::from(file.text(item + 1) == "$");
    let clause = file.find(generics, body, |i| file.text(i) == "where").unwrap_or(body);
    let (declared, given) = generics_of(file, generics..clause);
    let clause = file.spelled(clause..body);
    let indentation = file.indentation(item);
    let variant = file.spelled(variant..variant + 1 + usize::from(file.text(variant) == "$"));
    let text = [
        format!("\n\n{indentation}impl{declared} Default for {name}{given} {clause}{{"),
        "    fn default() -> Self {".to_string(),
        format!("        {name}::{variant}"),
        "    }".to_string(),
        "}".to_string(),
    ]
    .join(&format!("\n{indentation}"));
    let change = match derived.len() {
        1 => change.remove(file, derive.whole.clone()),
        _ => without(file, change, derived, n),
    };
    let end = file.bytes(file.other(body)..file.other(body) + 1).end;
    Some(change.remove(file, marker..marker + 4).insert(end, text))
}

/// Returns generics as declared, without defaults, and as arguments of the type.
fn generics_of(file: &File, tokens: Range<usize>) -> (String, String) {
    if tokens.is_empty() || file.text(tokens.start) != "<" {
        return Default::default();
    }
    let (mut declared, mut given) = (Vec::new(), Vec::new());
    for parameter in file.split(tokens.start + 1..tokens.end - 1, ",") {
        let end = file.find(parameter.start, parameter.end, |i| file.text(i) == "=").unwrap_or(parameter.end);
        declared.push(file.spelled(parameter.start..end));
        let name = parameter.start + usize::from(file.text(parameter.start) == "const");
        given.push(file.text(name));
    }
    (format!("<{}>", declared.join(", ")), format!("<{}>", given.join(", ")))
}

/// `derive` has no path in the oldest preludes, and is everywhere without one.
pub fn find_derive(file: &File, _: &Target) -> Vec<Change> {
    let names = ["prelude", "::", "v1", "::", "derive"];
    let found = (2..file.len()).filter(|i| file.reads(*i, &names) && ["core", "std"].contains(&file.text(i - 2)));
    let change = |i: usize| {
        let mut start = i - 2 - usize::from(file.before(i - 2) == "::");
        let change = Change::at(file, i, "derive by its path");
        if file.text(i + 5) == "(" {
            return Some(change.replace(file.bytes(start..i + 5), "derive"));
        }
        if file.before(start) != "use" || file.text(i + 5) != ";" {
            return None;
        }
        start -= 1;
        while let Some(before) = file.back(start).filter(|b| ["pub", "("].contains(&file.text(*b))) {
            start = before;
        }
        Some(change.remove(file, start..i + 6))
    };
    found.filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsafe_attribute_of_a_macro_stays() {
        let target = Target { minor: 63, from: 2024, to: 2021 };
        let found = |text: &str| find_unsafe(&File::parse(text).unwrap(), &target).len();
        assert_eq!(found("#[unsafe(no_mangle)] fn f() {}"), 1);
        assert_eq!(found("own! { #[unsafe(own)] union U {} }"), 0);
    }
}
