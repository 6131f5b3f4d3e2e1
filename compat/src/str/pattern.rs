// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The patterns of `split_once` and the like, for compilers before Rust 1.52.

#[cfg(feature = "alloc")]
use alloc_crate::string::String;

/// A pattern to search for in a text: a `char`, a `&str`, a `&String`, several `char`s, or a function of `char`. Std's
/// trait of this name is unstable.
pub trait Pattern {
    /// The start and end of the occurrence that is nearest to an end of a text.
    fn nearest_to(&mut self, end: End, text: &str) -> Option<(usize, usize)>;
    /// The start and end of the first occurrence.
    #[inline]
    fn first_in(&mut self, text: &str) -> Option<(usize, usize)> {
        self.nearest_to(End::Front, text)
    }
    /// The start and end of the last occurrence.
    #[inline]
    fn last_in(&mut self, text: &str) -> Option<(usize, usize)> {
        self.nearest_to(End::Back, text)
    }
}

/// The end at which a search starts.
#[derive(Clone, Copy)]
pub enum End {
    /// At the first character.
    Front,
    /// At the last one.
    Back,
}

impl Pattern for &str {
    #[inline]
    fn nearest_to(&mut self, end: End, text: &str) -> Option<(usize, usize)> {
        let start = match end {
            End::Front => text.find(*self)?,
            End::Back => text.rfind(*self)?,
        };
        Some((start, start + self.len()))
    }
}

impl Pattern for &&str {
    #[inline]
    fn nearest_to(&mut self, end: End, text: &str) -> Option<(usize, usize)> {
        let mut part: &str = self;
        part.nearest_to(end, text)
    }
}

#[cfg(feature = "alloc")]
impl Pattern for &String {
    #[inline]
    fn nearest_to(&mut self, end: End, text: &str) -> Option<(usize, usize)> {
        let mut part: &str = self;
        part.nearest_to(end, text)
    }
}

impl<F: FnMut(char) -> bool> Pattern for F {
    #[inline]
    fn nearest_to(&mut self, end: End, text: &str) -> Option<(usize, usize)> {
        let mut chars = text.char_indices();
        let (start, found) = match end {
            End::Front => chars.find(|&(_, c)| self(c))?,
            End::Back => chars.rfind(|&(_, c)| self(c))?,
        };
        Some((start, start + found.len_utf8()))
    }
}

impl Pattern for char {
    #[inline]
    fn nearest_to(&mut self, end: End, text: &str) -> Option<(usize, usize)> {
        let start = match end {
            End::Front => text.find(*self)?,
            End::Back => text.rfind(*self)?,
        };
        Some((start, start + self.len_utf8()))
    }
}

impl Pattern for &[char] {
    #[inline]
    fn nearest_to(&mut self, end: End, text: &str) -> Option<(usize, usize)> {
        (|c| self.contains(&c)).nearest_to(end, text)
    }
}

/// Each length costs compile time, so the work is done by the slice.
macro_rules! chars {
    ([$($generics:tt)*] $Chars:ty) => {
        impl<$($generics)*> Pattern for $Chars {
            #[inline]
            fn nearest_to(&mut self, end: End, text: &str) -> Option<(usize, usize)> {
                (&self[..]).nearest_to(end, text)
            }
        }
    };
}
#[cfg(not(before_1_51))]
chars! { [const N: usize] [char; N] }
#[cfg(not(before_1_51))]
chars! { [const N: usize] &[char; N] }
#[cfg(before_1_51)]
macro_rules! few_chars {
    ($($N:literal)*) => {$(
        chars! { [] [char; $N] }
        chars! { [] &[char; $N] }
    )*};
}
#[cfg(before_1_51)]
few_chars! { 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 }
