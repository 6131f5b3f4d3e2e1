// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Pairs and structs: C structs whose members are converted one by one.

use super::field::OwnedField;
use super::{Allocator, ConversionError, FixedAlloc, ForeignField, Utf8};

/// C's form of a pair: `struct { T first; U second; }`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignPair<T, U> {
    /// The first member.
    pub first: T,
    /// The second member.
    pub second: U,
}

impl<T: ForeignField, U: ForeignField> ForeignField for (T, U) {
    type Field = ForeignPair<T::Field, U::Field>;

    fn try_to_field<A: Allocator>(&self) -> Result<Self::Field, ConversionError> {
        let first = OwnedField::<T, A>::new(&self.0)?;
        let second = OwnedField::<U, A>::new(&self.1)?;
        Ok(ForeignPair { first: first.into_inner(), second: second.into_inner() })
    }

    unsafe fn read_field(field: *const Self::Field, utf8: Utf8) -> Result<Self, ConversionError> {
        // SAFETY: both fields of a valid record are valid.
        unsafe { Ok((T::read_field(&(*field).first, utf8)?, U::read_field(&(*field).second, utf8)?)) }
    }

    unsafe fn free_field<A: Allocator>(field: *mut Self::Field) {
        // SAFETY: both fields of a valid record are valid, and each is freed once.
        unsafe {
            T::free_field::<A>(&mut (*field).first);
            U::free_field::<A>(&mut (*field).second);
        }
    }
}

// SAFETY: the members own nothing.
unsafe impl<T: FixedAlloc, U: FixedAlloc> FixedAlloc for (T, U) {}

convert_as_block!([T, U](T, U));

/// Implements the conversions of a struct, member by member, to a C struct.
///
/// The C struct has the same member names, and each of its members has the type that
/// [`foreign::ForeignField::Field`](crate::foreign::ForeignField::Field) names for the Rust member's type:
/// a number as it is, a `String` as `*mut c_char`. You must name all members of both.
///
/// ```
/// use oldstable::foreign::{foreign_struct, CloneToForeign};
/// use std::os::raw::c_char;
///
/// #[derive(Debug, PartialEq)]
/// struct Drive {
///     name: String,
///     sectors: u64,
/// }
///
/// #[repr(C)]
/// struct CDrive {
///     name: *mut c_char,
///     sectors: u64,
/// }
///
/// foreign_struct!(Drive => CDrive { name: String, sectors: u64 });
///
/// let drive = Drive { name: "hda".to_string(), sectors: 2048 };
/// let foreign = drive.clone_to_foreign();
/// assert_eq!(unsafe { (*foreign.as_ptr()).sectors }, 2048);
/// assert_eq!(foreign.into_native(), drive);
/// ```
#[macro_export]
macro_rules! foreign_struct {
    ($native:ident => $foreign:ident { $($member:ident: $type:ty),+ $(,)? }) => {
        impl $crate::foreign::ForeignField for $native {
            type Field = $foreign;

            fn try_to_field<A: $crate::foreign::Allocator>(
                &self,
            ) -> ::std::result::Result<$foreign, $crate::foreign::ConversionError> {
                $(
                    let $member = $crate::foreign::OwnedField::<$type, A>::new(&self.$member)?;
                )+
                ::std::result::Result::Ok($foreign {
                    $($member: $member.into_inner(),)+
                })
            }

            unsafe fn read_field(
                field: *const $foreign,
                utf8: $crate::foreign::Utf8,
            ) -> ::std::result::Result<Self, $crate::foreign::ConversionError> {
                // SAFETY: each member of a valid struct is valid.
                unsafe {
                    ::std::result::Result::Ok($native {
                        $(
                            $member: <$type as $crate::foreign::ForeignField>::read_field(
                                &(*field).$member,
                                utf8,
                            )?,
                        )+
                    })
                }
            }

            unsafe fn free_field<A: $crate::foreign::Allocator>(field: *mut $foreign) {
                // SAFETY: each member of a valid struct is valid, and is freed once.
                unsafe {
                    $(
                        <$type as $crate::foreign::ForeignField>::free_field::<A>(
                            &mut (*field).$member,
                        );
                    )+
                }
            }
        }

        $crate::convert_as_block!([] $native);
    };
}
