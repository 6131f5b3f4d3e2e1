// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The object's actions at load.

use oldstable::compat::hint::black_box;
use oldstable::sys;
use std::time::{Duration, Instant};

/// Often enough that at least once nothing else runs meanwhile.
const TIMES: usize = 50;

/// What a machine of today does in two to five milliseconds without optimisation.
const STEPS: u64 = 200_000;

/// Returns the shortest time that something takes.
fn least(mut work: impl FnMut()) -> Duration {
    let mut once = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..TIMES).map(|_| once()).min().unwrap()
}

oldstable::tests! {
    // On a machine without a board, where an additional PL011 does not matter.
    on "none";

    // Where QEMU itself is emulated, a clock alone would say nothing of the check.
    fn the_check_at_load_costs_less_than_two_hundred_thousand_additions() {
        let check = least(|| sys::verify(true).unwrap());
        let additions = least(|| {
            black_box((0..STEPS).fold(0, |sum, step| black_box(sum + step)));
        });
        println!("the check at load: {:?}, the additions: {:?}", check, additions);
        assert!(check < additions, "{:?}, {:?}", check, additions);
    }
}
