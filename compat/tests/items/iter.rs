// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Iterators, bounds, `ControlFlow`, `Option` and hints.
use oldstable_compat::hint;
use oldstable_compat::iter::{self, MapWhile, RepeatN};
use oldstable_compat::ops::{Bound, ControlFlow};
use std::rc::Rc;

oldstable_compat::prelude!();

#[test]
fn iterators_are_joined() {
    assert_eq!(iter::zip(&[1, 2], vec!['a']).collect::<Vec<_>>(), [(&1, 'a')]);
    assert_eq!(iter::chain(vec![1], Some(2)).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(vec![1, 5, 2].into_iter().reduce(|a, b| a.max(b)), Some(5));
    assert_eq!(iter::empty::<u8>().reduce(|a, _| a), None);
    let texts = ["1", "2", "x", "3"];
    type Parse = fn(&&str) -> Option<u8>;
    let parsed: MapWhile<_, Parse> = texts.iter().map_while((|text| text.parse().ok()) as Parse);
    assert_eq!(parsed.collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn the_last_of_repeated_values_is_the_very_one() {
    let value = Rc::new(());
    let mut repeated: RepeatN<Rc<()>> = iter::repeat_n(value.clone(), 2);
    assert_eq!((repeated.len(), Rc::strong_count(&value)), (2, 2));
    drop(repeated.next().expect("there are two"));
    assert_eq!((repeated.len(), Rc::strong_count(&value)), (1, 2));
    assert!(repeated.next_back().is_some() && repeated.next().is_none());
    assert_eq!((Rc::strong_count(&value), iter::repeat_n(value.clone(), 0).count()), (1, 0));
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn the_next_item_may_be_left() {
    let mut numbers = vec![1, 2].into_iter().peekable();
    assert_eq!((numbers.next_if(|n| *n > 1), numbers.next_if(|n| *n == 1)), (None, Some(1)));
    assert_eq!((numbers.next_if_eq(&1), numbers.next_if_eq(&2), numbers.next_if_eq(&3)), (None, Some(2), None));
}

#[test]
fn bounds_change_their_value() {
    let text = "a".to_string();
    assert_eq!(Bound::Included(&text).cloned(), Bound::Included(text.clone()));
    assert_eq!(Bound::Excluded(text.clone()).as_ref(), Bound::Excluded(&text));
    assert_eq!(Bound::Included(1).map(|n| n + 1), Bound::Included(2));
    assert_eq!(Bound::<u8>::Unbounded.map(|n| n + 1), Bound::Unbounded);
}

#[test]
fn control_flow_breaks_or_continues() {
    let (go, stop): (ControlFlow<u8, char>, ControlFlow<u8, char>) =
        (ControlFlow::Continue('c'), ControlFlow::Break(1));
    assert_eq!((go.is_continue(), go.is_break(), stop.is_continue(), stop.is_break()), (true, false, false, true));
    assert_eq!(
        (go.break_value(), go.continue_value(), stop.break_value(), stop.continue_value()),
        (None, Some('c'), Some(1), None)
    );
    assert_eq!(
        (go.break_ok(), go.continue_ok(), stop.break_ok(), stop.continue_ok()),
        (Err('c'), Ok('c'), Ok(1), Err(1))
    );
    assert_eq!(
        (stop.map_break(|n| n + 1), go.map_break(|n| n + 1)),
        (ControlFlow::Break(2), ControlFlow::Continue('c'))
    );
    assert_eq!(
        (go.map_continue(|_| 'd'), stop.map_continue(|_| 'd')),
        (ControlFlow::Continue('d'), ControlFlow::Break(1))
    );
    let unit: ControlFlow<u8> = ControlFlow::Continue(());
    assert!(unit.is_continue());
}

#[test]
fn options_are_slices_and_more() {
    let (mut some, mut none) = (Some(5), None);
    assert_eq!((some.as_slice(), none.as_slice()), (&[5][..], &[][..]));
    some.as_mut_slice()[0] = 6;
    assert_eq!((some.take_if(|n| *n > 9), some.take_if(|n| *n == 6), some), (None, Some(6), None));
    assert_eq!((*none.get_or_insert_default(), none), (0, Some(0)));
    let mut seen = 0;
    assert_eq!((Some(3).inspect(|n| seen = *n), seen), (Some(3), 3));
    assert_eq!((Some((1, 'a')).unzip(), None::<(u8, u8)>.unzip()), ((Some(1), Some('a')), (None, None)));
}

#[test]
fn hints_change_nothing() {
    hint::spin_loop();
    hint::cold_path();
    // SAFETY: it is true.
    unsafe { hint::assert_unchecked(hint::black_box(1) == 1) };
    assert_eq!((hint::select_unpredictable(true, 1, 2), hint::select_unpredictable(false, 1, 2)), (1, 2));
    oldstable_compat::debug_assert_matches!(Some(1), Some(_));
    fn _error(_: oldstable_compat::alloc::LayoutError) {}
}
