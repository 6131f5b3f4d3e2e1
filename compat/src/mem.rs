// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::mem`]: offsets, and values that are all zero.

pub use base::mem::*;

#[cfg(before_1_82)]
pub(crate) mod offset_of;
pub(crate) mod with_offsets;
mod zeroable;

#[cfg(not(before_1_82))]
pub use core::mem::offset_of as const_offset_of;

pub use crate::with_offsets;
#[cfg(before_1_82)]
pub use crate::{const_offset_of, offset_of};
pub use zeroable::Zeroable;
