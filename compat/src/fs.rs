// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::fs`].

pub use std::fs::*;

#[cfg(all(before_1_75, any(target_os = "linux", target_os = "macos")))]
mod times;
#[cfg(all(before_1_75, any(target_os = "linux", target_os = "macos")))]
pub use times::FileTimes;

/// Whether a path exists: `std::fs::exists` from Rust 1.81.
///
/// # Errors
///
/// If that cannot be determined.
#[cfg(before_1_81)]
pub fn exists<P: AsRef<std::path::Path>>(path: P) -> std::io::Result<bool> {
    match metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
