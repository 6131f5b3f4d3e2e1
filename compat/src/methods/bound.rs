// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Bound`.

use core::ops::Bound::{self, Excluded, Included, Unbounded};

#[cfg(before_1_55)]
extension! {
    /// Methods of `Bound<&T>` from Rust 1.55.
    BoundCloned<T> for Bound<&T> where T: Clone;
    /// The bound with a clone of its value.
    fn cloned(self) -> Bound<T> {
        match self {
            Included(value) => Included(value.clone()),
            Excluded(value) => Excluded(value.clone()),
            Unbounded => Unbounded,
        }
    }
}

#[cfg(before_1_65)]
extension! {
    /// Methods of `Bound` from Rust 1.65.
    BoundAsRef<T> for Bound<T>;
    /// The bound with a reference to its value.
    fn as_ref(&self) -> Bound<&T> {
        match self {
            Included(value) => Included(value),
            Excluded(value) => Excluded(value),
            Unbounded => Unbounded,
        }
    }
}

#[cfg(before_1_77)]
extension! {
    /// Methods of `Bound` from Rust 1.77.
    BoundMap<T> for Bound<T>;
    /// The bound with a function's result for its value.
    fn map<U, F>(self, f: F) -> Bound<U>
    where F: FnOnce(T) -> U {
        match self {
            Included(value) => Included(f(value)),
            Excluded(value) => Excluded(f(value)),
            Unbounded => Unbounded,
        }
    }
}
