//! Rust's text as C's, for QEMU to copy.

use oldstable_compat::ffi::CString;

/// A name, which a program says and no user.
///
/// # Panics
/// If it has a NUL, with `what` it is the name of.
#[track_caller]
pub(crate) fn c_name(name: &str, what: &str) -> CString {
    // Not by `expect`: what an error of CString looks like would be in every object.
    CString::new(name).unwrap_or_else(|_| panic!("the name of {} has a NUL", what))
}

/// A text for people; a NUL in it becomes `\0`.
pub(crate) fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\\0")).unwrap_or_default()
}
