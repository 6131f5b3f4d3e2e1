// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Standard output, whose reader may close it early: `cargo oldstable list | head -1`.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::exit;

use crate::host::progress;

/// A shell's exit status for a program that SIGPIPE ended.
const NOBODY_READS: i32 = 128 + 13;

/// Escapes control characters for a terminal, since the output of tests and the names of crates are shown.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// Writes a line.
pub fn line(text: impl Display) {
    all(format_args!("{text}\n"))
}

/// Writes a text. Ends the program if it cannot, silently if the reader has closed the pipe.
pub fn all(text: impl Display) {
    let mut output = io::stdout().lock();
    match write!(output, "{}", visible(&text.to_string())).and_then(|()| output.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit(NOBODY_READS),
        Err(error) => {
            progress::note(&format!("error: cannot write to standard output ({error}): redirect it elsewhere"));
            exit(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_shown_without_control_sequences() {
        let shown = visible("\u{1b}]0;mine\u{7}a\u{1b}[2J\u{9b}1A\r\tb\n");
        assert_eq!(shown, "\u{fffd}]0;mine\u{fffd}a\u{fffd}[2J\u{fffd}1A\u{fffd}\tb\n");
    }
}
