// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`std::sync`].

#[cfg(all(feature = "alloc", not(feature = "std")))]
pub use alloc_crate::sync::*;
pub use base::sync::*;

#[cfg(all(before_1_80, feature = "std"))]
mod lazy_lock;
#[cfg(all(before_1_70, feature = "std"))]
mod once_lock;

#[cfg(all(before_1_80, feature = "std"))]
pub use lazy_lock::LazyLock;
#[cfg(all(before_1_70, feature = "std"))]
pub use once_lock::OnceLock;
