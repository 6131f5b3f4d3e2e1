// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The examples in a file's documentation, which are tests too. Each is read as a file of the same length in which
//! everything else is blank, so that places in it are places in the whole file.

use std::collections::BTreeMap;
use std::ops::Range;

use super::editions;
use super::failures::Error;
use super::source::{Change, File, Kind};

/// The words after a fence that keep an example a test which has to build.
const RUST: [&str; 3] = ["rust", "no_run", "should_panic"];

/// The start of the name of the pass that brings methods into scope.
const METHOD: &str = "std method";

/// An example, and the start of each of its lines.
pub struct Example {
    pub text: String,
    prefix: String,
    /// The line of its fence.
    pub line: usize,
    /// Where each of its lines begins for rustdoc.
    starts: BTreeMap<usize, usize>,
}

/// Returns the examples in comments of lines.
pub fn all(file: &File) -> Vec<Example> {
    let blank: String =
        file.text.chars().map(|c| if c == '\n' { c.to_string() } else { " ".repeat(c.len_utf8()) }).collect();
    let (mut found, mut open): (Vec<Example>, Option<(&str, Option<Example>)>) = (Vec::new(), None);
    let mut end = 0;
    for i in (0..file.len()).filter(|i| file.kind(*i) == Some(Kind::Doc)) {
        let bytes = file.bytes(i..i + 1);
        let line = &file.text[bytes.clone()];
        let text = match line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) {
            Some(text) => text,
            None => continue,
        };
        // Another comment begins, with code between.
        if !file.text[end..bytes.start].trim().is_empty() {
            open = None;
        }
        end = bytes.end;
        let start = file.line_start(bytes.start);
        let space = if text.starts_with(' ') { " " } else { "" };
        let fence = ["```", "~~~"].iter().find(|fence| text.trim_start().starts_with(**fence));
        let closes = |open: &Option<(&str, _)>| open.as_ref().map_or(true, |(of, _)| Some(of) == fence);
        if let Some(fence) = fence.filter(|_| closes(&open)) {
            let words = text.trim_start().trim_start_matches(fence);
            open = match open {
                None => {
                    let prefix = format!("{}{}{space}", &file.text[start..bytes.start], &line[..3]);
                    let mut words = words.split([',', ' '].as_slice()).map(str::trim);
                    let tested = words.all(|word| word.is_empty() || RUST.contains(&word));
                    Some((
                        *fence,
                        tested.then(|| Example {
                            text: blank.clone(),
                            prefix,
                            line: file.line(i),
                            starts: BTreeMap::new(),
                        }),
                    ))
                }
                Some((_, example)) => {
                    found.extend(example);
                    None
                }
            };
            continue;
        }
        if let Some((_, Some(example))) = &mut open {
            let code = text.trim_start();
            // A hidden line.
            let hidden = usize::from(code == "#" || code.starts_with("# "));
            let at = bytes.end - code.len() + hidden;
            example.text.replace_range(at..bytes.end, &file.text[at..bytes.end]);
            // The blank behind a hidden line's mark is not in it.
            let first = if hidden > 0 { at + 1 } else { start + example.prefix.len() };
            example.starts.insert(file.line(i), first.min(bytes.end));
        }
    }
    found
}

impl Example {
    /// Returns a change to the example as one to the file: new lines begin like those of the comment, and imports are
    /// hidden.
    pub fn outside(&self, file: &File, mut change: Change) -> Change {
        let imports = change.what == editions::WHAT || change.what.starts_with(METHOD);
        for edit in &mut change.edits {
            let start = file.line_start(edit.bytes.start);
            let before = &file.text[start..edit.bytes.start];
            // A line may be hidden.
            let begins = before.chars().all(|c| " \t/!#".contains(c)) && before.len() >= self.prefix.len();
            let prefix = if begins { before } else { &self.prefix };
            let hidden = if imports && !prefix.ends_with("# ") { "# " } else { "" };
            let lines: Vec<&str> = edit.text.split('\n').collect();
            let mut text = String::new();
            for (n, line) in lines.iter().enumerate() {
                let last = n + 1 == lines.len();
                let indented = line.len() - line.trim_start_matches(' ').len();
                let line = if n > 0 { &line[indented.min(prefix.len())..] } else { line };
                text += if n > 0 { prefix } else { "" };
                text += if last { "" } else { hidden };
                text += line;
                text += if last { "" } else { "\n" };
            }
            edit.text = text;
        }
        change
    }

    /// Returns the bytes of an error.
    pub fn bytes(&self, error: &Error) -> Option<Range<usize>> {
        let start = *self.starts.get(&error.line)?;
        let mut places =
            self.text.get(start..)?.char_indices().map(|(at, _)| start + at).skip(error.column.checked_sub(1)?);
        let (first, last) = (places.next()?, places.nth(error.width.checked_sub(1)?)?);
        Some(first..last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::source::Draft;

    #[test]
    fn examples_are_read_in_their_place() {
        let text =
            "//! ```\n//! a(\"é\");\n//! ```\n\n    /// ```text\n    /// no\n    /// ```\n    /// ```no_run\n    \
                    /// # b();\n    /// c();\n    /// ```\n    fn f() {}\n";
        let file = File::parse(text).unwrap();
        let found = all(&file);
        let code: Vec<&str> = found.iter().map(|example| example.text.trim()).collect();
        assert_eq!(code, ["a(\"é\");", "b();\n        c();"]);
        assert!(found.iter().all(|example| example.text.len() == text.len()));
        let inner = File::parse(&found[1].text).unwrap();
        let change = editions::insert(&inner, &(0..inner.len()), &["use d;".to_string()], "");
        let mut draft = Draft::new(text.to_string());
        draft.apply(vec![found[1].outside(&file, change)]);
        assert!(draft.text.contains("    /// # use d;\n    /// # b();\n    /// c();\n"), "{}", draft.text);
    }
}
