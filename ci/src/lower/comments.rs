// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Comments in code that is replaced: what does not have them takes them before it.

use super::source::{Change, File};

/// Returns a change that loses no comment.
pub fn keep(file: &File, mut change: Change) -> Change {
    let new: String = change.edits.iter().map(|edit| edit.text.as_str()).collect();
    for edit in &mut change.edits {
        if !["//", "/*"].iter().any(|start| file.text[edit.bytes.clone()].contains(start)) {
            continue;
        }
        let first = file.at_byte(edit.bytes.start);
        let mut at = edit.bytes.start;
        let mut lost = Vec::new();
        for bytes in (first..=file.len()).map(|i| file.bytes(i..file.len().min(i + 1))) {
            let end = bytes.start.min(edit.bytes.end).max(at);
            lost.extend(comments(&file.text[at..end]).into_iter().filter(|comment| !new.contains(comment)));
            at = bytes.end;
            if at >= edit.bytes.end {
                break;
            }
        }
        let indentation = file.indentation_at(edit.bytes.start);
        // The edit is of whole lines.
        let whole = edit.text.is_empty() && file.line_start(edit.bytes.start) == edit.bytes.start;
        let kept = lost.into_iter().map(|comment| match comment.starts_with("//") {
            _ if whole => format!("{indentation}{comment}\n"),
            true => format!("{comment}\n{indentation}"),
            false => format!("{comment} "),
        });
        edit.text = kept.collect::<String>() + &edit.text;
    }
    change
}

/// Returns the comments in a text that has only them and blanks.
fn comments(text: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(start) = rest.find('/') {
        rest = &rest[start..];
        let end = match rest.starts_with("//") {
            true => rest.find('\n').unwrap_or(rest.len()),
            false => block(rest),
        };
        found.push(&rest[..end]);
        rest = &rest[end..];
    }
    found
}

/// Returns the length of the comment that begins a text, which may contain others.
fn block(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match text.as_bytes().get(at..at + 2) {
            Some(b"/*") => depth += 1,
            Some(b"*/") if depth == 1 => return at + 2,
            Some(b"*/") => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::{rewritten, Draft};

    #[test]
    fn what_is_replaced_leaves_its_comments() {
        let text = "  a /* one /* in */ it // */ b // two\n  \"// none\" /* three */ c\n";
        let replaced = |with: &str| {
            rewritten(text, |file| {
                let change = Change::at(file, 0, "").replace(file.bytes(0..4), with);
                Some(keep(file, change))
            })
        };
        assert_eq!(replaced("x /* three */"), "  /* one /* in */ it // */ // two\n  x /* three */\n");
        assert_eq!(replaced("x"), "  /* one /* in */ it // */ // two\n  /* three */ x\n");
    }

    #[test]
    fn a_line_that_goes_leaves_its_comment() {
        let text = "f();\n    #[a(/* why */)]\n    g();\n";
        let gone = rewritten(text, |file| Some(keep(file, Change::at(file, 4, "").remove(file, 4..10))));
        assert_eq!(gone, "f();\n    /* why */\n    g();\n");
        let mut draft = Draft::new("a // b\n".to_string());
        let file = File::parse("a // b\n").unwrap();
        draft.apply(vec![keep(&file, Change::at(&file, 0, "").replace(0..6, "c"))]);
        assert_eq!(draft.text, "// b\nc\n");
    }
}
