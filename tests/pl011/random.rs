// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The registers compared with the naive model, over random accesses, input, time and streams.
//!
//! `OLDSTABLE_SEED` repeats a run, `OLDSTABLE_OPERATIONS` sets its length.

use crate::model::operation::Operation;
use crate::model::pair::Pair;
use crate::model::random::{operations, Random};
use crate::model::trail::Trail;
use oldstable::pl011::Variant;

#[test]
fn registers_equal_the_naive_model() {
    let mut random = Random::from_environment();
    let mut trail = Trail::default();
    // Short runs test the state after power-on more often, long ones states that need many steps.
    let mut left = 0;
    let mut pair = Pair::new(Variant::Arm);
    for _ in 0..operations(100_000) {
        if left == 0 {
            left = 1 << (random.byte() % 13);
            pair = Pair::new(if random.byte() & 1 == 0 { Variant::Arm } else { Variant::Luminary });
        }
        left -= 1;
        let operation = Operation::decode(&mut random).unwrap();
        trail.note(&operation);
        pair.apply(&operation);
    }
}
