// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use std::rc::Rc;

oldstable_compat::prelude!();

#[test]
fn insert_replaces_and_drops_what_was_there() {
    fn check(insert: fn(&mut Option<Rc<u8>>, Rc<u8>) -> &mut Rc<u8>) {
        let old = Rc::new(1);
        let mut option = Some(old.clone());
        *insert(&mut option, Rc::new(2)) = Rc::new(3);
        assert_eq!((option, Rc::strong_count(&old)), (Some(Rc::new(3)), 1));
    }
    check(Option::insert);
    #[cfg(before_1_53)]
    check(OptionInsert::insert);
}

#[test]
fn unwrap_unchecked_takes_the_value() {
    fn check(unwrap_unchecked: unsafe fn(Option<Rc<u8>>) -> Rc<u8>) {
        let shared = Rc::new(1);
        // SAFETY: there is a value.
        let value = unsafe { unwrap_unchecked(Some(shared.clone())) };
        assert_eq!((Rc::ptr_eq(&value, &shared), Rc::strong_count(&shared)), (true, 2));
    }
    check(Option::unwrap_unchecked);
    #[cfg(before_1_58)]
    check(OptionUnwrapUnchecked::unwrap_unchecked);
}

#[test]
fn is_some_and_needs_a_value_that_fits() {
    let is = |value: Option<u8>| value.is_some_and(|n| n > 1);
    assert_eq!([is(None), is(Some(1)), is(Some(2))], [false, false, true]);
    #[cfg(before_1_70)]
    {
        let is = |value: Option<u8>| IsSomeAnd::is_some_and(value, |n| n > 1);
        assert_eq!([is(None), is(Some(1)), is(Some(2))], [false, false, true]);
    }
}

#[test]
fn is_none_or_takes_none_too() {
    let is = |value: Option<u8>| value.is_none_or(|n| n > 1);
    assert_eq!([is(None), is(Some(1)), is(Some(2))], [true, false, true]);
    #[cfg(before_1_82)]
    {
        let is = |value: Option<u8>| IsNoneOr::is_none_or(value, |n| n > 1);
        assert_eq!([is(None), is(Some(1)), is(Some(2))], [true, false, true]);
    }
}

#[test]
fn zip_is_in_std_on_the_floor_already() {
    assert_eq!(Some(1).zip(Some("a")), Some((1, "a")));
    assert_eq!(Some(1).zip(None::<u8>), None);
}
