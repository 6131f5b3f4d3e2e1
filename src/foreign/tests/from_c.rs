// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Invalid values from C: each has its own error, and nothing leaks.

use super::round_trip::{CDrive, Drive};
use super::{live, Tracked};
use crate::foreign::*;
use oldstable_compat::ffi::{c_char, CString};
use std::borrow::Cow;
use std::cell::Cell;
use std::ffi::OsString;
use std::fmt::Debug;
use std::mem::MaybeUninit;
use std::panic::{catch_unwind, UnwindSafe};
use std::path::PathBuf;
use std::ptr;

fn panic_message<R>(f: impl FnOnce() -> R + UnwindSafe) -> String {
    match catch_unwind(f) {
        Ok(_) => panic!("no panic"),
        Err(payload) => payload.downcast_ref::<String>().unwrap().clone(),
    }
}

fn null_is_an_error<T: FromForeign + Debug + PartialEq>() {
    // SAFETY: NULL is fine.
    unsafe {
        let null = Err(ConversionError::Null);
        assert_eq!(T::try_cloned_from_foreign(ptr::null()), null);
        assert_eq!(T::try_from_foreign(ptr::null_mut()), null);
        assert_eq!(T::read_foreign(ptr::null(), Utf8::Lossy), null);
        let message = panic_message(|| T::cloned_from_foreign(ptr::null()));
        assert_eq!(message, ConversionError::Null.to_string());
        panic_message(|| T::from_foreign(ptr::null_mut()));
    }
}

#[test]
fn null_where_a_value_is_due_is_an_error() {
    null_is_an_error::<u8>();
    null_is_an_error::<f64>();
    null_is_an_error::<bool>();
    null_is_an_error::<String>();
    null_is_an_error::<CString>();
    null_is_an_error::<OsString>();
    null_is_an_error::<PathBuf>();
    null_is_an_error::<Box<u32>>();
    null_is_an_error::<Cow<'_, str>>();
    null_is_an_error::<[u8; 3]>();
    null_is_an_error::<NullTerminated<String>>();
    null_is_an_error::<Counted<u8>>();
    null_is_an_error::<(u8, u8)>();
    null_is_an_error::<Drive>();
}

#[test]
fn null_inside_a_struct_is_an_error() {
    // SAFETY: zeros are NULL pointers and the number 0.
    let c_drive: CDrive = unsafe { MaybeUninit::zeroed().assume_init() };
    // SAFETY: only the name of the struct is missing.
    let result = unsafe { Drive::try_cloned_from_foreign(&c_drive) };
    assert_eq!(result, Err(ConversionError::Null));
}

/// Latin 1, which is not UTF-8.
const LATIN1: &[u8] = b"caf\xe9!\0";
const NO_UTF8: ConversionError = ConversionError::InvalidUtf8 { valid_up_to: 3 };

#[test]
fn bad_utf8_is_an_error_or_a_replacement_character() {
    let latin1 = LATIN1.as_ptr() as *const c_char;
    // SAFETY: it is a C string.
    unsafe {
        assert_eq!(String::try_cloned_from_foreign(latin1), Err(NO_UTF8));
        assert_eq!(String::cloned_from_foreign(latin1), "caf\u{fffd}!");
        assert_eq!(Cow::<str>::try_cloned_from_foreign(latin1), Err(NO_UTF8));
        assert_eq!(Cow::<str>::cloned_from_foreign(latin1), "caf\u{fffd}!");
        assert_eq!(Box::<String>::try_cloned_from_foreign(latin1), Err(NO_UTF8));
        assert_eq!(Option::<String>::try_cloned_from_foreign(latin1), Err(NO_UTF8));
    }
}

#[test]
fn invalid_utf8_survives_in_types_of_bytes() {
    let latin1 = LATIN1.as_ptr() as *const c_char;
    // SAFETY: it is a C string.
    unsafe {
        let text = CString::try_cloned_from_foreign(latin1).unwrap();
        assert_eq!(text.as_bytes_with_nul(), LATIN1);
        let text = OsString::try_cloned_from_foreign(latin1).unwrap();
        assert_eq!(text.clone_to_foreign().into::<CString>().into_native().as_bytes_with_nul(), LATIN1);
        let path = PathBuf::try_cloned_from_foreign(latin1).unwrap();
        assert_eq!(path.as_os_str(), text);
    }
}

#[test]
fn an_error_half_way_frees_all_of_the_c_memory() {
    let bad = CString::new(&LATIN1[..LATIN1.len() - 1]).unwrap();
    let list = NullTerminated(vec![CString::default(), bad.clone()]);
    let list = list.clone_to_foreign_in::<Tracked>();
    let result = list.into::<NullTerminated<String>>().try_into_native();
    assert_eq!(result, Err(NO_UTF8));
    assert_eq!(live(), 0);

    let pair = (CString::default(), bad).clone_to_foreign_in::<Tracked>();
    // SAFETY: pairs of strings of any type look alike.
    let result = unsafe { <(String, String)>::try_from_foreign_in::<Tracked>(pair.into_inner()) };
    assert_eq!(result, Err(NO_UTF8));
    assert_eq!(live(), 0);
}

thread_local! {
    static DROPPED: Cell<u32> = Cell::new(0);
}

/// A byte that is not 0 and that counts when it is dropped.
#[derive(Debug, PartialEq)]
struct Byte(u8);

impl Drop for Byte {
    fn drop(&mut self) {
        DROPPED.with(|dropped| dropped.set(dropped.get() + 1));
    }
}

impl ForeignField for Byte {
    type Field = u8;

    fn try_to_field<A: Allocator>(&self) -> Result<u8, ConversionError> {
        Ok(self.0)
    }

    unsafe fn read_field(field: *const u8, _: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the caller guarantees a byte.
        match unsafe { *field } {
            0 => Err(ConversionError::Null),
            byte => Ok(Byte(byte)),
        }
    }

    unsafe fn free_field<A: Allocator>(_: *mut u8) {}
}

#[test]
fn an_error_half_way_drops_what_was_read_before() {
    let bytes = [1, 2, 0];
    // SAFETY: there are three bytes.
    unsafe {
        let array = <[Byte; 3]>::try_cloned_from_foreign(bytes.as_ptr());
        assert_eq!(array, Err(ConversionError::Null));
        assert_eq!(DROPPED.with(Cell::get), 2);
        let vec = Byte::try_cloned_vec_from_foreign(bytes.as_ptr(), 3);
        assert_eq!(vec, Err(ConversionError::Null));
        assert_eq!(DROPPED.with(Cell::get), 4);
        let array = <[Byte; 2]>::cloned_from_foreign(bytes.as_ptr());
        assert_eq!(DROPPED.with(Cell::get), 4);
        assert_eq!(array, [Byte(1), Byte(2)]);
    }
}

#[test]
fn a_panic_frees_the_c_memory_too() {
    let empty = None::<&str>.clone_to_foreign_in::<Tracked>();
    panic_message(move || {
        let empty: OwnedPointer<Option<&str>, Tracked> = empty;
        empty.into::<String>().into_native()
    });
    let array = (1u8, None::<String>).clone_to_foreign_in::<Tracked>();
    assert_eq!(live(), 1);
    let array = array.into_inner();
    // SAFETY: pairs of strings and of optional strings look alike.
    panic_message(move || unsafe { <(u8, String)>::from_foreign_in::<Tracked>(array) });
    assert_eq!(live(), 0);
}

#[test]
fn lengths_that_do_not_fit_are_errors() {
    let mut numbers = [1u32, 2, 3];
    let data = numbers.as_mut_ptr();
    let length = Err(ConversionError::Length);
    // SAFETY: where the length fits, there are as many numbers.
    unsafe {
        let read = |len: i64| u32::try_cloned_vec_from_foreign(data, len);
        assert_eq!(read(3).unwrap(), numbers);
        assert_eq!(read(0).unwrap(), []);
        assert_eq!(read(-1), length);
        assert_eq!(read(i64::MAX), length);
        assert_eq!(u32::try_cloned_vec_from_foreign(data, u64::MAX), length);
        assert_eq!(u32::try_cloned_vec_from_foreign(data, isize::MAX), length);
        let bytes = u8::try_cloned_vec_from_foreign(data as *const u8, isize::MAX as usize + 1);
        assert_eq!(bytes.unwrap_err(), ConversionError::Length);
        assert_eq!(u32::try_cloned_vec_from_foreign(ptr::null(), 0), Ok(vec![]));
        let null = u32::try_cloned_vec_from_foreign(ptr::null(), 1);
        assert_eq!(null, Err(ConversionError::Null));
        panic_message(|| u32::cloned_vec_from_foreign(ptr::null(), 1));

        let array = ForeignArray { data, len: -1 };
        let read = Counted::<u32, i32>::try_cloned_from_foreign(&array);
        assert_eq!(read.unwrap_err(), ConversionError::Length);
        let array = ForeignArray { data, len: 2i32 };
        let read = Counted::<u32, i32>::try_cloned_from_foreign(&array);
        assert_eq!(read.unwrap().values, [1, 2]);
    }
    let long = Counted::<u8, i8>::from(vec![0; 128]);
    assert_eq!(long.try_clone_to_foreign_in::<Tracked>().unwrap_err(), ConversionError::Length);
    assert_eq!(live(), 0);
    panic_message(|| Counted::<u8, i8>::from(vec![0; 128]).clone_to_foreign());
}

#[test]
fn a_length_that_c_made_negative_frees_the_array_only() {
    let array = Counted::<String, i8>::from(vec!["a".to_string()]);
    let array = array.clone_to_foreign_in::<Tracked>();
    // SAFETY: the array is ours, and its string is freed once.
    unsafe {
        let text = *(*array.as_ptr()).data;
        (*array.as_mut_ptr()).len = -1;
        drop(array);
        assert_eq!(live(), 1);
        String::free_foreign_in::<Tracked>(text);
    }
    assert_eq!(live(), 0);
}

#[test]
fn every_byte_but_zero_is_true() {
    for byte in 0..=255u8 {
        // SAFETY: the byte is read as a byte.
        let value = unsafe { bool::cloned_from_foreign(&byte as *const u8 as *const bool) };
        assert_eq!(value, byte != 0);
    }
}
