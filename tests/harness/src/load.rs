// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The object's actions at load.

use oldstable::sys;
use std::time::{Duration, Instant};

/// Often enough that at least once nothing else runs meanwhile.
const TIMES: usize = 50;

oldstable::tests! {
    // On a machine without a board, where an additional PL011 does not matter.
    on "none";

    fn the_check_at_load_costs_less_than_a_millisecond() {
        let once = || {
            let start = Instant::now();
            sys::verify(true).unwrap();
            start.elapsed()
        };
        let least = (0..TIMES).map(|_| once()).min().unwrap();
        println!("the check at load: {:?}", least);
        assert!(least < Duration::from_millis(1), "{:?}", least);
    }
}
