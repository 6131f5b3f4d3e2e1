// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Text and file names: Rust's strings on one side, C's NUL-terminated ones on the other.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::ptr;
use std::str;

use oldstable_compat::ffi::{c_char, c_int, c_void, CStr, CString};

use super::alloc::alloc_array;
use super::libc;
use super::{
    Allocator, BorrowForeign, BorrowedMutPointer, BorrowedPointer, CloneToForeign, ConversionError, ForeignField,
    FromForeign, Interchangeable, IntoForeign, OwnedPointer, Utf8,
};

/// Finds the first NUL.
#[inline]
fn nul_position(bytes: &[u8]) -> Option<usize> {
    // SAFETY: the pointer and the length are those of a slice.
    let found = unsafe { libc::memchr(bytes.as_ptr() as *const c_void, 0 as c_int, bytes.len()) };
    if found.is_null() {
        None
    } else {
        Some(found as usize - bytes.as_ptr() as usize)
    }
}

/// Copies bytes that are known to have no NUL, and adds one.
#[inline]
fn clone_bytes<T, A>(bytes: &[u8]) -> Result<OwnedPointer<T, A>, ConversionError>
where
    T: CloneToForeign<Foreign = c_char> + ?Sized,
    A: Allocator,
{
    let block = alloc_array::<u8, A>(bytes.len() + 1)?.as_ptr();
    // SAFETY: the block is new and has a byte more than the text.
    unsafe {
        ptr::copy_nonoverlapping(bytes.as_ptr(), block, bytes.len());
        *block.add(bytes.len()) = 0;
        Ok(OwnedPointer::new(block as *mut c_char))
    }
}

/// Copies bytes that may have a NUL, which is an error, and adds one.
#[inline]
fn try_clone_bytes<T, A>(bytes: &[u8]) -> Result<OwnedPointer<T, A>, ConversionError>
where
    T: CloneToForeign<Foreign = c_char> + ?Sized,
    A: Allocator,
{
    let block = alloc_array::<u8, A>(bytes.len() + 1)?.as_ptr();
    // SAFETY: the block is new and has a byte more than the text.
    let (owned, may_have_nul) = unsafe {
        let may_have_nul = copy_and_look_for_nul(bytes, block);
        *block.add(bytes.len()) = 0;
        (OwnedPointer::new(block as *mut c_char), may_have_nul)
    };
    if may_have_nul {
        if let Some(position) = nul_position(bytes) {
            return Err(ConversionError::InteriorNul { position });
        }
    }
    Ok(owned)
}

/// Copies the bytes; if it returns false, there is no NUL among them.
///
/// A short text is copied in a few registers, in less time than a call of the C library takes.
///
/// # Safety
///
/// `dest` has room for the bytes.
#[inline]
unsafe fn copy_and_look_for_nul(bytes: &[u8], dest: *mut u8) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let len = bytes.len();
    let from = bytes.as_ptr();
    #[cfg(target_arch = "x86_64")]
    if (16..=64).contains(&len) {
        // SAFETY: the caller guarantees the room, and the length is one of these.
        unsafe { return copy_vectors(from, dest, len) };
    }
    if len >= 16 {
        let dest = dest as *mut c_char;
        // SAFETY: both have `len` bytes.
        unsafe { libc::stpncpy(dest, from as *const c_char, len) != dest.add(len) }
    } else if len >= 8 {
        // SAFETY: the copies from the front and from the back are at most `len` long, and may overlap in the middle.
        let (first, last) = unsafe {
            let first = (from as *const u64).read_unaligned();
            let last = (from.add(len - 8) as *const u64).read_unaligned();
            (dest as *mut u64).write_unaligned(first);
            (dest.add(len - 8) as *mut u64).write_unaligned(last);
            (first, last)
        };
        // Subtracting 1 from each byte sets the highest bit of those that are 0 or not ASCII.
        (first.wrapping_sub(ONES) | last.wrapping_sub(ONES)) & HIGH_BITS != 0
    } else if len >= 4 {
        // SAFETY: the copies from the front and from the back are at most `len` long, and may overlap in the middle.
        let (first, last) = unsafe {
            let first = (from as *const u32).read_unaligned();
            let last = (from.add(len - 4) as *const u32).read_unaligned();
            (dest as *mut u32).write_unaligned(first);
            (dest.add(len - 4) as *mut u32).write_unaligned(last);
            (first, last)
        };
        let both = u64::from(first) << 32 | u64::from(last);
        both.wrapping_sub(ONES) & HIGH_BITS != 0
    } else if len > 0 {
        let (first, middle, last) = (bytes[0], bytes[len / 2], bytes[len - 1]);
        // SAFETY: the three are within `len` bytes.
        unsafe {
            *dest = first;
            *dest.add(len / 2) = middle;
            *dest.add(len - 1) = last;
        }
        first == 0 || middle == 0 || last == 0
    } else {
        false
    }
}

/// Copies 16 to 64 bytes in SSE2 registers, which every x86_64 has; if it returns false, there is
/// no NUL among them.
///
/// # Safety
///
/// `from` can be read and `dest` written for `len` bytes.
#[cfg(target_arch = "x86_64")]
#[inline]
unsafe fn copy_vectors(from: *const u8, dest: *mut u8, len: usize) -> bool {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_setzero_si128, _mm_storeu_si128,
    };
    // SAFETY: each of the up to four copies is of 16 bytes within `len`, at places of any alignment.
    unsafe {
        let copy = |at| {
            let vector = _mm_loadu_si128(from.add(at) as *const __m128i);
            _mm_storeu_si128(dest.add(at) as *mut __m128i, vector);
            vector
        };
        let mut lowest = _mm_min_epu8(copy(0), copy(len - 16));
        if len > 32 {
            let middle = _mm_min_epu8(copy(16), copy(len - 32));
            lowest = _mm_min_epu8(lowest, middle);
        }
        _mm_movemask_epi8(_mm_cmpeq_epi8(lowest, _mm_setzero_si128())) != 0
    }
}

/// Returns the bytes of a C string, without the NUL.
///
/// # Safety
///
/// `ptr` is NULL or points to a C string that outlives `'a`.
#[inline]
unsafe fn bytes_of<'a>(ptr: *const c_char) -> Result<&'a [u8], ConversionError> {
    if ptr.is_null() {
        return Err(ConversionError::Null);
    }
    // SAFETY: the caller guarantees a C string, which is as long as `strlen` says.
    unsafe { Ok(std::slice::from_raw_parts(ptr as *const u8, libc::strlen(ptr))) }
}

/// Reads a C string in place; U+FFFD replaces invalid UTF-8.
///
/// # Safety
///
/// `ptr` points to a C string that outlives `'a`.
pub(crate) unsafe fn text_at<'a>(ptr: *const c_char) -> Cow<'a, str> {
    // SAFETY: the caller guarantees a C string.
    unsafe { CStr::from_ptr(ptr).to_string_lossy() }
}

/// Copies a message; a NUL in it becomes `\0`.
pub(crate) fn clone_text(text: &str) -> OwnedPointer<String> {
    text.replace('\0', "\\0").clone_to_foreign()
}

/// Implements the conversions of a type of text, whose C form is a C string in its own block.
macro_rules! text {
    ($($type:ty, $clone:ident, $bytes:expr;)*) => {
        $(
            impl CloneToForeign for $type {
                type Foreign = c_char;

                #[inline]
                unsafe fn free_foreign_in<A: Allocator>(ptr: *mut c_char) {
                    // SAFETY: the caller guarantees that `A` allocated it.
                    unsafe { A::free(ptr as *mut c_void) }
                }

                #[inline]
                fn try_clone_to_foreign_in<A: Allocator>(
                    &self,
                ) -> Result<OwnedPointer<Self, A>, ConversionError> {
                    let bytes: fn(&$type) -> &[u8] = $bytes;
                    $clone(bytes(self))
                }
            }

            // SAFETY: the group is that of C strings.
            unsafe impl Interchangeable for $type {
                type Group = CStr;
            }
        )*
    };
}

text! {
    str, try_clone_bytes, |s| s.as_bytes();
    String, try_clone_bytes, |s| s.as_bytes();
    CStr, clone_bytes, |s| s.to_bytes();
    CString, clone_bytes, |s| s.as_bytes();
    OsStr, try_clone_bytes, |s| s.as_bytes();
    OsString, try_clone_bytes, |s| s.as_bytes();
    Path, try_clone_bytes, |s| s.as_os_str().as_bytes();
    PathBuf, try_clone_bytes, |s| s.as_os_str().as_bytes();
}

impl FromForeign for String {
    #[inline]
    unsafe fn read_foreign(ptr: *const c_char, utf8: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the caller guarantees a C string, and the bytes are copied here.
        let bytes = unsafe { bytes_of(ptr)? };
        match (str::from_utf8(bytes), utf8) {
            (Ok(text), _) => Ok(text.to_owned()),
            (Err(_), Utf8::Lossy) => Ok(String::from_utf8_lossy(bytes).into_owned()),
            (Err(err), Utf8::Checked) => Err(ConversionError::InvalidUtf8 { valid_up_to: err.valid_up_to() }),
        }
    }
}

impl FromForeign for CString {
    #[inline]
    unsafe fn read_foreign(ptr: *const c_char, _: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the caller guarantees a C string, whose only NUL is its last byte.
        unsafe { Ok(CString::from_vec_unchecked(bytes_of(ptr)?.to_vec())) }
    }
}

impl FromForeign for OsString {
    #[inline]
    unsafe fn read_foreign(ptr: *const c_char, _: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the caller guarantees a C string, and the bytes are copied here.
        unsafe { Ok(OsString::from_vec(bytes_of(ptr)?.to_vec())) }
    }
}

impl FromForeign for PathBuf {
    #[inline]
    unsafe fn read_foreign(ptr: *const c_char, utf8: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the C form is that of an `OsString`.
        unsafe { Ok(OsString::read_foreign(ptr, utf8)?.into()) }
    }
}

field_as_pointer!([] String);
field_as_pointer!([] CString);
field_as_pointer!([] OsString);
field_as_pointer!([] PathBuf);

impl<'a> BorrowForeign<'a> for CStr {
    type Storage = &'a CStr;

    #[inline]
    fn borrow_foreign(&'a self) -> BorrowedPointer<Self, &'a CStr> {
        // SAFETY: the storage keeps the text in place.
        unsafe { BorrowedPointer::new(self.as_ptr(), self) }
    }
}

impl<'a> BorrowForeign<'a> for CString {
    type Storage = &'a CStr;

    #[inline]
    fn borrow_foreign(&'a self) -> BorrowedPointer<Self, &'a CStr> {
        self.as_c_str().borrow_foreign().retype()
    }
}

impl IntoForeign for CString {
    /// The bytes with their NUL. A `CString` would search for the NUL again when it is dropped, and C may have written
    /// another one.
    type Storage = Vec<u8>;

    fn try_into_foreign(self) -> Result<BorrowedMutPointer<Self, Vec<u8>>, ConversionError> {
        let mut bytes = self.into_bytes_with_nul();
        // SAFETY: a vector's bytes stay in place when it is moved.
        Ok(unsafe { BorrowedMutPointer::new(bytes.as_mut_ptr() as *mut c_char, bytes) })
    }
}

macro_rules! into_foreign_as_c_string {
    ($($type:ty, $bytes:expr;)*) => {
        $(
            impl IntoForeign for $type {
                type Storage = Vec<u8>;

                fn try_into_foreign(
                    self,
                ) -> Result<BorrowedMutPointer<Self, Vec<u8>>, ConversionError> {
                    let bytes: fn($type) -> Vec<u8> = $bytes;
                    let text = CString::new(bytes(self)).map_err(|err| {
                        ConversionError::InteriorNul {
                            position: err.nul_position(),
                        }
                    })?;
                    let (ptr, bytes) = text.try_into_foreign()?.into_parts();
                    // SAFETY: only the type of the text changes.
                    Ok(unsafe { BorrowedMutPointer::new(ptr, bytes) })
                }
            }
        )*
    };
}

into_foreign_as_c_string! {
    String, |s| s.into_bytes();
    OsString, |s| s.into_vec();
    PathBuf, |s| s.into_os_string().into_vec();
}

/// Text that can be copied into a buffer of fixed size, such as a `char name[16]`.
pub trait CloneIntoBuffer {
    /// Copies the text and a NUL to the front of `buffer`. After an error the buffer is unchanged.
    ///
    /// ```
    /// use oldstable::foreign::{CloneIntoBuffer, ConversionError};
    ///
    /// let mut name = [0; 4];
    /// "abc".try_clone_into_buffer(&mut name).unwrap();
    /// assert_eq!(name[0] as u8, b'a');
    /// assert_eq!("abcd".try_clone_into_buffer(&mut name), Err(ConversionError::Length));
    /// ```
    ///
    /// # Errors
    ///
    /// If the text has a NUL in it, or does not fit with its final NUL.
    fn try_clone_into_buffer(&self, buffer: &mut [c_char]) -> Result<(), ConversionError>;
}

impl<T: AsRef<OsStr> + ?Sized> CloneIntoBuffer for T {
    fn try_clone_into_buffer(&self, buffer: &mut [c_char]) -> Result<(), ConversionError> {
        let bytes = self.as_ref().as_bytes();
        if let Some(position) = nul_position(bytes) {
            return Err(ConversionError::InteriorNul { position });
        }
        if bytes.len() >= buffer.len() {
            return Err(ConversionError::Length);
        }
        for (place, byte) in buffer.iter_mut().zip(bytes.iter().chain(&[0])) {
            *place = *byte as c_char;
        }
        Ok(())
    }
}
