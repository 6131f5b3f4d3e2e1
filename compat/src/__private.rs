// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Items that the expansions of our macros use. Not for any other use.

pub use core;

#[cfg(all(feature = "std", before_1_77, feature = "cstr"))]
pub use cstr::cstr;
#[cfg(all(before_1_77, feature = "memoffset"))]
pub use memoffset;

pub use crate::c_str_literal::{Nuls, Text};
#[cfg(before_1_82)]
pub use crate::mem::offset_of::not_through_deref;
#[cfg(before_1_82)]
pub use crate::mem::with_offsets::{round_up, FieldOffset, Nested, Offsets, WithOffsets};
#[cfg(all(before_1_59, feature = "std"))]
pub use std::thread_local;
