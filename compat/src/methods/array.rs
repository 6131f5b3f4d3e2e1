// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of arrays.

#[cfg(before_1_77)]
use crate::array::{as_mut_slice, as_slice, ArrayOf, FixedArray};
#[cfg(before_1_55)]
use core::mem::ManuallyDrop;

/// Methods of arrays from Rust 1.55.
#[cfg(before_1_55)]
pub trait ArrayMap: FixedArray {
    /// The array of a function's results for each element.
    #[inline]
    fn map<U, F: FnMut(Self::Item) -> U>(self, f: F) -> Self::Array
    where
        Self: ArrayOf<U> + Sized,
    {
        Taken::map(self, f)
    }
}
#[cfg(before_1_55)]
impl<A: FixedArray> ArrayMap for A {}

/// Takes an array's elements one by one; the remaining ones are dropped with it.
#[cfg(before_1_55)]
struct Taken<A: FixedArray> {
    array: ManuallyDrop<A>,
    next: usize,
}

#[cfg(before_1_55)]
impl<A: FixedArray> Taken<A> {
    fn map<B: FixedArray>(array: A, mut f: impl FnMut(A::Item) -> B::Item) -> B {
        let mut taken = Taken { array: ManuallyDrop::new(array), next: 0 };
        crate::array::fill(|i| {
            assert!(i < A::LEN);
            taken.next = i + 1;
            // SAFETY: each index is below the length, and used once.
            f(unsafe { (&*taken.array as *const A as *const A::Item).add(i).read() })
        })
    }
}

#[cfg(before_1_55)]
impl<A: FixedArray> Drop for Taken<A> {
    fn drop(&mut self) {
        let start = &mut *self.array as *mut A as *mut A::Item;
        // SAFETY: the elements from `next` on have not been taken, and nothing else drops them.
        unsafe {
            let rest = start.add(self.next);
            core::ptr::slice_from_raw_parts_mut(rest, A::LEN - self.next).drop_in_place()
        }
    }
}

/// Methods of arrays from Rust 1.57.
#[cfg(before_1_57)]
pub trait ArrayAsSlice: FixedArray {
    /// All elements as a slice.
    #[inline]
    fn as_slice(&self) -> &[Self::Item]
    where
        Self: Sized,
    {
        as_slice(self)
    }
    /// All elements as a slice.
    #[inline]
    fn as_mut_slice(&mut self) -> &mut [Self::Item]
    where
        Self: Sized,
    {
        as_mut_slice(self)
    }
}

#[cfg(before_1_57)]
impl<A: FixedArray> ArrayAsSlice for A {}

/// Methods of arrays from Rust 1.77.
#[cfg(before_1_77)]
pub trait ArrayEach<T>: FixedArray<Item = T> {
    /// References to the elements.
    #[inline]
    fn each_ref<'a>(&'a self) -> <Self as ArrayOf<&'a T>>::Array
    where
        Self: ArrayOf<&'a T> + Sized,
        T: 'a,
    {
        let mut elements = as_slice(self).iter();
        crate::array::fill(|_| elements.next().expect("both arrays have one length"))
    }
    /// Exclusive references to the elements.
    #[inline]
    fn each_mut<'a>(&'a mut self) -> <Self as ArrayOf<&'a mut T>>::Array
    where
        Self: ArrayOf<&'a mut T> + Sized,
        T: 'a,
    {
        let mut elements = as_mut_slice(self).iter_mut();
        crate::array::fill(|_| elements.next().expect("both arrays have one length"))
    }
}
#[cfg(before_1_77)]
impl<T, A: FixedArray<Item = T>> ArrayEach<T> for A {}
