// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Each type that can be copied to C, by each method.

use super::{live, with_memory_for, Tracked};
use crate::foreign::*;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_char, CStr, CString};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Copies the value by each method; `reads_back` looks at the C memory.
fn each_method<T, F>(value: &T, reads_back: F)
where
    T: CloneToForeign + ?Sized,
    F: Fn(*const T::Foreign),
{
    let owned = value.clone_to_foreign();
    reads_back(owned.as_ptr());
    assert_eq!(owned.as_ptr(), owned.as_mut_ptr() as *const _);
    assert_eq!(format!("{:?}", owned), format!("OwnedPointer({:?})", owned.as_ptr()));

    let ptr = value.clone_to_foreign_ptr();
    reads_back(ptr);
    // SAFETY: the pointer is the one that malloc gave, and not used afterwards.
    unsafe { T::free_foreign(ptr) };
    // SAFETY: NULL is fine.
    unsafe { T::free_foreign(std::ptr::null_mut()) };

    reads_back(value.try_clone_to_foreign().unwrap().as_ptr());

    let owned = value.clone_to_foreign_in::<Tracked>();
    reads_back(owned.as_ptr());
    let blocks = live();
    drop(owned);
    assert_eq!(live(), 0);

    let ptr = value.try_clone_to_foreign_in::<Tracked>().unwrap().into_inner();
    reads_back(ptr);
    assert_eq!(live(), blocks, "into_inner frees nothing");
    // SAFETY: the pointer came from the same allocator, and is not used afterwards.
    let again = unsafe { OwnedPointer::<T, Tracked>::new(ptr) };
    // SAFETY: as above.
    unsafe { T::free_foreign_in::<Tracked>(again.into_inner()) };
    assert_eq!(live(), 0);
    // SAFETY: NULL is fine.
    unsafe { T::free_foreign_in::<Tracked>(std::ptr::null_mut()) };

    for memory in 0..blocks {
        let result = with_memory_for(memory, || value.try_clone_to_foreign_in::<Tracked>());
        match result.unwrap_err() {
            ConversionError::OutOfMemory { size } => assert_ne!(size, 0),
            other => panic!("{:?} where memory ran out", other),
        }
        assert_eq!(live(), 0, "what was allocated before is freed");
    }
}

fn is_text(text: &'static [u8]) -> impl Fn(*const c_char) {
    // SAFETY: the conversions make C strings.
    move |ptr| assert_eq!(unsafe { CStr::from_ptr(ptr) }.to_bytes(), text)
}

/// Checks the number at a pointer.
fn is<T: Copy + PartialEq + std::fmt::Debug>(value: T) -> impl Fn(*const T) {
    // SAFETY: the conversions make one number.
    move |ptr| assert_eq!(unsafe { *ptr }, value)
}

/// Checks consecutive numbers.
fn are<T: Copy + PartialEq + std::fmt::Debug>(values: &'static [T]) -> impl Fn(*const T) {
    move |ptr| {
        // SAFETY: the conversions make as many numbers.
        let made = unsafe { std::slice::from_raw_parts(ptr, values.len()) };
        assert_eq!(made, values)
    }
}

macro_rules! numbers {
    ($($type:ident)*) => {
        $(
            #[test]
            fn $type() {
                each_method(&$type::MAX, is($type::MAX));
                each_method(&$type::MIN, is($type::MIN));
            }
        )*
    };
}

numbers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 }

#[test]
fn bools() {
    each_method(&true, is(true));
    each_method(&false, is(false));
}

#[test]
fn text_of_every_type() {
    let text = b"caf\xc3\xa9";
    each_method("café", is_text(text));
    each_method(&String::from("café"), is_text(text));
    each_method(c_str!("café"), is_text(text));
    each_method(&CString::from(c_str!("café")), is_text(text));
    each_method(OsStr::new("café"), is_text(text));
    each_method(&OsString::from("café"), is_text(text));
    each_method(Path::new("café"), is_text(text));
    each_method(&PathBuf::from("café"), is_text(text));
}

#[test]
fn references_boxes_and_cows_are_as_what_they_point_to() {
    each_method(&"abc", is_text(b"abc"));
    each_method(&&7u32, is(7));
    each_method(&Box::new(7u32), is(7));
    each_method::<Box<str>, _>(&"abc".into(), is_text(b"abc"));
    each_method::<Box<[u16]>, _>(&vec![1, 2, 3].into(), are(&[1, 2, 3]));
    each_method(&Cow::Borrowed("abc"), is_text(b"abc"));
    each_method(&Cow::<str>::Owned("abc".to_string()), is_text(b"abc"));
    each_method(&Cow::Borrowed(c_str!("abc")), is_text(b"abc"));
}

#[test]
fn options_are_their_value_or_null() {
    each_method(&Some(7u32), is(7));
    each_method(&Some("abc"), is_text(b"abc"));
    each_method(&Some(Box::new(7u32)), is(7));
    each_method(&None::<u32>, |ptr| assert!(ptr.is_null()));
    each_method(&None::<&str>, |ptr| assert!(ptr.is_null()));
}

#[test]
fn elements_lie_one_behind_the_other() {
    each_method(&[1u32, 2, 3][..], are(&[1, 2, 3]));
    each_method(&vec![1u8, 2, 3], are(&[1, 2, 3]));
    each_method(&[1i64, 2, 3], are(&[1, 2, 3]));
    each_method(&[[1u8, 2], [3, 4]], are(&[[1, 2], [3, 4]]));
    each_method::<[u32], _>(&[], |ptr| assert!(!ptr.is_null()));
    each_method::<[u32; 0], _>(&[], |ptr| assert!(!ptr.is_null()));
    each_method(&["a".to_string(), "b".to_string()], |ptr| {
        // SAFETY: there are two C strings.
        let texts = unsafe { [CStr::from_ptr(*ptr), CStr::from_ptr(*ptr.add(1))] };
        assert_eq!(texts, [c_str!("a"), c_str!("b")]);
    });
}

#[test]
fn lists_of_strings_end_with_null() {
    let list = NullTerminated(vec!["a", "b"]);
    each_method(&list, |ptr| {
        // SAFETY: there are two C strings and a NULL.
        unsafe {
            assert_eq!(CStr::from_ptr(*ptr), c_str!("a"));
            assert_eq!(CStr::from_ptr(*ptr.add(1)), c_str!("b"));
            assert!((*ptr.add(2)).is_null());
        }
    });
    each_method(&NullTerminated::<String>(vec![]), |ptr| {
        // SAFETY: there is a NULL.
        assert!(unsafe { *ptr }.is_null());
    });
}

#[test]
fn counted_arrays_carry_their_length() {
    let list = Counted::<u16, i32>::from(vec![1, 2, 3]);
    each_method(&list, |ptr| {
        // SAFETY: there is one struct, with three numbers.
        let array = unsafe { *ptr };
        assert_eq!(array.len, 3);
        are(&[1, 2, 3])(array.data);
    });
    let list = Counted::<String>::from(vec!["a".to_string(), "b".to_string()]);
    each_method(&list, |ptr| {
        // SAFETY: there is one struct, with two strings.
        unsafe {
            assert_eq!((*ptr).len, 2);
            assert_eq!(CStr::from_ptr(*(*ptr).data.add(1)), c_str!("b"));
        }
    });
}

#[test]
fn pairs_convert_both_members() {
    each_method(&(7u8, "abc".to_string()), |ptr| {
        // SAFETY: there is one pair, with a string.
        let pair = unsafe { *ptr };
        assert_eq!(pair.first, 7);
        is_text(b"abc")(pair.second);
    });
    each_method(&("a".to_string(), "b".to_string()), |ptr| {
        // SAFETY: as above.
        is_text(b"b")(unsafe { (*ptr).second });
    });
}

#[test]
fn structs_convert_each_member() {
    each_method(&super::round_trip::drive(), |ptr| {
        // SAFETY: there is one struct, with its strings.
        unsafe {
            assert_eq!((*ptr).sectors, 2048);
            assert_eq!((*ptr).geometry, [1, 2, 3]);
            is_text(b"hda")((*ptr).name);
            assert!((*ptr).serial.is_null());
            is_text(b"b")(*(*ptr).labels.data.add(1));
        }
    });
}
