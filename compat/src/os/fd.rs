// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `std::os::fd`, from Rust 1.66: file descriptors, owned and borrowed.

#[cfg(not(before_1_66))]
pub use std::os::fd::*;
#[cfg(before_1_66)]
pub use std::os::unix::io::*;

#[cfg(all(
    before_1_63,
    any(
        target_os = "linux",
        target_os = "android",
        target_os = "emscripten",
        target_os = "macos",
        target_os = "ios",
        target_os = "freebsd",
        target_os = "dragonfly",
        target_os = "netbsd",
        target_os = "openbsd",
        target_os = "solaris",
        target_os = "illumos",
    )
))]
mod duplicate;
#[cfg(before_1_63)]
mod owned;
#[cfg(before_1_63)]
pub use owned::{AsFd, BorrowedFd, OwnedFd};
