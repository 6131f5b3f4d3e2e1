//! Methods of integers.

/// `BITS` of integers.
#[cfg(before_1_53)]
pub trait IntBits {
    /// The width in bits; std has it from Rust 1.53.
    const BITS: u32;
}

/// `unsigned_abs` of signed integers.
#[cfg(before_1_51)]
pub trait UnsignedAbs {
    /// The unsigned type of the same width.
    type Unsigned;
    /// The absolute value, which the unsigned type always holds; std has it from Rust 1.51.
    fn unsigned_abs(self) -> Self::Unsigned;
}

#[cfg(before_1_60)]
extension! {
    /// Methods of bytes from Rust 1.60.
    ByteEscapeAscii for u8;
    /// The byte as text, as an escape if it is no printable ASCII.
    fn escape_ascii(self) -> core::ascii::EscapeDefault { core::ascii::escape_default(self) }
}

/// `abs_diff` of integers.
#[cfg(before_1_60)]
pub trait AbsDiff: Sized {
    /// The unsigned type of the same width.
    type Unsigned;
    /// The distance between two numbers, which never overflows; std has it from Rust 1.60.
    fn abs_diff(self, other: Self) -> Self::Unsigned;
}

/// Sums of an unsigned and a signed integer.
#[cfg(before_1_66)]
pub trait MixedUnsigned: Sized {
    /// The signed type of the same width.
    type Signed;
    /// `self + rhs`, or `None` if that overflows; std has it from Rust 1.66.
    fn checked_add_signed(self, rhs: Self::Signed) -> Option<Self>;
    /// `self + rhs`, wrapping around; std has it from Rust 1.66.
    fn wrapping_add_signed(self, rhs: Self::Signed) -> Self;
    /// `self + rhs`, or the nearest number that the type has; std has it from Rust 1.66.
    fn saturating_add_signed(self, rhs: Self::Signed) -> Self;
    /// `self + rhs`, wrapping around, and whether it did; std has it from Rust 1.66.
    fn overflowing_add_signed(self, rhs: Self::Signed) -> (Self, bool);
}

/// Sums and differences of a signed and an unsigned integer.
#[cfg(before_1_66)]
pub trait MixedSigned: Sized {
    /// The unsigned type of the same width.
    type Unsigned;
    /// `self + rhs`, or `None` if that overflows; std has it from Rust 1.66.
    fn checked_add_unsigned(self, rhs: Self::Unsigned) -> Option<Self>;
    /// `self + rhs`, wrapping around; std has it from Rust 1.66.
    fn wrapping_add_unsigned(self, rhs: Self::Unsigned) -> Self;
    /// `self + rhs`, or the nearest number that the type has; std has it from Rust 1.66.
    fn saturating_add_unsigned(self, rhs: Self::Unsigned) -> Self;
    /// `self + rhs`, wrapping around, and whether it did; std has it from Rust 1.66.
    fn overflowing_add_unsigned(self, rhs: Self::Unsigned) -> (Self, bool);
    /// `self - rhs`, or `None` if that overflows; std has it from Rust 1.66.
    fn checked_sub_unsigned(self, rhs: Self::Unsigned) -> Option<Self>;
    /// `self - rhs`, wrapping around; std has it from Rust 1.66.
    fn wrapping_sub_unsigned(self, rhs: Self::Unsigned) -> Self;
    /// `self - rhs`, or the nearest number that the type has; std has it from Rust 1.66.
    fn saturating_sub_unsigned(self, rhs: Self::Unsigned) -> Self;
    /// `self - rhs`, wrapping around, and whether it did; std has it from Rust 1.66.
    fn overflowing_sub_unsigned(self, rhs: Self::Unsigned) -> (Self, bool);
}

/// Logarithms of integers, rounded down.
#[cfg(before_1_67)]
pub trait Ilog: Sized {
    /// The logarithm to a base; std has it from Rust 1.67.
    ///
    /// # Panics
    ///
    /// If the number is not positive or the base is less than 2.
    fn ilog(self, base: Self) -> u32;
    /// The logarithm to base 2; std has it from Rust 1.67.
    ///
    /// # Panics
    ///
    /// If the number is not positive.
    fn ilog2(self) -> u32;
    /// The logarithm to base 10; std has it from Rust 1.67.
    ///
    /// # Panics
    ///
    /// If the number is not positive.
    fn ilog10(self) -> u32;
    /// [`ilog`](Ilog::ilog), or `None` where that panics; std has it from Rust 1.67.
    fn checked_ilog(self, base: Self) -> Option<u32>;
    /// [`ilog2`](Ilog::ilog2), or `None` where that panics; std has it from Rust 1.67.
    fn checked_ilog2(self) -> Option<u32>;
    /// [`ilog10`](Ilog::ilog10), or `None` where that panics; std has it from Rust 1.67.
    fn checked_ilog10(self) -> Option<u32>;
}

/// Roundings of unsigned integers to multiples.
#[cfg(before_1_73)]
pub trait IntRoundings: Sized {
    /// The quotient, rounded up; std has it from Rust 1.73.
    ///
    /// # Panics
    ///
    /// If `rhs` is 0.
    fn div_ceil(self, rhs: Self) -> Self;
    /// The least multiple of `rhs` that is not less than `self`; std has it from Rust 1.73.
    ///
    /// # Panics
    ///
    /// If `rhs` is 0, and where the type's addition panics if the result overflows.
    fn next_multiple_of(self, rhs: Self) -> Self;
    /// The same, or `None` if `rhs` is 0 or the result overflows; std has it from Rust 1.73.
    fn checked_next_multiple_of(self, rhs: Self) -> Option<Self>;
}

/// `is_multiple_of` of unsigned integers.
#[cfg(before_1_87)]
// Std's own signature.
#[allow(clippy::wrong_self_convention)]
pub trait IsMultipleOf {
    /// Whether `self` is a whole number of times `rhs`; std has it from Rust 1.87.
    ///
    /// Only 0 is a multiple of 0.
    fn is_multiple_of(self, rhs: Self) -> bool;
}

#[cfg(before_1_87)]
macro_rules! unsigned {
    ($($Unsigned:ident $Signed:ident,)*) => {$(
        #[cfg(before_1_53)]
        impl IntBits for $Unsigned {
            const BITS: u32 = (core::mem::size_of::<$Unsigned>() * 8) as u32;
        }

        #[cfg(before_1_60)]
        impl AbsDiff for $Unsigned {
            type Unsigned = $Unsigned;
            #[inline]
            fn abs_diff(self, other: Self) -> $Unsigned {
                if self < other {
                    other - self
                } else {
                    self - other
                }
            }
        }

        #[cfg(before_1_66)]
        impl MixedUnsigned for $Unsigned {
            type Signed = $Signed;
            #[inline]
            fn checked_add_signed(self, rhs: $Signed) -> Option<Self> {
                match MixedUnsigned::overflowing_add_signed(self, rhs) {
                    (sum, false) => Some(sum),
                    (_, true) => None,
                }
            }
            #[inline]
            fn wrapping_add_signed(self, rhs: $Signed) -> Self {
                self.wrapping_add(rhs as $Unsigned)
            }
            #[inline]
            fn saturating_add_signed(self, rhs: $Signed) -> Self {
                match MixedUnsigned::overflowing_add_signed(self, rhs) {
                    (sum, false) => sum,
                    (_, true) if rhs < 0 => 0,
                    (_, true) => $Unsigned::MAX,
                }
            }
            #[inline]
            fn overflowing_add_signed(self, rhs: $Signed) -> (Self, bool) {
                let (sum, carry) = self.overflowing_add(rhs as $Unsigned);
                // Adding the two's complement of a number carries just if subtracting it fits.
                (sum, carry != (rhs < 0))
            }
        }

        #[cfg(before_1_67)]
        impl Ilog for $Unsigned {
            ilog! { $Unsigned }
        }

        #[cfg(before_1_73)]
        impl IntRoundings for $Unsigned {
            #[inline]
            fn div_ceil(self, rhs: Self) -> Self {
                self / rhs + (self % rhs != 0) as $Unsigned
            }
            #[inline]
            fn next_multiple_of(self, rhs: Self) -> Self {
                match self % rhs {
                    0 => self,
                    rest => self + (rhs - rest),
                }
            }
            #[inline]
            fn checked_next_multiple_of(self, rhs: Self) -> Option<Self> {
                match self.checked_rem(rhs)? {
                    0 => Some(self),
                    rest => self.checked_add(rhs - rest),
                }
            }
        }

        impl IsMultipleOf for $Unsigned {
            #[inline]
            fn is_multiple_of(self, rhs: Self) -> bool {
                match rhs {
                    0 => self == 0,
                    _ => self % rhs == 0,
                }
            }
        }
    )*};
}

#[cfg(before_1_67)]
macro_rules! signed {
    ($($Unsigned:ident $Signed:ident,)*) => {$(
        #[cfg(before_1_53)]
        impl IntBits for $Signed {
            const BITS: u32 = (core::mem::size_of::<$Signed>() * 8) as u32;
        }

        #[cfg(before_1_51)]
        impl UnsignedAbs for $Signed {
            type Unsigned = $Unsigned;
            #[inline]
            fn unsigned_abs(self) -> $Unsigned {
                self.wrapping_abs() as $Unsigned
            }
        }

        #[cfg(before_1_60)]
        impl AbsDiff for $Signed {
            type Unsigned = $Unsigned;
            #[inline]
            fn abs_diff(self, other: Self) -> $Unsigned {
                // The distance may not fit the signed type, whose wrapped bits are still right.
                if self < other {
                    other.wrapping_sub(self) as $Unsigned
                } else {
                    self.wrapping_sub(other) as $Unsigned
                }
            }
        }

        #[cfg(before_1_66)]
        impl MixedSigned for $Signed {
            type Unsigned = $Unsigned;
            #[inline]
            fn checked_add_unsigned(self, rhs: $Unsigned) -> Option<Self> {
                match MixedSigned::overflowing_add_unsigned(self, rhs) {
                    (sum, false) => Some(sum),
                    (_, true) => None,
                }
            }
            #[inline]
            fn wrapping_add_unsigned(self, rhs: $Unsigned) -> Self {
                self.wrapping_add(rhs as $Signed)
            }
            #[inline]
            fn saturating_add_unsigned(self, rhs: $Unsigned) -> Self {
                MixedSigned::checked_add_unsigned(self, rhs).unwrap_or($Signed::MAX)
            }
            #[inline]
            fn overflowing_add_unsigned(self, rhs: $Unsigned) -> (Self, bool) {
                let rhs = rhs as $Signed;
                let (sum, overflow) = self.overflowing_add(rhs);
                // A number that turned negative in the cast lost the type's whole range.
                (sum, overflow != (rhs < 0))
            }
            #[inline]
            fn checked_sub_unsigned(self, rhs: $Unsigned) -> Option<Self> {
                match MixedSigned::overflowing_sub_unsigned(self, rhs) {
                    (difference, false) => Some(difference),
                    (_, true) => None,
                }
            }
            #[inline]
            fn wrapping_sub_unsigned(self, rhs: $Unsigned) -> Self {
                self.wrapping_sub(rhs as $Signed)
            }
            #[inline]
            fn saturating_sub_unsigned(self, rhs: $Unsigned) -> Self {
                MixedSigned::checked_sub_unsigned(self, rhs).unwrap_or($Signed::MIN)
            }
            #[inline]
            fn overflowing_sub_unsigned(self, rhs: $Unsigned) -> (Self, bool) {
                let rhs = rhs as $Signed;
                let (difference, overflow) = self.overflowing_sub(rhs);
                (difference, overflow != (rhs < 0))
            }
        }

        impl Ilog for $Signed {
            ilog! { $Signed }
        }
    )*};
}

/// The same methods for integers of both kinds.
#[cfg(before_1_67)]
macro_rules! ilog {
    ($Int:ident) => {
        #[inline]
        #[track_caller]
        fn ilog(self, base: Self) -> u32 {
            assert!(base >= 2, "base of integer logarithm must be at least 2");
            Ilog::checked_ilog(self, base).expect(NOT_POSITIVE)
        }
        #[inline]
        #[track_caller]
        fn ilog2(self) -> u32 {
            Ilog::checked_ilog2(self).expect(NOT_POSITIVE)
        }
        #[inline]
        #[track_caller]
        fn ilog10(self) -> u32 {
            Ilog::checked_ilog10(self).expect(NOT_POSITIVE)
        }
        #[inline]
        fn checked_ilog(self, base: Self) -> Option<u32> {
            if self <= 0 || base < 2 {
                return None;
            }
            let mut log = 0;
            let mut rest = self / base;
            while rest > 0 {
                log += 1;
                rest /= base;
            }
            Some(log)
        }
        #[inline]
        fn checked_ilog2(self) -> Option<u32> {
            if self <= 0 {
                return None;
            }
            Some(core::mem::size_of::<$Int>() as u32 * 8 - 1 - self.leading_zeros())
        }
        #[inline]
        fn checked_ilog10(self) -> Option<u32> {
            Ilog::checked_ilog(self, 10)
        }
    };
}

#[cfg(before_1_67)]
const NOT_POSITIVE: &str = "argument of integer logarithm must be positive";

#[cfg(before_1_87)]
unsigned! { u8 i8, u16 i16, u32 i32, u64 i64, u128 i128, usize isize, }
#[cfg(before_1_67)]
signed! { u8 i8, u16 i16, u32 i32, u64 i64, u128 i128, usize isize, }
