// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods and constants of the integers that are not 0.

#[cfg(before_1_92)]
use crate::methods::integer_macro::*;
use core::num::*;

/// The result of an operation, which is not 0 since its operands are not.
#[cfg(before_1_92)]
macro_rules! not_zero {
    ($Type:ty, $value:expr) => {
        // SAFETY: the operation never returns 0.
        unsafe { <$Type>::new_unchecked($value) }
    };
}

#[cfg(before_1_53)]
integers! {
    /// Methods of integers that are not 0 from Rust 1.53.
    NonZeroZeros for non_zero_any;
    /// The number of zeros before the first one.
    fn leading_zeros(self) -> u32 { self.get().leading_zeros() }
    /// The number of zeros after the last one.
    fn trailing_zeros(self) -> u32 { self.get().trailing_zeros() }
}

#[cfg(before_1_59)]
integers! {
    /// Methods of unsigned integers that are not 0 from Rust 1.59.
    NonZeroIsPowerOfTwo for non_zero_unsigned;
    /// Whether one bit is set.
    fn is_power_of_two(self) -> bool { self.get().count_ones() == 1 }
}

#[cfg(before_1_64)]
integers! {
    /// Methods of integers that are not 0 from Rust 1.64.
    NonZeroProducts for non_zero_any;
    /// `self * other`, or `None` if that overflows.
    fn checked_mul(self, other: Self) -> Option<Self> { Self::new(self.get().checked_mul(other.get())?) }
    /// `self * other`, or the nearest number of the type.
    fn saturating_mul(self, other: Self) -> Self {
        not_zero!(Self, self.get().saturating_mul(other.get()))
    }
    /// `self` to a power, or `None` if that overflows.
    fn checked_pow(self, other: u32) -> Option<Self> { Self::new(self.get().checked_pow(other)?) }
    /// `self` to a power, or the nearest number of the type.
    fn saturating_pow(self, other: u32) -> Self { not_zero!(Self, self.get().saturating_pow(other)) }
}

#[cfg(before_1_64)]
integers! {
    /// Methods of unsigned integers that are not 0 from Rust 1.64.
    NonZeroSums for non_zero_unsigned;
    /// `self + other`, or `None` if that overflows.
    fn checked_add(self, other: Self::Int) -> Option<Self> { Self::new(self.get().checked_add(other)?) }
    /// `self + other`, or the nearest number of the type.
    fn saturating_add(self, other: Self::Int) -> Self { not_zero!(Self, self.get().saturating_add(other)) }
    /// The least power of two that is not less, or `None` if there is none.
    fn checked_next_power_of_two(self) -> Option<Self> {
        let bits = (self.get() - T::Int::ONE).leading_zeros();
        Self::new(T::Int::ONE.checked_shl(T::Int::BITS - bits)?)
    }
}

#[cfg(before_1_64)]
integers! {
    /// Methods of signed integers that are not 0 from Rust 1.64.
    NonZeroAbs for non_zero_signed;
    /// The absolute value.
    fn abs(self) -> Self {
        if self.get().has_top_bit() { not_zero!(Self, -self.get()) } else { self }
    }
    /// The absolute value, or `None` if it overflows.
    fn checked_abs(self) -> Option<Self> {
        match NonZeroAbs::overflowing_abs(self) {
            (abs, false) => Some(abs),
            (_, true) => None,
        }
    }
    /// The absolute value, wrapping around, and whether it did.
    fn overflowing_abs(self) -> (Self, bool) {
        if self.get().has_top_bit() {
            let (negated, overflow) = self.get().overflowing_neg();
            (not_zero!(Self, negated), overflow)
        } else {
            (self, false)
        }
    }
    /// The absolute value, or the greatest number.
    fn saturating_abs(self) -> Self {
        match NonZeroAbs::overflowing_abs(self) {
            (abs, false) => abs,
            (_, true) => not_zero!(Self, T::Int::MAX),
        }
    }
    /// The absolute value, wrapping around.
    fn wrapping_abs(self) -> Self { NonZeroAbs::overflowing_abs(self).0 }
    /// The absolute value, as the unsigned type, which always fits.
    fn unsigned_abs(self) -> Self::Unsigned { NonZeroAbs::overflowing_abs(self).0.to_unsigned() }
}

#[cfg(before_1_67)]
integers! {
    /// Methods of unsigned integers that are not 0 from Rust 1.67.
    NonZeroIlog for non_zero_unsigned;
    /// The logarithm to base 2, rounded down.
    fn ilog2(self) -> u32 { T::Int::BITS - 1 - self.get().leading_zeros() }
    /// The logarithm to base 10, rounded down.
    fn ilog10(self) -> u32 {
        let (mut log, mut rest) = (0, self.get() / T::Int::TEN);
        while rest > T::Int::ZERO {
            log += 1;
            rest = rest / T::Int::TEN;
        }
        log
    }
}

#[cfg(before_1_71)]
integers! {
    /// Methods of signed integers that are not 0 from Rust 1.71.
    NonZeroSign for non_zero_signed;
    /// Whether it is greater than 0.
    fn is_positive(self) -> bool { self.get() > T::Int::ZERO }
    /// Whether it is less than 0.
    fn is_negative(self) -> bool { self.get() < T::Int::ZERO }
    /// `-self`, or `None` if that overflows.
    fn checked_neg(self) -> Option<Self> { Self::new(self.get().checked_neg()?) }
    /// `-self`, wrapping around, and whether it did.
    fn overflowing_neg(self) -> (Self, bool) {
        let (negated, overflow) = self.get().overflowing_neg();
        (not_zero!(Self, negated), overflow)
    }
    /// `-self`, or the greatest number.
    fn saturating_neg(self) -> Self { not_zero!(Self, T::Int::ZERO.saturating_sub(self.get())) }
    /// `-self`, wrapping around.
    fn wrapping_neg(self) -> Self { not_zero!(Self, self.get().overflowing_neg().0) }
}

#[cfg(before_1_84)]
integers! {
    /// Methods of unsigned integers that are not 0 from Rust 1.84.
    NonZeroIsqrt for non_zero_unsigned;
    /// The square root, rounded down.
    fn isqrt(self) -> Self { not_zero!(Self, crate::methods::integer_wide::root(self.get())) }
}

#[cfg(before_1_85)]
integers! {
    /// Methods of unsigned integers that are not 0 from Rust 1.85.
    NonZeroMidpoint for non_zero_unsigned;
    /// The middle of two numbers, rounded down.
    fn midpoint(self, rhs: Self) -> Self {
        let (a, b) = (self.get(), rhs.get());
        not_zero!(Self, (a & b) + ((a ^ b) >> 1))
    }
}

#[cfg(before_1_86)]
integers! {
    /// Methods of integers that are not 0 from Rust 1.86.
    NonZeroCountOnes for non_zero_any;
    /// The number of bits that are set.
    fn count_ones(self) -> NonZeroU32 { not_zero!(NonZeroU32, self.get().count_ones()) }
}

#[cfg(before_1_87)]
integers! {
    /// Methods of unsigned integers that are not 0 from Rust 1.87.
    NonZeroCastSigned for non_zero_unsigned;
    /// The same bits as a signed number.
    fn cast_signed(self) -> Self::Signed { self.to_signed() }
}

#[cfg(before_1_87)]
integers! {
    /// Methods of signed integers that are not 0 from Rust 1.87.
    NonZeroCastUnsigned for non_zero_signed;
    /// The same bits as an unsigned number.
    fn cast_unsigned(self) -> Self::Unsigned { self.to_unsigned() }
}

#[cfg(before_1_92)]
integers! {
    /// Methods of unsigned integers that are not 0 from Rust 1.92.
    NonZeroDivCeil for non_zero_unsigned;
    /// The quotient, rounded up.
    fn div_ceil(self, rhs: Self) -> Self {
        let (a, b) = (self.get(), rhs.get());
        not_zero!(Self, if a % b == T::Int::ZERO { a / b } else { a / b + T::Int::ONE })
    }
}

/// Constants of integers that are not 0 from Rust 1.67.
#[cfg(before_1_67)]
pub trait NonZeroBits {
    /// The width in bits.
    const BITS: u32;
}

/// Constants of integers that are not 0 from Rust 1.70.
#[cfg(before_1_70)]
pub trait NonZeroLimits {
    /// The least number.
    const MIN: Self;
    /// The greatest number.
    const MAX: Self;
}

#[cfg(before_1_67)]
impl<T: NonZeroInt> NonZeroBits for T {
    const BITS: u32 = core::mem::size_of::<T>() as u32 * 8;
}

#[cfg(before_1_70)]
macro_rules! limits {
    ($($NonZero:ident $Int:ident $least:expr;)*) => {$(
        impl NonZeroLimits for $NonZero {
            // SAFETY: neither is 0.
            const MIN: Self = unsafe { $NonZero::new_unchecked($least) };
            // SAFETY: neither is 0.
            const MAX: Self = unsafe { $NonZero::new_unchecked($Int::MAX) };
        }
    )*};
}
#[cfg(before_1_70)]
limits! {
    NonZeroU8 u8 1; NonZeroU16 u16 1; NonZeroU32 u32 1; NonZeroU64 u64 1; NonZeroU128 u128 1;
    NonZeroUsize usize 1; NonZeroI8 i8 i8::MIN; NonZeroI16 i16 i16::MIN; NonZeroI32 i32 i32::MIN;
    NonZeroI64 i64 i64::MIN; NonZeroI128 i128 i128::MIN; NonZeroIsize isize isize::MIN;
}
