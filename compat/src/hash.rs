// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::hash`].

pub use base::hash::*;

#[cfg(all(before_1_76, feature = "std"))]
pub use std::collections::hash_map::{DefaultHasher, RandomState};
