// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `Saturating`, for compilers before Rust 1.74.

use crate::methods::integer_macro::{Int, UnsignedInt};
use core::fmt;
use core::ops::*;

/// An integer whose operations return the nearest number of the type: `core::num::Saturating` from Rust 1.74.
///
/// Its methods are not const here.
#[derive(PartialEq, PartialOrd, Eq, Ord, Clone, Copy, Default, Hash)]
#[repr(transparent)]
pub struct Saturating<T>(pub T);

/// The quotient: only that of the least number and -1 does not fit.
#[inline]
fn quotient<T: Int>(dividend: T, divisor: T) -> T {
    if dividend.overflows_by(divisor) {
        T::MAX
    } else {
        dividend / divisor
    }
}

impl<T: Int> Saturating<T> {
    /// The width in bits.
    pub const BITS: u32 = T::BITS;
    /// The least number.
    pub const MIN: Self = Saturating(T::MIN);
    /// The greatest number.
    pub const MAX: Self = Saturating(T::MAX);

    /// The number of bits that are set.
    #[inline]
    pub fn count_ones(self) -> u32 {
        self.0.count_ones()
    }
    /// The number of bits that are not set.
    #[inline]
    pub fn count_zeros(self) -> u32 {
        T::BITS - self.0.count_ones()
    }
    /// The number of zeros before the first one.
    #[inline]
    pub fn leading_zeros(self) -> u32 {
        self.0.leading_zeros()
    }
    /// The number of zeros after the last one.
    #[inline]
    pub fn trailing_zeros(self) -> u32 {
        self.0.trailing_zeros()
    }
    /// The bits, rotated left.
    #[inline]
    pub fn rotate_left(self, n: u32) -> Self {
        Saturating(self.0.rotate_left(n))
    }
    /// The bits, rotated right.
    #[inline]
    pub fn rotate_right(self, n: u32) -> Self {
        Saturating(self.0.rotate_left(T::BITS - n % T::BITS))
    }
    /// The bytes in reverse order.
    #[inline]
    pub fn swap_bytes(self) -> Self {
        Saturating(self.0.swap_bytes())
    }
    /// The bits in reverse order.
    #[inline]
    pub fn reverse_bits(self) -> Self {
        Saturating(self.0.reverse_bits())
    }
    /// As big endian.
    #[inline]
    pub fn to_be(self) -> Self {
        if cfg!(target_endian = "big") {
            self
        } else {
            self.swap_bytes()
        }
    }
    /// As little endian.
    #[inline]
    pub fn to_le(self) -> Self {
        if cfg!(target_endian = "little") {
            self
        } else {
            self.swap_bytes()
        }
    }
    /// From big endian.
    #[inline]
    pub fn from_be(x: Self) -> Self {
        x.to_be()
    }
    /// From little endian.
    #[inline]
    pub fn from_le(x: Self) -> Self {
        x.to_le()
    }
    /// The number to a power.
    #[inline]
    pub fn pow(self, exp: u32) -> Self {
        Saturating(self.0.saturating_pow(exp))
    }
}

impl<T: UnsignedInt> Saturating<T> {
    /// Whether it is a power of two.
    #[inline]
    pub fn is_power_of_two(self) -> bool {
        self.0.count_ones() == 1
    }
}

/// Declares an operator and its assignment.
macro_rules! operators {
    ($($Op:ident $op:ident $Assign:ident $assign:ident $f:expr;)*) => {$(
        impl<T: Int> $Op for Saturating<T> {
            type Output = Self;
            #[inline]
            fn $op(self, other: Self) -> Self {
                Saturating($f(self.0, other.0))
            }
        }
        impl<T: Int> $Assign for Saturating<T> {
            #[inline]
            fn $assign(&mut self, other: Self) {
                *self = Saturating($f(self.0, other.0));
            }
        }
        impl<T: Int> $Assign<T> for Saturating<T> {
            #[inline]
            fn $assign(&mut self, other: T) {
                *self = Saturating($f(self.0, other));
            }
        }
    )*};
}
operators! {
    Add add AddAssign add_assign Int::saturating_add;
    Sub sub SubAssign sub_assign Int::saturating_sub;
    Mul mul MulAssign mul_assign Int::saturating_mul;
    Div div DivAssign div_assign quotient;
    Rem rem RemAssign rem_assign Rem::rem;
    BitXor bitxor BitXorAssign bitxor_assign BitXor::bitxor;
    BitOr bitor BitOrAssign bitor_assign BitOr::bitor;
    BitAnd bitand BitAndAssign bitand_assign BitAnd::bitand;
}

impl<T: Int> Not for Saturating<T> {
    type Output = Self;
    #[inline]
    fn not(self) -> Self {
        Saturating(!self.0)
    }
}

/// The negative of the least number does not fit.
impl<T: Int + Neg<Output = T>> Neg for Saturating<T> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        if self.0 == T::MIN {
            Self::MAX
        } else {
            Saturating(-self.0)
        }
    }
}

impl<T: Int + Neg<Output = T>> Saturating<T> {
    /// The absolute value.
    #[inline]
    pub fn abs(self) -> Self {
        if self.is_negative() {
            -self
        } else {
            self
        }
    }
    /// -1, 0 or 1.
    #[inline]
    pub fn signum(self) -> Self {
        if self.0.count_ones() == 0 {
            return self;
        }
        let one = Saturating(T::ONE);
        if self.is_negative() {
            -one
        } else {
            one
        }
    }
    /// Whether it is greater than 0.
    #[inline]
    pub fn is_positive(self) -> bool {
        self.0.leading_zeros() > 0 && self.0.count_ones() > 0
    }
    /// Whether it is less than 0.
    #[inline]
    pub fn is_negative(self) -> bool {
        self.0.leading_zeros() == 0
    }
}

macro_rules! shown {
    ($($Trait:ident)*) => {$(
        impl<T: fmt::$Trait> fmt::$Trait for Saturating<T> {
            #[inline]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}
shown! { Debug Display Binary Octal LowerHex UpperHex }
