// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::any`].

pub use base::any::*;

/// The name of a value's type: `core::any::type_name_of_val` from Rust 1.76.
#[cfg(before_1_76)]
#[inline]
pub fn type_name_of_val<T: ?Sized>(_val: &T) -> &'static str {
    type_name::<T>()
}
