// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The random operations with which devices are compared. `OLDSTABLE_OPERATIONS=100000` in the environment asks for
//! more of them than the default.

/// Generates the same numbers each time.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32
    }

    pub fn below(&mut self, end: u32) -> u32 {
        self.next() % end
    }
}

pub fn operations() -> u32 {
    std::env::var("OLDSTABLE_OPERATIONS").map_or(5_000, |text| text.parse().expect("a number of operations"))
}
