//! What the object does when it is loaded.

use oldstable::sys;
use std::time::{Duration, Instant};

/// So often that nothing else runs meanwhile at least once.
const TIMES: usize = 50;

oldstable::tests! {
    // Where no board has to bear with a PL011 more.
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
