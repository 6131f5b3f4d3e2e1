// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! `Box`, `Rc`, `Arc`, cells and pins.
#![cfg(feature = "std")]
use crate::panic_message;
use std::any::Any;
use std::cell::{Cell, Ref, RefCell, RefMut, UnsafeCell};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

oldstable_compat::prelude!();

#[test]
fn owners_are_counted() {
    // SAFETY: the pointers are of `into_raw`, and each count is given back.
    unsafe {
        let (rc, arc) = (Rc::into_raw(Rc::new(1)), Arc::into_raw(Arc::new(2)));
        Rc::increment_strong_count(rc);
        Arc::increment_strong_count(arc);
        Rc::decrement_strong_count(rc);
        Arc::decrement_strong_count(arc);
        let (rc, arc) = (Rc::from_raw(rc), Arc::from_raw(arc));
        assert_eq!((Rc::strong_count(&rc), Arc::strong_count(&arc), *rc, *arc), (1, 1, 1, 2));
    }
    let rc = Rc::new(1);
    assert_eq!((Rc::into_inner(rc.clone()), Rc::unwrap_or_clone(rc.clone()), Rc::into_inner(rc)), (None, 1, Some(1)));
    assert_eq!(Arc::unwrap_or_clone(Arc::new("a".to_string())), "a");
}

/// Memory is allocated, written, and then assumed to be initialised.
macro_rules! uninit {
    ($Owner:ident, $get_mut:expr) => {{
        let mut one = $Owner::<u32>::new_uninit();
        *$get_mut(&mut one) = MaybeUninit::new(5);
        // SAFETY: it was written above.
        assert_eq!(*unsafe { one.assume_init() }, 5);
        let mut some = $Owner::<[u16]>::new_uninit_slice(3);
        $get_mut(&mut some).iter_mut().for_each(|n| *n = MaybeUninit::new(7));
        // SAFETY: they were written above.
        assert_eq!(*unsafe { some.assume_init() }, [7, 7, 7]);
        // SAFETY: zero is a number.
        assert_eq!(*unsafe { $Owner::<u64>::new_zeroed().assume_init() }, 0);
        assert_eq!(
            // SAFETY: zero is a number.
            *unsafe { $Owner::<[u64]>::new_zeroed_slice(2).assume_init() },
            [0, 0]
        );
    }};
}

#[test]
fn memory_is_initialised_later() {
    fn own<T: ?Sized>(owner: &mut Box<T>) -> &mut T {
        owner
    }
    fn rc<T: ?Sized>(owner: &mut Rc<T>) -> &mut T {
        Rc::get_mut(owner).expect("one owner")
    }
    fn arc<T: ?Sized>(owner: &mut Arc<T>) -> &mut T {
        Arc::get_mut(owner).expect("one owner")
    }
    uninit!(Box, own);
    uninit!(Rc, rc);
    uninit!(Arc, arc);
    assert_eq!(*Box::write(Box::new_uninit(), 5), 5);
}

#[test]
fn boxes_are_pinned_and_downcast() {
    assert_eq!(*Box::into_pin(Box::new(5)), 5);
    let any = |n: u8| -> Box<dyn Any + Send + Sync> { Box::new(n) };
    assert_eq!((any(5).downcast::<u8>().ok(), any(5).downcast::<i8>().is_err()), (Some(Box::new(5)), true));
    let name = oldstable_compat::any::type_name_of_val(&5_u8);
    assert_eq!(name, "u8");
}

#[test]
fn cells_change() {
    let (cell, mut exclusive) = (RefCell::new(vec![1, 2]), UnsafeCell::new(1));
    *exclusive.get_mut() += 1;
    let mut number = exclusive.into_inner();
    *UnsafeCell::from_mut(&mut number).get_mut() += 1;
    assert_eq!(number, 3);
    let second = Ref::filter_map(cell.borrow(), |v| v.get(1)).expect("there are two");
    assert_eq!(*second, 2);
    assert_eq!(Ref::filter_map(cell.borrow(), |v| v.get(2)).err().expect("there are two").len(), 2);
    drop(second);
    *RefMut::filter_map(cell.borrow_mut(), |v| v.get_mut(0)).ok().expect("there are two") = 9;
    RefMut::filter_map(cell.borrow_mut(), |v| v.get_mut(2)).err().expect("there are two").push(3);
    assert_eq!((cell.take(), cell.take()), (vec![9, 2, 3], vec![]));
    let _borrowed = cell.borrow();
    panic_message(std::panic::AssertUnwindSafe(|| cell.take()).0);
    let count = Cell::new(1);
    count.update(|n| n + 1);
    assert_eq!(count.get(), 2);
}

#[test]
fn pins_reach_what_is_pinned() {
    static NUMBER: u8 = 5;
    assert_eq!((*Pin::static_ref(&NUMBER), *Pin::static_mut(Box::leak(Box::new(6)))), (5, 6));
    let mut pinned = Box::pin(1);
    *Pin::new(&mut pinned).as_deref_mut() += 1;
    assert_eq!((*pinned, *oldstable_compat::pin::pin!(7)), (2, 7));
    let number = 8;
    oldstable_compat::__pin!(mut number: Pin<&mut dyn std::fmt::Debug>);
    assert_eq!(format!("{:?}", number.as_mut()), "8");
    oldstable_compat::__pin!(number);
    assert_eq!(format!("{:?}", number), "8");
}

#[test]
fn slices_of_memory_are_initialised() {
    let mut memory = [MaybeUninit::<u8>::uninit(); 2];
    assert_eq!(memory.write_clone_of_slice(&[3, 4]), [3, 4]);
    panic_message(|| memory.write_clone_of_slice(&[3]).len());
    assert_eq!(memory.write_copy_of_slice(&[1, 2]), [1, 2]);
    // SAFETY: they were written above.
    unsafe {
        memory[..].assume_init_mut()[0] = 9;
        assert_eq!(memory[..].assume_init_ref(), [9, 2]);
    }
    let count = Rc::new(());
    let mut memory = [MaybeUninit::new(count.clone())];
    // SAFETY: it is initialised, and not used any more.
    unsafe { memory[..].assume_init_drop() };
    assert_eq!(Rc::strong_count(&count), 1);
    let mut owned = vec![1];
    [2, 3][..].clone_into(&mut owned);
    assert_eq!(owned, [2, 3]);
}

#[test]
fn an_array_in_a_cell_is_an_array_of_cells() {
    let cell = std::cell::Cell::new([1, 2, 3]);
    let [first, _, last]: &[std::cell::Cell<i32>; 3] = cell.as_array_of_cells();
    first.swap(last);
    last.set(7);
    assert_eq!(cell.get(), [3, 2, 7]);
    assert!(std::cell::Cell::new([(); 0]).as_array_of_cells().is_empty());
}
