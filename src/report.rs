// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! This crate's own messages, for cases without a QEMU error to carry them.

use oldstable_compat::ffi::c_int;
use std::fmt::Display;
use std::io::{stderr, Write};

/// Writes a line to standard error. It ignores a closed standard error, where `eprintln!` would panic.
pub(crate) fn warn(what: &dyn Display) {
    let _ = writeln!(stderr(), "oldstable: {}", what);
}

/// Writes a line to standard error and ends the process, as QEMU does for a user's mistake.
pub(crate) fn refuse(what: &dyn Display) -> ! {
    extern "C" {
        fn exit(code: c_int) -> !;
    }
    warn(what);
    // SAFETY: it can be called at any time. std's function would also link the flushing of std's output, which is not
    // used here.
    unsafe { exit(1) }
}

/// Writes a line to standard error and aborts the process. It does not panic: a panic could be caught, and the program
/// would continue in a state that its author has ruled out.
#[cold]
#[inline(never)]
pub(crate) fn die(what: &dyn Display) -> ! {
    warn(what);
    std::process::abort()
}
