// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Text with each byte at each place, up to the lengths at which the method of copying changes.

use super::{live, Tracked};
use crate::foreign::*;
use oldstable_compat::ffi::{c_char, CStr, CString};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

#[test]
fn a_nul_is_found_wherever_it_is() {
    for len in 0..150 {
        // A block of its own, so that a tool can see a read past its end.
        let mut bytes = vec![b'x'; len].into_boxed_slice();
        for place in 0..len {
            for byte in &[0, 1, 0x7f, 0x80, 0x81, 0xff] {
                bytes[place] = *byte;
                let result = OsStr::from_bytes(&bytes).try_clone_to_foreign();
                if *byte == 0 {
                    let position = place;
                    let err = ConversionError::InteriorNul { position };
                    assert_eq!(result.unwrap_err(), err);
                } else {
                    let copy = result.unwrap().into::<CString>().into_native();
                    assert_eq!(copy.as_bytes(), &*bytes);
                }
            }
            bytes[place] = b'x';
        }
    }
}

#[test]
fn the_first_of_several_nuls_is_told() {
    for len in &[3, 7, 15, 64, 200] {
        let text = "\0".repeat(*len);
        let err = ConversionError::InteriorNul { position: 0 };
        assert_eq!(text.try_clone_to_foreign().unwrap_err(), err);
        let text = "\u{80}\0".repeat(*len);
        let err = ConversionError::InteriorNul { position: 2 };
        assert_eq!(text.try_clone_to_foreign().unwrap_err(), err);
    }
}

#[test]
fn a_nul_is_an_error_in_each_type_that_can_have_one() {
    let nul = ConversionError::InteriorNul { position: 1 };
    assert_eq!("a\0b".try_clone_to_foreign().unwrap_err(), nul);
    assert_eq!("a\0b".to_string().try_clone_to_foreign().unwrap_err(), nul);
    assert_eq!(OsStr::new("a\0b").try_clone_to_foreign().unwrap_err(), nul);
    assert_eq!(OsString::from("a\0b").try_clone_to_foreign().unwrap_err(), nul);
    assert_eq!(Path::new("a\0b").try_clone_to_foreign().unwrap_err(), nul);
    assert_eq!(PathBuf::from("a\0b").try_clone_to_foreign().unwrap_err(), nul);
    assert_eq!(Some("a\0b").try_clone_to_foreign().unwrap_err(), nul);

    assert_eq!("a\0b".to_string().try_into_foreign().unwrap_err(), nul);
    assert_eq!(OsString::from("a\0b").try_into_foreign().unwrap_err(), nul);
    assert_eq!(PathBuf::from("a\0b").try_into_foreign().unwrap_err(), nul);
}

#[test]
fn a_nul_half_way_frees_what_was_converted_before() {
    let nul = ConversionError::InteriorNul { position: 0 };
    let list = NullTerminated(vec!["a", "b", "\0"]);
    let result = list.try_clone_to_foreign_in::<Tracked>();
    assert_eq!(result.unwrap_err(), nul);
    assert_eq!(live(), 0);
    let pair = ("a".to_string(), "\0".to_string());
    assert_eq!(pair.try_clone_to_foreign_in::<Tracked>().unwrap_err(), nul);
    assert_eq!(live(), 0);
    let array = ["a".to_string(), "\0".to_string()];
    assert_eq!(array.try_clone_to_foreign_in::<Tracked>().unwrap_err(), nul);
    assert_eq!(live(), 0);
    let list = Counted::<_>::from(array.to_vec());
    let list: Counted<String> = list;
    assert_eq!(list.try_clone_to_foreign_in::<Tracked>().unwrap_err(), nul);
    assert_eq!(live(), 0);
}

#[test]
fn an_absent_string_cannot_stand_in_a_list_that_null_ends() {
    let list = NullTerminated(vec![Some("a"), None, Some("b")]);
    let result = list.try_clone_to_foreign_in::<Tracked>();
    assert_eq!(result.unwrap_err(), ConversionError::Null);
    assert_eq!(live(), 0);
}

#[test]
#[should_panic(expected = "the text has a NUL at byte 1, which no C string can hold; remove it")]
fn the_infallible_form_panics_at_a_nul() {
    "a\0b".clone_to_foreign();
}

#[test]
fn text_goes_into_a_buffer_if_it_fits_with_its_nul() {
    let mut buffer = [b'#' as c_char; 4];
    assert_eq!("abcd".try_clone_into_buffer(&mut buffer), Err(ConversionError::Length));
    assert_eq!("a\0".try_clone_into_buffer(&mut buffer), Err(ConversionError::InteriorNul { position: 1 }));
    assert_eq!(buffer, [b'#' as c_char; 4], "an error leaves it as it was");
    Path::new("abc").try_clone_into_buffer(&mut buffer).unwrap();
    // SAFETY: the buffer has a NUL.
    let text = unsafe { CStr::from_ptr(buffer.as_ptr()) };
    assert_eq!(text.to_bytes(), b"abc");
    assert_eq!("".try_clone_into_buffer(&mut []), Err(ConversionError::Length));
}

#[test]
fn a_string_may_hold_any_bytes_but_nul() {
    let bytes: Vec<u8> = (1..=255).collect();
    let text = OsString::from_vec(bytes.clone());
    assert_eq!(text.clone_to_foreign().into_native().into_vec(), bytes);
}
