//! The macro that makes methods of integers, and what it makes them of.
//!
//! Each method is written once for all integers of a kind. A copy for each of them takes the compiler
//! three times as long.

#[cfg(before_1_93)]
use core::num::*;
#[cfg(before_1_93)]
use core::ops::*;

/// An integer, and the types that its methods take and give.
#[cfg(before_1_93)]
pub trait Family: Sized {
    /// The unsigned type of the same width.
    type Unsigned;
    /// The signed type of the same width.
    type Signed;
    /// The integer that may be 0.
    type Int;
}

/// Declares what the methods are made of: what each integer does by its own method of that name.
#[cfg(before_1_93)]
macro_rules! int {
    ($($name:ident($($arg:ident: $T:ty)?) -> $R:ty;)+) => {
        /// An integer that may be 0.
        pub trait Int:
            Family<Int = Self>
            + Copy
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
            fn from_signed(signed: Self::Signed) -> Self;
            fn from_unsigned(unsigned: Self::Unsigned) -> Self;
            fn to_signed(self) -> Self::Signed;
            fn to_unsigned(self) -> Self::Unsigned;
            $(fn $name(self $(, $arg: $T)?) -> $R;)+

            #[inline]
            fn has_top_bit(self) -> bool {
                self.leading_zeros() == 0
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
        }

        macro_rules! int_impls {
            ($Int:ident $Unsigned:ident $Signed:ident $NonZero:ident) => {
                impl Int for $Int {
                    const ZERO: Self = 0;
                    const ONE: Self = 1;
                    const TEN: Self = 10;
                    const MIN: Self = $Int::MIN;
                    const MAX: Self = $Int::MAX;
                    #[inline]
                    fn from_signed(signed: $Signed) -> Self {
                        signed as $Int
                    }
                    #[inline]
                    fn from_unsigned(unsigned: $Unsigned) -> Self {
                        unsigned as $Int
                    }
                    #[inline]
                    fn to_signed(self) -> $Signed {
                        self as $Signed
                    }
                    #[inline]
                    fn to_unsigned(self) -> $Unsigned {
                        self as $Unsigned
                    }
                    $(
                        #[inline]
                        #[track_caller]
                        fn $name(self $(, $arg: $T)?) -> $R {
                            $Int::$name(self $(, $arg)?)
                        }
                    )+
                }
                impl NonZeroInt for $NonZero {
                    #[inline]
                    fn get(self) -> $Int {
                        $NonZero::get(self)
                    }
                    #[inline]
                    fn new(value: $Int) -> Option<Self> {
                        $NonZero::new(value)
                    }
                    #[inline]
                    unsafe fn new_unchecked(value: $Int) -> Self {
                        $NonZero::new_unchecked(value)
                    }
                    #[inline]
                    fn to_signed(self) -> Self::Signed {
                        // SAFETY: the bits are the same, and not 0.
                        unsafe { Self::Signed::new_unchecked(self.get() as $Signed) }
                    }
                    #[inline]
                    fn to_unsigned(self) -> Self::Unsigned {
                        // SAFETY: the bits are the same, and not 0.
                        unsafe { Self::Unsigned::new_unchecked(self.get() as $Unsigned) }
                    }
                }
            };
        }
    };
}

#[cfg(before_1_93)]
int! {
    overflowing_add(rhs: Self) -> (Self, bool);
    overflowing_sub(rhs: Self) -> (Self, bool);
    overflowing_mul(rhs: Self) -> (Self, bool);
    overflowing_div(rhs: Self) -> (Self, bool);
    overflowing_rem(rhs: Self) -> (Self, bool);
    overflowing_div_euclid(rhs: Self) -> (Self, bool);
    overflowing_rem_euclid(rhs: Self) -> (Self, bool);
    checked_rem(rhs: Self) -> Option<Self>;
    checked_shl(rhs: u32) -> Option<Self>;
    checked_shr(rhs: u32) -> Option<Self>;
    checked_pow(exp: u32) -> Option<Self>;
    saturating_add(rhs: Self) -> Self;
    saturating_sub(rhs: Self) -> Self;
    saturating_mul(rhs: Self) -> Self;
    saturating_pow(exp: u32) -> Self;
    leading_zeros() -> u32;
    trailing_zeros() -> u32;
    count_ones() -> u32;
    rotate_left(n: u32) -> Self;
    swap_bytes() -> Self;
    reverse_bits() -> Self;
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
pub trait UnsignedInt: Int {
    fn checked_next_power_of_two(self) -> Option<Self>;
}

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
pub trait NonZeroInt: Family + Copy {
    fn get(self) -> Self::Int;
    fn new(value: Self::Int) -> Option<Self>;
    /// # Safety
    ///
    /// The value is not 0.
    unsafe fn new_unchecked(value: Self::Int) -> Self;
    fn to_signed(self) -> Self::Signed;
    fn to_unsigned(self) -> Self::Unsigned;
}

#[cfg(before_1_93)]
macro_rules! families {
    ($($Unsigned:ident $Signed:ident $NonZeroUnsigned:ident $NonZeroSigned:ident;)+) => {$(
        families! { @one $Unsigned, $Unsigned, $Signed, $Unsigned }
        families! { @one $Signed, $Unsigned, $Signed, $Signed }
        families! { @one $NonZeroUnsigned, $NonZeroUnsigned, $NonZeroSigned, $Unsigned }
        families! { @one $NonZeroSigned, $NonZeroUnsigned, $NonZeroSigned, $Signed }
        int_impls! { $Unsigned $Unsigned $Signed $NonZeroUnsigned }
        int_impls! { $Signed $Unsigned $Signed $NonZeroSigned }
        impl UnsignedInt for $Unsigned {
            #[inline]
            fn checked_next_power_of_two(self) -> Option<Self> {
                $Unsigned::checked_next_power_of_two(self)
            }
        }
        impl SignedInt for $Signed {}
    )+};
    (@one $Self:ty, $Unsigned:ty, $Signed:ty, $Int:ty) => {
        impl Family for $Self {
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
/// `any`, and with `non_zero_` before it those that are not 0.
///
/// The bodies may name what [`Family`] has, and call what [`Int`] and [`NonZeroInt`] have.
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
