// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::array`], and the replacement for const generics before Rust 1.51.

pub use base::array::*;

#[cfg(before_1_91)]
use core::mem::{self, MaybeUninit};

/// An array with the function's value for each index: [`core::array::from_fn`] from Rust 1.63.
#[cfg(all(before_1_63, not(before_1_59)))]
#[inline]
pub fn from_fn<T, const N: usize, F: FnMut(usize) -> T>(f: F) -> [T; N] {
    fill(f)
}

/// An array with the function's value for each index: `core::array::from_fn` from Rust 1.63.
///
/// Before Rust 1.59 the array's type is inferred, since a const parameter cannot precede a type parameter there:
/// `from_fn::<_, 4, _>` has no counterpart.
#[cfg(before_1_59)]
#[inline]
pub fn from_fn<A: FixedArray, F: FnMut(usize) -> A::Item>(f: F) -> A {
    fill(f)
}

/// An array of one element, from a reference to it: `core::array::from_ref` from Rust 1.53.
#[cfg(before_1_53)]
#[inline]
pub fn from_ref<T>(element: &T) -> &[T; 1] {
    // SAFETY: an array of one element has the layout of the element.
    unsafe { &*(element as *const T as *const [T; 1]) }
}

/// An array of one element, from a reference to it: `core::array::from_mut` from Rust 1.53.
#[cfg(before_1_53)]
#[inline]
pub fn from_mut<T>(element: &mut T) -> &mut [T; 1] {
    // SAFETY: an array of one element has the layout of the element.
    unsafe { &mut *(element as *mut T as *mut [T; 1]) }
}

/// An array of clones of a value: `core::array::repeat` from Rust 1.91.
#[cfg(all(before_1_91, not(before_1_51)))]
#[inline]
pub fn repeat<T: Clone, const N: usize>(value: T) -> [T; N] {
    repeated(value)
}

/// An array of clones of a value: `core::array::repeat` from Rust 1.91.
///
/// Before Rust 1.51 the array's type is inferred, and must have one of the lengths in [`FixedArray`].
#[cfg(before_1_51)]
#[inline]
pub fn repeat<A: FixedArray>(value: A::Item) -> A
where
    A::Item: Clone,
{
    repeated(value)
}

#[cfg(before_1_91)]
fn repeated<A: FixedArray>(value: A::Item) -> A
where
    A::Item: Clone,
{
    let mut value = Some(value);
    fill(|i| if i + 1 == A::LEN { value.take() } else { value.clone() }.expect("it is taken for the last element"))
}

/// Drops the initialised elements at the start of an array or a slice, if what makes the others panics.
#[cfg(before_1_93)]
pub(crate) struct Filled<T> {
    pub start: *mut T,
    pub len: usize,
}

#[cfg(before_1_93)]
impl<T> Drop for Filled<T> {
    fn drop(&mut self) {
        // SAFETY: the first `len` elements are initialised, and nothing else drops them.
        unsafe { core::ptr::slice_from_raw_parts_mut(self.start, self.len).drop_in_place() }
    }
}

#[cfg(before_1_91)]
pub(crate) fn fill<A: FixedArray, F: FnMut(usize) -> A::Item>(mut f: F) -> A {
    let mut array = MaybeUninit::<A>::uninit();
    let mut filled = Filled { start: array.as_mut_ptr() as *mut A::Item, len: 0 };
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

/// An array of any length; before Rust 1.51 of at most 32 elements, or a power of two up to 4096.
///
/// # Safety
///
/// The type is an array of `LEN` elements of type `Item`.
#[cfg(before_1_94)]
pub unsafe trait FixedArray {
    /// The type of the elements.
    type Item;
    /// The number of elements.
    const LEN: usize;
}

/// All elements as a slice.
#[cfg(before_1_86)]
#[inline]
pub(crate) fn as_slice<A: FixedArray>(array: &A) -> &[A::Item] {
    // SAFETY: an array consists of its consecutive elements.
    unsafe { core::slice::from_raw_parts(array as *const A as *const A::Item, A::LEN) }
}

/// All elements as a slice.
#[cfg(before_1_77)]
#[inline]
pub(crate) fn as_mut_slice<A: FixedArray>(array: &mut A) -> &mut [A::Item] {
    // SAFETY: an array consists of its consecutive elements.
    unsafe { core::slice::from_raw_parts_mut(array as *mut A as *mut A::Item, A::LEN) }
}

/// An array type with another element type.
#[cfg(before_1_91)]
pub trait ArrayOf<T> {
    /// An array of `T` with the same length.
    type Array: FixedArray<Item = T>;
}

#[cfg(all(before_1_91, not(before_1_51)))]
impl<T, U, const N: usize> ArrayOf<U> for [T; N] {
    type Array = [U; N];
}

#[cfg(all(before_1_94, not(before_1_51)))]
// SAFETY: it is an array of that length.
unsafe impl<T, const N: usize> FixedArray for [T; N] {
    type Item = T;
    const LEN: usize = N;
}

#[cfg(before_1_51)]
macro_rules! fixed_array {
    ($($N:literal)*) => {$(
        // SAFETY: it is an array of that length.
        unsafe impl<T> FixedArray for [T; $N] {
            type Item = T;
            const LEN: usize = $N;
        }
        impl<T, U> ArrayOf<U> for [T; $N] {
            type Array = [U; $N];
        }
    )*};
}
#[cfg(before_1_51)]
fixed_array! {
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
    64 128 256 512 1024 2048 4096
}
