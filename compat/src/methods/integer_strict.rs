// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of integers that panic if the result does not fit, in every build.

#[cfg(before_1_91)]
use crate::methods::integer_macro::*;

/// The result, or the panic of the operator.
#[cfg(before_1_91)]
macro_rules! or_overflow {
    ($result:expr, $operation:literal) => {
        match $result {
            Some(value) => value,
            None => panic!(concat!("attempt to ", $operation, " with overflow")),
        }
    };
}

/// The quotient or the like, or the panic of the operator.
#[cfg(before_1_91)]
macro_rules! unless_overflows {
    ($dividend:ident by $divisor:ident, $operation:literal, $result:expr) => {{
        if $dividend.overflows_by($divisor) {
            panic!(concat!("attempt to ", $operation, " with overflow"));
        }
        $result
    }};
}

/// The same for a result with a flag that it wrapped.
#[cfg(before_1_91)]
macro_rules! unless_wrapped {
    ($result:expr, $operation:literal) => {
        match $result {
            (value, false) => value,
            (_, true) => panic!(concat!("attempt to ", $operation, " with overflow")),
        }
    };
}

#[cfg(before_1_91)]
integers! {
    /// Methods of integers from Rust 1.91. Each panics if the result does not fit.
    StrictInteger for any;
    /// `self + rhs`.
    fn strict_add(self, rhs: Self) -> Self { or_overflow!(self.checked_add(rhs), "add") }
    /// `self - rhs`.
    fn strict_sub(self, rhs: Self) -> Self { or_overflow!(self.checked_sub(rhs), "subtract") }
    /// `self * rhs`.
    fn strict_mul(self, rhs: Self) -> Self { or_overflow!(self.checked_mul(rhs), "multiply") }
    /// `self / rhs`; panics if `rhs` is 0, too.
    fn strict_div(self, rhs: Self) -> Self { unless_overflows!(self by rhs, "divide", self / rhs) }
    /// `self % rhs`; panics if `rhs` is 0, too.
    fn strict_rem(self, rhs: Self) -> Self {
        unless_overflows!(self by rhs, "calculate the remainder", self % rhs)
    }
    /// `self.div_euclid(rhs)`; panics if `rhs` is 0, too.
    fn strict_div_euclid(self, rhs: Self) -> Self {
        unless_overflows!(self by rhs, "divide", {
            let quotient = self / rhs;
            match self % rhs < Self::ZERO {
                true if rhs > Self::ZERO => quotient - Self::ONE,
                true => quotient + Self::ONE,
                false => quotient,
            }
        })
    }
    /// `self.rem_euclid(rhs)`; panics if `rhs` is 0, too.
    fn strict_rem_euclid(self, rhs: Self) -> Self {
        unless_overflows!(self by rhs, "calculate the remainder", {
            let rest = self % rhs;
            match rest < Self::ZERO {
                true if rhs < Self::ZERO => rest - rhs,
                true => rest + rhs,
                false => rest,
            }
        })
    }
    /// `-self`.
    fn strict_neg(self) -> Self { or_overflow!(self.checked_neg(), "negate") }
    /// `self << rhs`; panics unless `rhs` is less than the width.
    fn strict_shl(self, rhs: u32) -> Self { or_overflow!(self.checked_shl(rhs), "shift left") }
    /// `self >> rhs`; panics unless `rhs` is less than the width.
    fn strict_shr(self, rhs: u32) -> Self { or_overflow!(self.checked_shr(rhs), "shift right") }
    /// `self` to a power.
    fn strict_pow(self, exp: u32) -> Self { or_overflow!(self.checked_pow(exp), "multiply") }
}

#[cfg(before_1_91)]
integers! {
    /// Methods of unsigned integers from Rust 1.91. Each panics if the result does not fit.
    StrictUnsigned for unsigned;
    /// `self + rhs`.
    fn strict_add_signed(self, rhs: Self::Signed) -> Self {
        let rhs = Self::from_signed(rhs);
        let (sum, carry) = self.overflowing_add(rhs);
        unless_wrapped!((sum, carry != rhs.has_top_bit()), "add")
    }
    /// `self - rhs`.
    fn strict_sub_signed(self, rhs: Self::Signed) -> Self {
        let rhs = Self::from_signed(rhs);
        let (difference, borrow) = self.overflowing_sub(rhs);
        unless_wrapped!((difference, borrow != rhs.has_top_bit()), "subtract")
    }
}

#[cfg(before_1_91)]
integers! {
    /// Methods of signed integers from Rust 1.91. Each panics if the result does not fit.
    StrictSigned for signed;
    /// The absolute value.
    fn strict_abs(self) -> Self {
        if self.has_top_bit() { or_overflow!(self.checked_neg(), "negate") } else { self }
    }
    /// `self + rhs`.
    fn strict_add_unsigned(self, rhs: Self::Unsigned) -> Self {
        let rhs = Self::from_unsigned(rhs);
        let (sum, overflow) = self.overflowing_add(rhs);
        unless_wrapped!((sum, overflow != rhs.has_top_bit()), "add")
    }
    /// `self - rhs`.
    fn strict_sub_unsigned(self, rhs: Self::Unsigned) -> Self {
        let rhs = Self::from_unsigned(rhs);
        let (difference, overflow) = self.overflowing_sub(rhs);
        unless_wrapped!((difference, overflow != rhs.has_top_bit()), "subtract")
    }
}
