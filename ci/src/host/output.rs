//! Standard output, whose reader may go away before the end: `cargo oldstable list | head -1`.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::exit;

use crate::host::progress;

/// What a shell shows for a program that SIGPIPE ended.
const NOBODY_READS: i32 = 128 + 13;

/// Writes a line.
pub fn line(text: impl Display) {
    all(format_args!("{text}\n"))
}

/// Writes a text. Ends the program where it cannot: without a word where nobody reads on.
pub fn all(text: impl Display) {
    let mut output = io::stdout().lock();
    match write!(output, "{text}").and_then(|()| output.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit(NOBODY_READS),
        Err(error) => {
            progress::note(&format!("error: standard output takes no more ({error}): write it to another place"));
            exit(2)
        }
    }
}
