// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The bytes from which random operations are made.
//!
//! The generator is our own: it needs no crate that the oldest compiler cannot build, so the same tests
//! run on every one of them.

use std::time::{SystemTime, UNIX_EPOCH};

/// SplitMix64.
pub struct Random(u64);

impl Random {
    /// Begins from the seed in `OLDSTABLE_SEED`, or from the time of day, and prints it.
    pub fn from_environment() -> Random {
        let seed = number("OLDSTABLE_SEED").unwrap_or_else(|| {
            let time = SystemTime::now().duration_since(UNIX_EPOCH);
            time.expect("the clock is past 1970").as_nanos() as u64
        });
        println!("OLDSTABLE_SEED={}", seed);
        Random(seed)
    }

    pub fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as u8
    }
}

impl Iterator for Random {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        Some(self.byte())
    }
}

/// Returns the number of operations that `OLDSTABLE_OPERATIONS` asks for.
pub fn operations(default: u64) -> u64 {
    number("OLDSTABLE_OPERATIONS").unwrap_or(default)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{} must be a number, not '{}'", variable, text),
    }
}
