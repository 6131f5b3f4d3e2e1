// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::task`].

#[cfg(all(feature = "alloc", not(feature = "std"), not(before_1_51)))]
pub use alloc_crate::task::*;
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

/// What wakes a task: `std::task::Wake` from Rust 1.51.
///
/// Before that no `Waker` can be made from one by `from`, since only std can implement `From<Arc<W>>` for `Waker`. Make
/// it from a `RawWaker`.
#[cfg(all(before_1_51, feature = "alloc"))]
pub trait Wake {
    /// Wakes the task.
    fn wake(self: alloc_crate::sync::Arc<Self>);

    /// Wakes the task, and keeps the reference.
    fn wake_by_ref(self: &alloc_crate::sync::Arc<Self>) {
        self.clone().wake()
    }
}
