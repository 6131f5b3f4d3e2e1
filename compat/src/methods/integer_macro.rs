// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The macro that declares methods of integers, and the operations that they are based on.
//!
//! Each method is written once for all integers of a kind. A copy for each of them would compile three times as slowly.

#[cfg(before_1_93)]
use core::mem::transmute_copy;
#[cfg(before_1_93)]
use core::num::*;
#[cfg(before_1_93)]
use core::ops::*;

/// An integer, and the types that its methods take and return.
///
/// # Safety
///
/// All of them have the same size. `Signed` and `Unsigned` may be 0 if and only if this type may be; if not, this type
/// is `Int` without that value.
#[cfg(before_1_93)]
pub unsafe trait Family: Copy {
    /// The unsigned type of the same width.
    type Unsigned;
    /// The signed type of the same width.
    type Signed;
    /// The integer that may be 0.
    type Int;

    #[inline]
    fn from_signed(signed: Self::Signed) -> Self {
        // SAFETY: they have the same size, and either both may be 0 or neither.
        unsafe { transmute_copy(&signed) }
    }
    #[inline]
    fn from_unsigned(unsigned: Self::Unsigned) -> Self {
        // SAFETY: as above.
        unsafe { transmute_copy(&unsigned) }
    }
    #[inline]
    fn to_signed(self) -> Self::Signed {
        // SAFETY: as above.
        unsafe { transmute_copy(&self) }
    }
    #[inline]
    fn to_unsigned(self) -> Self::Unsigned {
        // SAFETY: as above.
        unsafe { transmute_copy(&self) }
    }
}

/// An integer that may be 0. The provided methods are based on the required ones.
#[cfg(before_1_93)]
pub trait Int:
    Family<Int = Self>
    + Ord
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Not<Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    const BITS: u32 = core::mem::size_of::<Self>() as u32 * 8;
    const ZERO: Self;
    const ONE: Self;
    const TEN: Self;
    const MIN: Self;
    const MAX: Self;
    fn overflowing_add(self, rhs: Self) -> (Self, bool);
    fn overflowing_sub(self, rhs: Self) -> (Self, bool);
    fn overflowing_mul(self, rhs: Self) -> (Self, bool);
    fn leading_zeros(self) -> u32;
    fn trailing_zeros(self) -> u32;
    fn count_ones(self) -> u32;
    fn rotate_left(self, n: u32) -> Self;
    fn swap_bytes(self) -> Self;
    fn reverse_bits(self) -> Self;

    #[inline]
    fn has_top_bit(self) -> bool {
        self.leading_zeros() == 0
    }
    /// Whether a division overflows: the least signed number by -1.
    #[inline]
    fn overflows_by(self, divisor: Self) -> bool {
        Self::MIN < Self::ZERO && self == Self::MIN && divisor == !Self::ZERO
    }
    #[inline]
    fn checked_add(self, rhs: Self) -> Option<Self> {
        unless_overflow(self.overflowing_add(rhs))
    }
    #[inline]
    fn checked_sub(self, rhs: Self) -> Option<Self> {
        unless_overflow(self.overflowing_sub(rhs))
    }
    #[inline]
    fn checked_mul(self, rhs: Self) -> Option<Self> {
        unless_overflow(self.overflowing_mul(rhs))
    }
    #[inline]
    fn checked_neg(self) -> Option<Self> {
        Self::ZERO.checked_sub(self)
    }
    #[inline]
    fn checked_shl(self, rhs: u32) -> Option<Self> {
        if rhs < Self::BITS {
            Some(self << rhs)
        } else {
            None
        }
    }
    #[inline]
    fn checked_shr(self, rhs: u32) -> Option<Self> {
        if rhs < Self::BITS {
            Some(self >> rhs)
        } else {
            None
        }
    }
    /// By squaring: the last square is computed only if a bit is left, so that it is not greater than the power.
    #[inline]
    fn checked_pow(self, exp: u32) -> Option<Self> {
        let (mut base, mut rest, mut power) = (self, exp, Self::ONE);
        loop {
            if rest & 1 == 1 {
                power = power.checked_mul(base)?;
            }
            rest >>= 1;
            if rest == 0 {
                return Some(power);
            }
            base = base.checked_mul(base)?;
        }
    }
    #[inline]
    fn saturating_add(self, rhs: Self) -> Self {
        match self.overflowing_add(rhs) {
            (sum, false) => sum,
            (_, true) => Self::limit(self < Self::ZERO),
        }
    }
    #[inline]
    fn saturating_sub(self, rhs: Self) -> Self {
        match self.overflowing_sub(rhs) {
            (difference, false) => difference,
            (_, true) => Self::limit(self < rhs),
        }
    }
    #[inline]
    fn saturating_mul(self, rhs: Self) -> Self {
        match self.overflowing_mul(rhs) {
            (product, false) => product,
            (_, true) => Self::limit((self < Self::ZERO) != (rhs < Self::ZERO)),
        }
    }
    #[inline]
    fn saturating_pow(self, exp: u32) -> Self {
        match self.checked_pow(exp) {
            Some(power) => power,
            None => Self::limit(self < Self::ZERO && exp & 1 == 1),
        }
    }
    /// The least or the greatest number.
    #[inline]
    fn limit(least: bool) -> Self {
        if least {
            Self::MIN
        } else {
            Self::MAX
        }
    }
}

#[cfg(before_1_93)]
#[inline]
fn unless_overflow<T>(result: (T, bool)) -> Option<T> {
    match result {
        (value, false) => Some(value),
        (_, true) => None,
    }
}

/// An unsigned integer.
#[cfg(before_1_93)]
pub trait UnsignedInt: Int {}

/// A signed integer.
#[cfg(before_1_93)]
pub trait SignedInt: Int + Neg<Output = Self> {
    #[inline]
    fn overflowing_neg(self) -> (Self, bool) {
        Self::ZERO.overflowing_sub(self)
    }
}

/// An integer that is not 0.
#[cfg(before_1_93)]
pub trait NonZeroInt: Family {
    #[inline]
    fn get(self) -> Self::Int {
        // SAFETY: they have the same size, and each value is valid in both.
        unsafe { transmute_copy(&self) }
    }
    #[inline]
    fn new(value: Self::Int) -> Option<Self>
    where
        Self::Int: Int,
    {
        if value == Self::Int::ZERO {
            None
        } else {
            // SAFETY: the value is not 0.
            Some(unsafe { Self::new_unchecked(value) })
        }
    }
    /// # Safety
    ///
    /// The value is not 0.
    #[inline]
    unsafe fn new_unchecked(value: Self::Int) -> Self {
        transmute_copy(&value)
    }
}

/// Implements the operations by an integer's own methods.
#[cfg(before_1_93)]
macro_rules! int {
    ($Int:ident) => {
        impl Int for $Int {
            const ZERO: Self = 0;
            const ONE: Self = 1;
            const TEN: Self = 10;
            const MIN: Self = $Int::MIN;
            const MAX: Self = $Int::MAX;
            int! { @own $Int overflowing_add(rhs: Self) -> (Self, bool) }
            int! { @own $Int overflowing_sub(rhs: Self) -> (Self, bool) }
            int! { @own $Int overflowing_mul(rhs: Self) -> (Self, bool) }
            int! { @own $Int leading_zeros() -> u32 }
            int! { @own $Int trailing_zeros() -> u32 }
            int! { @own $Int count_ones() -> u32 }
            int! { @own $Int rotate_left(n: u32) -> Self }
            int! { @own $Int swap_bytes() -> Self }
            int! { @own $Int reverse_bits() -> Self }
        }
    };
    (@own $Int:ident $name:ident($($arg:ident: $T:ty)?) -> $R:ty) => {
        #[inline]
        fn $name(self $(, $arg: $T)?) -> $R {
            $Int::$name(self $(, $arg)?)
        }
    };
}
#[cfg(before_1_93)]
macro_rules! families {
    ($($Unsigned:ident $Signed:ident $NonZeroUnsigned:ident $NonZeroSigned:ident;)+) => {$(
        families! { @one $Unsigned, $Unsigned, $Signed, $Unsigned }
        families! { @one $Signed, $Unsigned, $Signed, $Signed }
        families! { @one $NonZeroUnsigned, $NonZeroUnsigned, $NonZeroSigned, $Unsigned }
        families! { @one $NonZeroSigned, $NonZeroUnsigned, $NonZeroSigned, $Signed }
        int! { $Unsigned }
        int! { $Signed }
        impl UnsignedInt for $Unsigned {}
        impl SignedInt for $Signed {}
        impl NonZeroInt for $NonZeroUnsigned {}
        impl NonZeroInt for $NonZeroSigned {}
    )+};
    (@one $Self:ty, $Unsigned:ty, $Signed:ty, $Int:ty) => {
        // SAFETY: they have the same width.
        unsafe impl Family for $Self {
            type Unsigned = $Unsigned;
            type Signed = $Signed;
            type Int = $Int;
        }
    };
}
#[cfg(before_1_93)]
families! {
    u8 i8 NonZeroU8 NonZeroI8;
    u16 i16 NonZeroU16 NonZeroI16;
    u32 i32 NonZeroU32 NonZeroI32;
    u64 i64 NonZeroU64 NonZeroI64;
    u128 i128 NonZeroU128 NonZeroI128;
    usize isize NonZeroUsize NonZeroIsize;
}

/// Declares methods that old compilers lack, for all integers of one kind: `unsigned`, `signed` or
/// `any`, with the prefix `non_zero_` for those that are not 0.
///
/// The bodies may use the items of [`Family`], and call the methods of [`Int`] and [`NonZeroInt`].
macro_rules! integers {
    (
        $(#[$about:meta])+
        $Trait:ident for $kind:ident;
        $(
            $(#[$meta:meta])*
            $(unsafe $(@ $unsafe:tt)?)? fn $name:ident ($($args:tt)*) -> $R:ty $body:block
        )+
    ) => {
        $(#[$about])+
        #[allow(clippy::wrong_self_convention, clippy::should_implement_trait)]
        pub trait $Trait: $crate::methods::integer_macro::Family {
            $($(#[$meta])* $(unsafe $(@ $unsafe)?)? fn $name($($args)*) -> $R;)+
        }
        integers! { @$kind impl $Trait {
            $(
                #[inline]
                #[track_caller]
                $(unsafe $(@ $unsafe)?)? fn $name($($args)*) -> $R $body
            )+
        } }
    };
    (@any impl $Trait:ident $methods:tt) => {
        impl<T: Int> $Trait for T $methods
    };
    (@unsigned impl $Trait:ident $methods:tt) => {
        impl<T: UnsignedInt> $Trait for T $methods
    };
    (@signed impl $Trait:ident $methods:tt) => {
        impl<T: SignedInt> $Trait for T $methods
    };
    (@non_zero_any impl $Trait:ident $methods:tt) => {
        impl<T: NonZeroInt> $Trait for T where T::Int: Int $methods
    };
    (@non_zero_unsigned impl $Trait:ident $methods:tt) => {
        impl<T: NonZeroInt> $Trait for T where T::Int: UnsignedInt $methods
    };
    (@non_zero_signed impl $Trait:ident $methods:tt) => {
        impl<T: NonZeroInt> $Trait for T where T::Int: SignedInt $methods
    };
}
