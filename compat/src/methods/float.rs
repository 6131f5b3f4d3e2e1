// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of floating-point numbers.

/// Declares methods for both types: `Self::Bits` is the unsigned integer of the same width.
#[cfg(before_1_86)]
macro_rules! floats {
    ($(#[$about:meta])+ $Trait:ident;
        $($(#[$meta:meta])* fn $name:ident ($($args:tt)*) -> $R:ty $body:block)+) => {
        $(#[$about])+
        #[allow(clippy::wrong_self_convention)]
        pub trait $Trait: Sized {
            $($(#[$meta])* fn $name($($args)*) -> $R;)+
        }
        floats! { @impl $Trait f32 u32 { $(fn $name ($($args)*) -> $R $body)+ } }
        floats! { @impl $Trait f64 u64 { $(fn $name ($($args)*) -> $R $body)+ } }
    };
    (@impl $Trait:ident $Float:ident $Bits:ident {
        $(fn $name:ident ($($args:tt)*) -> $R:ty $body:block)+ }) => {
        impl $Trait for $Float {
            $(#[inline] #[track_caller] fn $name($($args)*) -> $R $body)+
        }
    };
}

#[cfg(before_1_50)]
floats! {
    /// Methods of floating-point numbers from Rust 1.50.
    FloatClamp;
    /// The number, or the bound that it exceeds; NaN stays.
    ///
    /// # Panics
    ///
    /// If `min > max`, or one of them is NaN.
    fn clamp(self, min: Self, max: Self) -> Self {
        assert!(min <= max);
        if self < min {
            min
        } else if self > max {
            max
        } else {
            self
        }
    }
}

#[cfg(before_1_53)]
floats! {
    /// Methods of floating-point numbers from Rust 1.53.
    FloatIsSubnormal;
    /// Whether it is too small for full precision, and not 0.
    fn is_subnormal(self) -> bool {
        self.classify() == core::num::FpCategory::Subnormal
    }
}

/// The bits as a signed integer whose order is that of `total_cmp`.
#[cfg(before_1_62)]
macro_rules! ordered_bits {
    ($number:expr, $Signed:ident, $Unsigned:ident) => {{
        let bits = $number.to_bits() as $Signed;
        bits ^ ((bits >> (core::mem::size_of::<$Signed>() * 8 - 1)) as $Unsigned >> 1) as $Signed
    }};
}

/// Methods of floating-point numbers from Rust 1.62.
#[cfg(before_1_62)]
pub trait FloatTotalCmp {
    /// The total order of all numbers, with -0 before 0 and NaNs at the ends.
    fn total_cmp(&self, other: &Self) -> core::cmp::Ordering;
}
#[cfg(before_1_62)]
impl FloatTotalCmp for f32 {
    #[inline]
    fn total_cmp(&self, other: &f32) -> core::cmp::Ordering {
        ordered_bits!(self, i32, u32).cmp(&ordered_bits!(other, i32, u32))
    }
}
#[cfg(before_1_62)]
impl FloatTotalCmp for f64 {
    #[inline]
    fn total_cmp(&self, other: &f64) -> core::cmp::Ordering {
        ordered_bits!(self, i64, u64).cmp(&ordered_bits!(other, i64, u64))
    }
}

#[cfg(before_1_77)]
floats! {
    /// Methods of floating-point numbers from Rust 1.77.
    RoundTiesEven;
    /// The nearest whole number; of two equally near ones, the even one.
    fn round_ties_even(self) -> Self {
        let size = if self.is_sign_negative() { -self } else { self };
        // Numbers from here on have no fractions.
        if size >= 1.0 / Self::EPSILON || size.is_nan() {
            return self;
        }
        // By an integer, since a sum in the registers of an i386 without SSE is not rounded to the type.
        let whole = size as u64;
        let fraction = size - whole as Self;
        let is_up = fraction > 0.5 || (fraction == 0.5 && whole % 2 == 1);
        let rounded = (whole + is_up as u64) as Self;
        if self.is_sign_negative() { -rounded } else { rounded }
    }
}

#[cfg(before_1_85)]
floats! {
    /// Methods of floating-point numbers from Rust 1.85.
    FloatMidpoint;
    /// The middle of two numbers.
    fn midpoint(self, other: Self) -> Self {
        let sum = self + other;
        if sum.is_finite() { sum / 2.0 } else { self / 2.0 + other / 2.0 }
    }
}

#[cfg(before_1_86)]
floats! {
    /// Methods of floating-point numbers from Rust 1.86.
    FloatNext;
    /// The least number that is greater.
    fn next_up(self) -> Self {
        let bits = self.to_bits();
        if self.is_nan() || self == Self::INFINITY {
            self
        } else if self == 0.0 {
            Self::from_bits(1)
        } else if self > 0.0 {
            Self::from_bits(bits + 1)
        } else {
            Self::from_bits(bits - 1)
        }
    }
    /// The greatest number that is less.
    fn next_down(self) -> Self {
        if self.is_nan() { self } else { -FloatNext::next_up(-self) }
    }
}
