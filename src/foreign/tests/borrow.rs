// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Each type that C can access in place.

use crate::foreign::*;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_char, CStr, CString};
use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt::Debug;
use std::path::PathBuf;

macro_rules! numbers {
    ($($type:ident)*) => {
        $(
            #[test]
            fn $type() {
                let mut number = $type::MAX;
                assert_eq!(number.borrow_foreign().as_ptr(), &number as *const _);
                let mut borrowed = number.borrow_foreign_mut();
                assert_eq!(borrowed.as_ptr(), borrowed.as_mut_ptr() as *const _);
                // SAFETY: the number is borrowed.
                unsafe { *borrowed.as_mut_ptr() = $type::MIN };
                assert_eq!(number, $type::MIN);
            }
        )*
    };
}

numbers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 }

#[test]
fn bools() {
    let mut value = false;
    // SAFETY: the value is borrowed.
    unsafe {
        *value.borrow_foreign_mut().as_mut_ptr() = true;
        assert!(*value.borrow_foreign().as_ptr());
    }
}

/// Writes 9 to the value, through C's pointer.
fn write_nine<'a, T: BorrowForeignMut<'a, Foreign = u8>>(value: &'a mut T) {
    let mut borrowed = value.borrow_foreign_mut();
    assert!(format!("{:?}", borrowed).starts_with("BorrowedMutPointer(0x"));
    // SAFETY: the value is borrowed, and its representation begins with a byte.
    unsafe { *borrowed.as_mut_ptr() = 9 };
}

fn address<T: CloneToForeign + ?Sized, S>(borrowed: BorrowedPointer<T, S>) -> *const T::Foreign {
    let moved = Box::new(borrowed);
    assert!(format!("{:?}", moved).starts_with("BorrowedPointer(0x"));
    moved.as_ptr()
}

#[test]
fn slices_vectors_and_arrays_are_borrowed_in_place() {
    let mut numbers = vec![1u8, 2];
    assert_eq!(address(numbers.borrow_foreign()), numbers.as_ptr());
    assert_eq!(address(numbers[1..].borrow_foreign()), &numbers[1] as *const _);
    write_nine(&mut numbers);
    assert_eq!(numbers, [9, 2]);
    let mut array = [1u8, 2, 3];
    assert_eq!(address(array.borrow_foreign()), array.as_ptr());
    write_nine(&mut array);
    assert_eq!(array, [9, 2, 3]);
    // SAFETY: the slice is borrowed.
    unsafe { *array[1..].borrow_foreign_mut().as_mut_ptr() = 8 };
    assert_eq!(array, [9, 8, 3]);
}

#[test]
fn boxes_and_options_lend_what_is_in_them() {
    let mut boxed = Box::new(1u8);
    assert_eq!(address(boxed.borrow_foreign()), &*boxed as *const _);
    write_nine(&mut boxed);
    assert_eq!(*boxed, 9);
    let mut some = Some(1u8);
    assert_eq!(address(some.borrow_foreign()), some.as_ref().unwrap() as *const _);
    write_nine(&mut some);
    assert_eq!(some, Some(9));
    let mut none = None::<u8>;
    assert!(none.borrow_foreign().as_ptr().is_null());
    assert!(none.borrow_foreign_mut().as_ptr().is_null());
}

#[test]
fn c_strings_are_borrowed_in_place() {
    let text = CString::from(c_str!("abc"));
    assert_eq!(address(text.borrow_foreign()), text.as_ptr());
    assert_eq!(address(text.as_c_str().borrow_foreign()), text.as_ptr());
    let cow = Cow::Borrowed(text.as_c_str());
    assert_eq!(address(cow.borrow_foreign()), text.as_ptr());
    let some = Some(text);
    assert_eq!(address(some.borrow_foreign()), some.as_ref().unwrap().as_ptr());
}

#[test]
fn a_list_lends_its_strings_in_place() {
    let list = NullTerminated(vec![CString::from(c_str!("a")), CString::default()]);
    let borrowed = Box::new(list.borrow_foreign());
    // SAFETY: there are two strings and a NULL.
    unsafe {
        assert_eq!(*borrowed.as_ptr() as *const c_char, list.0[0].as_ptr());
        assert_eq!(*borrowed.as_ptr().add(1) as *const c_char, list.0[1].as_ptr());
        assert!((*borrowed.as_ptr().add(2)).is_null());
    }
}

#[test]
#[should_panic(expected = "the pointer is NULL where a value is due")]
fn a_list_with_an_absent_string_is_not_lent() {
    NullTerminated(vec![Some(CString::default()), None]).borrow_foreign();
}

/// Gives the value to C, moves the pointer about, and reads a text through it.
fn text_in_c<T>(value: T) -> String
where
    T: IntoForeign + CloneToForeign<Foreign = c_char> + Debug,
{
    let mut moved = Box::new(value.into_foreign());
    // SAFETY: the pointer is that of a C string which may be written.
    unsafe {
        *moved.as_mut_ptr() = b'X' as c_char;
        String::cloned_from_foreign(moved.as_ptr())
    }
}

#[test]
fn text_of_every_owned_type_is_given_away() {
    assert_eq!(text_in_c("abc".to_string()), "Xbc");
    assert_eq!(text_in_c(CString::from(c_str!("abc"))), "Xbc");
    assert_eq!(text_in_c(OsString::from("abc")), "Xbc");
    assert_eq!(text_in_c(PathBuf::from("abc")), "Xbc");
    assert_eq!(text_in_c(Cow::Borrowed("abc")), "Xbc");
    assert_eq!(text_in_c(Cow::<CStr>::Borrowed(c_str!("abc"))), "Xbc");
    assert_eq!(text_in_c(Some("abc".to_string())), "Xbc");
}

#[test]
fn a_nul_written_by_c_does_not_change_what_is_freed() {
    let mut text = CString::from(c_str!("abc")).into_foreign();
    // SAFETY: the pointer may be written.
    unsafe { *text.as_mut_ptr() = 0 };
}

#[test]
fn numbers_are_given_away_in_place() {
    let numbers = vec![1u8, 2, 3];
    let address = numbers.as_ptr();
    let mut given = numbers.into_foreign();
    assert_eq!(given.as_ptr(), address);
    // SAFETY: there are three numbers.
    unsafe { *given.as_mut_ptr().add(2) = 9 };

    let boxed = Box::new(7u32);
    let address = &*boxed as *const u32;
    let mut given = Box::new(boxed.into_foreign());
    assert_eq!(given.as_ptr(), address);
    // SAFETY: the number may be written.
    unsafe { *given.as_mut_ptr() += 1 };

    assert!(None::<Vec<u8>>.into_foreign().as_ptr().is_null());
}

#[test]
fn values_are_copied_to_storage_of_the_caller() {
    let mut place = [0u32; 3];
    // SAFETY: there is room for three numbers.
    unsafe {
        7u32.clone_into_foreign(&mut place[1]);
        assert_eq!(place, [0, 7, 0]);
        u32::clone_slice_into_foreign(&[1, 2, 3], place.as_mut_ptr());
        assert_eq!(place, [1, 2, 3]);
        [4u32, 5, 6].clone_into_foreign(&mut place);
        assert_eq!(place, [4, 5, 6]);
    }
    let mut pair = ForeignPair { first: 0, second: false };
    // SAFETY: there is room for the pair.
    unsafe { (7u8, true).clone_into_foreign(&mut pair) };
    assert_eq!(pair, ForeignPair { first: 7, second: true });
}
