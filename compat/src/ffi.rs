// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::ffi`]: C's types and strings.
//!
//! Before Rust 1.64 `CStr` and the C number types come from std; without std, the types come from libc with that
//! feature, if it supports the target. Otherwise there are neither.

pub use base::ffi::*;
// Some releases have it in core, but std does not re-export it.
#[cfg(not(before_1_69))]
pub use core::ffi::FromBytesUntilNulError;

#[cfg(before_1_69)]
mod errors;
#[cfg(before_1_69)]
pub use errors::FromBytesUntilNulError;
#[cfg(all(before_1_58, feature = "std"))]
pub use errors::FromVecWithNulError;

#[cfg(all(before_1_64, feature = "std"))]
pub use std::os::raw::{
    c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint, c_ulong, c_ulonglong,
    c_ushort,
};
// For other targets the crate is empty.
#[cfg(all(before_1_64, not(feature = "std"), feature = "libc", any(unix, windows, target_os = "wasi")))]
pub use libc::{
    c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint, c_ulong, c_ulonglong,
    c_ushort,
};

/// [`core::ffi::c_str`](https://doc.rust-lang.org/core/ffi/c_str/), stable since Rust 1.89: the items for C strings.
// Earlier releases have it as unstable, and a glob import would find theirs.
#[cfg(before_1_89)]
pub mod c_str {
    pub use super::FromBytesUntilNulError;
    #[cfg(any(feature = "std", not(before_1_64)))]
    pub use super::{CStr, FromBytesWithNulError};
}

#[cfg(any(feature = "std", not(before_1_64)))]
pub use crate::{c_str, from_bytes_with_nul_unchecked};

/// [`std::ffi::os_str`], stable since Rust 1.87: the system's strings.
#[cfg(all(before_1_87, feature = "std"))]
pub mod os_str {
    pub use super::{OsStr, OsString};
}
