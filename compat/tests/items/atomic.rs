// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering::Relaxed};

oldstable_compat::prelude!();

#[test]
fn values_are_exchanged_for_what_a_function_makes() {
    let flag = AtomicBool::new(false);
    assert_eq!(flag.fetch_update(Relaxed, Relaxed, |old| Some(!old)), Ok(false));
    assert_eq!(flag.fetch_update(Relaxed, Relaxed, |_| None), Err(true));
    assert_eq!((flag.fetch_not(Relaxed), flag.load(Relaxed)), (true, false));
    assert_eq!(flag.try_update(Relaxed, Relaxed, |old| Some(!old)), Ok(false));
    assert_eq!((flag.update(Relaxed, Relaxed, |old| !old), flag.load(Relaxed)), (true, false));
    let count = AtomicU32::new(1);
    assert_eq!(count.try_update(Relaxed, Relaxed, |old| old.checked_add(1)), Ok(1));
    assert_eq!(count.try_update(Relaxed, Relaxed, |_| None), Err(2));
    assert_eq!((count.update(Relaxed, Relaxed, |old| old * 5), count.load(Relaxed)), (2, 10));
}

#[test]
fn pointers_move() {
    let mut numbers = [0_u32; 4];
    let start = numbers.as_mut_ptr();
    let at = |pointer: *mut u32| (pointer as usize).wrapping_sub(start as usize);
    let pointer = AtomicPtr::new(start);
    assert_eq!(pointer.fetch_ptr_add(2, Relaxed), start);
    assert_eq!(at(pointer.fetch_ptr_sub(1, Relaxed)), 8);
    assert_eq!(at(pointer.fetch_byte_add(6, Relaxed)), 4);
    assert_eq!(at(pointer.fetch_byte_sub(6, Relaxed)), 10);
    assert_eq!(at(pointer.fetch_or(1, Relaxed)), 4);
    assert_eq!(at(pointer.fetch_xor(3, Relaxed)), 4 | 1);
    assert_eq!(at(pointer.fetch_and(!3, Relaxed)), 4 | 2);
    let found = pointer.fetch_update(Relaxed, Relaxed, |old| Some(old.wrapping_sub(1)));
    assert_eq!((found.map(at), at(pointer.load(Relaxed))), (Ok(4), 0));
    assert!(pointer.try_update(Relaxed, Relaxed, |_| None).is_err());
    assert_eq!(at(pointer.update(Relaxed, Relaxed, |old| old.wrapping_add(1))), 0);
    // SAFETY: it still points into the array, which nobody else uses.
    unsafe { *pointer.load(Relaxed) = 7 };
    assert_eq!(numbers, [0, 7, 0, 0]);
}

#[test]
fn atomics_are_their_values() {
    let (flag, count) = (AtomicBool::new(false), AtomicU64::new(1));
    let mut number = 5_u32;
    // SAFETY: nobody else uses them.
    unsafe {
        *flag.as_ptr() = true;
        *count.as_ptr() += 1;
        assert_eq!(AtomicU32::from_ptr(&mut number).fetch_add(1, Relaxed), 5);
        assert!(AtomicBool::from_ptr(flag.as_ptr()).load(Relaxed));
        let mut pointer: *mut u8 = std::ptr::null_mut();
        assert!(AtomicPtr::from_ptr(&mut pointer).load(Relaxed).is_null());
        assert!(AtomicPtr::new(pointer).as_ptr().read().is_null());
    }
    assert_eq!((flag.into_inner(), count.into_inner(), number), (true, 2, 6));
}
