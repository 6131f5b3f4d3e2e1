//! [`core::ffi`]: C's types and strings.
//!
//! Before Rust 1.64 the types of C's numbers come from libc with that feature, else from std, and
//! `CStr` from std, so that a build without either has neither.

pub(crate) mod c_str_methods;

#[cfg(not(no_ffi_c_types))]
pub use core::ffi::{
    c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint,
    c_ulong, c_ulonglong, c_ushort, CStr, FromBytesWithNulError,
};
#[cfg(all(no_ffi_c_types, feature = "libc"))]
pub use libc::{
    c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint,
    c_ulong, c_ulonglong, c_ushort,
};
#[cfg(all(no_ffi_c_types, feature = "std"))]
pub use std::ffi::{CStr, FromBytesWithNulError};
#[cfg(all(no_ffi_c_types, not(feature = "libc"), feature = "std"))]
pub use std::os::raw::{
    c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint,
    c_ulong, c_ulonglong, c_ushort,
};

#[cfg(all(no_cstr_until_nul, any(feature = "std", not(no_ffi_c_types))))]
pub use c_str_methods::FromBytesUntilNulError;
pub use core::ffi::c_void;
#[cfg(not(no_cstr_until_nul))]
pub use core::ffi::FromBytesUntilNulError;
#[cfg(feature = "std")]
pub use std::ffi::{CString, IntoStringError, NulError};

#[cfg(any(feature = "std", not(no_ffi_c_types)))]
pub use crate::{c_str, from_bytes_with_nul_unchecked};
