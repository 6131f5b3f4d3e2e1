//! [`core::ffi`]: C's types and strings.
//!
//! Before Rust 1.64 `CStr` comes from std, and so do the types of C's numbers; without std they come from
//! libc with that feature, where it knows the target. A build with none of these has neither.

pub use base::ffi::*;
// Some releases have it in core, and std does not hand it on.
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

/// [`core::ffi::c_str`](https://doc.rust-lang.org/core/ffi/c_str/), stable since Rust 1.89: what belongs to C's strings.
// Before, releases have it unstable, and a name that a glob brings would be theirs.
#[cfg(before_1_89)]
pub mod c_str {
    pub use super::FromBytesUntilNulError;
    #[cfg(any(feature = "std", not(before_1_64)))]
    pub use super::{CStr, FromBytesWithNulError};
}

#[cfg(any(feature = "std", not(before_1_64)))]
pub use crate::{c_str, from_bytes_with_nul_unchecked};
