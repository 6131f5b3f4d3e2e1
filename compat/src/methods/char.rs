// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Constants and functions of `char`.

/// Constants and functions of `char` from Rust 1.52.
#[cfg(before_1_52)]
pub trait CharItems: Sized {
    /// The last code point.
    const MAX: Self;
    /// The replacement for text that cannot be decoded.
    const REPLACEMENT_CHARACTER: Self;
    /// The version of Unicode that `char`'s methods follow.
    const UNICODE_VERSION: (u8, u8, u8);
    /// The characters of UTF-16 text, with errors for invalid parts.
    fn decode_utf16<I: IntoIterator<Item = u16>>(iter: I) -> core::char::DecodeUtf16<I::IntoIter>;
    /// The character of a digit; `None` if the base has no such digit.
    ///
    /// # Panics
    ///
    /// If the base is greater than 36.
    fn from_digit(num: u32, radix: u32) -> Option<Self>;
    /// The character with a code point; `None` if there is none.
    fn from_u32(i: u32) -> Option<Self>;
    /// The character with a code point.
    ///
    /// # Safety
    /// There is such a character.
    unsafe fn from_u32_unchecked(i: u32) -> Self;
}

#[cfg(before_1_52)]
impl CharItems for char {
    const MAX: char = core::char::MAX;
    const REPLACEMENT_CHARACTER: char = core::char::REPLACEMENT_CHARACTER;
    // The version of the compilers that use this branch, all of them released; a test checks it there.
    const UNICODE_VERSION: (u8, u8, u8) = (13, 0, 0);
    #[inline]
    fn decode_utf16<I: IntoIterator<Item = u16>>(iter: I) -> core::char::DecodeUtf16<I::IntoIter> {
        core::char::decode_utf16(iter)
    }
    #[inline]
    #[track_caller]
    fn from_digit(num: u32, radix: u32) -> Option<char> {
        core::char::from_digit(num, radix)
    }
    #[inline]
    fn from_u32(i: u32) -> Option<char> {
        core::char::from_u32(i)
    }
    #[inline]
    unsafe fn from_u32_unchecked(i: u32) -> char {
        core::char::from_u32_unchecked(i)
    }
}

/// Constants of `char` from Rust 1.83.
#[cfg(before_1_83)]
pub trait CharMin {
    /// The first code point.
    const MIN: Self;
}
#[cfg(before_1_83)]
impl CharMin for char {
    const MIN: char = '\0';
}

/// Constants of `char` from Rust 1.93.
#[cfg(before_1_93)]
pub trait CharMaxLen {
    /// The maximum number of UTF-16 units of a character.
    const MAX_LEN_UTF16: usize;
    /// The maximum number of UTF-8 bytes of a character.
    const MAX_LEN_UTF8: usize;
}
#[cfg(before_1_93)]
impl CharMaxLen for char {
    const MAX_LEN_UTF16: usize = 2;
    const MAX_LEN_UTF8: usize = 4;
}
