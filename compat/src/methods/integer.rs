// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of integers.

#[cfg(before_1_87)]
use crate::methods::integer_macro::*;

/// `BITS` of integers.
#[cfg(before_1_53)]
pub trait IntBits {
    /// The width in bits; std has it from Rust 1.53.
    const BITS: u32;
}
#[cfg(before_1_53)]
impl<T: Int> IntBits for T {
    const BITS: u32 = <T as Int>::BITS;
}

#[cfg(before_1_51)]
integers! {
    /// Methods of signed integers from Rust 1.51.
    UnsignedAbs for signed;
    /// The absolute value, as the unsigned type, which always fits.
    fn unsigned_abs(self) -> Self::Unsigned {
        if self.has_top_bit() { self.overflowing_neg().0.to_unsigned() } else { self.to_unsigned() }
    }
}

#[cfg(before_1_60)]
extension! {
    /// Methods of bytes from Rust 1.60.
    ByteEscapeAscii for u8;
    /// The byte as text, as an escape if it is not printable ASCII.
    fn escape_ascii(self) -> core::ascii::EscapeDefault { core::ascii::escape_default(self) }
}

#[cfg(before_1_60)]
integers! {
    /// Methods of integers from Rust 1.60.
    AbsDiff for any;
    /// The absolute difference of two numbers, which never overflows.
    fn abs_diff(self, other: Self) -> Self::Unsigned {
        // The distance may not fit a signed type, whose wrapped bits are still right.
        let (more, less) = if self < other { (other, self) } else { (self, other) };
        more.overflowing_sub(less).0.to_unsigned()
    }
}

#[cfg(before_1_66)]
integers! {
    /// Methods of unsigned integers from Rust 1.66.
    MixedUnsigned for unsigned;
    /// `self + rhs`, or `None` if that overflows.
    fn checked_add_signed(self, rhs: Self::Signed) -> Option<Self> {
        match MixedUnsigned::overflowing_add_signed(self, rhs) {
            (sum, false) => Some(sum),
            (_, true) => None,
        }
    }
    /// `self + rhs`, wrapping around.
    fn wrapping_add_signed(self, rhs: Self::Signed) -> Self { self.overflowing_add(Self::from_signed(rhs)).0 }
    /// `self + rhs`, or the nearest number of the type.
    fn saturating_add_signed(self, rhs: Self::Signed) -> Self {
        let rhs = Self::from_signed(rhs);
        let (sum, carry) = self.overflowing_add(rhs);
        match (carry, rhs.has_top_bit()) {
            (true, false) => Self::MAX,
            (false, true) => Self::ZERO,
            _ => sum,
        }
    }
    /// `self + rhs`, wrapping around, and whether it did.
    fn overflowing_add_signed(self, rhs: Self::Signed) -> (Self, bool) {
        let rhs = Self::from_signed(rhs);
        let (sum, carry) = self.overflowing_add(rhs);
        // Adding the two's complement of a number carries just if subtracting it fits.
        (sum, carry != rhs.has_top_bit())
    }
}

#[cfg(before_1_66)]
integers! {
    /// Methods of signed integers from Rust 1.66.
    MixedSigned for signed;
    /// `self + rhs`, or `None` if that overflows.
    fn checked_add_unsigned(self, rhs: Self::Unsigned) -> Option<Self> {
        match MixedSigned::overflowing_add_unsigned(self, rhs) {
            (sum, false) => Some(sum),
            (_, true) => None,
        }
    }
    /// `self + rhs`, wrapping around.
    fn wrapping_add_unsigned(self, rhs: Self::Unsigned) -> Self { self.overflowing_add(Self::from_unsigned(rhs)).0 }
    /// `self + rhs`, or the nearest number of the type.
    fn saturating_add_unsigned(self, rhs: Self::Unsigned) -> Self {
        MixedSigned::checked_add_unsigned(self, rhs).unwrap_or(Self::MAX)
    }
    /// `self + rhs`, wrapping around, and whether it did.
    fn overflowing_add_unsigned(self, rhs: Self::Unsigned) -> (Self, bool) {
        let rhs = Self::from_unsigned(rhs);
        let (sum, overflow) = self.overflowing_add(rhs);
        // A number that turned negative in the cast lost the type's whole range.
        (sum, overflow != rhs.has_top_bit())
    }
    /// `self - rhs`, or `None` if that overflows.
    fn checked_sub_unsigned(self, rhs: Self::Unsigned) -> Option<Self> {
        match MixedSigned::overflowing_sub_unsigned(self, rhs) {
            (difference, false) => Some(difference),
            (_, true) => None,
        }
    }
    /// `self - rhs`, wrapping around.
    fn wrapping_sub_unsigned(self, rhs: Self::Unsigned) -> Self { self.overflowing_sub(Self::from_unsigned(rhs)).0 }
    /// `self - rhs`, or the nearest number of the type.
    fn saturating_sub_unsigned(self, rhs: Self::Unsigned) -> Self {
        MixedSigned::checked_sub_unsigned(self, rhs).unwrap_or(Self::MIN)
    }
    /// `self - rhs`, wrapping around, and whether it did.
    fn overflowing_sub_unsigned(self, rhs: Self::Unsigned) -> (Self, bool) {
        let rhs = Self::from_unsigned(rhs);
        let (difference, overflow) = self.overflowing_sub(rhs);
        (difference, overflow != rhs.has_top_bit())
    }
}

#[cfg(before_1_67)]
integers! {
    /// Methods of integers from Rust 1.67: logarithms, rounded down.
    Ilog for any;
    /// The logarithm to a base; panics if the number is not positive or the base is less than 2.
    fn ilog(self, base: Self) -> u32 {
        assert!(base > Self::ONE, "base of integer logarithm must be at least 2");
        Ilog::checked_ilog(self, base).expect(NOT_POSITIVE)
    }
    /// The logarithm to base 2; panics if the number is not positive.
    fn ilog2(self) -> u32 { Ilog::checked_ilog2(self).expect(NOT_POSITIVE) }
    /// The logarithm to base 10; panics if the number is not positive.
    fn ilog10(self) -> u32 { Ilog::checked_ilog10(self).expect(NOT_POSITIVE) }
    /// [`ilog`](Ilog::ilog), or `None` where that panics.
    fn checked_ilog(self, base: Self) -> Option<u32> {
        if self <= Self::ZERO || base <= Self::ONE {
            return None;
        }
        let mut log = 0;
        let mut rest = self / base;
        while rest > Self::ZERO {
            log += 1;
            rest = rest / base;
        }
        Some(log)
    }
    /// [`ilog2`](Ilog::ilog2), or `None` where that panics.
    fn checked_ilog2(self) -> Option<u32> {
        if self <= Self::ZERO { None } else { Some(Self::BITS - 1 - self.leading_zeros()) }
    }
    /// [`ilog10`](Ilog::ilog10), or `None` where that panics.
    fn checked_ilog10(self) -> Option<u32> { Ilog::checked_ilog(self, Self::TEN) }
}

#[cfg(before_1_67)]
const NOT_POSITIVE: &str = "argument of integer logarithm must be positive";

#[cfg(before_1_73)]
integers! {
    /// Methods of unsigned integers from Rust 1.73. Those that divide panic if `rhs` is 0.
    IntRoundings for unsigned;
    /// The quotient, rounded up.
    fn div_ceil(self, rhs: Self) -> Self {
        let quotient = self / rhs;
        if self % rhs == Self::ZERO { quotient } else { quotient + Self::ONE }
    }
    /// The least multiple of `rhs` that is not less than `self`; if the result overflows, panics if the type's addition
    /// does.
    fn next_multiple_of(self, rhs: Self) -> Self {
        let rest = self % rhs;
        if rest == Self::ZERO { self } else { self + (rhs - rest) }
    }
    /// The same, or `None` if `rhs` is 0 or the result overflows.
    fn checked_next_multiple_of(self, rhs: Self) -> Option<Self> {
        if rhs == Self::ZERO {
            return None;
        }
        let rest = self % rhs;
        if rest == Self::ZERO { Some(self) } else { self.checked_add(rhs - rest) }
    }
}

#[cfg(before_1_87)]
integers! {
    /// Methods of unsigned integers from Rust 1.87.
    IsMultipleOf for unsigned;
    /// Whether `self` is a multiple of `rhs`. Only 0 is a multiple of 0.
    fn is_multiple_of(self, rhs: Self) -> bool {
        if rhs == Self::ZERO { self == Self::ZERO } else { self % rhs == Self::ZERO }
    }
}
