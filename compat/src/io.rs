// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::io`].

pub use std::io::*;

#[cfg(all(before_1_70, unix))]
mod terminal;
#[cfg(all(before_1_70, unix))]
pub use terminal::IsTerminal;

/// The rest of a reader as text: `std::io::read_to_string` from Rust 1.65.
///
/// # Errors
///
/// Those of the reader, and if the text is not UTF-8.
#[cfg(before_1_65)]
pub fn read_to_string<R: Read>(mut reader: R) -> Result<std::string::String> {
    let mut text = std::string::String::new();
    reader.read_to_string(&mut text)?;
    Ok(text)
}
