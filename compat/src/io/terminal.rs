// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `IsTerminal`, for compilers before Rust 1.70.

use crate::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::io::AsRawFd;

/// Whether a file is a terminal: `std::io::IsTerminal` from Rust 1.70. Unix only before that.
pub trait IsTerminal {
    /// Whether it is a terminal.
    fn is_terminal(&self) -> bool;
}

macro_rules! is_terminal {
    ($($File:ty),* $(,)?) => {$(
        impl IsTerminal for $File {
            #[inline]
            fn is_terminal(&self) -> bool {
                // SAFETY: isatty accepts any number.
                unsafe { isatty(AsRawFd::as_raw_fd(self)) != 0 }
            }
        }
    )*};
}
is_terminal! {
    std::fs::File, std::io::Stdin, std::io::StdinLock<'_>, std::io::Stdout,
    std::io::StdoutLock<'_>, std::io::Stderr, std::io::StderrLock<'_>, BorrowedFd<'_>, OwnedFd,
}

#[cfg(feature = "libc")]
use libc::isatty;
#[cfg(not(feature = "libc"))]
extern "C" {
    fn isatty(fd: crate::ffi::c_int) -> crate::ffi::c_int;
}
