// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of integers at or beyond the limits of their type, from Rust 1.58 on.

#[cfg(before_1_93)]
use crate::methods::integer_macro::*;

/// The value of an `Option`, which an unsafe method's caller guarantees to exist.
#[cfg(before_1_93)]
macro_rules! fits {
    ($result:expr) => {
        match $result {
            Some(value) => value,
            None => core::hint::unreachable_unchecked(),
        }
    };
}

/// The square root of a number that is not negative, bit by bit from the top.
#[cfg(before_1_84)]
pub(crate) fn root<T: Int>(n: T) -> T {
    let (mut rest, mut root) = (n, T::ZERO);
    let mut bit = T::ONE << (T::BITS - 2);
    while bit != T::ZERO {
        if rest >= root + bit {
            rest = rest - (root + bit);
            root = (root >> 1) + bit;
        } else {
            root = root >> 1;
        }
        bit = bit >> 2;
    }
    root
}

#[cfg(before_1_58)]
integers! {
    /// Methods of integers from Rust 1.58.
    SaturatingDiv for any;
    /// `self / rhs`, or the nearest number of the type; panics if `rhs` is 0.
    fn saturating_div(self, rhs: Self) -> Self {
        if self.overflows_by(rhs) { Self::MAX } else { self / rhs }
    }
}

#[cfg(before_1_79)]
integers! {
    /// Methods of integers from Rust 1.79.
    ///
    /// # Safety
    ///
    /// The result fits.
    UncheckedInteger for any;
    /// `self + rhs`.
    unsafe fn unchecked_add(self, rhs: Self) -> Self { fits!(self.checked_add(rhs)) }
    /// `self - rhs`.
    unsafe fn unchecked_sub(self, rhs: Self) -> Self { fits!(self.checked_sub(rhs)) }
    /// `self * rhs`.
    unsafe fn unchecked_mul(self, rhs: Self) -> Self { fits!(self.checked_mul(rhs)) }
}

#[cfg(before_1_93)]
integers! {
    /// Methods of integers from Rust 1.93.
    ///
    /// # Safety
    ///
    /// The shift is less than the width.
    UncheckedShift for any;
    /// `self << rhs`.
    unsafe fn unchecked_shl(self, rhs: u32) -> Self { fits!(self.checked_shl(rhs)) }
    /// `self >> rhs`.
    unsafe fn unchecked_shr(self, rhs: u32) -> Self { fits!(self.checked_shr(rhs)) }
}

#[cfg(before_1_93)]
integers! {
    /// Methods of signed integers from Rust 1.93.
    ///
    /// # Safety
    ///
    /// The result fits.
    UncheckedNeg for signed;
    /// `-self`.
    unsafe fn unchecked_neg(self) -> Self { fits!(self.checked_neg()) }
}

#[cfg(before_1_85)]
integers! {
    /// Methods of unsigned integers from Rust 1.85.
    UnsignedMidpoint for unsigned;
    /// The middle of two numbers, rounded down.
    fn midpoint(self, rhs: Self) -> Self { (self & rhs) + ((self ^ rhs) >> 1) }
}

#[cfg(before_1_87)]
integers! {
    /// Methods of signed integers from Rust 1.87.
    SignedMidpoint for signed;
    /// The middle of two numbers, rounded towards 0.
    fn midpoint(self, rhs: Self) -> Self {
        let floor = (self & rhs) + ((self ^ rhs) >> 1);
        if floor.has_top_bit() && (self ^ rhs) & Self::ONE == Self::ONE { floor + Self::ONE } else { floor }
    }
}

#[cfg(before_1_87)]
integers! {
    /// Methods of integers from Rust 1.87.
    UnboundedShift for any;
    /// `self << rhs`, with which all bits may be shifted out.
    fn unbounded_shl(self, rhs: u32) -> Self { self.checked_shl(rhs).unwrap_or(Self::ZERO) }
    /// `self >> rhs`, with which all bits may be shifted out.
    fn unbounded_shr(self, rhs: u32) -> Self {
        match self.checked_shr(rhs) {
            Some(shifted) => shifted,
            // All bits are the sign bit.
            None => self >> (Self::BITS - 1) >> (Self::MIN == Self::ZERO) as u32,
        }
    }
}

#[cfg(before_1_87)]
integers! {
    /// Methods of unsigned integers from Rust 1.87.
    CastSigned for unsigned;
    /// The same bits as a signed number.
    fn cast_signed(self) -> Self::Signed { self.to_signed() }
}

#[cfg(before_1_87)]
integers! {
    /// Methods of signed integers from Rust 1.87.
    CastUnsigned for signed;
    /// The same bits as an unsigned number.
    fn cast_unsigned(self) -> Self::Unsigned { self.to_unsigned() }
}

#[cfg(before_1_84)]
integers! {
    /// Methods of unsigned integers from Rust 1.84.
    UnsignedIsqrt for unsigned;
    /// The square root, rounded down.
    fn isqrt(self) -> Self { root(self) }
}

#[cfg(before_1_84)]
integers! {
    /// Methods of signed integers from Rust 1.84.
    SignedIsqrt for signed;
    /// The square root, rounded down; panics if the number is negative.
    fn isqrt(self) -> Self {
        assert!(self >= Self::ZERO, "argument of integer square root cannot be negative");
        root(self)
    }
    /// The square root, rounded down; `None` if the number is negative.
    fn checked_isqrt(self) -> Option<Self> { if self < Self::ZERO { None } else { Some(root(self)) } }
}

#[cfg(before_1_90)]
integers! {
    /// Methods of unsigned integers from Rust 1.90.
    UnsignedSubSigned for unsigned;
    /// `self - rhs`, or `None` if that overflows.
    fn checked_sub_signed(self, rhs: Self::Signed) -> Option<Self> {
        match UnsignedSubSigned::overflowing_sub_signed(self, rhs) {
            (difference, false) => Some(difference),
            (_, true) => None,
        }
    }
    /// `self - rhs`, wrapping around.
    fn wrapping_sub_signed(self, rhs: Self::Signed) -> Self { self.overflowing_sub(Self::from_signed(rhs)).0 }
    /// `self - rhs`, or the nearest number of the type.
    fn saturating_sub_signed(self, rhs: Self::Signed) -> Self {
        let rhs = Self::from_signed(rhs);
        let (difference, borrow) = self.overflowing_sub(rhs);
        match (borrow, rhs.has_top_bit()) {
            (false, true) => Self::MAX,
            (true, false) => Self::ZERO,
            _ => difference,
        }
    }
    /// `self - rhs`, wrapping around, and whether it did.
    fn overflowing_sub_signed(self, rhs: Self::Signed) -> (Self, bool) {
        let rhs = Self::from_signed(rhs);
        let (difference, borrow) = self.overflowing_sub(rhs);
        (difference, borrow != rhs.has_top_bit())
    }
}

#[cfg(before_1_91)]
integers! {
    /// Methods of unsigned integers from Rust 1.91.
    CheckedSignedDiff for unsigned;
    /// `self - rhs` as a signed number, or `None` if it does not fit.
    fn checked_signed_diff(self, rhs: Self) -> Option<Self::Signed> {
        let (difference, negative) = self.overflowing_sub(rhs);
        if negative == difference.has_top_bit() { Some(difference.to_signed()) } else { None }
    }
}

#[cfg(before_1_91)]
integers! {
    /// Methods of unsigned integers from Rust 1.91, for numbers of several words.
    Carrying for unsigned;
    /// `self + rhs + carry`, and the carry out of it.
    fn carrying_add(self, rhs: Self, carry: bool) -> (Self, bool) {
        let (sum, first) = self.overflowing_add(rhs);
        let (sum, second) = sum.overflowing_add(if carry { Self::ONE } else { Self::ZERO });
        (sum, first | second)
    }
    /// `self - rhs - borrow`, and the borrow out of it.
    fn borrowing_sub(self, rhs: Self, borrow: bool) -> (Self, bool) {
        let (difference, first) = self.overflowing_sub(rhs);
        let (difference, second) = difference.overflowing_sub(if borrow { Self::ONE } else { Self::ZERO });
        (difference, first | second)
    }
    /// `self * rhs + carry`: the low word and the high one.
    fn carrying_mul(self, rhs: Self, carry: Self) -> (Self, Self) {
        Carrying::carrying_mul_add(self, rhs, carry, Self::ZERO)
    }
    /// `self * rhs + carry + add`: the low word and the high one.
    fn carrying_mul_add(self, rhs: Self, carry: Self, add: Self) -> (Self, Self) {
        let half = Self::BITS / 2;
        let mask = Self::MAX >> half;
        // By half words: their products plus two more halves fit into a word.
        let (a, b, c, d) = (self >> half, self & mask, rhs >> half, rhs & mask);
        let low = b * d + (carry & mask) + (add & mask);
        let middle = a * d + (carry >> half) + (low >> half);
        let other = b * c + (add >> half) + (middle & mask);
        (
            (other << half) | (low & mask),
            a * c + (middle >> half) + (other >> half),
        )
    }
}
