// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::collections::hash_map`].

pub use std::collections::hash_map::*;

/// Declares an iterator over the keys or the values of a consumed map.
#[cfg(before_1_54)]
macro_rules! into_half {
    ($(#[$about:meta])+ $Name:ident $Item:ident $half:tt) => {
        $(#[$about])+
        pub struct $Name<K, V> {
            entries: IntoIter<K, V>,
        }
        impl<K, V> $Name<K, V> {
            pub(crate) fn new(entries: IntoIter<K, V>) -> Self {
                $Name { entries }
            }
        }
        impl<K, V> Iterator for $Name<K, V> {
            type Item = $Item;
            #[inline]
            fn next(&mut self) -> Option<$Item> {
                self.entries.next().map(|entry| entry.$half)
            }
            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                self.entries.size_hint()
            }
        }
        impl<K, V> ExactSizeIterator for $Name<K, V> {}
        impl<K, V> core::iter::FusedIterator for $Name<K, V> {}
        impl<K, V> core::fmt::Debug for $Name<K, V> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($Name), " { .. }"))
            }
        }
    };
}

#[cfg(before_1_54)]
into_half! {
    /// The keys of a map: `std::collections::hash_map::IntoKeys` from Rust 1.54.
    IntoKeys K 0
}
#[cfg(before_1_54)]
into_half! {
    /// The values of a map: `std::collections::hash_map::IntoValues` from Rust 1.54.
    IntoValues V 1
}
