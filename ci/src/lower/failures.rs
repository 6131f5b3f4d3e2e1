// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Errors in the examples of the documentation, which rustdoc reports as text only.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::messages::Message;

/// An example that failed.
#[derive(Debug, PartialEq)]
pub struct Failure {
    /// Its name without the line.
    pub name: String,
    pub file: PathBuf,
    /// The line of its fence.
    pub fence: usize,
    pub errors: Vec<Error>,
}

/// An error of the compiler. Its column begins where rustdoc takes the example's line to begin.
#[derive(Debug, PartialEq)]
pub struct Error {
    code: String,
    pub message: String,
    pub line: usize,
    pub column: usize,
    pub width: usize,
}

impl Error {
    /// Returns it as the compiler's own message would be.
    pub fn at(&self, file: &Path, bytes: Range<usize>) -> Message {
        Message::of_text(&self.code, &self.message, file, bytes, self.line)
    }
}

/// Returns the examples that failed, by the output of `cargo test --doc`.
pub fn all(output: &str) -> Vec<Failure> {
    let mut found: Vec<Failure> = Vec::new();
    let mut open: Option<Error> = None;
    let mut within = false;
    for line in output.lines() {
        if let Some(name) = line.strip_prefix("---- ").and_then(|line| line.strip_suffix(" stdout ----")) {
            end(open.take(), &mut found);
            let failed = example(name).map(|(file, fence)| {
                let name = name.split(" (line ").next().unwrap_or(name).to_string();
                Failure { name, file, fence, errors: Vec::new() }
            });
            within = failed.is_some();
            found.extend(failed);
        } else if !within {
            continue;
        } else if let Some(rest) = line.strip_prefix("error") {
            end(open.take(), &mut found);
            let (code, message) = match rest.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
                Some(coded) => coded,
                None => ("", rest.trim_start_matches(": ")),
            };
            let (code, message) = (code.to_string(), message.to_string());
            open = Some(Error { code, message, line: 0, column: 0, width: 0 });
        } else if let Some(error) = &mut open {
            let place = line.trim_start().strip_prefix("--> ").filter(|_| error.line == 0);
            if let (Some(place), Some(of)) = (place, found.last()) {
                if let Some((line, column)) = numbers(place, &of.file) {
                    error.line = line;
                    error.column = column;
                }
            } else if error.line > 0 && error.width == 0 {
                let marked = line.split_once("| ").map_or("", |(_, marked)| marked);
                let marks = marked.trim_start_matches(|c| c != '^');
                error.width = marks.len() - marks.trim_start_matches('^').len();
            }
        }
    }
    end(open, &mut found);
    found
}

/// Adds an error that has a place to the last example.
fn end(error: Option<Error>, found: &mut [Failure]) {
    if let (Some(error), Some(last)) = (error.filter(|error| error.line > 0 && error.width > 0), found.last_mut()) {
        last.errors.push(error);
    }
}

/// Returns the line and the column of a place in a file.
fn numbers(place: &str, file: &Path) -> Option<(usize, usize)> {
    let mut parts = place.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (Path::new(parts.next()?) == file).then_some((line, column))
}

/// Returns the file and the line in the name of an example.
fn example(name: &str) -> Option<(PathBuf, usize)> {
    let file = PathBuf::from(name.split(" - ").next()?);
    let line = name.split_once("(line ")?.1.split(')').next()?;
    Some((file, line.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As rustdoc of 1.48 prints it.
    const SAID: &str = "failures:\n\n---- src/lib.rs - A::b (line 9) stdout ----\n\
        error[E0277]: `[&str; 3]` is not an iterator\n   --> src/lib.rs:11:5\n    |\n\
        4   | fn f(\n    |    - required by a bound in this\n...\n\
        104 | let args = f([\"a\"]);\n    |     ^^^^^\n    |     |\n\
        error: other\n --> src/other.rs:1:2\n  |\n1 | x\n  | ^\n\
        error: aborting due to previous error\n\n---- src/lib.rs - (line 20) stdout ----\n\
        Test executable failed (exit code 101).\n";

    #[test]
    fn errors_are_read_with_their_places() {
        let found = all(SAID);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].name, "src/lib.rs - A::b");
        assert_eq!((found[0].fence, found[1].fence, found[1].errors.len()), (9, 20, 0));
        let (code, message) = ("E0277".to_string(), "`[&str; 3]` is not an iterator".to_string());
        assert_eq!(found[0].errors, [Error { code, message, line: 11, column: 5, width: 5 }]);
    }

    #[test]
    fn what_is_no_report_has_no_failures() {
        for text in
            ["", "---- stdout ----", "---- f stdout ----\nerror: x\n --> f:1:1\n", "error: x\n --> a:b:c\n  | ^"]
        {
            assert_eq!(all(text), []);
        }
    }
}
