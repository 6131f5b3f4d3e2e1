// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Vec`.

#[cfg(before_1_95)]
use alloc_crate::vec::Vec;
#[cfg(before_1_60)]
use core::mem::MaybeUninit;
use core::ops::RangeBounds;

#[cfg(before_1_53)]
extension! {
    /// Methods of `Vec` from Rust 1.53.
    VecExtendFromWithin<T> for Vec<T>;
    /// Appends clones of the elements of a range of the vector.
    ///
    /// # Panics
    ///
    /// If the range is out of bounds.
    fn extend_from_within<R>(&mut self, src: R)
    where T: Clone, R: RangeBounds<usize> {
        let range = crate::methods::range_of(src, self.len());
        self.reserve(range.len());
        for i in range {
            let element = self[i].clone();
            self.push(element);
        }
    }
}

#[cfg(before_1_56)]
extension! {
    /// Methods of `Vec` from Rust 1.56.
    VecShrinkTo<T> for Vec<T>;
    /// Frees memory, down to a capacity, or the length if that is greater.
    fn shrink_to(&mut self, min_capacity: usize) {
        let target = min_capacity.max(self.len());
        if target < self.capacity() {
            let mut smaller = Vec::with_capacity(target);
            smaller.append(self);
            *self = smaller;
        }
    }
}

#[cfg(before_1_57)]
try_reserve! {
    /// Methods of `Vec` from Rust 1.57.
    VecTryReserve<T> for Vec<T>;
    by crate::collections::try_reserve::<T>;
    try_reserve reserve
    try_reserve_exact reserve_exact
}

#[cfg(before_1_60)]
extension! {
    /// Methods of `Vec` from Rust 1.60.
    VecSpareCapacity<T> for Vec<T>;
    /// The memory after the last element, up to the capacity.
    fn spare_capacity_mut(&mut self) -> &mut [MaybeUninit<T>] {
        let (len, spare) = (self.len(), self.capacity() - self.len());
        // SAFETY: this memory is the vector's, and need not be initialised.
        unsafe { core::slice::from_raw_parts_mut(self.as_mut_ptr().add(len) as *mut MaybeUninit<T>, spare) }
    }
}

#[cfg(before_1_61)]
extension! {
    /// Methods of `Vec` from Rust 1.61.
    VecRetainMut<T> for Vec<T>;
    /// Keeps the elements that fulfil a condition, which may change them.
    fn retain_mut<F>(&mut self, f: F)
    where F: FnMut(&mut T) -> bool {
        let mut f = f;
        let mut kept = Kept { len: self.len(), vec: self, read: 0, written: 0 };
        // SAFETY: the elements before `written` and from `read` on are initialised; `Kept` closes the gap, whatever
        // panics.
        unsafe { kept.vec.set_len(0) };
        let start = kept.vec.as_mut_ptr();
        while kept.read < kept.len {
            // SAFETY: the element is initialised, and its index below the vector's former length.
            unsafe {
                let element = start.add(kept.read);
                let keep = f(&mut *element);
                kept.read += 1;
                if keep {
                    core::ptr::copy(element, start.add(kept.written), 1);
                    kept.written += 1;
                } else {
                    core::ptr::drop_in_place(element);
                }
            }
        }
    }
}

/// A vector during `retain_mut`.
#[cfg(before_1_61)]
struct Kept<'a, T> {
    vec: &'a mut Vec<T>,
    len: usize,
    read: usize,
    written: usize,
}

#[cfg(before_1_61)]
impl<T> Drop for Kept<'_, T> {
    fn drop(&mut self) {
        let rest = self.len - self.read;
        // SAFETY: the elements before `written` and from `read` on are initialised, and become the vector's again.
        unsafe {
            let start = self.vec.as_mut_ptr();
            core::ptr::copy(start.add(self.read), start.add(self.written), rest);
            self.vec.set_len(self.written + rest);
        }
    }
}

#[cfg(before_1_80)]
extension! {
    /// Methods of vectors of arrays from Rust 1.80.
    VecIntoFlattened<A> for Vec<A> where A: crate::array::FixedArray;
    /// The elements of all arrays.
    ///
    /// # Panics
    ///
    /// If their number overflows `usize`, which is only possible for zero-sized elements.
    fn into_flattened(self) -> Vec<A::Item> {
        let mut arrays = core::mem::ManuallyDrop::new(self);
        let len = arrays.len().checked_mul(A::LEN).expect("vec len overflow");
        // Arrays of no elements have no size, and leave room for none.
        let capacity = if core::mem::size_of::<A::Item>() == 0 { usize::MAX } else { arrays.capacity() * A::LEN };
        // SAFETY: arrays consist of their consecutive elements, and the memory is the same.
        unsafe { Vec::from_raw_parts(arrays.as_mut_ptr() as *mut A::Item, len, capacity) }
    }
}

#[cfg(before_1_86)]
extension! {
    /// Methods of `Vec` from Rust 1.86.
    VecPopIf<T> for Vec<T>;
    /// Takes the last element if it fulfils a condition.
    fn pop_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T> {
        if predicate(self.last_mut()?) { self.pop() } else { None }
    }
}

#[cfg(before_1_87)]
extension! {
    /// Methods of `Vec` from Rust 1.87.
    VecExtractIf<T> for Vec<T>;
    /// Removes, one by one, the elements of a range that fulfil a condition.
    ///
    /// # Panics
    ///
    /// If the range is out of bounds.
    fn extract_if<F, R>(&mut self, range: R, filter: F) -> crate::vec::ExtractIf<'_, T, F>
    where F: FnMut(&mut T) -> bool, R: RangeBounds<usize> {
        let range = crate::methods::range_of(range, self.len());
        crate::vec::ExtractIf::new(self, range, filter)
    }
}

#[cfg(before_1_93)]
extension! {
    /// Methods of `Vec` from Rust 1.93.
    VecIntoRawParts<T> for Vec<T>;
    /// The pointer, the length and the capacity.
    fn into_raw_parts(self) -> (*mut T, usize, usize) {
        let mut this = core::mem::ManuallyDrop::new(self);
        (this.as_mut_ptr(), this.len(), this.capacity())
    }
}

#[cfg(before_1_95)]
extension! {
    /// Methods of `Vec` from Rust 1.95.
    VecPushMut<T> for Vec<T>;
    /// Appends an element and returns it.
    fn push_mut(&mut self, value: T) -> &mut T {
        self.push(value);
        self.last_mut().expect("it was pushed above")
    }
    /// Inserts an element and returns it.
    ///
    /// # Panics
    ///
    /// If the index is greater than the length.
    fn insert_mut(&mut self, index: usize, element: T) -> &mut T {
        self.insert(index, element);
        &mut self[index]
    }
}
