//! Methods of `CStr`.

#[cfg(all(no_cstr_count_bytes, any(feature = "std", not(no_ffi_c_types))))]
use super::CStr;

/// `from_bytes_until_nul` of `CStr`.
#[cfg(all(no_cstr_until_nul, any(feature = "std", not(no_ffi_c_types))))]
pub trait CStrUntilNul {
    /// The C string that ends at the first NUL of the bytes; std has it from Rust 1.69.
    ///
    /// # Errors
    ///
    /// If there is no NUL.
    fn from_bytes_until_nul(bytes: &[u8]) -> Result<&CStr, FromBytesUntilNulError>;
}

#[cfg(all(no_cstr_until_nul, any(feature = "std", not(no_ffi_c_types))))]
impl CStrUntilNul for CStr {
    #[inline]
    fn from_bytes_until_nul(bytes: &[u8]) -> Result<&CStr, FromBytesUntilNulError> {
        match bytes.iter().position(|&byte| byte == 0) {
            // SAFETY: the slice ends in its first NUL.
            Some(end) => Ok(unsafe { CStr::from_bytes_with_nul_unchecked(&bytes[..=end]) }),
            None => Err(FromBytesUntilNulError(())),
        }
    }
}

/// The bytes have no NUL: `core::ffi::FromBytesUntilNulError` from Rust 1.69.
#[cfg(no_cstr_until_nul)]
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FromBytesUntilNulError(());

#[cfg(no_cstr_until_nul)]
impl core::fmt::Display for FromBytesUntilNulError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("data provided does not contain a nul")
    }
}

#[cfg(all(no_cstr_until_nul, feature = "std"))]
impl std::error::Error for FromBytesUntilNulError {}

/// `is_empty` of `CStr`.
#[cfg(all(no_cstr_is_empty, any(feature = "std", not(no_ffi_c_types))))]
pub trait CStrIsEmpty {
    /// Whether the NUL comes first; std has it from Rust 1.71.
    fn is_empty(&self) -> bool;
}

#[cfg(all(no_cstr_is_empty, any(feature = "std", not(no_ffi_c_types))))]
impl CStrIsEmpty for CStr {
    #[inline]
    fn is_empty(&self) -> bool {
        self.to_bytes().is_empty()
    }
}

/// `count_bytes` of `CStr`.
#[cfg(all(no_cstr_count_bytes, any(feature = "std", not(no_ffi_c_types))))]
pub trait CStrCountBytes {
    /// The length without the NUL; std has it from Rust 1.79.
    fn count_bytes(&self) -> usize;
}

#[cfg(all(no_cstr_count_bytes, any(feature = "std", not(no_ffi_c_types))))]
impl CStrCountBytes for CStr {
    #[inline]
    fn count_bytes(&self) -> usize {
        self.to_bytes().len()
    }
}
