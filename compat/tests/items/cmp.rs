// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use crate::panic_message;
use oldstable_compat::cmp::{self, Ordering};

oldstable_compat::prelude!();

#[test]
fn clamp_stays_between_the_bounds() {
    assert_eq!([(-3).clamp(-2, 1), 0.clamp(-2, 1), 2.clamp(-2, 1)], [-2, 0, 1]);
    assert_eq!("m".clamp("a", "c"), "c");
    panic_message(|| 1.clamp(2, 1));
}

#[test]
fn orderings_answer() {
    use Ordering::*;
    let all = [Less, Equal, Greater];
    let ask = |is: fn(Ordering) -> bool| [is(all[0]), is(all[1]), is(all[2])];
    assert_eq!(ask(|o| o.is_eq()), [false, true, false]);
    assert_eq!(ask(|o| o.is_ne()), [true, false, true]);
    assert_eq!(ask(|o| o.is_lt()), [true, false, false]);
    assert_eq!(ask(|o| o.is_gt()), [false, false, true]);
    assert_eq!(ask(|o| o.is_le()), [true, true, false]);
    assert_eq!(ask(|o| o.is_ge()), [false, true, true]);
}

#[test]
fn min_takes_the_first_of_equals_and_max_the_second() {
    let (a, b, c) = ((1, 'a'), (1, 'b'), (0, 'c'));
    let by = |x: &(i32, char), y: &(i32, char)| x.0.cmp(&y.0);
    let key = |x: &(i32, char)| x.0;
    assert_eq!((cmp::min_by(a, b, by), cmp::min_by(a, c, by)), (a, c));
    assert_eq!((cmp::max_by(a, b, by), cmp::max_by(a, c, by)), (b, a));
    assert_eq!((cmp::min_by_key(a, b, key), cmp::min_by_key(a, c, key)), (a, c));
    assert_eq!((cmp::max_by_key(a, b, key), cmp::max_by_key(a, c, key)), (b, a));
}
