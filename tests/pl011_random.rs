//! The registers against the naive model, over random accesses, input, time and streams.
//!
//! The generator is our own: it needs no crate that the oldest compiler cannot build, so the same
//! test runs on every one of them. `OLDSTABLE_SEED` repeats a run, `OLDSTABLE_OPERATIONS` sets its
//! length.

mod pl011_model;

use oldstable::pl011::Variant;
use pl011_model::pair::{Operation, Pair};
use std::collections::VecDeque;
use std::time::{SystemTime, UNIX_EPOCH};

/// The last operations, printed if a test fails.
#[derive(Default)]
struct Trail(VecDeque<Operation>);

impl Drop for Trail {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for operation in &self.0 {
                println!("{:?}", operation);
            }
        }
    }
}

/// SplitMix64.
struct Random(u64);

impl Iterator for Random {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Some((z ^ (z >> 31)) as u8)
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{} is not a number: {}", variable, text)),
    )
}

#[test]
fn registers_equal_the_naive_model() {
    let seed = number("OLDSTABLE_SEED").unwrap_or_else(|| {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        time.as_nanos() as u64
    });
    println!("OLDSTABLE_SEED={}", seed);
    let mut random = Random(seed);
    let operations = number("OLDSTABLE_OPERATIONS").unwrap_or(100_000);
    // Short lives meet the state after power-on more often, long ones what needs many steps.
    let mut left = 0;
    let mut pair = Pair::new(Variant::Arm);
    let mut trail = Trail::default();
    for _ in 0..operations {
        if left == 0 {
            left = 1 << (random.next().unwrap() % 13);
            let luminary = random.next().unwrap() & 1 != 0;
            pair = Pair::new(if luminary {
                Variant::Luminary
            } else {
                Variant::Arm
            });
        }
        left -= 1;
        let operation = Operation::decode(&mut random).unwrap();
        trail.0.push_back(operation.clone());
        if trail.0.len() > 40 {
            trail.0.pop_front();
        }
        pair.apply(&operation);
    }
}
