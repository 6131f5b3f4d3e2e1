// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Each type that can be read from C, by each method, from its own C form.

use super::{live, Tracked};
use crate::foreign::*;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_char, CStr, CString};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt::Debug;
use std::path::{Path, PathBuf};

fn each_method<T: FromForeign + Debug + PartialEq>(value: T) {
    let owned = value.clone_to_foreign_in::<Tracked>();
    let ptr = owned.as_ptr();
    // SAFETY: the pointer is that of a representation of a `T` that nobody writes.
    unsafe {
        assert_eq!(T::read_foreign(ptr, Utf8::Lossy).as_ref(), Ok(&value));
        assert_eq!(T::read_foreign(ptr, Utf8::Checked).as_ref(), Ok(&value));
        assert_eq!(T::cloned_from_foreign(ptr), value);
        assert_eq!(T::try_cloned_from_foreign(ptr).as_ref(), Ok(&value));
    }
    assert_eq!(owned.into_native(), value);
    assert_eq!(live(), 0);

    let owned = value.clone_to_foreign_in::<Tracked>();
    assert_eq!(owned.try_into_native().as_ref(), Ok(&value));
    assert_eq!(live(), 0);
    assert_eq!(value.clone_to_foreign().into_native(), value);

    let malloced = || value.clone_to_foreign_ptr();
    let tracked = || value.clone_to_foreign_in::<Tracked>().into_inner();
    // SAFETY: each pointer is new, and goes to a function of its own allocator.
    unsafe {
        assert_eq!(T::from_foreign(malloced()), value);
        assert_eq!(T::try_from_foreign(malloced()).as_ref(), Ok(&value));
        assert_eq!(T::from_foreign_in::<Tracked>(tracked()), value);
        assert_eq!(live(), 0);
        let back = T::try_from_foreign_in::<Tracked>(tracked());
        assert_eq!(back.as_ref(), Ok(&value));
        assert_eq!(live(), 0);

        let back: T = malloced().into_native();
        assert_eq!(back, value);
        let back: Result<T, _> = malloced().try_into_native();
        assert_eq!(back.as_ref(), Ok(&value));
        let back: T = tracked().into_native_in::<Tracked>();
        assert_eq!(back, value);
        assert_eq!(live(), 0);
        let back: Result<T, _> = tracked().try_into_native_in::<Tracked>();
        assert_eq!(back.as_ref(), Ok(&value));
        assert_eq!(live(), 0);
    }
}

/// As a member of a struct or an element of an array.
fn as_field<T: ForeignField + Debug + PartialEq + Clone>(value: T) {
    let mut field = value.try_to_field::<Tracked>().unwrap();
    // SAFETY: the field is whole until it is freed.
    unsafe {
        assert_eq!(T::read_field(&field, Utf8::Checked).as_ref(), Ok(&value));
        T::free_field::<Tracked>(&mut field);
    }
    assert_eq!(live(), 0);

    let mut fields = [value.try_to_field::<Tracked>().unwrap(), value.try_to_field::<Tracked>().unwrap()];
    let both = [value.clone(), value];
    // SAFETY: there are two fields, which are whole until they are freed.
    unsafe {
        assert_eq!(T::cloned_vec_from_foreign(fields.as_ptr(), 2), both);
        let back = T::try_cloned_vec_from_foreign(fields.as_ptr(), 2u8);
        assert_eq!(back.unwrap(), both);
        for field in &mut fields {
            T::free_field::<Tracked>(field);
        }
    }
    assert_eq!(live(), 0);
}

fn everywhere<T: FromForeign + ForeignField + Debug + PartialEq + Clone>(value: T) {
    each_method(value.clone());
    as_field(value);
}

macro_rules! numbers {
    ($($type:ident)*) => {
        $(
            #[test]
            fn $type() {
                everywhere($type::MAX);
                everywhere($type::MIN);
                everywhere(Some($type::MAX));
                everywhere(Box::new($type::MAX));
            }
        )*
    };
}

numbers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 }

#[test]
fn bools() {
    everywhere(true);
    everywhere(false);
}

#[test]
fn text_of_every_owned_type() {
    for text in &["", "a", "Hello, world!", "café"] {
        everywhere(text.to_string());
        everywhere(CString::new(*text).unwrap());
        everywhere(OsString::from(text));
        everywhere(PathBuf::from(text));
        each_method(Cow::Borrowed(*text));
        each_method(Cow::Borrowed(OsStr::new(text)));
        each_method(Cow::Borrowed(Path::new(text)));
    }
    each_method::<Cow<CStr>>(Cow::Borrowed(c_str!("abc")));
    each_method(Cow::Borrowed(&7u32));
}

#[test]
fn boxes_and_options() {
    everywhere(Box::new("abc".to_string()));
    everywhere(Some("abc".to_string()));
    everywhere(None::<String>);
    everywhere(None::<u32>);
    everywhere(Some(Box::new(7u32)));
}

#[test]
fn arrays() {
    everywhere([1u8, 2, 3]);
    everywhere([[1u32, 2], [3, 4]]);
    everywhere(["a".to_string(), "b".to_string()]);
    everywhere([Some("a".to_string()), None]);
    everywhere([0u8; 0]);
}

#[test]
fn lists() {
    everywhere(NullTerminated(vec!["a".to_string(), "".to_string()]));
    everywhere(NullTerminated::<CString>(vec![]));
    everywhere(NullTerminated(vec![PathBuf::from("/a")]));
    everywhere(Counted::<u32>::from(vec![1, 2, 3]));
    everywhere(Counted::<String, u8>::from(vec!["a".to_string()]));
    everywhere(Counted::<String, i32>::from(vec![]));
}

#[test]
fn pairs() {
    everywhere((1u8, 2u64));
    everywhere(("a".to_string(), Some("b".to_string())));
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Drive {
    pub(super) name: String,
    pub(super) serial: Option<CString>,
    sectors: u64,
    geometry: [u16; 3],
    pub(super) labels: Counted<String, u32>,
}

#[repr(C)]
pub(super) struct CDrive {
    pub(super) name: *mut c_char,
    pub(super) serial: *mut c_char,
    pub(super) sectors: u64,
    pub(super) geometry: [u16; 3],
    pub(super) labels: ForeignArray<*mut c_char, u32>,
}

foreign_struct!(Drive => CDrive {
    name: String,
    serial: Option<CString>,
    sectors: u64,
    geometry: [u16; 3],
    labels: Counted<String, u32>,
});

pub(super) fn drive() -> Drive {
    Drive {
        name: "hda".to_string(),
        serial: None,
        sectors: 2048,
        geometry: [1, 2, 3],
        labels: vec!["a".to_string(), "b".to_string()].into(),
    }
}

#[test]
fn structs() {
    everywhere(drive());
    everywhere(Drive { serial: Some(CString::from(c_str!("123"))), ..drive() });
    everywhere(Some(drive()));
    everywhere([drive(), Drive::default()]);
    everywhere((drive(), drive()));
    everywhere(Counted::<Drive>::from(vec![drive(), drive()]));
}

#[test]
fn the_default_pointer_is_the_default_value() {
    assert_eq!(OwnedPointer::<u32>::default().into_native(), 0);
    assert_eq!(OwnedPointer::<String>::default().into_native(), "");
    assert!(OwnedPointer::<Option<u32>>::default().as_ptr().is_null());
    assert_eq!(OwnedPointer::<Drive>::default().into_native(), Drive::default());
    assert_eq!(OwnedPointer::<(u8, u8), Tracked>::default().into_native(), (0, 0));
    assert_eq!(live(), 0);
}

#[test]
fn a_pointer_changes_between_types_of_one_group() {
    let text = "abc".clone_to_foreign_in::<Tracked>();
    let address = text.as_ptr();
    let text = text.into::<CString>().into::<Option<OsString>>();
    let text = OwnedPointer::<Cow<'_, CStr>, Tracked>::from(text);
    let text = text.into::<Box<PathBuf>>().into::<String>();
    assert_eq!(text.as_ptr(), address, "nothing is copied");
    assert_eq!(text.into_native(), "abc");
    assert_eq!(live(), 0);

    let number = 7u32.clone_to_foreign().into::<Option<u32>>();
    assert_eq!(number.into::<Box<u32>>().into_native(), Box::new(7));
    let numbers = [1u32, 2][..].clone_to_foreign().into::<Vec<u32>>();
    drop(numbers.into::<Box<[u32]>>());
    let list = NullTerminated(vec!["a"]).clone_to_foreign();
    let list = list.into::<NullTerminated<PathBuf>>().into_native();
    assert_eq!(list.0, [PathBuf::from("a")]);
}

#[test]
fn the_type_can_be_told_by_annotation() {
    let ptr = "abc".clone_to_foreign_ptr();
    // SAFETY: the pointer is new.
    let text: CString = unsafe { ptr.into_native() };
    assert_eq!(text.as_c_str(), c_str!("abc"));
    let ptr = 65i8.clone_to_foreign_ptr();
    // SAFETY: as above.
    let number: i8 = unsafe { ptr.into_native() };
    assert_eq!(number, 65);
}
