// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::fmt`].

#[cfg(feature = "alloc")]
pub use alloc_crate::fmt::*;
#[cfg(not(feature = "alloc"))]
pub use core::fmt::*;

/// A value that a function formats: `core::fmt::from_fn` from Rust 1.93.
#[cfg(before_1_93)]
pub fn from_fn<F: Fn(&mut Formatter<'_>) -> Result>(f: F) -> FromFn<F> {
    FromFn(f)
}

/// A value that a function formats: `core::fmt::FromFn` from Rust 1.93.
#[cfg(before_1_93)]
pub struct FromFn<F>(F);

#[cfg(before_1_93)]
impl<F: Fn(&mut Formatter<'_>) -> Result> Debug for FromFn<F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        (self.0)(f)
    }
}

#[cfg(before_1_93)]
impl<F: Fn(&mut Formatter<'_>) -> Result> Display for FromFn<F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        (self.0)(f)
    }
}
