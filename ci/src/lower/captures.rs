// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Closures that capture only a field from edition 2021 on, and the whole variable before: if that is an error, the
//! field is borrowed in front of the statement.

use std::ops::Range;

use super::source::{Change, File, Kind};

/// The name of this pass.
pub const WHAT: &str = "closure that captures fields";

/// Borrows the fields of a variable for the closure that begins at a token.
///
/// No code runs earlier than before: a field's place expression runs no code, and the borrowed value cannot change in
/// between.
pub fn mend(file: &File, closure: usize, variable: &str) -> Option<Change> {
    let body = body(file, closure)?;
    let statement = statement(file, closure)?;
    let function = (0..closure).rev().find(|i| file.text(*i) == "fn").unwrap_or(0)..body.end;
    let mut fields: Vec<String> = Vec::new();
    let mut change = Change::at(file, closure, WHAT);
    let uses = body.filter(|i| file.text(*i) == variable && ![".", "::", "$"].contains(&file.before(*i)));
    for i in uses {
        let mut end = i + 1;
        while file.text(end) == "." && field(file, end + 1) {
            end += 2;
        }
        let path = file.spelled(i..end);
        if end == i + 1 || path.contains(char::is_whitespace) {
            return None;
        }
        let name = path.replace('.', "_");
        if !fields.iter().any(|field| field == path) {
            if function.clone().any(|i| file.text(i) == name) {
                return None;
            }
            fields.push(path.to_string());
        }
        change = change.replace(file.bytes(i..end), format!("(*{name})"));
    }
    let lets: String = fields
        .iter()
        .map(|path| format!("let {} = &{path};\n{}", path.replace('.', "_"), file.indentation(statement)))
        .collect();
    (!fields.is_empty()).then(|| change.insert(file.bytes(statement..statement + 1).start, lets))
}

/// Returns the field after a dot, unless it is called.
fn field(file: &File, i: usize) -> bool {
    let number = file.kind(i) == Some(Kind::Literal) && file.text(i).bytes().all(|b| b.is_ascii_digit());
    (file.is_name(i) && file.text(i) != "await" || number) && !["(", "::"].contains(&file.text(i + 1))
}

/// Returns the body after a closure's parameters.
fn body(file: &File, closure: usize) -> Option<Range<usize>> {
    let start = match file.text(closure) {
        "||" => closure + 1,
        "|" => file.find(closure + 1, file.len(), |i| file.text(i) == "|")? + 1,
        // A value that is moved in is dropped with the closure.
        _ => return None,
    };
    if file.text(start) == "{" {
        return Some(start..file.other(start));
    }
    let end = file.around(closure).map_or(file.len(), |open| file.other(open));
    Some(start..file.find(start, end, |i| [",", ";"].contains(&file.text(i))).unwrap_or(end))
}

/// Returns the first token of the statement around a token, if the tokens alone show that it is in a block.
fn statement(file: &File, token: usize) -> Option<usize> {
    let mut at = token;
    let open = loop {
        let open = file.around(at)?;
        if file.text(open) == "{" {
            break open;
        }
        at = open;
    };
    let literal = file.is_name(open + 1) && [":", ","].contains(&file.text(open + 2));
    let mut start = open + 1;
    let mut i = open + 1;
    while i < at {
        if ["=>", "macro_rules"].contains(&file.text(i)) {
            return None;
        }
        let block = file.text(i) == "{";
        i = file.after(i);
        if file.before(i) == ";" || block && !["else", ".", "?", ")", ","].contains(&file.text(i)) {
            start = i;
        }
    }
    (!literal && start <= at).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    fn mended(text: &str) -> String {
        rewritten(text, |file| {
            let closure = (0..file.len()).find(|i| ["|", "||", "move"].contains(&file.text(*i))).unwrap();
            mend(file, closure, "self")
        })
    }

    #[test]
    fn a_field_is_borrowed_in_front_of_the_statement() {
        let text =
            "fn f(&mut self) {\n    g();\n    unsafe { self.it.next(|s, e| self.a.b.find(s, e) + self.a.b.0) }\n}";
        let (first, second) = ("let self_a_b = &self.a.b;", "let self_a_b_0 = &self.a.b.0;");
        let call = "self.it.next(|s, e| (*self_a_b).find(s, e) + (*self_a_b_0))";
        let expected = format!("fn f(&mut self) {{\n    g();\n    unsafe {{ {first}\n    {second}\n    {call} }}\n}}");
        assert_eq!(mended(text), expected);
    }

    #[test]
    fn what_tokens_do_not_tell_stays() {
        let texts = [
            "fn f(&mut self) { self.it.next(|s| self.find(s)) }",
            "fn f(&mut self) { self.it.next(move || self.a.find()) }",
            "fn f(&mut self) { match x { 1 => self.it.next(|| self.a.find()), _ => () } }",
            "fn f(&mut self) { S { x: self.it.next(|| self.a.find()) } }",
            "fn f(&mut self, self_a: u8) { self.it.next(|| self.a.find()) }",
        ];
        for text in texts {
            assert_eq!(mended(text), text);
        }
    }
}
