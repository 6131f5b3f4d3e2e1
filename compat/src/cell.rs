// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::cell`].

pub use base::cell::*;

#[cfg(before_1_80)]
mod lazy;
#[cfg(before_1_70)]
mod once;

#[cfg(before_1_80)]
pub use lazy::LazyCell;
#[cfg(before_1_70)]
pub use once::OnceCell;
