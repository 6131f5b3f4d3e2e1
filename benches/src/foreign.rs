// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Strings to C and back: oldstable compared with handwritten C calls and the crate foreign.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench foreign` prints the medians and ends
//! with status 1 if one of them exceeds its limit.

mod in_turn;

use in_turn::{candidate, medians};
use std::hint::black_box;
use std::process::exit;

const SIZES: [usize; 4] = [3, 13, 64, 1024];

/// Allocates, copies and frees like C, without checks.
fn by_hand(text: &str) {
    // SAFETY: the block is one byte longer than the text, and is freed once.
    unsafe {
        let p = libc::malloc(text.len() + 1).cast::<u8>();
        libc::memcpy(p.cast(), text.as_ptr().cast(), text.len());
        *p.add(text.len()) = 0;
        libc::free(black_box(p).cast());
    }
}

fn to_oldstable(text: &str) {
    use oldstable::foreign::CloneToForeign;
    black_box(text.clone_to_foreign().as_ptr());
}

fn to_foreign(text: &str) {
    use foreign::CloneToForeign;
    black_box(text.clone_to_foreign().as_ptr());
}

fn from_oldstable(text: &[u8]) -> String {
    use oldstable::foreign::FromForeign;
    // SAFETY: the text ends with a NUL.
    unsafe { String::cloned_from_foreign(text.as_ptr().cast()) }
}

fn from_foreign(text: &[u8]) -> String {
    use foreign::FromForeign;
    // SAFETY: the text ends with a NUL.
    unsafe { String::cloned_from_foreign(text.as_ptr().cast()) }
}

/// Prints one line and returns whether the figure is within its limit.
fn row(size: usize, times: &[f64], ratio: f64, bound: f64) -> bool {
    let holds = ratio <= bound;
    print!("{size:>6}");
    for time in times {
        print!("{time:>12.1}");
    }
    let verdict = if holds { "" } else { "  OVER" };
    println!("{ratio:>12.2}{bound:>12.2}{verdict}");
    holds
}

fn main() {
    let mut holds = true;

    println!("str to C and freed, ns (median); ratio = oldstable / by hand");
    println!(" bytes     by hand   oldstable     foreign       ratio    at most");
    for size in SIZES {
        let text = "x".repeat(size);
        let times = medians(&mut [
            candidate(|| by_hand(black_box(&text))),
            candidate(|| to_oldstable(black_box(&text))),
            candidate(|| to_foreign(black_box(&text))),
        ]);
        let bound = if size <= 64 { 1.3 } else { 1.6 };
        holds &= row(size, &times, times[1] / times[0], bound);
    }

    println!("\nString from C, ns (median); ratio = oldstable / foreign");
    println!(" bytes   oldstable     foreign       ratio    at most");
    for size in SIZES {
        let text = [vec![b'x'; size], vec![0]].concat();
        let times = medians(&mut [
            candidate(|| from_oldstable(black_box(&text))),
            candidate(|| from_foreign(black_box(&text))),
        ]);
        let bound = if size < 1024 { 1.0 } else { 0.2 };
        holds &= row(size, &times, times[0] / times[1], bound);
    }

    exit(if holds { 0 } else { 1 });
}
