// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(any(feature = "std", not(before_1_64)))]
use oldstable_compat::c_str;
use oldstable_compat::ffi::{self, CStr};

oldstable_compat::prelude!();

#[test]
fn c_types_are_those_of_std() {
    fn same<T>(_: fn(T)) {}
    same::<std::os::raw::c_char>(|_: ffi::c_char| ());
    same::<std::os::raw::c_schar>(|_: ffi::c_schar| ());
    same::<std::os::raw::c_uchar>(|_: ffi::c_uchar| ());
    same::<std::os::raw::c_short>(|_: ffi::c_short| ());
    same::<std::os::raw::c_ushort>(|_: ffi::c_ushort| ());
    same::<std::os::raw::c_int>(|_: ffi::c_int| ());
    same::<std::os::raw::c_uint>(|_: ffi::c_uint| ());
    same::<std::os::raw::c_long>(|_: ffi::c_long| ());
    same::<std::os::raw::c_ulong>(|_: ffi::c_ulong| ());
    same::<std::os::raw::c_longlong>(|_: ffi::c_longlong| ());
    same::<std::os::raw::c_ulonglong>(|_: ffi::c_ulonglong| ());
    same::<std::os::raw::c_float>(|_: ffi::c_float| ());
    same::<std::os::raw::c_double>(|_: ffi::c_double| ());
    same::<*const std::os::raw::c_void>(|_: *const ffi::c_void| ());
    same::<&std::ffi::CStr>(|_: &CStr| ());
}

#[cfg(feature = "std")]
#[test]
fn c_strings_and_their_errors_are_those_of_std() {
    let nul: Result<ffi::CString, ffi::NulError> = std::ffi::CString::new("a\0b");
    assert_eq!(nul.expect_err("there is a NUL").nul_position(), 1);
    let no_nul: Result<&CStr, ffi::FromBytesWithNulError> = CStr::from_bytes_with_nul(b"a");
    assert!(no_nul.is_err());
    let not_text: Result<String, ffi::IntoStringError> = ffi::CString::new(&b"\xff"[..]).expect("no NUL").into_string();
    assert!(not_text.is_err());
}

#[test]
fn unchecked_bytes_make_a_constant() {
    // SAFETY: the bytes end in their only NUL.
    const TEXT: &CStr = unsafe { ffi::from_bytes_with_nul_unchecked!(b"text\0") };
    assert_eq!(TEXT.to_bytes(), b"text");
}

/// The fallback of Rust 1.48 takes a `CStr` for its bytes with the NUL.
#[test]
fn a_c_str_has_the_layout_of_its_bytes() {
    let bytes = b"text\0";
    let text = CStr::from_bytes_with_nul(bytes).expect("a NUL at the end");
    assert_eq!(std::mem::size_of_val(text), bytes.len());
    assert_eq!(std::mem::align_of_val(text), 1);
    assert_eq!(text.as_ptr() as *const u8, bytes.as_ptr());
}

#[test]
fn a_c_string_ends_at_the_first_nul() {
    fn check<E: std::fmt::Debug + std::fmt::Display + Clone + PartialEq>(until_nul: fn(&[u8]) -> Result<&CStr, E>) {
        assert_eq!(until_nul(b"a\0b\0"), Ok(c_str!("a")));
        assert_eq!(until_nul(b"\0"), Ok(c_str!("")));
        let error = until_nul(b"ab").expect_err("there is no NUL");
        assert_eq!(error.to_string(), "data provided does not contain a nul");
        assert_eq!(until_nul(b""), Err(error.clone()));
    }
    check(CStr::from_bytes_until_nul);
    #[cfg(before_1_69)]
    check::<ffi::FromBytesUntilNulError>(<CStr as CStrUntilNul>::from_bytes_until_nul);
}

/// Our own type is one only where there is std: core has no trait `Error` as long as it lacks the type.
#[cfg(any(feature = "std", not(before_1_69)))]
#[test]
fn bytes_without_a_nul_are_an_error() {
    fn check<E: std::error::Error + 'static>() {}
    check::<ffi::FromBytesUntilNulError>();
}

#[test]
fn the_nul_does_not_count() {
    fn check(is_empty: fn(&CStr) -> bool, count_bytes: fn(&CStr) -> usize) {
        assert!(is_empty(c_str!("")) && !is_empty(c_str!("a")));
        assert_eq!((count_bytes(c_str!("")), count_bytes(c_str!("ü"))), (0, 2));
    }
    check(CStr::is_empty, CStr::count_bytes);
    #[cfg(before_1_71)]
    check(CStrIsEmpty::is_empty, CStrCountBytes::count_bytes);
}
