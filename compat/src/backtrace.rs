// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::backtrace`].

#[cfg(not(before_1_65))]
pub use std::backtrace::*;

/// A backtrace: `std::backtrace::Backtrace` from Rust 1.65. Here it captures nothing.
#[cfg(before_1_65)]
pub struct Backtrace(());

/// The status of a backtrace: `std::backtrace::BacktraceStatus` from Rust 1.65.
#[cfg(before_1_65)]
#[non_exhaustive]
#[derive(PartialEq, Eq)]
pub enum BacktraceStatus {
    /// Backtraces are not supported.
    Unsupported,
    /// It is disabled.
    Disabled,
    /// It was captured.
    Captured,
}

#[cfg(before_1_65)]
inline_debug! { enum BacktraceStatus { Unsupported Disabled Captured } }

#[cfg(before_1_65)]
impl Backtrace {
    /// A backtrace, if the environment enables it; captures nothing here.
    #[inline]
    pub fn capture() -> Backtrace {
        Backtrace(())
    }
    /// A backtrace; captures nothing here.
    #[inline]
    pub fn force_capture() -> Backtrace {
        Backtrace(())
    }
    /// A disabled backtrace.
    #[inline]
    pub const fn disabled() -> Backtrace {
        Backtrace(())
    }
    /// The status, which is always `Unsupported` here.
    #[inline]
    pub fn status(&self) -> BacktraceStatus {
        BacktraceStatus::Unsupported
    }
}

#[cfg(before_1_65)]
impl std::fmt::Debug for Backtrace {
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<unsupported>")
    }
}

#[cfg(before_1_65)]
impl std::fmt::Display for Backtrace {
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unsupported backtrace")
    }
}
