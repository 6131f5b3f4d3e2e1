// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `utf8_chunks` of bytes, for compilers before Rust 1.79.

use core::fmt;
use core::iter::FusedIterator;
use core::str;

/// A run of valid UTF-8, and the invalid bytes after it: `core::str::Utf8Chunk` from Rust 1.79.
#[derive(Clone, PartialEq, Eq)]
pub struct Utf8Chunk<'a> {
    valid: &'a str,
    invalid: &'a [u8],
}

inline_debug! { struct Utf8Chunk<'a> { valid invalid } }

impl<'a> Utf8Chunk<'a> {
    /// The text.
    #[inline]
    pub fn valid(&self) -> &'a str {
        self.valid
    }
    /// The bytes after it that one replacement character replaces; empty at the end.
    #[inline]
    pub fn invalid(&self) -> &'a [u8] {
        self.invalid
    }
}

/// The runs of valid UTF-8 in bytes: `core::str::Utf8Chunks` from Rust 1.79.
#[derive(Clone)]
pub struct Utf8Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Utf8Chunks<'a> {
    #[inline]
    pub(crate) fn new(rest: &'a [u8]) -> Self {
        Utf8Chunks { rest }
    }
}

impl<'a> Iterator for Utf8Chunks<'a> {
    type Item = Utf8Chunk<'a>;
    #[inline]
    fn next(&mut self) -> Option<Utf8Chunk<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (valid, invalid) = match str::from_utf8(self.rest) {
            Ok(_) => (self.rest.len(), 0),
            Err(error) => {
                let valid = error.valid_up_to();
                (valid, error.error_len().unwrap_or(self.rest.len() - valid))
            }
        };
        let (chunk, rest) = self.rest.split_at(valid + invalid);
        self.rest = rest;
        let (valid, invalid) = chunk.split_at(valid);
        Some(Utf8Chunk { valid: str::from_utf8(valid).expect("it is valid up to there"), invalid })
    }
}

impl FusedIterator for Utf8Chunks<'_> {}

impl fmt::Debug for Utf8Chunks<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Utf8Chunks { .. }")
    }
}
