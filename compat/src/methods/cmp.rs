// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Ord` and `Ordering`.

use core::cmp::Ordering;

/// Methods of `Ord` from Rust 1.50.
#[cfg(before_1_50)]
pub trait OrdClamp: Ord + Sized {
    /// The value, or the bound that it exceeds.
    ///
    /// # Panics
    ///
    /// If `min > max`.
    #[inline]
    #[track_caller]
    fn clamp(self, min: Self, max: Self) -> Self {
        assert!(min <= max);
        if self < min {
            min
        } else if self > max {
            max
        } else {
            self
        }
    }
}

#[cfg(before_1_50)]
impl<T: Ord> OrdClamp for T {}

#[cfg(before_1_53)]
extension! {
    /// Methods of `Ordering` from Rust 1.53.
    OrderingIs for Ordering;
    /// Whether it is `Equal`.
    fn is_eq(self) -> bool {
        self == Ordering::Equal
    }
    /// Whether it is not `Equal`.
    fn is_ne(self) -> bool {
        self != Ordering::Equal
    }
    /// Whether it is `Less`.
    fn is_lt(self) -> bool {
        self == Ordering::Less
    }
    /// Whether it is `Greater`.
    fn is_gt(self) -> bool {
        self == Ordering::Greater
    }
    /// Whether it is `Less` or `Equal`.
    fn is_le(self) -> bool {
        self != Ordering::Greater
    }
    /// Whether it is `Greater` or `Equal`.
    fn is_ge(self) -> bool {
        self != Ordering::Less
    }
}
