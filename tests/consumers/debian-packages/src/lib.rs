//! A header of C's, as a crate of 2024 would write it.

use oldstable_compat::ffi::{c_char, c_str, CStr};
use oldstable_compat::mem::offset_of;

oldstable_compat::prelude!();

/// What the C side calls the field.
pub const NAME: &CStr = c_str!("flags");

/// A struct that C knows.
#[repr(C)]
pub struct Header {
    magic: [u8; 3],
    flags: libc::c_uint,
}

/// Where the flags begin.
pub fn offset_of_flags() -> usize {
    offset_of!(Header, flags)
}

/// The length of a C string.
///
/// # Safety
///
/// The pointer is that of a C string.
pub unsafe fn len(text: *const c_char) -> usize {
    CStr::from_ptr(text).count_bytes()
}

/// Whether std has `offset_of!` itself.
pub const NATIVE: bool = native();

#[rustversion::since(1.77)]
const fn native() -> bool {
    true
}

#[rustversion::before(1.77)]
const fn native() -> bool {
    false
}

#[test]
fn the_shims_work() {
    assert_eq!(offset_of_flags(), 4);
    // SAFETY: it is a C string.
    assert_eq!(unsafe { len(NAME.as_ptr()) }, 5);
    let version = std::process::Command::new("rustc").arg("-V").output();
    let version = String::from_utf8(version.expect("rustc runs").stdout).expect("text");
    let minor = version["rustc 1.".len()..].split('.').next();
    let minor: u32 = minor.and_then(|minor| minor.parse().ok()).expect("a number");
    assert_eq!(NATIVE, minor >= 77);
}
