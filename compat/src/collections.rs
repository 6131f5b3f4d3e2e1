// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::collections`].

#[cfg(not(feature = "std"))]
pub use alloc_crate::collections::*;
#[cfg(feature = "std")]
pub use std::collections::*;

#[cfg(feature = "std")]
pub mod hash_map;

#[cfg(before_1_57)]
mod reserve;
#[cfg(before_1_57)]
pub(crate) use reserve::try_reserve;
#[cfg(before_1_57)]
pub use reserve::TryReserveError;
