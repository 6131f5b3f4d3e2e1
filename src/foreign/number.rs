// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Integers, floating point numbers and booleans, which have the same form in C and Rust.

use super::{
    Allocator, BorrowForeign, BorrowForeignMut, BorrowedMutPointer, BorrowedPointer, ConversionError, FixedAlloc,
    ForeignField, Utf8,
};
use std::marker::PhantomData;

macro_rules! number {
    ($($type:ty)*) => {
        $(
            impl ForeignField for $type {
                type Field = Self;

                #[inline]
                fn try_to_field<A: Allocator>(&self) -> Result<Self, ConversionError> {
                    Ok(*self)
                }

                #[inline]
                unsafe fn read_field(field: *const Self, _: Utf8) -> Result<Self, ConversionError> {
                    // SAFETY: the caller guarantees that a number is there.
                    unsafe { Ok(*field) }
                }

                #[inline]
                unsafe fn free_field<A: Allocator>(_: *mut Self) {}
            }

            copied!($type);
        )*
    };
}

/// The common implementations for numbers and booleans.
macro_rules! copied {
    ($type:ty) => {
        // SAFETY: a copy owns nothing.
        unsafe impl FixedAlloc for $type {}

        convert_as_block!([] $type);

        impl<'a> BorrowForeign<'a> for $type {
            type Storage = &'a Self;

            #[inline]
            fn borrow_foreign(&'a self) -> BorrowedPointer<Self, &'a Self> {
                // SAFETY: the storage keeps the number in place.
                unsafe { BorrowedPointer::new(self, self) }
            }
        }

        impl<'a> BorrowForeignMut<'a> for $type {
            #[inline]
            fn borrow_foreign_mut(
                &'a mut self,
            ) -> BorrowedMutPointer<Self, PhantomData<&'a mut Self>> {
                // SAFETY: the storage keeps the number borrowed.
                unsafe { BorrowedMutPointer::new(self, PhantomData) }
            }
        }
    };
}

number! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 }

impl ForeignField for bool {
    type Field = Self;

    #[inline]
    fn try_to_field<A: Allocator>(&self) -> Result<Self, ConversionError> {
        Ok(*self)
    }

    /// Reads every byte but 0 as `true`, as C does.
    #[inline]
    unsafe fn read_field(field: *const Self, _: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: the caller guarantees a byte, which any is.
        unsafe { Ok(*(field as *const u8) != 0) }
    }

    #[inline]
    unsafe fn free_field<A: Allocator>(_: *mut Self) {}
}

copied!(bool);
