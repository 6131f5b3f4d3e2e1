// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `BinaryHeap` and `LinkedList`.

use alloc_crate::collections::{BinaryHeap, LinkedList};

#[cfg(before_1_56)]
extension! {
    /// Methods of `BinaryHeap` from Rust 1.56.
    HeapShrinkTo<T> for BinaryHeap<T>;
    /// Frees memory, down to a capacity, or the length if that is greater. Here it may free nothing, unless it may
    /// shrink to the length.
    fn shrink_to(&mut self, min_capacity: usize) {
        if min_capacity <= self.len() {
            self.shrink_to_fit();
        }
    }
}

#[cfg(before_1_70)]
extension! {
    /// Methods of `BinaryHeap` from Rust 1.70.
    HeapRetain<T> for BinaryHeap<T> where T: Ord;
    /// Keeps the elements that fulfil a condition.
    fn retain<F>(&mut self, f: F)
    where F: FnMut(&T) -> bool {
        let mut all = core::mem::take(self).into_vec();
        all.retain(f);
        *self = all.into();
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
