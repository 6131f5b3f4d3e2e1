//! Methods of slices.

#[cfg(no_const_generics_first)]
use crate::array::FixedArray;
#[cfg(no_slice_as_chunks)]
use core::slice;

/// `fill` of slices.
#[cfg(no_slice_fill)]
pub trait SliceFill<T> {
    /// Sets every element to clones of a value; std has it from Rust 1.50.
    fn fill(&mut self, value: T)
    where
        T: Clone;
}

#[cfg(no_slice_fill)]
impl<T> SliceFill<T> for [T] {
    fn fill(&mut self, value: T)
    where
        T: Clone,
    {
        if let Some((last, rest)) = self.split_last_mut() {
            for element in rest {
                element.clone_from(&value);
            }
            *last = value;
        }
    }
}

/// `split_first_chunk` of slices.
#[cfg(no_slice_first_chunk)]
pub trait SliceFirstChunk<T> {
    /// The first `N` elements as an array, and the rest; `None` if there are fewer. Std has it
    /// from Rust 1.77.
    #[cfg(not(no_const_generics_first))]
    fn split_first_chunk<const N: usize>(&self) -> Option<(&[T; N], &[T])>;
    /// The first elements as an array, and the rest; `None` if there are fewer. Std has it from
    /// Rust 1.77.
    ///
    /// Before Rust 1.59 the array has at most 32 elements, and its type is inferred.
    #[cfg(no_const_generics_first)]
    fn split_first_chunk<A: FixedArray<Item = T>>(&self) -> Option<(&A, &[T])>;
}

#[cfg(no_slice_first_chunk)]
impl<T> SliceFirstChunk<T> for [T] {
    #[cfg(not(no_const_generics_first))]
    fn split_first_chunk<const N: usize>(&self) -> Option<(&[T; N], &[T])> {
        if self.len() < N {
            return None;
        }
        let (first, rest) = self.split_at(N);
        // SAFETY: the slice has `N` elements, as the array.
        Some((unsafe { &*(first.as_ptr() as *const [T; N]) }, rest))
    }
    #[cfg(no_const_generics_first)]
    fn split_first_chunk<A: FixedArray<Item = T>>(&self) -> Option<(&A, &[T])> {
        if self.len() < A::LEN {
            return None;
        }
        let (first, rest) = self.split_at(A::LEN);
        // SAFETY: the slice has `LEN` elements, as the array.
        Some((unsafe { &*(first.as_ptr() as *const A) }, rest))
    }
}

/// `as_chunks` of slices.
#[cfg(no_slice_as_chunks)]
pub trait SliceAsChunks<T> {
    /// The elements as arrays of `N`, and those that are left over; std has it from Rust 1.88.
    ///
    /// # Panics
    ///
    /// If `N` is 0, which std refuses to compile.
    #[cfg(not(no_const_generics_first))]
    fn as_chunks<const N: usize>(&self) -> (&[[T; N]], &[T]);
    /// The elements as arrays, and those that are left over; std has it from Rust 1.88.
    ///
    /// Before Rust 1.59 an array has at most 32 elements, and its type is inferred.
    ///
    /// # Panics
    ///
    /// If the array has no elements, which std refuses to compile.
    #[cfg(no_const_generics_first)]
    fn as_chunks<A: FixedArray<Item = T>>(&self) -> (&[A], &[T]);
}

#[cfg(no_slice_as_chunks)]
impl<T> SliceAsChunks<T> for [T] {
    #[cfg(not(no_const_generics_first))]
    fn as_chunks<const N: usize>(&self) -> (&[[T; N]], &[T]) {
        assert!(N != 0, "chunk size must be non-zero");
        let (chunks, rest) = self.split_at(self.len() / N * N);
        // SAFETY: these elements are a whole number of arrays.
        let chunks = unsafe { slice::from_raw_parts(chunks.as_ptr().cast(), chunks.len() / N) };
        (chunks, rest)
    }
    #[cfg(no_const_generics_first)]
    fn as_chunks<A: FixedArray<Item = T>>(&self) -> (&[A], &[T]) {
        assert!(A::LEN != 0, "chunk size must be non-zero");
        let (chunks, rest) = self.split_at(self.len() / A::LEN * A::LEN);
        // SAFETY: these elements are a whole number of arrays.
        let chunks =
            unsafe { slice::from_raw_parts(chunks.as_ptr().cast(), chunks.len() / A::LEN) };
        (chunks, rest)
    }
}
