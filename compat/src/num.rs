// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::num`]: numbers that are not 0, and numbers that saturate.

pub use base::num::*;

#[cfg(before_1_55)]
mod parse_error;
#[cfg(before_1_74)]
mod saturating;

#[cfg(before_1_55)]
pub use parse_error::IntErrorKind;
#[cfg(before_1_74)]
pub use saturating::Saturating;

/// An integer that is not 0: `core::num::NonZero` from Rust 1.79.
///
/// Here it is another name of `NonZeroU8` and the like, so its parameter must be written, and a type parameter needs
/// the bound [`ZeroablePrimitive`].
#[cfg(before_1_79)]
pub type NonZero<T> = <T as ZeroablePrimitive>::NonZero;

/// An integer with a non-zero type. Std's trait of this name is unstable.
#[cfg(before_1_79)]
pub trait ZeroablePrimitive: Sized + Copy {
    /// The non-zero type.
    type NonZero: Copy + Eq + Ord + core::hash::Hash + core::fmt::Debug + core::fmt::Display;
}

#[cfg(before_1_79)]
macro_rules! zeroable_primitives {
    ($($Int:ident $NonZero:ident,)*) => {$(
        impl ZeroablePrimitive for $Int {
            type NonZero = $NonZero;
        }
    )*};
}
#[cfg(before_1_79)]
zeroable_primitives! {
    u8 NonZeroU8, u16 NonZeroU16, u32 NonZeroU32, u64 NonZeroU64, u128 NonZeroU128,
    usize NonZeroUsize, i8 NonZeroI8, i16 NonZeroI16, i32 NonZeroI32, i64 NonZeroI64,
    i128 NonZeroI128, isize NonZeroIsize,
}
