// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Measures several implementations of an operation in turn.
//! The usual benchmark libraries measure one candidate after the other, so on a busy machine they compare different
//! moments. Here every round runs each candidate for a short time, in an order that changes from round to round, and
//! the medians are taken over the rounds.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// A candidate, which repeats its operation the given number of times.
pub type Candidate<'a> = Box<dyn FnMut(u32) + 'a>;

/// Makes a candidate from a function that runs the operation once.
pub fn candidate<'a, R>(mut once: impl FnMut() -> R + 'a) -> Candidate<'a> {
    Box::new(move |times| {
        for _ in 0..times {
            black_box(once());
        }
    })
}

const ROUNDS: usize = 301;
const ROUND: Duration = Duration::from_micros(200);

/// Returns the median time of each candidate in nanoseconds.
pub fn medians(candidates: &mut [Candidate]) -> Vec<f64> {
    let times: Vec<u32> = candidates.iter_mut().map(times_per_round).collect();
    let mut samples = vec![Vec::with_capacity(ROUNDS); candidates.len()];
    for round in 0..ROUNDS {
        for turn in 0..candidates.len() {
            let i = (round + turn) % candidates.len();
            let start = Instant::now();
            candidates[i](times[i]);
            samples[i].push(start.elapsed().as_nanos() as f64 / f64::from(times[i]));
        }
    }
    samples
        .iter_mut()
        .map(|samples| {
            samples.sort_by(f64::total_cmp);
            samples[ROUNDS / 2]
        })
        .collect()
}

/// Returns the number of repetitions of a candidate in one round.
fn times_per_round(candidate: &mut Candidate) -> u32 {
    let mut times = 1;
    loop {
        let start = Instant::now();
        candidate(times);
        if start.elapsed() >= ROUND {
            return times;
        }
        times *= 2;
    }
}
