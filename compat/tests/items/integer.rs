// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of integers from Rust 1.58 on, and of nonzero integers.
use crate::{panic_message, EACH};
use oldstable_compat::num::{IntErrorKind, NonZero, Saturating};
use std::num::{NonZeroI8, NonZeroU8};

oldstable_compat::prelude!();

/// A method that panics agrees with the checked one for all pairs of bytes.
macro_rules! strict {
    ($($Int:ident $strict:ident $checked:ident $Other:ident;)*) => {$(
        for a in ($Int::MIN..=$Int::MAX).step_by(EACH) {
            for b in ($Other::MIN..=$Other::MAX).step_by(5 * EACH) {
                let expected = $Int::$checked(a, b as _);
                if let Some(expected) = expected {
                    assert_eq!(a.$strict(b as _), expected);
                }
            }
        }
    )*};
}

#[test]
fn strict_results_are_right() {
    strict! {
        u8 strict_add checked_add u8; i8 strict_add checked_add i8;
        u8 strict_sub checked_sub u8; i8 strict_sub checked_sub i8;
        u8 strict_mul checked_mul u8; i8 strict_mul checked_mul i8;
        u8 strict_div checked_div u8; i8 strict_div checked_div i8;
        u8 strict_rem checked_rem u8; i8 strict_rem checked_rem i8;
        i8 strict_div_euclid checked_div_euclid i8; i8 strict_rem_euclid checked_rem_euclid i8;
        u8 strict_shl checked_shl u8; i8 strict_shr checked_shr u8; i8 strict_pow checked_pow u8;
        u8 strict_add_signed checked_add_signed i8; i8 strict_add_unsigned checked_add_unsigned u8;
        i8 strict_sub_unsigned checked_sub_unsigned u8; u8 strict_sub_signed checked_sub_signed i8;
    }
    assert_eq!(((-5_i8).strict_neg(), 0_u8.strict_neg(), (-5_i8).strict_abs()), (5, 0, 5));
}

#[test]
fn strict_results_that_do_not_fit_panic() {
    let said = |f: fn() -> i8| panic_message(f);
    assert_eq!(said(|| i8::MAX.strict_add(1)), "attempt to add with overflow");
    assert_eq!(said(|| i8::MIN.strict_sub(1)), "attempt to subtract with overflow");
    assert_eq!(said(|| i8::MIN.strict_mul(2)), "attempt to multiply with overflow");
    assert_eq!(said(|| i8::MIN.strict_div(-1)), "attempt to divide with overflow");
    assert_eq!(said(|| i8::MIN.strict_div_euclid(-1)), "attempt to divide with overflow");
    assert_eq!(said(|| i8::MIN.strict_rem(-1)), "attempt to calculate the remainder with overflow");
    assert_eq!(said(|| i8::MIN.strict_rem_euclid(-1)), "attempt to calculate the remainder with overflow");
    assert_eq!(said(|| i8::MIN.strict_neg()), "attempt to negate with overflow");
    assert_eq!(said(|| i8::MIN.strict_abs()), "attempt to negate with overflow");
    assert_eq!(said(|| 1_i8.strict_shl(8)), "attempt to shift left with overflow");
    assert_eq!(said(|| 1_i8.strict_shr(8)), "attempt to shift right with overflow");
    assert_eq!(said(|| 2_i8.strict_pow(7)), "attempt to multiply with overflow");
    assert_eq!(said(|| 127_i8.strict_add_unsigned(1)), "attempt to add with overflow");
    assert_eq!(said(|| (-128_i8).strict_sub_unsigned(1)), "attempt to subtract with overflow");
    assert_eq!(panic_message(|| 0_u8.strict_add_signed(-1)), "attempt to add with overflow");
    assert_eq!(panic_message(|| 0_u8.strict_sub_signed(1)), "attempt to subtract with overflow");
}

#[test]
fn results_at_the_edge() {
    assert_eq!((i8::MIN.saturating_div(-1), 7_u8.saturating_div(2)), (127, 3));
    assert_eq!((1_u8.unbounded_shl(7), 1_u8.unbounded_shl(8), 255_u8.unbounded_shr(9)), (128, 0, 0));
    assert_eq!(((-1_i8).unbounded_shr(8), 1_i8.unbounded_shr(8), (-128_i8).unbounded_shr(7)), (-1, 0, -1));
    assert_eq!((200_u8.cast_signed(), (-56_i8).cast_unsigned()), (-56, 200));
    assert_eq!(
        (5_u8.checked_signed_diff(200), 200_u8.checked_signed_diff(150), 0_u8.checked_signed_diff(128)),
        (None, Some(50), Some(-128))
    );
    assert_eq!(
        (5_u8.wrapping_sub_signed(-3), 5_u8.saturating_sub_signed(6), 255_u8.saturating_sub_signed(-1)),
        (8, 0, 255)
    );
    assert_eq!(
        (5_u8.overflowing_sub_signed(6), 255_u8.overflowing_sub_signed(-1), 5_u8.overflowing_sub_signed(-1)),
        ((255, true), (0, true), (6, false))
    );
    // SAFETY: the results fit.
    unsafe {
        assert_eq!((1_u8.unchecked_add(2), 3_i8.unchecked_sub(4), 5_u8.unchecked_mul(6)), (3, -1, 30));
        assert_eq!((1_u8.unchecked_shl(3), (-8_i8).unchecked_shr(1), 5_i8.unchecked_neg()), (8, -4, -5));
    }
}

#[test]
fn middles_and_roots() {
    for a in (i8::MIN..=i8::MAX).step_by(EACH) {
        for b in (i8::MIN..=i8::MAX).step_by(EACH) {
            assert_eq!(i32::from(a.midpoint(b)), (i32::from(a) + i32::from(b)) / 2);
        }
    }
    assert_eq!((255_u8.midpoint(254), 0_u8.midpoint(1)), (254, 0));
    for n in (0..=u16::MAX).step_by(EACH * EACH) {
        let root = u32::from(n.isqrt());
        assert!(root * root <= u32::from(n) && (root + 1) * (root + 1) > u32::from(n));
    }
    assert_eq!((u128::MAX.isqrt(), i64::MAX.isqrt(), 0_i8.isqrt()), (u64::MAX.into(), 3_037_000_499, 0));
    assert_eq!((99_i32.checked_isqrt(), (-1_i32).checked_isqrt()), (Some(9), None));
    assert_eq!(panic_message(|| (-1_i8).isqrt()), "argument of integer square root cannot be negative");
}

#[test]
fn words_carry() {
    assert_eq!((255_u8.carrying_add(255, true), 1_u8.carrying_add(2, false)), ((255, true), (3, false)));
    assert_eq!((0_u8.borrowing_sub(255, true), 3_u8.borrowing_sub(1, true)), ((0, true), (1, false)));
    for a in (0..=u8::MAX).step_by(EACH) {
        for b in (0..=u8::MAX).step_by(EACH) {
            let exact = u16::from(a) * u16::from(b) + u16::from(b) + 255;
            assert_eq!(a.carrying_mul_add(b, b, 255), (exact as u8, (exact >> 8) as u8));
        }
    }
    assert_eq!(u128::MAX.carrying_mul(u128::MAX, u128::MAX), (0, u128::MAX));
}

#[test]
fn numbers_that_are_not_0() {
    let (u, i) = (|n| NonZeroU8::new(n).expect("not 0"), |n| NonZeroI8::new(n).expect("not 0"));
    assert_eq!((u(4).leading_zeros(), i(4).trailing_zeros(), u(4).is_power_of_two()), (5, 2, true));
    assert_eq!(
        (u(9).checked_mul(u(30)), i(-9).saturating_mul(i(20)), u(3).checked_pow(2)),
        (None, i(-128), Some(u(9)))
    );
    assert_eq!((i(-3).saturating_pow(5), u(250).checked_add(6), u(250).saturating_add(6)), (i(-128), None, u(255)));
    assert_eq!((u(5).checked_next_power_of_two(), u(129).checked_next_power_of_two()), (Some(u(8)), None));
    assert_eq!((i(-3).abs(), i(-128).checked_abs(), i(-128).overflowing_abs()), (i(3), None, (i(-128), true)));
    assert_eq!((i(-128).saturating_abs(), i(-128).wrapping_abs(), i(-128).unsigned_abs()), (i(127), i(-128), u(128)));
    assert_eq!((u(200).ilog2(), u(200).ilog10(), i(-1).is_negative(), i(-1).is_positive()), (7, 2, true, false));
    assert_eq!(
        (i(-128).checked_neg(), i(5).overflowing_neg(), i(-128).saturating_neg()),
        (None, (i(-5), false), i(127))
    );
    assert_eq!((i(-128).wrapping_neg(), u(99).isqrt(), u(255).midpoint(u(254))), (i(-128), u(9), u(254)));
    assert_eq!(
        (u(7).count_ones().get(), u(200).cast_signed(), i(-56).cast_unsigned(), u(7).div_ceil(u(2))),
        (3, i(-56), u(200), u(4))
    );
    const LIMITS: (u32, NonZeroU8, NonZeroI8) = (NonZeroU8::BITS, NonZeroU8::MAX, NonZeroI8::MIN);
    assert_eq!((LIMITS, NonZeroU8::MIN), ((8, u(255), i(-128)), u(1)));
    let generic: NonZero<u8> = NonZero::<u8>::new(3).expect("not 0");
    assert_eq!(generic, u(3));
}

#[test]
fn numbers_that_saturate() {
    type S = Saturating<i8>;
    let (a, b) = (Saturating(100_i8), Saturating(50));
    assert_eq!((a + b, -a - b, a * -b, a / b, a % b), (S::MAX, S::MIN, S::MIN, Saturating(2), Saturating(0)));
    assert_eq!(
        (S::MIN / Saturating(-1), -S::MIN, !a, a & b, a | b, a ^ b),
        (S::MAX, S::MAX, Saturating(-101), Saturating(32), Saturating(118), Saturating(86))
    );
    let mut c = a;
    c += b;
    c -= 27;
    c *= Saturating(1);
    assert_eq!((c, c.pow(3), (-c).pow(3), a.pow(0)), (a, S::MAX, S::MIN, Saturating(1)));
    assert_eq!(
        (S::MIN.abs(), (-b).signum(), Saturating(0_i8).signum(), b.is_positive(), b.is_negative()),
        (S::MAX, Saturating(-1), Saturating(0), true, false)
    );
    assert_eq!((S::BITS, b.count_ones(), b.count_zeros(), b.leading_zeros(), b.trailing_zeros()), (8, 3, 5, 2, 1));
    let powers = [0_u8, 1, 6, 128].iter().map(|&n| Saturating(n).is_power_of_two());
    assert_eq!(powers.collect::<Vec<_>>(), [false, true, false, true]);
    let w = Saturating(0x12_34_u16);
    assert_eq!(
        (w.rotate_left(4), w.rotate_right(4), w.swap_bytes(), w.reverse_bits()),
        (Saturating(0x2341), Saturating(0x4123), Saturating(0x3412), Saturating(0x2c48))
    );
    assert_eq!((Saturating::<u16>::from_be(w.to_be()), Saturating::<u16>::from_le(w.to_le())), (w, w));
    assert_eq!(
        (format!("{} {:?} {:x}", w, w, w), Saturating(3_u8).pow(9)),
        ("4660 4660 1234".to_string(), Saturating(255))
    );
}

/// Operators and powers agree with std's methods for all pairs of bytes.
macro_rules! saturated {
    ($Int:ident $NonZero:ident) => {
        for a in ($Int::MIN..=$Int::MAX).step_by(EACH) {
            for b in ($Int::MIN..=$Int::MAX).step_by(3 * EACH) {
                let (s, t) = (Saturating(a), Saturating(b));
                assert_eq!(
                    ((s + t).0, (s - t).0, (s * t).0),
                    (a.saturating_add(b), a.saturating_sub(b), a.saturating_mul(b))
                );
                let exp = u32::from(b as u8) % 10;
                assert_eq!(s.pow(exp).0, $Int::saturating_pow(a, exp));
                if let (Some(n), Some(m)) = ($NonZero::new(a), $NonZero::new(b)) {
                    assert_eq!(n.saturating_pow(exp).get(), $Int::saturating_pow(a, exp));
                    assert_eq!(n.checked_pow(exp).map($NonZero::get), $Int::checked_pow(a, exp));
                    assert_eq!(n.saturating_mul(m).get(), $Int::saturating_mul(a, b));
                    assert_eq!(n.checked_mul(m).map($NonZero::get), $Int::checked_mul(a, b));
                }
            }
        }
    };
}

#[test]
fn what_saturates_does_so_at_the_edges() {
    saturated! { u8 NonZeroU8 }
    saturated! { i8 NonZeroI8 }
    for a in (1..=u8::MAX).step_by(EACH).filter_map(NonZeroU8::new) {
        assert_eq!(a.checked_next_power_of_two().map(NonZeroU8::get), a.get().checked_next_power_of_two());
    }
}

#[test]
fn errors_of_parsing_have_a_kind() {
    let kind = |text: &str| text.parse::<i8>().expect_err("it is no number").kind().clone();
    assert_eq!(
        (kind(""), kind("x"), kind("128"), kind("-129")),
        (IntErrorKind::Empty, IntErrorKind::InvalidDigit, IntErrorKind::PosOverflow, IntErrorKind::NegOverflow)
    );
    assert_eq!(*"0".parse::<NonZeroU8>().expect_err("it is 0").kind(), IntErrorKind::Zero);
}

#[test]
fn floating_point_numbers() {
    assert_eq!(((-3.0_f64).clamp(-2.0, 1.0), 0.5_f32.clamp(0.0, 1.0), 5.0_f64.clamp(-2.0, 1.0)), (-2.0, 0.5, 1.0));
    assert!(f64::NAN.clamp(0.0, 1.0).is_nan());
    panic_message(|| 1.0_f32.clamp(2.0, 1.0));
    panic_message(|| 1.0_f32.clamp(f32::NAN, 1.0));
    assert!(1e-40_f32.is_subnormal() && !1.0_f32.is_subnormal() && !0.0_f64.is_subnormal());
    let mut all = [1.0, f64::NAN, -0.0, f64::NEG_INFINITY, 0.0, -f64::NAN, f64::INFINITY, -1.0];
    all.sort_by(|a, b| a.total_cmp(b));
    let bits = |n: &f64| n.to_bits();
    let sorted = [-f64::NAN, f64::NEG_INFINITY, -1.0, -0.0, 0.0, 1.0, f64::INFINITY, f64::NAN];
    assert_eq!(all.iter().map(bits).collect::<Vec<_>>(), sorted.iter().map(bits).collect::<Vec<_>>());
    assert_eq!(1.0_f32.total_cmp(&2.0), std::cmp::Ordering::Less);
    let even = |n: f64| n.round_ties_even().to_bits();
    assert_eq!(
        (even(2.5), even(3.5), even(-2.5), even(-0.3)),
        (2.0_f64.to_bits(), 4.0_f64.to_bits(), (-2.0_f64).to_bits(), (-0.0_f64).to_bits())
    );
    assert_eq!(
        (1e300_f64.round_ties_even(), 8_388_609.0_f32.round_ties_even(), 0.5_f32.round_ties_even()),
        (1e300, 8_388_609.0, 0.0)
    );
    assert_eq!(
        (
            (2.5 + 2.0_f64.powi(-50)).round_ties_even(),
            0.499_999_97_f32.round_ties_even(),
            4_194_303.5_f32.round_ties_even()
        ),
        (3.0, 0.0, 4_194_304.0)
    );
    assert_eq!((1.0_f64.midpoint(4.0), f64::MAX.midpoint(f64::MAX), (-3.0_f32).midpoint(4.0)), (2.5, f64::MAX, 0.5));
    assert_eq!(
        (0.0_f64.next_up(), 1.0_f32.next_up(), f64::INFINITY.next_up(), f64::MAX.next_up()),
        (f64::from_bits(1), 1.0 + f32::EPSILON, f64::INFINITY, f64::INFINITY)
    );
    assert_eq!(
        (0.0_f64.next_down(), (-1.0_f32).next_down(), 1.0_f32.next_down().next_up()),
        (-f64::from_bits(1), -1.0 - f32::EPSILON, 1.0)
    );
    let (gamma, ratio) = (oldstable_compat::f64::consts::EULER_GAMMA, oldstable_compat::f32::consts::GOLDEN_RATIO);
    assert!((gamma - 0.577_215_664_901_532_9).abs() < 1e-15 && (ratio * ratio - ratio - 1.0).abs() < 1e-6);
    let (gamma, ratio) = (oldstable_compat::f32::consts::EULER_GAMMA, oldstable_compat::f64::consts::GOLDEN_RATIO);
    assert!((gamma - 0.577_215_7).abs() < 1e-6 && (ratio * ratio - ratio - 1.0).abs() < 1e-15);
}
