// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `std::borrow`.

use alloc_crate::borrow::ToOwned;

/// Methods of `ToOwned` from Rust 1.63.
#[cfg(before_1_63)]
pub trait ToOwnedCloneInto: ToOwned {
    /// Replaces an owned value by a copy of this one.
    fn clone_into(&self, target: &mut Self::Owned) {
        *target = self.to_owned();
    }
}
#[cfg(before_1_63)]
impl<T: ToOwned + ?Sized> ToOwnedCloneInto for T {}
