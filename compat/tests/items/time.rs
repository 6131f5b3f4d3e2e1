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

#[test]
fn seconds_are_rounded_to_the_nearest_nanosecond_or_refused() {
    use oldstable_compat::time::TryFromFloatSecsError;
    let exact = |secs, nanos| Ok::<_, TryFromFloatSecsError>(Duration::new(secs, nanos));
    for &(secs, duration) in &[
        (0.0, (0, 0)),
        (-0.0, (0, 0)),
        (2.7, (2, 700_000_000)),
        (0.499e-9, (0, 0)),
        (0.501e-9, (0, 1)),
        (0.999_999_999_499, (0, 999_999_999)),
        (0.999_999_999_501, (1, 0)),
        // In the middle, to the even one: 976562.5 and 2929687.5 nanoseconds.
        (1.0 / 1024.0, (0, 976_562)),
        (3.0 / 1024.0, (0, 2_929_688)),
        (f64::MIN_POSITIVE / 2.0, (0, 0)),
        (9_007_199_254_740_993.0, (9_007_199_254_740_992, 0)),
        (18_446_744_073_709_549_568.0, (18_446_744_073_709_549_568, 0)),
    ] {
        assert_eq!(Duration::try_from_secs_f64(secs), exact(duration.0, duration.1), "{:?}", secs);
    }
    assert_eq!(Duration::try_from_secs_f32(2.7), exact(2, 700_000_048));
    assert_eq!(Duration::try_from_secs_f32(3e10), exact(30_000_001_024, 0));
    let negative = Duration::try_from_secs_f64(-1e-30).unwrap_err();
    // Releases differ in how they begin.
    assert!(negative.to_string().ends_with("convert float seconds to Duration: value is negative"));
    let great = "convert float seconds to Duration: value is either too big or NaN";
    for &secs in &[f32::NAN, f32::INFINITY, 18_446_744_073_709_551_616.0] {
        let error = Duration::try_from_secs_f32(secs).unwrap_err();
        assert!(error.to_string().ends_with(great) && error != negative, "{}", error);
    }
    assert_eq!(Duration::try_from_secs_f32(f32::NEG_INFINITY).as_ref(), Err(&negative));
    assert!(format!("{:?}", negative).starts_with("TryFromFloatSecsError"));
}
