//! [`std::io`].

#[cfg(not(no_is_terminal))]
pub use std::io::IsTerminal;

/// Whether a file is a terminal: `std::io::IsTerminal` from Rust 1.70. Unix only before that.
#[cfg(all(no_is_terminal, unix))]
pub trait IsTerminal {
    /// Whether it is one.
    fn is_terminal(&self) -> bool;
}

#[cfg(all(no_is_terminal, unix))]
macro_rules! is_terminal {
    ($($File:ty),* $(,)?) => {$(
        impl IsTerminal for $File {
            fn is_terminal(&self) -> bool {
                // SAFETY: isatty takes any number.
                unsafe { isatty(std::os::unix::io::AsRawFd::as_raw_fd(self)) != 0 }
            }
        }
    )*};
}
#[cfg(all(no_is_terminal, unix))]
is_terminal! {
    std::fs::File, std::io::Stdin, std::io::StdinLock<'_>, std::io::Stdout,
    std::io::StdoutLock<'_>, std::io::Stderr, std::io::StderrLock<'_>,
}

#[cfg(all(no_is_terminal, unix, feature = "libc"))]
use libc::isatty;
#[cfg(all(no_is_terminal, unix, not(feature = "libc")))]
extern "C" {
    fn isatty(fd: crate::ffi::c_int) -> crate::ffi::c_int;
}
