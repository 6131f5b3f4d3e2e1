// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use crate::panic_message;
use oldstable_compat::cell::{LazyCell, OnceCell, UnsafeCell};
use std::cell::Cell;
use std::rc::Rc;

oldstable_compat::prelude!();

#[test]
fn a_once_cell_is_written_once() {
    const fn empty() -> OnceCell<String> {
        OnceCell::new()
    }
    let mut cell = empty();
    assert_eq!(cell.get(), None);
    assert_eq!(cell.set("a".into()), Ok(()));
    assert_eq!(cell.set("b".into()), Err("b".into()));
    assert_eq!(cell.get_or_init(|| unreachable!()), "a");
    assert_eq!(format!("{:?}", cell), "OnceCell(\"a\")");
    assert_eq!((cell.clone(), OnceCell::from("a".to_string())), (cell.clone(), cell.clone()));
    cell.get_mut().expect("it is set").push('c');
    assert_eq!(cell.take(), Some("ac".into()));
    assert_eq!((cell.get(), OnceCell::<u8>::default()), (None, OnceCell::new()));
    assert_eq!(cell.get_or_init(|| "d".into()), "d");
    assert_eq!(cell.into_inner(), Some("d".into()));
}

#[test]
fn a_once_cell_that_initialises_itself_panics() {
    let cell = OnceCell::new();
    let init = || *cell.get_or_init(|| *cell.get_or_init(|| 1) + 1);
    assert_eq!(panic_message(init), "reentrant init");
    assert_eq!(cell.get(), Some(&1));
}

#[test]
fn a_once_cell_stays_empty_when_the_function_panics() {
    let cell = OnceCell::new();
    assert_eq!(panic_message(|| *cell.get_or_init(|| panic!("no"))), "no");
    assert_eq!(*cell.get_or_init(|| 1), 1);
}

#[test]
fn a_once_cell_drops_its_value() {
    let shared = Rc::new(1);
    drop(OnceCell::from(shared.clone()));
    assert_eq!(Rc::strong_count(&shared), 1);
}

#[test]
fn a_lazy_cell_makes_its_value_when_it_is_first_used() {
    let made = Cell::new(0);
    let lazy = LazyCell::new(|| {
        made.set(made.get() + 1);
        "value".to_string()
    });
    assert_eq!((made.get(), format!("{:?}", lazy)), (0, "LazyCell(<uninit>)".into()));
    assert_eq!((lazy.len(), LazyCell::force(&lazy).as_str()), (5, "value"));
    assert_eq!((made.get(), format!("{:?}", lazy)), (1, "LazyCell(\"value\")".into()));
    assert_eq!(*LazyCell::<u8>::default(), 0);
}

#[cfg(any(before_1_80, not(before_1_89)))]
#[test]
fn the_value_of_a_lazy_cell_that_is_not_shared_changes() {
    let mut lazy = LazyCell::new(|| vec![1]);
    lazy.push(2);
    lazy[0] = 3;
    assert_eq!(*lazy, [3, 2]);
    let mut lazy = LazyCell::<u8, _>::new(|| panic!("no"));
    assert_eq!(panic_message(|| *lazy += 1), "no");
    assert!(panic_message(|| *lazy += 1).ends_with("has previously been poisoned"));
}

#[test]
fn a_lazy_cell_whose_function_panicked_is_poisoned() {
    let lazy = LazyCell::<u8, _>::new(|| panic!("no"));
    assert_eq!(panic_message(|| *lazy), "no");
    // Releases differ in what they call it.
    assert!(panic_message(|| *lazy).ends_with("has previously been poisoned"));
}

#[test]
fn raw_get_makes_no_reference() {
    fn check(raw_get: fn(*const UnsafeCell<u8>) -> *mut u8) {
        let cell = UnsafeCell::new(1);
        // SAFETY: nobody else uses the cell.
        unsafe { *raw_get(&cell) = 2 };
        assert_eq!(cell.into_inner(), 2);
    }
    check(UnsafeCell::raw_get);
    #[cfg(before_1_56)]
    check(UnsafeCellRawGet::raw_get);
}
