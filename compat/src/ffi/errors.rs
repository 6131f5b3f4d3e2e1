// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Errors of C strings, for compilers that lack them.

use core::fmt;

/// The bytes have no NUL: `core::ffi::FromBytesUntilNulError` from Rust 1.69.
#[cfg(before_1_69)]
#[derive(Clone, PartialEq, Eq)]
pub struct FromBytesUntilNulError(pub(crate) ());

#[cfg(before_1_69)]
impl fmt::Debug for FromBytesUntilNulError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FromBytesUntilNulError").field(&()).finish()
    }
}

#[cfg(before_1_69)]
impl fmt::Display for FromBytesUntilNulError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("data provided does not contain a nul")
    }
}

#[cfg(all(before_1_69, feature = "std"))]
impl std::error::Error for FromBytesUntilNulError {}

/// The last of the bytes is not their only NUL: `std::ffi::FromVecWithNulError` from Rust 1.58.
#[cfg(all(before_1_58, feature = "std"))]
#[derive(Clone, PartialEq, Eq)]
pub struct FromVecWithNulError {
    nul: Option<usize>,
    bytes: std::vec::Vec<u8>,
}

#[cfg(all(before_1_58, feature = "std"))]
inline_debug! { struct FromVecWithNulError { nul bytes } }

#[cfg(all(before_1_58, feature = "std"))]
impl FromVecWithNulError {
    #[inline]
    pub(crate) fn new(nul: Option<usize>, bytes: std::vec::Vec<u8>) -> Self {
        FromVecWithNulError { nul, bytes }
    }
    /// The bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
    /// The bytes.
    #[inline]
    pub fn into_bytes(self) -> std::vec::Vec<u8> {
        self.bytes
    }
}

#[cfg(all(before_1_58, feature = "std"))]
impl fmt::Display for FromVecWithNulError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nul {
            Some(at) => write!(f, "data provided contains an interior nul byte at pos {}", at),
            None => f.write_str("data provided is not nul terminated"),
        }
    }
}

#[cfg(all(before_1_58, feature = "std"))]
impl std::error::Error for FromVecWithNulError {}
