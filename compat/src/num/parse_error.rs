// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a text is not an integer, for compilers before Rust 1.55.

/// Why a text is not an integer: `core::num::IntErrorKind` from Rust 1.55.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IntErrorKind {
    /// It is empty.
    Empty,
    /// It has a character that is not a digit.
    InvalidDigit,
    /// The number is greater than the type's maximum.
    PosOverflow,
    /// The number is less than the type's minimum.
    NegOverflow,
    /// It is 0, for a non-zero type.
    Zero,
}

inline_debug! { enum IntErrorKind { Empty InvalidDigit PosOverflow NegOverflow Zero } }
