//! [`core::array`], and what makes up for const generics before Rust 1.59.

#[cfg(not(no_array_from_fn))]
pub use core::array::from_fn;

#[cfg(no_array_from_fn)]
use core::mem::{self, MaybeUninit};

/// An array with the function's value for each index: [`core::array::from_fn`] from Rust 1.63.
#[cfg(all(no_array_from_fn, not(no_const_generics_first)))]
#[inline]
pub fn from_fn<T, const N: usize, F: FnMut(usize) -> T>(f: F) -> [T; N] {
    fill(f)
}

/// An array with the function's value for each index: `core::array::from_fn` from Rust 1.63.
///
/// Before Rust 1.59 the array has at most 32 elements, and its type is inferred: `from_fn::<_, 4,
/// _>` has no counterpart.
#[cfg(no_const_generics_first)]
#[inline]
pub fn from_fn<A: FixedArray, F: FnMut(usize) -> A::Item>(f: F) -> A {
    fill(f)
}

#[cfg(no_array_from_fn)]
fn fill<A: FixedArray, F: FnMut(usize) -> A::Item>(mut f: F) -> A {
    /// Drops the elements that are there if the function panics.
    struct Filled<T> {
        start: *mut T,
        len: usize,
    }
    impl<T> Drop for Filled<T> {
        fn drop(&mut self) {
            // SAFETY: the first `len` elements are initialised, and nobody else drops them.
            unsafe { core::ptr::slice_from_raw_parts_mut(self.start, self.len).drop_in_place() }
        }
    }

    let mut array = MaybeUninit::<A>::uninit();
    let mut filled = Filled {
        start: array.as_mut_ptr() as *mut A::Item,
        len: 0,
    };
    while filled.len < A::LEN {
        let value = f(filled.len);
        // SAFETY: the index is less than the array's length.
        unsafe { filled.start.add(filled.len).write(value) };
        filled.len += 1;
    }
    mem::forget(filled);
    // SAFETY: every element is initialised.
    unsafe { array.assume_init() }
}

/// An array of any length; of at most 32 elements before Rust 1.59.
///
/// # Safety
///
/// The type is an array of `LEN` elements of type `Item`.
#[cfg(no_array_from_fn)]
pub unsafe trait FixedArray {
    /// The type of the elements.
    type Item;
    /// How many there are.
    const LEN: usize;
}

#[cfg(all(no_array_from_fn, not(no_const_generics_first)))]
// SAFETY: it is one.
unsafe impl<T, const N: usize> FixedArray for [T; N] {
    type Item = T;
    const LEN: usize = N;
}

#[cfg(no_const_generics_first)]
macro_rules! fixed_array {
    ($($N:literal)*) => {$(
        // SAFETY: it is one.
        unsafe impl<T> FixedArray for [T; $N] {
            type Item = T;
            const LEN: usize = $N;
        }
    )*};
}
#[cfg(no_const_generics_first)]
fixed_array! {
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
}
