// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::task`].

pub use base::task::*;

#[cfg(before_1_64)]
pub use crate::ready;

/// The value of a `Poll`; returns `Pending` from the function if there is none: `core::task::ready!` from Rust 1.64.
#[cfg(before_1_64)]
#[macro_export]
macro_rules! ready {
    ($poll:expr $(,)?) => {
        match $poll {
            $crate::__private::core::task::Poll::Ready(value) => value,
            $crate::__private::core::task::Poll::Pending => {
                return $crate::__private::core::task::Poll::Pending;
            }
        }
    };
}
