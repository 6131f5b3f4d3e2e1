//! What this crate itself has to say, where there is no error of QEMU's to say it.

use oldstable_compat::ffi::c_int;
use std::fmt::Display;
use std::io::{stderr, Write};

/// Writes a line to standard error. If that is closed nobody can be told, which is no reason to panic, as
/// `eprintln!` does.
pub(crate) fn warn(what: &dyn Display) {
    let _ = writeln!(stderr(), "oldstable: {}", what);
}

/// Writes a line to standard error and ends the process, as QEMU does for what its user got wrong.
pub(crate) fn refuse(what: &dyn Display) -> ! {
    extern "C" {
        fn exit(code: c_int) -> !;
    }
    warn(what);
    // SAFETY: it can be called at any time. That of std would also bring the end of std's output along, which
    // nothing here uses.
    unsafe { exit(1) }
}

/// Writes a line to standard error and aborts the process. It does not panic: a panic could be caught, and
/// the program would go on in a state that its author has ruled out.
#[cold]
#[inline(never)]
pub(crate) fn die(what: &dyn Display) -> ! {
    warn(what);
    std::process::abort()
}
