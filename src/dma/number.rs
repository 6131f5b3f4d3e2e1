// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Numbers, as they lie in memory.

/// A number that is loaded and stored whole: `u8` to `u64` and `i8` to `i64`.
pub trait Number: Copy + private::Bytes {}

mod private {
    /// Turns a number into bytes and back.
    pub trait Bytes: Sized {
        type Array: AsRef<[u8]> + AsMut<[u8]> + Default;
        fn from_le(bytes: Self::Array) -> Self;
        fn from_be(bytes: Self::Array) -> Self;
        fn to_le(self) -> Self::Array;
        fn to_be(self) -> Self::Array;
    }
}

pub(super) use self::private::Bytes;

macro_rules! numbers {
    ($($type:ty)*) => {
        $(
            impl Number for $type {}

            impl Bytes for $type {
                type Array = [u8; std::mem::size_of::<$type>()];
                fn from_le(bytes: Self::Array) -> Self {
                    <$type>::from_le_bytes(bytes)
                }
                fn from_be(bytes: Self::Array) -> Self {
                    <$type>::from_be_bytes(bytes)
                }
                fn to_le(self) -> Self::Array {
                    self.to_le_bytes()
                }
                fn to_be(self) -> Self::Array {
                    self.to_be_bytes()
                }
            }
        )*
    };
}

numbers! { u8 u16 u32 u64 i8 i16 i32 i64 }
