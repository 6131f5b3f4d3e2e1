//! What this crate itself has to say, where there is no error of QEMU's to say it.

use std::fmt::Display;
use std::io::{stderr, Write};

/// Writes a line to standard error. If that is closed nobody can be told, which is no reason to panic, as
/// `eprintln!` does.
pub(crate) fn complain(what: &dyn Display) {
    let _ = writeln!(stderr(), "oldstable: {}", what);
}

/// Writes a line to standard error and ends the process. It does not panic: a panic could be caught, and
/// the program would go on in a state that its author has ruled out.
#[cold]
#[inline(never)]
pub(crate) fn die(what: &dyn Display) -> ! {
    complain(what);
    std::process::abort()
}
