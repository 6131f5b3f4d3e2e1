// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use crate::{panic_message, EACH};

oldstable_compat::prelude!();

#[test]
fn bits_is_the_width() {
    const BITS: [u32; 4] = [u8::BITS, i16::BITS, u128::BITS, isize::BITS];
    assert_eq!(BITS, [8, 16, 128, 8 * std::mem::size_of::<isize>() as u32]);
    #[cfg(before_1_53)]
    assert_eq!([<i8 as IntBits>::BITS, <u64 as IntBits>::BITS], [8, 64]);
}

#[test]
fn unsigned_abs_holds_the_least_number() {
    fn check(unsigned_abs: fn(i8) -> u8) {
        assert_eq!([-128, -1, 0, 127].map_each(unsigned_abs), [128, 1, 0, 127]);
    }
    check(i8::unsigned_abs);
    #[cfg(before_1_51)]
    check(UnsignedAbs::unsigned_abs);
}

#[test]
fn abs_diff_never_overflows() {
    fn unsigned(abs_diff: fn(u8, u8) -> u8) {
        assert_eq!([abs_diff(0, 255), abs_diff(255, 0), abs_diff(3, 3)], [255, 255, 0]);
    }
    fn signed(abs_diff: fn(i8, i8) -> u8) {
        for a in (i8::MIN..=i8::MAX).step_by(EACH) {
            for b in (i8::MIN..=i8::MAX).step_by(EACH) {
                assert_eq!(i32::from(abs_diff(a, b)), (i32::from(a) - i32::from(b)).abs());
            }
        }
    }
    unsigned(u8::abs_diff);
    signed(i8::abs_diff);
    #[cfg(before_1_60)]
    {
        unsigned(AbsDiff::abs_diff);
        signed(AbsDiff::abs_diff);
    }
}

/// Compares the four kinds of one operation with the exact result, for all pairs.
macro_rules! mixed {
    ($($test:ident: $Left:ident $op:tt $Right:ident, $Trait:ident,
        $checked:ident $wrapping:ident $saturating:ident $overflowing:ident;)*) => {$(
        #[test]
        fn $test() {
            fn check(
                checked: fn($Left, $Right) -> Option<$Left>,
                wrapping: fn($Left, $Right) -> $Left,
                saturating: fn($Left, $Right) -> $Left,
                overflowing: fn($Left, $Right) -> ($Left, bool),
            ) {
                for a in ($Left::MIN..=$Left::MAX).step_by(EACH) {
                    for b in ($Right::MIN..=$Right::MAX).step_by(EACH) {
                        let exact = i32::from(a) $op i32::from(b);
                        let (least, most) = (i32::from($Left::MIN), i32::from($Left::MAX));
                        let fits = least <= exact && exact <= most;
                        assert_eq!(checked(a, b), if fits { Some(exact as $Left) } else { None });
                        assert_eq!(wrapping(a, b), exact as $Left);
                        assert_eq!(i32::from(saturating(a, b)), exact.max(least).min(most));
                        assert_eq!(overflowing(a, b), (exact as $Left, !fits));
                    }
                }
            }
            check($Left::$checked, $Left::$wrapping, $Left::$saturating, $Left::$overflowing);
            #[cfg(before_1_66)]
            check($Trait::$checked, $Trait::$wrapping, $Trait::$saturating, $Trait::$overflowing);
        }
    )*};
}
mixed! {
    unsigned_plus_signed_is_exact_or_says_so: u8 + i8, MixedUnsigned,
        checked_add_signed wrapping_add_signed saturating_add_signed overflowing_add_signed;
    signed_plus_unsigned_is_exact_or_says_so: i8 + u8, MixedSigned,
        checked_add_unsigned wrapping_add_unsigned saturating_add_unsigned overflowing_add_unsigned;
    signed_minus_unsigned_is_exact_or_says_so: i8 - u8, MixedSigned,
        checked_sub_unsigned wrapping_sub_unsigned saturating_sub_unsigned overflowing_sub_unsigned;
}

#[test]
fn logarithms_round_down() {
    fn unsigned(log: fn(u64, u64) -> u32, log2: fn(u64) -> u32, log10: fn(u64) -> u32) {
        assert_eq!([1, 2, 3, 4, u64::MAX].map_each(log2), [0, 1, 1, 2, 63]);
        assert_eq!([1, 9, 10, 99, 100, u64::MAX].map_each(log10), [0, 0, 1, 1, 2, 19]);
        assert_eq!([log(26, 3), log(27, 3), log(u64::MAX, 2), log(1, 9)], [2, 3, 63, 0]);
    }
    fn signed(log: fn(i8, i8) -> Option<u32>, log2: fn(i8) -> Option<u32>, log10: fn(i8) -> Option<u32>) {
        assert_eq!([-1, 0, 1, 127].map_each(log2), [None, None, Some(0), Some(6)]);
        assert_eq!([-1, 0, 9, 127].map_each(log10), [None, None, Some(0), Some(2)]);
        assert_eq!([log(125, 5), log(0, 5), log(5, 1), log(5, -2)], [Some(3), None, None, None]);
    }
    unsigned(u64::ilog, u64::ilog2, u64::ilog10);
    signed(i8::checked_ilog, i8::checked_ilog2, i8::checked_ilog10);
    #[cfg(before_1_67)]
    {
        unsigned(Ilog::ilog, Ilog::ilog2, Ilog::ilog10);
        signed(Ilog::checked_ilog, Ilog::checked_ilog2, Ilog::checked_ilog10);
    }
}

#[test]
fn logarithms_of_what_is_not_positive_panic() {
    fn check(log: fn(i32, i32) -> u32, log2: fn(i32) -> u32, log10: fn(i32) -> u32) {
        let positive = "argument of integer logarithm must be positive";
        assert_eq!(panic_message(|| log2(0)), positive);
        assert_eq!(panic_message(|| log10(-1)), positive);
        assert_eq!(panic_message(|| log(0, 2)), positive);
        assert_eq!(panic_message(|| log(8, 1)), "base of integer logarithm must be at least 2");
    }
    check(i32::ilog, i32::ilog2, i32::ilog10);
    #[cfg(before_1_67)]
    check(Ilog::ilog, Ilog::ilog2, Ilog::ilog10);
}

#[test]
fn roundings_go_up_to_multiples() {
    fn check(
        div_ceil: fn(u8, u8) -> u8,
        next_multiple_of: fn(u8, u8) -> u8,
        checked_next_multiple_of: fn(u8, u8) -> Option<u8>,
    ) {
        for a in (0..=255_u8).step_by(EACH) {
            assert_eq!(checked_next_multiple_of(a, 0), None);
            for b in (1..=255_u8).step_by(EACH) {
                let quotient = (u32::from(a) + u32::from(b) - 1) / u32::from(b);
                assert_eq!(u32::from(div_ceil(a, b)), quotient);
                let multiple = quotient * u32::from(b);
                if multiple <= 255 {
                    assert_eq!(next_multiple_of(a, b), multiple as u8);
                    assert_eq!(checked_next_multiple_of(a, b), Some(multiple as u8));
                } else {
                    assert_eq!(checked_next_multiple_of(a, b), None);
                }
            }
        }
        let by_zero = panic_message(|| div_ceil(1, 0));
        assert_eq!(by_zero, "attempt to divide by zero");
        let by_zero = panic_message(|| next_multiple_of(1, 0));
        assert_eq!(by_zero, "attempt to calculate the remainder with a divisor of zero");
    }
    check(u8::div_ceil, u8::next_multiple_of, u8::checked_next_multiple_of);
    #[cfg(before_1_73)]
    check(IntRoundings::div_ceil, IntRoundings::next_multiple_of, IntRoundings::checked_next_multiple_of);
}

#[test]
fn only_zero_is_a_multiple_of_zero() {
    fn check(is_multiple_of: fn(u8, u8) -> bool) {
        let cases = [(0, 0), (1, 0), (0, 3), (6, 3), (7, 3)];
        assert_eq!(cases.map_each(|(a, b)| is_multiple_of(a, b)), [true, false, true, true, false]);
    }
    check(u8::is_multiple_of);
    #[cfg(before_1_87)]
    check(IsMultipleOf::is_multiple_of);
}

/// `map` of arrays, as a vector: arrays have it from Rust 1.55.
trait MapEach<T: Copy> {
    fn map_each<U>(&self, f: impl Fn(T) -> U) -> Vec<U>;
}

impl<T: Copy> MapEach<T> for [T] {
    fn map_each<U>(&self, f: impl Fn(T) -> U) -> Vec<U> {
        self.iter().map(|&value| f(value)).collect()
    }
}
