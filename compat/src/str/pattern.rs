//! The patterns that `split_once` and its like take, for compilers before Rust 1.52.

#[cfg(feature = "alloc")]
use alloc_crate::string::String;

/// What is searched for in a text: a `char`, a `&str`, a `&String`, several `char`s, or a function
/// of `char`. Std's trait of this name is unstable.
pub trait Pattern {
    /// Where the first occurrence starts and ends.
    fn first_in(&mut self, text: &str) -> Option<(usize, usize)>;
    /// Where the last occurrence starts and ends.
    fn last_in(&mut self, text: &str) -> Option<(usize, usize)>;
}

/// A pattern that a text is.
macro_rules! text {
    ($($(#[$gate:meta])? [$($lifetime:lifetime)*] $Text:ty;)*) => {$(
        $(#[$gate])?
        impl<$($lifetime),*> Pattern for $Text {
            #[inline]
            fn first_in(&mut self, text: &str) -> Option<(usize, usize)> {
                let part: &str = self;
                text.find(part).map(|start| (start, start + part.len()))
            }
            #[inline]
            fn last_in(&mut self, text: &str) -> Option<(usize, usize)> {
                let part: &str = self;
                text.rfind(part).map(|start| (start, start + part.len()))
            }
        }
    )*};
}
text! {
    ['a] &'a str;
    ['a 'b] &'a &'b str;
    #[cfg(feature = "alloc")]
    ['a] &'a String;
}

#[inline]
fn first(text: &str, mut is: impl FnMut(char) -> bool) -> Option<(usize, usize)> {
    let (start, found) = text.char_indices().find(|&(_, c)| is(c))?;
    Some((start, start + found.len_utf8()))
}

#[inline]
fn last(text: &str, mut is: impl FnMut(char) -> bool) -> Option<(usize, usize)> {
    let (start, found) = text.char_indices().rev().find(|&(_, c)| is(c))?;
    Some((start, start + found.len_utf8()))
}

impl Pattern for char {
    #[inline]
    fn first_in(&mut self, text: &str) -> Option<(usize, usize)> {
        text.find(*self).map(|start| (start, start + self.len_utf8()))
    }
    #[inline]
    fn last_in(&mut self, text: &str) -> Option<(usize, usize)> {
        text.rfind(*self).map(|start| (start, start + self.len_utf8()))
    }
}

impl Pattern for &[char] {
    #[inline]
    fn first_in(&mut self, text: &str) -> Option<(usize, usize)> {
        first(text, |c| self.contains(&c))
    }
    #[inline]
    fn last_in(&mut self, text: &str) -> Option<(usize, usize)> {
        last(text, |c| self.contains(&c))
    }
}

/// Each length costs the compiler time, so the work is that of the slice.
macro_rules! chars {
    ([$($generics:tt)*] $N:expr) => {
        impl<$($generics)*> Pattern for [char; $N] {
            #[inline]
            fn first_in(&mut self, text: &str) -> Option<(usize, usize)> {
                (&self[..]).first_in(text)
            }
            #[inline]
            fn last_in(&mut self, text: &str) -> Option<(usize, usize)> {
                (&self[..]).last_in(text)
            }
        }
        impl<$($generics)*> Pattern for &[char; $N] {
            #[inline]
            fn first_in(&mut self, text: &str) -> Option<(usize, usize)> {
                (&self[..]).first_in(text)
            }
            #[inline]
            fn last_in(&mut self, text: &str) -> Option<(usize, usize)> {
                (&self[..]).last_in(text)
            }
        }
    };
}
#[cfg(not(before_1_51))]
chars! { [const N: usize] N }
#[cfg(before_1_51)]
macro_rules! few_chars {
    ($($N:literal)*) => { $(chars! { [] $N })* };
}
#[cfg(before_1_51)]
few_chars! { 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 }

impl<F: FnMut(char) -> bool> Pattern for F {
    #[inline]
    fn first_in(&mut self, text: &str) -> Option<(usize, usize)> {
        first(text, self)
    }
    #[inline]
    fn last_in(&mut self, text: &str) -> Option<(usize, usize)> {
        last(text, self)
    }
}
