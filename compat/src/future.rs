// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::future`].

pub use base::future::*;

#[cfg(before_1_64)]
use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

/// A type that can be converted to a future: `core::future::IntoFuture` from Rust 1.64.
///
/// Here `.await` does not call it.
#[cfg(before_1_64)]
pub trait IntoFuture {
    /// The output of the future.
    type Output;
    /// The future.
    type IntoFuture: Future<Output = Self::Output>;
    /// Makes the future.
    fn into_future(self) -> Self::IntoFuture;
}

#[cfg(before_1_64)]
impl<F: Future> IntoFuture for F {
    type Output = F::Output;
    type IntoFuture = F;
    #[inline]
    fn into_future(self) -> F {
        self
    }
}

/// A future whose `poll` is a function: `core::future::poll_fn` from Rust 1.64.
#[cfg(before_1_64)]
#[inline]
pub fn poll_fn<T, F: FnMut(&mut Context<'_>) -> Poll<T>>(f: F) -> PollFn<F> {
    PollFn { f }
}

/// A future whose `poll` is a function: `core::future::PollFn` from Rust 1.64.
#[cfg(before_1_64)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct PollFn<F> {
    f: F,
}

#[cfg(before_1_64)]
impl<F: Unpin> Unpin for PollFn<F> {}

#[cfg(before_1_64)]
impl<T, F: FnMut(&mut Context<'_>) -> Poll<T>> Future for PollFn<F> {
    type Output = T;
    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        // SAFETY: the function is called in place, and not moved.
        (unsafe { &mut self.get_unchecked_mut().f })(cx)
    }
}

#[cfg(before_1_64)]
impl<F> fmt::Debug for PollFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PollFn")
    }
}
