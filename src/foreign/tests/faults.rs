// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Faults that similar crates had. These tests would detect each of them, some only with AddressSanitizer or valgrind.

use super::{live, with_memory_for, Tracked};
use crate::foreign::*;
use oldstable_compat::ffi::CString;
use std::borrow::Cow;

#[test]
fn an_absent_string_converts_without_recursion() {
    let none = None::<String>.clone_to_foreign();
    assert!(none.as_ptr().is_null());
    assert_eq!(none.into_native(), None);
    assert!(None::<String>.clone_to_foreign_ptr().is_null());
}

#[test]
fn a_cow_from_c_does_not_point_to_what_was_freed() {
    let ptr = "Hello, world!".clone_to_foreign_ptr();
    // SAFETY: the pointer is new.
    let cow: Cow<'static, str> = unsafe { Cow::from_foreign(ptr) };
    let other = "xxxxxxxxxxxxx".clone_to_foreign();
    assert_eq!(cow, "Hello, world!");
    match cow {
        Cow::Owned(_) => {}
        Cow::Borrowed(_) => panic!("a Cow from C must own its text"),
    }
    drop(other);
}

#[test]
fn a_failed_allocation_is_not_written_to() {
    let result = with_memory_for(0, || 7u32.try_clone_to_foreign_in::<Tracked>());
    assert_eq!(result.unwrap_err(), ConversionError::OutOfMemory { size: 4 });
    let result = with_memory_for(0, || "abc".try_clone_to_foreign_in::<Tracked>());
    assert_eq!(result.unwrap_err(), ConversionError::OutOfMemory { size: 4 });
}

#[test]
fn an_interior_nul_is_neither_cut_off_nor_only_a_panic() {
    let result = "before\0behind".try_clone_to_foreign();
    assert_eq!(result.unwrap_err(), ConversionError::InteriorNul { position: 6 });
}

#[test]
fn bad_utf8_is_not_replaced_where_it_is_asked_for() {
    let text = CString::new(&b"\xff"[..]).unwrap().clone_to_foreign();
    let result = text.into::<String>().try_into_native();
    assert_eq!(result, Err(ConversionError::InvalidUtf8 { valid_up_to: 0 }));
}

#[test]
fn null_is_not_read_through_a_pointer_that_was_an_option() {
    let none = None::<u32>.clone_to_foreign().into::<u32>();
    assert_eq!(none.try_into_native(), Err(ConversionError::Null));
}

#[test]
fn an_empty_slice_has_memory_that_can_be_freed() {
    let empty = [0u32; 0][..].clone_to_foreign_in::<Tracked>();
    assert_eq!(live(), 1);
    drop(empty);
    assert_eq!(live(), 0);
}

#[test]
#[should_panic(expected = "C allocators align for two words only")]
fn a_type_that_c_allocators_cannot_align_is_refused() {
    #[derive(Clone, Copy)]
    #[repr(align(64))]
    struct Line([u8; 64]);

    struct Cached(u8);

    impl ForeignField for Cached {
        type Field = Line;

        fn try_to_field<A: Allocator>(&self) -> Result<Line, ConversionError> {
            Ok(Line([self.0; 64]))
        }

        unsafe fn read_field(field: *const Line, _: Utf8) -> Result<Self, ConversionError> {
            // SAFETY: the caller guarantees a line.
            Ok(Cached(unsafe { (*field).0[0] }))
        }

        unsafe fn free_field<A: Allocator>(_: *mut Line) {}
    }

    let _ = [Cached(1)].clone_to_foreign();
}
