// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use oldstable_compat::mem::offset_of;
use std::ops::Deref;

#[repr(C)]
#[derive(Default)]
struct Inner(u8, u32);

/// Not repr(C): the compiler may reorder the fields.
#[derive(Default)]
struct Outer<T> {
    flag: bool,
    inner: Inner,
    value: T,
    boxed: Box<u8>,
}

/// A struct's own fields are found regardless of its `Deref`.
#[repr(C)]
struct Smart {
    parent: u16,
    own: u32,
}
impl Deref for Smart {
    type Target = u32;
    fn deref(&self) -> &u32 {
        &self.own
    }
}

macro_rules! offset {
    ($Type:path, $field:ident) => {
        offset_of!($Type, $field)
    };
}

#[test]
fn offsets_are_where_the_fields_are() {
    let outer = Outer::<u16>::default();
    let offset = |field: *const u8| field as usize - &outer as *const _ as usize;
    assert_eq!(offset_of!(Outer<u16>, flag), offset(&outer.flag as *const _ as *const u8));
    assert_eq!(offset_of!(Outer::<u16>, inner), offset(&outer.inner as *const _ as *const u8));
    assert_eq!(offset_of!(Outer<u16>, value,), offset(&outer.value as *const _ as *const u8));
    assert_eq!(oldstable_compat::offset_of!(Outer<u16>, boxed), offset(&outer.boxed as *const _ as *const u8));
    assert_eq!(offset!(Outer<u16>, flag), offset_of!(Outer<u16>, flag));
    assert_eq!((offset_of!(Inner, 0), offset_of!(Inner, 1)), (0, 4));
    assert_eq!((offset_of!(Smart, parent), offset_of!(Smart, own)), (0, 4));
    assert_eq!(outer.inner.0, 0);
}

#[test]
fn nested_fields_add_up() {
    let outer = Outer::<u16>::default();
    let field = &outer.inner.1 as *const u32 as usize;
    assert_eq!(offset_of!(Outer<u16>, inner.1), field - &outer as *const _ as usize);
}

#[test]
fn generic_functions_can_ask() {
    fn offset<T>() -> usize {
        offset_of!(Outer<T>, value)
    }
    let outer = Outer::<u64>::default();
    let value = &outer.value as *const u64 as usize;
    assert_eq!(offset::<u64>(), value - &outer as *const _ as usize);
}

/// `offset_of!` is const from Rust 1.65 on, and that of memoffset as well.
#[cfg(not(before_1_65))]
#[test]
fn the_offset_is_a_constant() {
    const SECOND: usize = offset_of!(Inner, 1);
    const NESTED: usize = offset_of!(Outer<u16>, inner.1);
    assert_eq!(SECOND, 4);
    assert_eq!(NESTED, offset_of!(Outer<u16>, inner) + 4);
}
