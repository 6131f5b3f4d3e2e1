// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `str`.

#[cfg(before_1_51)]
extension! {
    /// Methods of `str` from Rust 1.51.
    StrSplitInclusive for str;
    /// The parts that end with a pattern, each with its end.
    fn split_inclusive<P>(&self, pattern: P) -> crate::str::SplitInclusive<'_, P>
    where P: crate::str::Pattern {
        crate::str::SplitInclusive::new(self, pattern)
    }
}

#[cfg(before_1_52)]
extension! {
    /// Methods of `str` from Rust 1.52.
    StrSplitOnce for str;
    /// The text before and after the first occurrence of a pattern.
    fn split_once<P>(&self, delimiter: P) -> Option<(&str, &str)>
    where P: crate::str::Pattern {
        let mut delimiter = delimiter;
        let (start, end) = delimiter.first_in(self)?;
        Some((&self[..start], &self[end..]))
    }
    /// The text before and after the last occurrence of a pattern.
    fn rsplit_once<P>(&self, delimiter: P) -> Option<(&str, &str)>
    where P: crate::str::Pattern {
        let mut delimiter = delimiter;
        let (start, end) = delimiter.last_in(self)?;
        Some((&self[..start], &self[end..]))
    }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of `str` from Rust 1.80.
    StrSplitChecked for str;
    /// The text before and after an index; `None` inside a character or beyond the end.
    fn split_at_checked(&self, mid: usize) -> Option<(&str, &str)> {
        if self.is_char_boundary(mid) { Some(self.split_at(mid)) } else { None }
    }
    /// The text before and after an index; `None` inside a character or beyond the end.
    fn split_at_mut_checked(&mut self, mid: usize) -> Option<(&mut str, &mut str)> {
        if self.is_char_boundary(mid) { Some(self.split_at_mut(mid)) } else { None }
    }
    /// Without the ASCII whitespace at the start.
    fn trim_ascii_start(&self) -> &str {
        self.trim_start_matches(ascii_whitespace)
    }
    /// Without the ASCII whitespace at the end.
    fn trim_ascii_end(&self) -> &str {
        self.trim_end_matches(ascii_whitespace)
    }
    /// Without the ASCII whitespace at both ends.
    fn trim_ascii(&self) -> &str {
        self.trim_matches(ascii_whitespace)
    }
}

#[cfg(before_1_80)]
#[inline]
fn ascii_whitespace(c: char) -> bool {
    c.is_ascii_whitespace()
}

#[cfg(before_1_87)]
extension! {
    /// Functions of `str` from Rust 1.87.
    StrFromUtf8 for str;
    /// The bytes as text.
    ///
    /// # Errors
    ///
    /// If they are not UTF-8.
    fn from_utf8(bytes: &[u8]) -> Result<&str, core::str::Utf8Error> {
        core::str::from_utf8(bytes)
    }
    /// The bytes as text.
    ///
    /// # Errors
    ///
    /// If they are not UTF-8.
    fn from_utf8_mut(bytes: &mut [u8]) -> Result<&mut str, core::str::Utf8Error> {
        core::str::from_utf8_mut(bytes)
    }
    /// The bytes as text.
    ///
    /// # Safety
    ///
    /// They are UTF-8.
    unsafe fn from_utf8_unchecked(bytes: &[u8]) -> &str {
        core::str::from_utf8_unchecked(bytes)
    }
    /// The bytes as text.
    ///
    /// # Safety
    ///
    /// They are UTF-8.
    unsafe fn from_utf8_unchecked_mut(bytes: &mut [u8]) -> &mut str {
        core::str::from_utf8_unchecked_mut(bytes)
    }
}

#[cfg(before_1_91)]
extension! {
    /// Methods of `str` from Rust 1.91.
    StrCharBoundary for str;
    /// The last character boundary that is not after an index.
    fn floor_char_boundary(&self, index: usize) -> usize {
        let from = index.min(self.len());
        (0..=from).rev().find(|&at| self.is_char_boundary(at)).unwrap_or(0)
    }
    /// The first character boundary that is not before an index, or the end.
    fn ceil_char_boundary(&self, index: usize) -> usize {
        let from = index.min(self.len());
        (from..=self.len()).find(|&at| self.is_char_boundary(at)).unwrap_or_else(|| self.len())
    }
}
