// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of slices that return arrays.

#[cfg(before_1_94)]
use crate::array::FixedArray;
#[cfg(before_1_88)]
use core::slice;

/// The methods' return types, for an array type `A`.
#[cfg(before_1_94)]
#[allow(dead_code)]
mod returned {
    use crate::array::FixedArray;

    pub type Items<A> = [<A as FixedArray>::Item];
    pub type One<'a, A> = Option<&'a A>;
    pub type OneMut<'a, A> = Option<&'a mut A>;
    pub type First<'a, A> = Option<(&'a A, &'a Items<A>)>;
    pub type FirstMut<'a, A> = Option<(&'a mut A, &'a mut Items<A>)>;
    pub type Last<'a, A> = Option<(&'a Items<A>, &'a A)>;
    pub type LastMut<'a, A> = Option<(&'a mut Items<A>, &'a mut A)>;
    pub type Chunks<'a, A> = (&'a [A], &'a Items<A>);
    pub type ChunksMut<'a, A> = (&'a mut [A], &'a mut Items<A>);
    pub type RChunks<'a, A> = (&'a Items<A>, &'a [A]);
    pub type RChunksMut<'a, A> = (&'a mut Items<A>, &'a mut [A]);
    pub type Whole<'a, A> = &'a [A];
    pub type WholeMut<'a, A> = &'a mut [A];
}
#[cfg(before_1_94)]
use returned::*;

/// Declares methods whose parameter is a length, and before Rust 1.51 an inferred array type.
///
/// The body is a function of the same name in `by_array`, for any array.
#[cfg(before_1_93)]
macro_rules! array_methods {
    (
        $(#[$about:meta])+
        $Trait:ident;
        $($(#[$meta:meta])+ [$($unsafe:tt)?] fn $name:ident($($self:tt)+) -> $Returned:ident;)+
    ) => {
        $(#[$about])+
        #[cfg(not(before_1_51))]
        pub trait $Trait<T> {
            $($(#[$meta])+ $($unsafe)? fn $name<const N: usize>($($self)+) -> $Returned<'_, [T; N]>;)+
        }
        #[cfg(not(before_1_51))]
        impl<T> $Trait<T> for [T] {
            $(#[inline] $($unsafe)? fn $name<const N: usize>($($self)+) -> $Returned<'_, [T; N]> {
                array_methods! { @call [$($unsafe)?] $name $($self)+ }
            })+
        }

        $(#[$about])+
        ///
        /// Before Rust 1.51 the array's type is inferred, and must have one of the lengths in `FixedArray`.
        #[cfg(before_1_51)]
        pub trait $Trait<T> {
            $($(#[$meta])+ $($unsafe)? fn $name<A: FixedArray<Item = T>>($($self)+) -> $Returned<'_, A>;)+
        }
        #[cfg(before_1_51)]
        impl<T> $Trait<T> for [T] {
            $(#[inline] $($unsafe)? fn $name<A: FixedArray<Item = T>>($($self)+) -> $Returned<'_, A> {
                array_methods! { @call [$($unsafe)?] $name $($self)+ }
            })+
        }
    };
    // The token `self` is the caller's.
    (@call [$($unsafe:tt)?] $name:ident & mut $self:ident) => { by_array::$name($self) };
    (@call [$($unsafe:tt)?] $name:ident & $self:ident) => { by_array::$name($self) };
}

#[cfg(before_1_77)]
array_methods! {
    /// Methods of slices from Rust 1.77.
    SliceFirstChunk;
    /// The first `N` elements as an array; `None` if there are fewer.
    [] fn first_chunk(&self) -> One;
    /// The first `N` elements as an array; `None` if there are fewer.
    [] fn first_chunk_mut(&mut self) -> OneMut;
    /// The first `N` elements as an array, and the rest; `None` if there are fewer.
    [] fn split_first_chunk(&self) -> First;
    /// The first `N` elements as an array, and the rest; `None` if there are fewer.
    [] fn split_first_chunk_mut(&mut self) -> FirstMut;
    /// The last `N` elements as an array; `None` if there are fewer.
    [] fn last_chunk(&self) -> One;
    /// The last `N` elements as an array; `None` if there are fewer.
    [] fn last_chunk_mut(&mut self) -> OneMut;
    /// The rest, and the last `N` elements as an array; `None` if there are fewer.
    [] fn split_last_chunk(&self) -> Last;
    /// The rest, and the last `N` elements as an array; `None` if there are fewer.
    [] fn split_last_chunk_mut(&mut self) -> LastMut;
}

#[cfg(before_1_88)]
array_methods! {
    /// Methods of slices from Rust 1.88. They panic if `N` is 0, which std refuses to compile.
    SliceAsChunks;
    /// The elements as arrays of `N`, and the remaining ones.
    [] fn as_chunks(&self) -> Chunks;
    /// The elements as arrays of `N`, and the remaining ones.
    [] fn as_chunks_mut(&mut self) -> ChunksMut;
    /// The remaining elements, and those after them as arrays of `N`.
    [] fn as_rchunks(&self) -> RChunks;
    /// The remaining elements, and those after them as arrays of `N`.
    [] fn as_rchunks_mut(&mut self) -> RChunksMut;
    /// The elements as arrays of `N`.
    ///
    /// # Safety
    ///
    /// The length is a multiple of `N`, and `N` is not 0.
    [unsafe] fn as_chunks_unchecked(&self) -> Whole;
    /// The elements as arrays of `N`.
    ///
    /// # Safety
    ///
    /// The length is a multiple of `N`, and `N` is not 0.
    [unsafe] fn as_chunks_unchecked_mut(&mut self) -> WholeMut;
}

#[cfg(before_1_93)]
array_methods! {
    /// Methods of slices from Rust 1.93.
    SliceAsArray;
    /// All elements as an array; `None` if their number is not `N`.
    [] fn as_array(&self) -> One;
    /// All elements as an array; `None` if their number is not `N`.
    [] fn as_mut_array(&mut self) -> OneMut;
}

#[cfg(before_1_93)]
mod by_array {
    use super::*;

    #[inline]
    pub fn as_array<A: FixedArray>(slice: &[A::Item]) -> One<'_, A> {
        if slice.len() == A::LEN {
            // SAFETY: it has the array's number of elements.
            Some(unsafe { &*(slice.as_ptr() as *const A) })
        } else {
            None
        }
    }
    #[inline]
    pub fn as_mut_array<A: FixedArray>(slice: &mut [A::Item]) -> OneMut<'_, A> {
        if slice.len() == A::LEN {
            // SAFETY: it has the array's number of elements.
            Some(unsafe { &mut *(slice.as_mut_ptr() as *mut A) })
        } else {
            None
        }
    }

    #[cfg(before_1_77)]
    #[inline]
    pub fn first_chunk<A: FixedArray>(slice: &[A::Item]) -> One<'_, A> {
        as_array(slice.get(..A::LEN)?)
    }
    #[cfg(before_1_77)]
    #[inline]
    pub fn first_chunk_mut<A: FixedArray>(slice: &mut [A::Item]) -> OneMut<'_, A> {
        as_mut_array(slice.get_mut(..A::LEN)?)
    }
    #[cfg(before_1_77)]
    #[inline]
    pub fn split_first_chunk<A: FixedArray>(slice: &[A::Item]) -> First<'_, A> {
        slice.len().checked_sub(A::LEN)?;
        let (first, rest) = slice.split_at(A::LEN);
        Some((as_array(first)?, rest))
    }
    #[cfg(before_1_77)]
    #[inline]
    pub fn split_first_chunk_mut<A: FixedArray>(slice: &mut [A::Item]) -> FirstMut<'_, A> {
        slice.len().checked_sub(A::LEN)?;
        let (first, rest) = slice.split_at_mut(A::LEN);
        Some((as_mut_array(first)?, rest))
    }
    #[cfg(before_1_77)]
    #[inline]
    pub fn last_chunk<A: FixedArray>(slice: &[A::Item]) -> One<'_, A> {
        as_array(&slice[slice.len().checked_sub(A::LEN)?..])
    }
    #[cfg(before_1_77)]
    #[inline]
    pub fn last_chunk_mut<A: FixedArray>(slice: &mut [A::Item]) -> OneMut<'_, A> {
        let start = slice.len().checked_sub(A::LEN)?;
        as_mut_array(&mut slice[start..])
    }
    #[cfg(before_1_77)]
    #[inline]
    pub fn split_last_chunk<A: FixedArray>(slice: &[A::Item]) -> Last<'_, A> {
        let (rest, last) = slice.split_at(slice.len().checked_sub(A::LEN)?);
        Some((rest, as_array(last)?))
    }
    #[cfg(before_1_77)]
    #[inline]
    pub fn split_last_chunk_mut<A: FixedArray>(slice: &mut [A::Item]) -> LastMut<'_, A> {
        let start = slice.len().checked_sub(A::LEN)?;
        let (rest, last) = slice.split_at_mut(start);
        Some((rest, as_mut_array(last)?))
    }

    #[cfg(before_1_88)]
    #[inline]
    #[track_caller]
    pub fn as_chunks<A: FixedArray>(slice: &[A::Item]) -> Chunks<'_, A> {
        let (chunks, rest) = slice.split_at(slice.len() - left_over::<A>(slice.len()));
        (whole(chunks), rest)
    }
    #[cfg(before_1_88)]
    #[inline]
    #[track_caller]
    pub fn as_chunks_mut<A: FixedArray>(slice: &mut [A::Item]) -> ChunksMut<'_, A> {
        let (chunks, rest) = slice.split_at_mut(slice.len() - left_over::<A>(slice.len()));
        (whole_mut(chunks), rest)
    }
    #[cfg(before_1_88)]
    #[inline]
    #[track_caller]
    pub fn as_rchunks<A: FixedArray>(slice: &[A::Item]) -> RChunks<'_, A> {
        let (rest, chunks) = slice.split_at(left_over::<A>(slice.len()));
        (rest, whole(chunks))
    }
    #[cfg(before_1_88)]
    #[inline]
    #[track_caller]
    pub fn as_rchunks_mut<A: FixedArray>(slice: &mut [A::Item]) -> RChunksMut<'_, A> {
        let (rest, chunks) = slice.split_at_mut(left_over::<A>(slice.len()));
        (rest, whole_mut(chunks))
    }
    #[cfg(before_1_88)]
    #[inline]
    pub unsafe fn as_chunks_unchecked<A: FixedArray>(slice: &[A::Item]) -> Whole<'_, A> {
        whole(slice)
    }
    #[cfg(before_1_88)]
    #[inline]
    pub unsafe fn as_chunks_unchecked_mut<A: FixedArray>(slice: &mut [A::Item]) -> WholeMut<'_, A> {
        whole_mut(slice)
    }
    #[cfg(before_1_88)]
    fn whole<A: FixedArray>(slice: &[A::Item]) -> Whole<'_, A> {
        // SAFETY: the elements are, or begin with, that many arrays.
        unsafe { slice::from_raw_parts(slice.as_ptr() as *const A, slice.len() / A::LEN) }
    }
    #[cfg(before_1_88)]
    fn whole_mut<A: FixedArray>(slice: &mut [A::Item]) -> WholeMut<'_, A> {
        // SAFETY: the elements are, or begin with, that many arrays.
        unsafe { slice::from_raw_parts_mut(slice.as_mut_ptr() as *mut A, slice.len() / A::LEN) }
    }
    #[cfg(before_1_88)]
    #[track_caller]
    fn left_over<A: FixedArray>(len: usize) -> usize {
        assert!(A::LEN != 0, "chunk size must be non-zero");
        len % A::LEN
    }
}

#[cfg(before_1_94)]
pub use windows::*;

#[cfg(before_1_94)]
mod windows {
    use super::*;
    use crate::slice::ArrayWindows;

    /// Methods of slices from Rust 1.94.
    ///
    /// They panic if `N` is 0, which std refuses to compile.
    #[cfg(not(before_1_51))]
    pub trait SliceArrayWindows<T> {
        /// All runs of `N` elements, as arrays.
        fn array_windows<const N: usize>(&self) -> ArrayWindows<'_, [T; N]>;
    }
    #[cfg(not(before_1_51))]
    impl<T> SliceArrayWindows<T> for [T] {
        #[inline]
        #[track_caller]
        fn array_windows<const N: usize>(&self) -> ArrayWindows<'_, [T; N]> {
            ArrayWindows::new(self)
        }
    }

    /// Methods of slices from Rust 1.94. Before Rust 1.51 the array's type is inferred.
    ///
    /// They panic if the array has no elements, which std refuses to compile.
    #[cfg(before_1_51)]
    pub trait SliceArrayWindows<T> {
        /// All runs of the array's number of elements.
        fn array_windows<A: FixedArray<Item = T>>(&self) -> ArrayWindows<'_, A>;
    }
    #[cfg(before_1_51)]
    impl<T> SliceArrayWindows<T> for [T] {
        #[inline]
        #[track_caller]
        fn array_windows<A: FixedArray<Item = T>>(&self) -> ArrayWindows<'_, A> {
            ArrayWindows::new(self)
        }
    }
}
