//! `Saturating`, for compilers before Rust 1.74.

use core::fmt;
use core::ops::*;

/// An integer whose operations give the nearest number that the type has:
/// `core::num::Saturating` from Rust 1.74.
///
/// Its methods are not const here.
#[derive(PartialEq, PartialOrd, Eq, Ord, Clone, Copy, Default, Hash)]
#[repr(transparent)]
pub struct Saturating<T>(pub T);

/// Declares what `Saturating` needs of an integer, and the methods that hand it through.
macro_rules! through {
    ($($(#[$meta:meta])* $name:ident($($arg:ident: $T:ty)?) -> $R:ident;)*) => {
        /// An integer that `Saturating` is made of.
        pub trait Int: Copy + Eq + Ord {
            /// The width in bits.
            const BITS: u32;
            /// The least number.
            const MIN: Self;
            /// The greatest number.
            const MAX: Self;
            /// The sum.
            fn add(self, other: Self) -> Self;
            /// The difference.
            fn sub(self, other: Self) -> Self;
            /// The product.
            fn mul(self, other: Self) -> Self;
            /// The quotient.
            fn div(self, other: Self) -> Self;
            $(through! { @declare $(#[$meta])* $name($($arg: $T)?) -> $R })*
        }

        macro_rules! int {
            ($Int:ident) => {
                impl Int for $Int {
                    const BITS: u32 = core::mem::size_of::<$Int>() as u32 * 8;
                    const MIN: Self = $Int::MIN;
                    const MAX: Self = $Int::MAX;
                    #[inline]
                    fn add(self, other: Self) -> Self {
                        self.saturating_add(other)
                    }
                    #[inline]
                    fn sub(self, other: Self) -> Self {
                        self.saturating_sub(other)
                    }
                    #[inline]
                    fn mul(self, other: Self) -> Self {
                        self.saturating_mul(other)
                    }
                    #[inline]
                    fn div(self, other: Self) -> Self {
                        // Only the least number by -1 does not fit.
                        match self.overflowing_div(other) {
                            (quotient, false) => quotient,
                            (_, true) => $Int::MAX,
                        }
                    }
                    $(#[inline] fn $name(self $(, $arg: $T)?) -> $R { $Int::$name(self $(, $arg)?) })*
                }
            };
        }

        impl<T: Int> Saturating<T> {
            $(through! { @method $(#[$meta])* $name($($arg: $T)?) -> $R })*
        }
    };
    (@declare $(#[$meta:meta])* $name:ident($($arg:ident: $T:ty)?) -> $R:ident) => {
        $(#[$meta])*
        fn $name(self $(, $arg: $T)?) -> $R;
    };
    (@method $(#[$meta:meta])* $name:ident($($arg:ident: $T:ty)?) -> Self) => {
        $(#[$meta])*
        #[inline]
        pub fn $name(self $(, $arg: $T)?) -> Self {
            Saturating(self.0.$name($($arg)?))
        }
    };
    (@method $(#[$meta:meta])* $name:ident() -> $R:ident) => {
        $(#[$meta])*
        #[inline]
        pub fn $name(self) -> $R {
            self.0.$name()
        }
    };
}

through! {
    /// How many bits are set.
    count_ones() -> u32;
    /// How many bits are not set.
    count_zeros() -> u32;
    /// How many zeros there are before the first one.
    leading_zeros() -> u32;
    /// How many zeros there are behind the last one.
    trailing_zeros() -> u32;
    /// The bits, each so many places on.
    rotate_left(n: u32) -> Self;
    /// The bits, each so many places back.
    rotate_right(n: u32) -> Self;
    /// The bytes the other way round.
    swap_bytes() -> Self;
    /// The bits the other way round.
    reverse_bits() -> Self;
    /// As big endian.
    to_be() -> Self;
    /// As little endian.
    to_le() -> Self;
}

int! { u8 }
int! { u16 }
int! { u32 }
int! { u64 }
int! { u128 }
int! { usize }
int! { i8 }
int! { i16 }
int! { i32 }
int! { i64 }
int! { i128 }
int! { isize }

impl<T: Int> Saturating<T> {
    /// The width in bits.
    pub const BITS: u32 = T::BITS;
    /// The least number.
    pub const MIN: Self = Saturating(T::MIN);
    /// The greatest number.
    pub const MAX: Self = Saturating(T::MAX);

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
    /// To a power.
    pub fn pow(self, exp: u32) -> Self {
        // By squares: a square that saturates is positive, and so is what it stands for.
        let (mut base, mut rest) = (self, exp);
        let one = Saturating(Int::div(T::MAX, T::MAX));
        let mut power = one;
        while rest > 0 {
            if rest & 1 == 1 {
                power *= base;
            }
            rest >>= 1;
            if rest > 0 {
                base = base * base;
            }
        }
        power
    }
}

/// Declares an operator and its assignment.
macro_rules! operators {
    ($($Op:ident $op:ident $Assign:ident $assign:ident [$($Bound:tt)*] $f:expr;)*) => {$(
        impl<T: Int $($Bound)*> $Op for Saturating<T> {
            type Output = Self;
            #[inline]
            fn $op(self, other: Self) -> Self {
                Saturating($f(self.0, other.0))
            }
        }
        impl<T: Int $($Bound)*> $Assign for Saturating<T> {
            #[inline]
            fn $assign(&mut self, other: Self) {
                *self = Saturating($f(self.0, other.0));
            }
        }
        impl<T: Int $($Bound)*> $Assign<T> for Saturating<T> {
            #[inline]
            fn $assign(&mut self, other: T) {
                *self = Saturating($f(self.0, other));
            }
        }
    )*};
}
operators! {
    Add add AddAssign add_assign [] Int::add;
    Sub sub SubAssign sub_assign [] Int::sub;
    Mul mul MulAssign mul_assign [] Int::mul;
    Div div DivAssign div_assign [] Int::div;
    Rem rem RemAssign rem_assign [+ Rem<Output = T>] Rem::rem;
    BitXor bitxor BitXorAssign bitxor_assign [+ BitXor<Output = T>] BitXor::bitxor;
    BitOr bitor BitOrAssign bitor_assign [+ BitOr<Output = T>] BitOr::bitor;
    BitAnd bitand BitAndAssign bitand_assign [+ BitAnd<Output = T>] BitAnd::bitand;
}

impl<T: Int + Not<Output = T>> Not for Saturating<T> {
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
        let one = Saturating(Int::div(T::MAX, T::MAX));
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
