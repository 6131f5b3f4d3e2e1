// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `BinaryHeap` and `LinkedList`.

use alloc_crate::collections::{BinaryHeap, LinkedList};

#[cfg(before_1_56)]
shrink_to! {
    /// Methods of `BinaryHeap` from Rust 1.56.
    HeapShrinkTo<T> for BinaryHeap<T>;
}

#[cfg(before_1_70)]
extension! {
    /// Methods of `BinaryHeap` from Rust 1.70.
    HeapRetain<T> for BinaryHeap<T> where T: Ord;
    /// Keeps the elements that fulfil a condition.
    fn retain<F>(&mut self, f: F)
    where F: FnMut(&T) -> bool {
        let mut rest = Rest { all: core::mem::take(self).into_vec(), heap: self };
        rest.all.retain(f);
    }
}

/// The elements of a heap during `retain`, which become the heap's again, whatever panics.
#[cfg(before_1_70)]
struct Rest<'a, T: Ord> {
    heap: &'a mut BinaryHeap<T>,
    all: alloc_crate::vec::Vec<T>,
}

#[cfg(before_1_70)]
impl<T: Ord> Drop for Rest<'_, T> {
    fn drop(&mut self) {
        *self.heap = core::mem::take(&mut self.all).into();
    }
}

#[cfg(before_1_95)]
extension! {
    /// Methods of `LinkedList` from Rust 1.95.
    ListPushMut<T> for LinkedList<T>;
    /// Appends an element and returns it.
    fn push_back_mut(&mut self, value: T) -> &mut T {
        self.push_back(value);
        self.back_mut().expect("it was pushed above")
    }
    /// Prepends an element and returns it.
    fn push_front_mut(&mut self, value: T) -> &mut T {
        self.push_front(value);
        self.front_mut().expect("it was pushed above")
    }
}
