// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Errors of conversions between Rust and C.

use std::alloc::{handle_alloc_error, Layout};
use std::error::Error;
use std::fmt;

/// Why a value could not be converted between Rust and C.
///
/// All memory that was allocated for it has been freed again.
///
/// ```
/// use oldstable::foreign::{CloneToForeign, ConversionError};
///
/// let err = "a\0b".try_clone_to_foreign().unwrap_err();
/// assert_eq!(err, ConversionError::InteriorNul { position: 1 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConversionError {
    /// A text has a NUL byte, where C would end it.
    InteriorNul {
        /// The number of bytes before the NUL.
        position: usize,
    },
    /// A C string is not UTF-8.
    InvalidUtf8 {
        /// The number of bytes at its front that are UTF-8.
        valid_up_to: usize,
    },
    /// A required pointer is NULL.
    Null,
    /// The allocator had no block of this many bytes.
    OutOfMemory {
        /// The size of the block in bytes.
        size: usize,
    },
    /// A length is negative, larger than any object, or too large for its C type.
    Length,
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConversionError::InteriorNul { position } => {
                write!(f, "the text has a NUL at byte {}, which no C string can hold; remove it", position)
            }
            ConversionError::InvalidUtf8 { valid_up_to } => {
                write!(f, "the C string is not UTF-8 from byte {} on; read it as a CString or an OsString", valid_up_to)
            }
            ConversionError::Null => f.write_str("the pointer is NULL where a value is due; read it as an Option"),
            ConversionError::OutOfMemory { size } => {
                write!(f, "there is no memory for {} bytes; free some", size)
            }
            ConversionError::Length => f.write_str("the length does not fit its type; pass fewer elements"),
        }
    }
}

impl Error for ConversionError {}

impl ConversionError {
    /// Ends an infallible conversion: as Rust's own allocations do if memory runs out, else by a panic.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn fail(self) -> ! {
        if let ConversionError::OutOfMemory { size } = self {
            if let Ok(layout) = Layout::from_size_align(size, 1) {
                handle_alloc_error(layout);
            }
        }
        panic!("{}", self)
    }
}
