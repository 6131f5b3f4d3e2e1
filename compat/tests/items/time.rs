// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use crate::panic_message;
use std::time::Duration;

oldstable_compat::prelude!();

const ZERO: Duration = Duration::ZERO;
const MAX: Duration = Duration::MAX;

#[test]
fn the_limits_are_constants() {
    assert_eq!((ZERO.as_secs(), ZERO.subsec_nanos()), (0, 0));
    assert_eq!((MAX.as_secs(), MAX.subsec_nanos()), (u64::MAX, 999_999_999));
    assert!(ZERO.is_zero() && !Duration::from_nanos(1).is_zero());
}

#[test]
fn results_stay_within_them() {
    let (one, two) = (Duration::from_secs(1), Duration::from_secs(2));
    assert_eq!((one.saturating_add(one), MAX.saturating_add(one)), (two, MAX));
    assert_eq!((two.saturating_sub(one), one.saturating_sub(two)), (one, ZERO));
    assert_eq!((one.saturating_mul(2), MAX.saturating_mul(2)), (two, MAX));
    assert_eq!((one.abs_diff(two), two.abs_diff(one)), (one, one));
}

#[test]
fn quotients_and_units() {
    let (some, other) = (Duration::new(5, 500_000_000), Duration::new(2, 750_000_000));
    assert_eq!((some.div_duration_f32(other), some.div_duration_f64(other)), (2.0, 2.0));
    assert_eq!(
        (Duration::from_mins(2), Duration::from_hours(1)),
        (Duration::from_secs(120), Duration::from_secs(3600))
    );
    assert_eq!(Duration::from_nanos_u128(3_000_000_004), Duration::new(3, 4));
    panic_message(|| Duration::from_hours(u64::MAX));
    panic_message(|| Duration::from_mins(u64::MAX));
    panic_message(|| Duration::from_nanos_u128(u128::MAX));
}
