// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A reference to a temporary at the end of a branch, in a `let`: before Rust 1.79 the temporary ends with the branch, so
//! it gets a variable in front of the statement.

use std::ops::Range;

use super::source::{Change, File};

/// Names a temporary that the compiler says ends too early.
pub fn mend(file: &File, tokens: Range<usize>) -> Option<Change> {
    let mutable = file.before(tokens.start) == "mut";
    let reference = tokens.start.checked_sub(1 + usize::from(mutable))?;
    let arm = file.before(reference) == "=>";
    let ends = file.text(tokens.end) == "}" || arm && file.text(tokens.end) == ",";
    if file.text(reference) != "&" || !ends {
        return None;
    }
    let statement = file.attributes(statement(file, reference)?);
    let name = (1..).map(|n| format!("extended_{n}")).find(|name| !file.text.contains(name.as_str()))?;
    let (of, mutable) = (file.spelled(tokens.clone()), if mutable { "mut " } else { "" });
    let text = format!("{name} = {of}; &{mutable}{name}");
    let text = if arm { format!("{{ {text} }}") } else { text };
    let blank = format!("\n{}", file.indentation(statement));
    let change = Change::at(file, reference, "temporary at the end of a branch");
    let change = change.insert(file.bytes(statement..statement + 1).start, format!("let {mutable}{name};{blank}"));
    Some(change.replace(file.bytes(reference..tokens.end), text))
}

/// Returns the `let` in whose value a token is.
fn statement(file: &File, token: usize) -> Option<usize> {
    let mut at = file.around(token)?;
    loop {
        if file.text(at) == "let" && !["if", "while", "&&", "("].contains(&file.before(at)) {
            return Some(at);
        }
        at = match file.back(at) {
            Some(before) if !["|", "||", ";"].contains(&file.text(before)) => before,
            // No statement of this block has it.
            _ => file.around(at)?,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::rewritten;

    fn made(text: &str) -> String {
        rewritten(text, |file| {
            let start = (0..file.len()).find(|i| file.text(*i) == "new").unwrap();
            mend(file, start..file.after(start + 1))
        })
    }

    #[test]
    fn a_temporary_of_a_branch_gets_a_variable() {
        for (before, after) in [
            (
                "{ f(); let x: &T = if a { b; &new(c) } else { d }; }",
                "{ f(); let extended_1;\nlet x: &T = if a { b; extended_1 = new(c); &extended_1 } else { d }; }",
            ),
            (
                "{ let x = match a { A => &mut new(c), B => if d { e } else { f } }; }",
                "{ let mut extended_1;\nlet x = match a { A => { extended_1 = new(c); &mut extended_1 }, \
                 B => if d { e } else { f } }; }",
            ),
            (
                "{ #[cfg(a)] let x = if a { c } else if let Some(b) = a { match a { _ => { &new(c) } } } else { d }; }",
                "{ let extended_1;\n#[cfg(a)] let x = if a { c } else if let Some(b) = a { match a { _ => \
                 { extended_1 = new(c); &extended_1 } } } else { d }; }",
            ),
        ] {
            assert_eq!(made(before), after);
        }
        for text in
            ["{ let y = 1; f(if a { &new(c) } else { d }); }", "{ let x = f(&new(c)); }", "{ let x = || { &new(c) }; }"]
        {
            assert_eq!(made(text), text);
        }
    }
}
