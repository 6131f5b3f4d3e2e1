// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0

#![cfg(feature = "std")]
use crate::panic_message;
use std::collections::{BinaryHeap, LinkedList, VecDeque};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;

oldstable_compat::prelude!();

#[test]
fn a_range_of_its_own_is_appended() {
    let mut v = vec!["a".to_string(), "b".into(), "c".into()];
    v.extend_from_within(1..);
    v.extend_from_within(..=0);
    assert_eq!(v, ["a", "b", "c", "b", "c", "a"]);
    panic_message(|| vec![1].extend_from_within(2..));
    let mut s = "aßc".to_string();
    s.extend_from_within(1..3);
    assert_eq!(s, "aßcß");
    panic_message(|| "ß".to_string().extend_from_within(1..));
}

#[test]
fn capacities_shrink_and_grow() {
    let mut v = Vec::with_capacity(100);
    v.push(Rc::new(1));
    v.shrink_to(10);
    assert!((10..100).contains(&v.capacity()) && *v[0] == 1);
    v.shrink_to(0);
    assert!(v.capacity() >= 1 && v.len() == 1);
    v.try_reserve(50).expect("there is memory");
    assert!(v.capacity() >= 51);
    v.try_reserve_exact(60).expect("there is memory");
    assert!(v.capacity() >= 61);
    assert!(v.try_reserve(usize::MAX).is_err() && v.try_reserve_exact(usize::MAX / 8).is_err());
    let mut text = String::with_capacity(100);
    text.push('a');
    text.shrink_to(10);
    assert!(text.capacity() < 100 && text == "a");
    text.try_reserve(50).expect("there is memory");
    text.try_reserve_exact(60).expect("there is memory");
    let error: oldstable_compat::collections::TryReserveError = text.try_reserve(usize::MAX).unwrap_err();
    let said = "memory allocation failed because the computed capacity exceeded the collection's maximum";
    assert_eq!((error.to_string().as_str(), text.as_str()), (said, "a"));
    assert!(text.try_reserve_exact(isize::MAX as usize).is_err());
}

#[test]
fn spare_capacity_can_be_filled() {
    let mut v = Vec::with_capacity(4);
    v.push(1_u8);
    v.spare_capacity_mut()[0].write(2);
    // SAFETY: the second element was written above.
    unsafe { v.set_len(2) };
    assert_eq!((v.spare_capacity_mut().len() >= 2, v), (true, vec![1, 2]));
}

#[test]
fn retain_mut_keeps_and_drops_even_when_it_panics() {
    let count = Rc::new(());
    let made = |n: u8| (n, count.clone());
    let mut v: Vec<_> = (0..6).map(made).collect();
    v.retain_mut(|(n, _)| {
        *n += 10;
        *n % 2 == 0
    });
    assert_eq!(v.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [10, 12, 14]);
    assert_eq!(Rc::strong_count(&count), 4);
    let mut v: Vec<_> = (0..6).map(made).collect();
    let panicked =
        catch_unwind(AssertUnwindSafe(|| v.retain_mut(|(n, _)| if *n == 3 { panic!("here") } else { *n != 1 })));
    assert!(panicked.is_err());
    assert_eq!(v.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [0, 2, 3, 4, 5]);
    drop(v);
    let mut deque: VecDeque<_> = (0..6).collect();
    deque.retain_mut(|n| {
        *n += 1;
        *n % 2 == 0
    });
    assert_eq!(deque, [2, 4, 6]);
}

#[test]
fn elements_come_out_one_by_one() {
    let mut v = vec![1, 2, 3, 4, 5, 6];
    fn rest<F: FnMut(&mut i32) -> bool>(taken: oldstable_compat::vec::ExtractIf<'_, i32, F>) -> Vec<i32> {
        taken.collect()
    }
    let taken = rest(v.extract_if(1..5, |n| *n % 2 == 0));
    assert_eq!((taken, v.as_slice()), (vec![2, 4], &[1, 3, 5, 6][..]));
    assert_eq!((v.pop_if(|n| *n > 9), v.pop_if(|n| *n == 6)), (None, Some(6)));
    assert_eq!(Vec::<u8>::new().pop_if(|_| true), None);
    *v.push_mut(7) += 1;
    *v.insert_mut(0, 0) -= 1;
    assert_eq!(v, [-1, 1, 3, 5, 8]);
}

#[test]
fn arrays_and_parts() {
    assert_eq!(vec![[1, 2], [3, 4]].into_flattened(), [1, 2, 3, 4]);
    assert_eq!(vec![[(); 2]; 3].into_flattened().len(), 6);
    let (pointer, len, capacity) = vec![1_u8, 2].into_raw_parts();
    assert_eq!(
        // SAFETY: they are the parts of one vector.
        unsafe { Vec::from_raw_parts(pointer, len, capacity) },
        [1, 2]
    );
    let (pointer, len, capacity) = "ab".to_string().into_raw_parts();
    assert_eq!(
        // SAFETY: they are the parts of one string.
        unsafe { String::from_raw_parts(pointer, len, capacity) },
        "ab"
    );
    let leaked: &'static mut str = "ab".to_string().leak();
    assert_eq!(leaked, "ab");
}

#[test]
fn deques_search_and_range() {
    let mut deque: VecDeque<u8> = vec![3, 5, 7].into();
    deque.push_front(1);
    assert_eq!((deque.binary_search(&5), deque.binary_search(&4)), (Ok(2), Err(2)));
    assert_eq!(deque.binary_search_by(|n| n.cmp(&7)), Ok(3));
    assert_eq!(deque.binary_search_by_key(&2, |n| n / 2), Ok(2));
    assert_eq!(deque.partition_point(|n| *n < 6), 3);
    assert_eq!(deque.range(1..3).copied().collect::<Vec<_>>(), [3, 5]);
    deque.range_mut(..2).for_each(|n| *n += 10);
    assert_eq!(deque, [11, 13, 5, 7]);
    assert_eq!((deque.pop_front_if(|n| *n < 9), deque.pop_back_if(|n| *n < 9)), (None, Some(7)));
    assert_eq!((deque.pop_front_if(|n| *n > 9), deque.pop_back_if(|n| *n > 9)), (Some(11), None));
    *deque.push_back_mut(1) += 1;
    *deque.push_front_mut(1) += 2;
    *deque.insert_mut(1, 1) += 3;
    assert_eq!(deque, [3, 4, 13, 5, 2]);
    deque.shrink_to(9);
    deque.try_reserve(9).expect("there is memory");
    deque.try_reserve_exact(9).expect("there is memory");
    assert!(deque.try_reserve(usize::MAX).is_err() && deque.try_reserve_exact(usize::MAX).is_err());
}

#[test]
fn heaps_and_lists() {
    let mut heap: BinaryHeap<_> = vec![1, 4, 2, 3].into();
    heap.retain(|n| n % 2 == 0);
    heap.shrink_to(0);
    assert_eq!(heap.into_sorted_vec(), [2, 4]);
    let mut list = LinkedList::new();
    *list.push_back_mut(1) += 1;
    *list.push_front_mut(1) += 2;
    assert_eq!(list.into_iter().collect::<Vec<_>>(), [3, 2]);
}
