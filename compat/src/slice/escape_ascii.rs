// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `escape_ascii` of bytes, for compilers before Rust 1.60.

use core::ascii;
use core::fmt::{self, Write};
use core::iter::{Copied, FlatMap, FusedIterator};
use core::slice;

type Escaped<'a> = FlatMap<Copied<slice::Iter<'a, u8>>, ascii::EscapeDefault, fn(u8) -> ascii::EscapeDefault>;

/// Bytes as ASCII text, with escapes: `core::slice::EscapeAscii` from Rust 1.60.
#[derive(Clone)]
pub struct EscapeAscii<'a> {
    escaped: Escaped<'a>,
}

impl<'a> EscapeAscii<'a> {
    #[inline]
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        EscapeAscii { escaped: bytes.iter().copied().flat_map(ascii::escape_default) }
    }
}

impl Iterator for EscapeAscii<'_> {
    type Item = u8;
    #[inline]
    fn next(&mut self) -> Option<u8> {
        self.escaped.next()
    }
    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.escaped.size_hint()
    }
}

impl DoubleEndedIterator for EscapeAscii<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u8> {
        self.escaped.next_back()
    }
}

impl FusedIterator for EscapeAscii<'_> {}

impl fmt::Display for EscapeAscii<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.clone().try_for_each(|byte| f.write_char(byte.into()))
    }
}

impl fmt::Debug for EscapeAscii<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EscapeAscii { .. }")
    }
}
