// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `CStr` and `CString`.

use crate::ffi::CStr;
#[cfg(all(before_1_58, feature = "std"))]
use crate::ffi::{CString, FromVecWithNulError};

#[cfg(all(before_1_58, feature = "std"))]
extension! {
    /// Functions of `CString` from Rust 1.58.
    CStringFromVecWithNul for CString;
    /// The C string from bytes with their NUL.
    ///
    /// # Errors
    ///
    /// If the last byte is not the only NUL.
    fn from_vec_with_nul(v: std::vec::Vec<u8>) -> Result<CString, FromVecWithNulError> {
        match v.iter().position(|&byte| byte == 0) {
            // SAFETY: the last byte is the only NUL.
            Some(nul) if nul + 1 == v.len() => Ok(unsafe { <CString as CStringFromVecWithNul>::from_vec_with_nul_unchecked(v) }),
            nul => Err(FromVecWithNulError::new(nul, v)),
        }
    }
    /// The C string from bytes with their NUL.
    ///
    /// # Safety
    ///
    /// The last byte is the only NUL.
    unsafe fn from_vec_with_nul_unchecked(v: std::vec::Vec<u8>) -> CString {
        let mut bytes = v;
        bytes.pop();
        CString::from_vec_unchecked(bytes)
    }
}

#[cfg(before_1_69)]
extension! {
    /// Functions of `CStr` from Rust 1.69.
    CStrUntilNul for CStr;
    /// The C string that ends at the first NUL of the bytes.
    ///
    /// # Errors
    ///
    /// If there is no NUL.
    fn from_bytes_until_nul(bytes: &[u8]) -> Result<&CStr, crate::ffi::FromBytesUntilNulError> {
        match bytes.iter().position(|&byte| byte == 0) {
            // SAFETY: the slice ends in its first NUL.
            Some(end) => Ok(unsafe { CStr::from_bytes_with_nul_unchecked(&bytes[..=end]) }),
            None => Err(crate::ffi::FromBytesUntilNulError(())),
        }
    }
}

#[cfg(before_1_71)]
extension! {
    /// Methods of `CStr` from Rust 1.71.
    CStrIsEmpty for CStr;
    /// Whether the string is empty.
    fn is_empty(&self) -> bool { self.to_bytes().is_empty() }
}

#[cfg(before_1_79)]
extension! {
    /// Methods of `CStr` from Rust 1.79.
    CStrCountBytes for CStr;
    /// The length without the NUL.
    fn count_bytes(&self) -> usize { self.to_bytes().len() }
}
