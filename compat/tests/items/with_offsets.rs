// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use oldstable_compat::mem::{const_offset_of, with_offsets};
use std::mem::{align_of, size_of};

with_offsets! {
    /// Documented.
    #[repr(C)]
    #[derive(Clone, Copy)]
    pub struct Inner {
        first: u8,
        /// So is the field.
        pub second: u32,
        pub(crate) third: u8,
    }
}
with_offsets! {
    #[repr(C, align(16))]
    struct Outer<'a, T: Clone> where T: 'a {
        flag: bool,
        inner: Inner,
        borrowed: &'a [T],
        call: Option<fn(&T) -> T>,
    }
}
with_offsets! {
    #[repr(C)]
    struct Where<T> where T: Copy, Option<T>: PartialEq {
        byte: u8,
        value: T,
        outer: Outer<'static, u8>,
    }
}

/// Like a macro of another crate, with every kind of fragment.
macro_rules! device {
    ($(#[$($attribute:tt)*])* $vis:vis struct $Name:ident { parent: $Parent:ty, $($field:tt)* }) => {
        with_offsets! {
            $(#[$($attribute)*])*
            #[repr(C)]
            $vis struct $Name { parent: $Parent, $($field)* }
        }
    };
}
macro_rules! typed {
    ($(#[$attribute:meta])* $vis:vis $Name:ident { $($field_vis:vis $field:ident: $Type:ty),* }) => {
        with_offsets! {
            $(#[$attribute])*
            #[repr(C)]
            $vis struct $Name { $($field_vis $field: $Type),* }
        }
        impl $Name {
            const TABLE: &'static [(&'static str, usize)] =
                &[$((stringify!($field), const_offset_of!($Name, $field))),*];
        }
    };
}
device! {
    /// A device.
    pub struct Device { parent: Inner, /** Text. */ pub level: u32, name: Option<Box<str>>, }
}
typed! {
    /// Another.
    #[derive(Clone)]
    pub(crate) Typed { pub a: u8, b: Vec<Option<u8>>, pub(crate) c: Inner }
}

const SECOND: usize = const_offset_of!(Inner, second);
static INNER: [usize; 3] = [const_offset_of!(Inner, first), SECOND, const_offset_of!(Inner, third)];
const NESTED: usize = const_offset_of!(Outer<'static, u8>, inner.second);
const DEEP: usize = const_offset_of!(Where<u8>, outer.inner.third);

struct In<T>(T);
impl<T: Copy> In<T>
where
    Option<T>: PartialEq,
{
    const VALUE: usize = const_offset_of!(Where<T>, value);
}

#[test]
fn offsets_are_those_of_c() {
    assert_eq!(INNER, [0, 4, 8]);
    let outer =
        Outer { flag: true, inner: Inner { first: 1, second: 2, third: 3 }, borrowed: b"x", call: Some(u8::clone) };
    let start = &outer as *const _ as usize;
    assert_eq!(NESTED, &outer.inner.second as *const _ as usize - start);
    assert_eq!(const_offset_of!(Outer<'_, u8>, flag), &outer.flag as *const _ as usize - start);
    assert_eq!(const_offset_of!(Outer<u8>, borrowed), &outer.borrowed as *const _ as usize - start);
    assert_eq!(const_offset_of!(Outer<u8>, call), &outer.call as *const _ as usize - start);
    let value = Where { byte: 1, value: 2, outer };
    let start = &value as *const _ as usize;
    assert_eq!(DEEP, &value.outer.inner.third as *const _ as usize - start);
    assert_eq!(const_offset_of!(Where<u64>, byte), 0);
    assert_eq!(In::<u64>::VALUE, align_of::<u64>());
    assert_eq!(In::<[u8; 3]>::VALUE, 1);
    assert_eq!(value.byte + value.value + In(0).0, 3);
}

#[test]
fn structs_that_a_macro_declares_have_offsets() {
    assert_eq!(const_offset_of!(Device, level), 12);
    assert_eq!(const_offset_of!(Device, parent.second), 4);
    assert_eq!(const_offset_of!(Device, name), 16);
    assert_eq!(Typed::TABLE, &[("a", 0), ("b", size_of::<usize>()), ("c", 4 * size_of::<usize>())]);
}
