// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::str`]: patterns, and iterators over text.

// Some releases have items in core that std does not re-export.
#[cfg(feature = "alloc")]
pub use alloc_crate::str::*;
pub use core::str::*;

#[cfg(before_1_52)]
#[path = "str/pattern.rs"]
mod patterns;
#[cfg(before_1_51)]
mod split_inclusive;
#[cfg(before_1_79)]
mod utf8_chunks;

#[cfg(before_1_52)]
pub use patterns::Pattern;
#[cfg(before_1_51)]
pub use split_inclusive::SplitInclusive;
#[cfg(before_1_79)]
pub use utf8_chunks::{Utf8Chunk, Utf8Chunks};
