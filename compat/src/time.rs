// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::time`], and with the feature `std` [`std::time`].

pub use base::time::*;

#[cfg(before_1_66)]
use core::fmt;

/// Why a number of seconds is no `Duration`: `core::time::TryFromFloatSecsError` from Rust 1.66.
#[cfg(before_1_66)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TryFromFloatSecsError {
    kind: Kind,
}

#[cfg(before_1_66)]
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Negative,
    OverflowOrNan,
}

#[cfg(before_1_66)]
impl fmt::Display for TryFromFloatSecsError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self.kind {
            Kind::Negative => "cannot convert float seconds to Duration: value is negative",
            Kind::OverflowOrNan => "cannot convert float seconds to Duration: value is either too big or NaN",
        })
    }
}

#[cfg(all(before_1_66, feature = "std"))]
impl std::error::Error for TryFromFloatSecsError {}

/// The duration of a number of seconds, rounded to the nearest nanosecond, and to the even one of two.
#[cfg(before_1_66)]
#[inline]
pub(crate) fn try_from_secs(secs: f64) -> Result<Duration, TryFromFloatSecsError> {
    const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;
    if secs < 0.0 {
        return Err(TryFromFloatSecsError { kind: Kind::Negative });
    }
    if secs >= TWO_TO_64 || secs.is_nan() {
        return Err(TryFromFloatSecsError { kind: Kind::OverflowOrNan });
    }
    let whole = secs as u64;
    // Exact: a float has no fraction, or represents its integer part too.
    let nanos = nanos(secs - whole as f64);
    // A number with a fraction is far from the greatest.
    Ok(Duration::new(whole, 0) + Duration::from_nanos(nanos))
}

/// The nanoseconds of a number from 0 to below 1.
#[cfg(before_1_66)]
#[inline]
fn nanos(fraction: f64) -> u64 {
    const DIGITS: u32 = 52;
    // Without the sign, which -0.0 has.
    let bits = fraction.to_bits() & !(1 << 63);
    // The fraction is the mantissa, shifted to the right by at least 53 bits.
    let mantissa = bits & ((1 << DIGITS) - 1) | 1 << DIGITS;
    let shift = 1075 - (bits >> DIGITS);
    if shift > 90 {
        // Less than half a nanosecond, or 0, or a number without the mantissa's first bit.
        return 0;
    }
    let exact = u128::from(mantissa) * 1_000_000_000;
    let (below, rest) = (exact >> shift, exact & ((1 << shift) - 1));
    let half = 1 << (shift - 1);
    let up = rest > half || rest == half && below % 2 == 1;
    below as u64 + u64::from(up)
}
