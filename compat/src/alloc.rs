// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::alloc`].

#[cfg(not(feature = "std"))]
pub use core::alloc::*;
#[cfg(feature = "std")]
pub use std::alloc::*;

/// An invalid size or alignment of memory: `core::alloc::LayoutError` from Rust 1.50.
#[cfg(before_1_50)]
#[allow(deprecated)]
pub use core::alloc::LayoutErr as LayoutError;
