// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods and constants of `Duration`.

#[cfg(before_1_66)]
use crate::time::{try_from_secs, TryFromFloatSecsError};
use core::time::Duration;

/// Constants of `Duration` from Rust 1.53.
#[cfg(before_1_53)]
pub trait DurationLimits {
    /// The duration 0.
    const ZERO: Duration;
    /// The longest duration.
    const MAX: Duration;
}

#[cfg(before_1_53)]
impl DurationLimits for Duration {
    const ZERO: Duration = Duration::from_secs(0);
    const MAX: Duration = {
        #[repr(C)]
        struct Parts(u64, u32);
        // SAFETY: on the compilers that use this branch, all of them released, a duration is its seconds and its
        // nanoseconds; a test checks this.
        unsafe { core::mem::transmute(Parts(u64::MAX, 999_999_999)) }
    };
}

#[cfg(before_1_53)]
extension! {
    /// Methods of `Duration` from Rust 1.53.
    DurationSaturating for Duration;
    /// Whether it is 0.
    fn is_zero(&self) -> bool { *self == <Duration as DurationLimits>::ZERO }
    /// The sum, or the longest duration.
    fn saturating_add(self, rhs: Duration) -> Duration {
        self.checked_add(rhs).unwrap_or(<Duration as DurationLimits>::MAX)
    }
    /// The difference, or 0.
    fn saturating_sub(self, rhs: Duration) -> Duration {
        self.checked_sub(rhs).unwrap_or(<Duration as DurationLimits>::ZERO)
    }
    /// The product, or the longest duration.
    fn saturating_mul(self, rhs: u32) -> Duration {
        self.checked_mul(rhs).unwrap_or(<Duration as DurationLimits>::MAX)
    }
}

#[cfg(before_1_66)]
extension! {
    /// Functions of `Duration` from Rust 1.66.
    DurationTryFromSecs for Duration;
    /// A number of seconds, rounded to the nearest nanosecond.
    ///
    /// # Errors
    ///
    /// If it is negative, too great or not a number.
    fn try_from_secs_f32(secs: f32) -> Result<Duration, TryFromFloatSecsError> { try_from_secs(f64::from(secs)) }
    /// A number of seconds, rounded to the nearest nanosecond.
    ///
    /// # Errors
    ///
    /// If it is negative, too great or not a number.
    fn try_from_secs_f64(secs: f64) -> Result<Duration, TryFromFloatSecsError> { try_from_secs(secs) }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of `Duration` from Rust 1.80.
    DurationDiv for Duration;
    /// The quotient.
    fn div_duration_f32(self, rhs: Duration) -> f32 {
        let nanos = |duration: Duration| duration.as_secs() as f32 * 1e9 + duration.subsec_nanos() as f32;
        nanos(self) / nanos(rhs)
    }
    /// The quotient.
    fn div_duration_f64(self, rhs: Duration) -> f64 {
        let nanos = |duration: Duration| duration.as_secs() as f64 * 1e9 + duration.subsec_nanos() as f64;
        nanos(self) / nanos(rhs)
    }
}

#[cfg(before_1_81)]
extension! {
    /// Methods of `Duration` from Rust 1.81.
    DurationAbsDiff for Duration;
    /// The absolute difference of two durations.
    fn abs_diff(self, other: Duration) -> Duration {
        if self > other { self - other } else { other - self }
    }
}

#[cfg(before_1_91)]
extension! {
    /// Functions of `Duration` from Rust 1.91. They panic if the seconds overflow.
    DurationFromMins for Duration;
    /// A number of hours.
    fn from_hours(hours: u64) -> Duration {
        Duration::from_secs(hours.checked_mul(3600).expect("overflow in Duration::from_hours"))
    }
    /// A number of minutes.
    fn from_mins(mins: u64) -> Duration {
        Duration::from_secs(mins.checked_mul(60).expect("overflow in Duration::from_mins"))
    }
}

#[cfg(before_1_93)]
extension! {
    /// Functions of `Duration` from Rust 1.93.
    DurationFromNanosU128 for Duration;
    /// A number of nanoseconds.
    ///
    /// # Panics
    ///
    /// If the seconds overflow.
    fn from_nanos_u128(nanos: u128) -> Duration {
        let secs = nanos / 1_000_000_000;
        assert!(secs <= u128::from(u64::MAX), "overflow in `Duration::from_nanos_u128`");
        Duration::new(secs as u64, (nanos % 1_000_000_000) as u32)
    }
}
