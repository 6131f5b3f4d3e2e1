// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::error`].

#[cfg(not(before_1_81))]
pub use core::error::*;
#[cfg(all(before_1_81, feature = "std"))]
pub use std::error::*;
