// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::panic`](mod@std::panic).

pub use base::panic::*;

/// Panics with any value: `std::panic::panic_any` from Rust 1.51.
#[cfg(all(before_1_51, feature = "std"))]
#[track_caller]
pub fn panic_any<M: 'static + core::any::Any + Send>(msg: M) -> ! {
    #[allow(unknown_lints, non_fmt_panics)]
    {
        std::panic!(msg)
    }
}

/// The argument of a panic hook: `std::panic::PanicHookInfo` from Rust 1.81.
#[cfg(all(before_1_81, feature = "std"))]
#[allow(deprecated)]
pub use std::panic::PanicInfo as PanicHookInfo;
