// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::cmp`].

pub use base::cmp::*;

/// The lesser of two values by a comparison, the first if they are equal: `core::cmp::min_by` from
/// Rust 1.53.
#[cfg(before_1_53)]
pub fn min_by<T, F: FnOnce(&T, &T) -> Ordering>(v1: T, v2: T, compare: F) -> T {
    match compare(&v1, &v2) {
        Ordering::Less | Ordering::Equal => v1,
        Ordering::Greater => v2,
    }
}

/// The greater of two values by a comparison, the second if they are equal: `core::cmp::max_by`
/// from Rust 1.53.
#[cfg(before_1_53)]
pub fn max_by<T, F: FnOnce(&T, &T) -> Ordering>(v1: T, v2: T, compare: F) -> T {
    match compare(&v1, &v2) {
        Ordering::Less | Ordering::Equal => v2,
        Ordering::Greater => v1,
    }
}

/// The value with the lesser key, the first if they are equal: `core::cmp::min_by_key` from Rust
/// 1.53.
#[cfg(before_1_53)]
pub fn min_by_key<T, F: FnMut(&T) -> K, K: Ord>(v1: T, v2: T, mut f: F) -> T {
    min_by(v1, v2, |a, b| f(a).cmp(&f(b)))
}

/// The value with the greater key, the second if they are equal: `core::cmp::max_by_key` from Rust
/// 1.53.
#[cfg(before_1_53)]
pub fn max_by_key<T, F: FnMut(&T) -> K, K: Ord>(v1: T, v2: T, mut f: F) -> T {
    max_by(v1, v2, |a, b| f(a).cmp(&f(b)))
}
