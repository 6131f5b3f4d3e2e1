//! [`core::ffi`]: C's types and strings.

#[cfg(not(no_ffi_c_types))]
pub use core::ffi::{
    c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint,
    c_ulong, c_ulonglong, c_ushort, CStr,
};
#[cfg(all(no_ffi_c_types, feature = "libc"))]
pub use libc::{
    c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint,
    c_ulong, c_ulonglong, c_ushort,
};
#[cfg(all(no_ffi_c_types, not(feature = "libc"), feature = "std"))]
pub use std::os::raw::{
    c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint,
    c_ulong, c_ulonglong, c_ushort,
};

pub use core::ffi::c_void;
#[cfg(all(no_ffi_c_types, feature = "std"))]
pub use std::ffi::CStr;
#[cfg(feature = "std")]
pub use std::ffi::{CString, FromBytesWithNulError, IntoStringError, NulError};

#[cfg(any(feature = "std", not(no_ffi_c_types)))]
pub use crate::c_str;
