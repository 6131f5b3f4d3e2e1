//! Methods of arrays.

#[cfg(before_1_94)]
use crate::array::FixedArray;
#[cfg(before_1_55)]
use core::mem::ManuallyDrop;
#[cfg(before_1_77)]
use core::slice;

/// Methods of arrays from Rust 1.55.
#[cfg(before_1_55)]
pub trait ArrayMap<T, U> {
    /// An array of as many elements of the other type.
    type Mapped;
    /// The array of what a function makes of each element.
    fn map<F: FnMut(T) -> U>(self, f: F) -> Self::Mapped;
}

/// Takes an array's elements one by one; those that nobody took are dropped with it.
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
            // SAFETY: each index is below the length, and comes once.
            f(unsafe { (&*taken.array as *const A as *const A::Item).add(i).read() })
        })
    }
}

#[cfg(before_1_55)]
impl<A: FixedArray> Drop for Taken<A> {
    fn drop(&mut self) {
        let start = &mut *self.array as *mut A as *mut A::Item;
        // SAFETY: the elements from `next` on are still there, and nobody else drops them.
        unsafe {
            let rest = start.add(self.next);
            core::ptr::slice_from_raw_parts_mut(rest, A::LEN - self.next).drop_in_place()
        }
    }
}

#[cfg(all(before_1_55, not(before_1_51)))]
impl<T, U, const N: usize> ArrayMap<T, U> for [T; N] {
    type Mapped = [U; N];
    #[inline]
    fn map<F: FnMut(T) -> U>(self, f: F) -> [U; N] {
        Taken::map(self, f)
    }
}

#[cfg(before_1_51)]
macro_rules! array_map {
    ($($N:literal)*) => {$(
        impl<T, U> ArrayMap<T, U> for [T; $N] {
            type Mapped = [U; $N];
            #[inline]
            fn map<F: FnMut(T) -> U>(self, f: F) -> [U; $N] {
                Taken::map(self, f)
            }
        }
    )*};
}
#[cfg(before_1_51)]
lengths! { array_map }

/// Methods of arrays from Rust 1.57.
#[cfg(before_1_57)]
pub trait ArrayAsSlice: FixedArray {
    /// All elements as a slice.
    #[inline]
    fn as_slice(&self) -> &[Self::Item]
    where
        Self: Sized,
    {
        // SAFETY: an array is its elements, one after the other.
        unsafe { slice::from_raw_parts(self as *const Self as *const Self::Item, Self::LEN) }
    }
    /// All elements as a slice.
    #[inline]
    fn as_mut_slice(&mut self) -> &mut [Self::Item]
    where
        Self: Sized,
    {
        // SAFETY: an array is its elements, one after the other.
        unsafe { slice::from_raw_parts_mut(self as *mut Self as *mut Self::Item, Self::LEN) }
    }
}

#[cfg(before_1_57)]
impl<A: FixedArray> ArrayAsSlice for A {}

/// Methods of arrays from Rust 1.77.
#[cfg(before_1_77)]
pub trait ArrayEach<'a, T: 'a> {
    /// An array of as many references.
    type Refs;
    /// An array of as many exclusive references.
    type Muts;
    /// References to the elements.
    fn each_ref(&'a self) -> Self::Refs;
    /// Exclusive references to the elements.
    fn each_mut(&'a mut self) -> Self::Muts;
}

#[cfg(before_1_77)]
fn each_ref<'a, A: FixedArray, R: FixedArray<Item = &'a A::Item>>(array: &'a A) -> R
where
    A::Item: 'a,
{
    let start = array as *const A as *const A::Item;
    // SAFETY: an array is its elements, one after the other.
    let mut elements = unsafe { slice::from_raw_parts(start, A::LEN) }.iter();
    crate::array::fill(|_| elements.next().expect("both arrays have one length"))
}

#[cfg(before_1_77)]
fn each_mut<'a, A: FixedArray, R: FixedArray<Item = &'a mut A::Item>>(array: &'a mut A) -> R
where
    A::Item: 'a,
{
    let start = array as *mut A as *mut A::Item;
    // SAFETY: an array is its elements, one after the other.
    let mut elements = unsafe { slice::from_raw_parts_mut(start, A::LEN) }.iter_mut();
    crate::array::fill(|_| elements.next().expect("both arrays have one length"))
}

#[cfg(all(before_1_77, not(before_1_51)))]
impl<'a, T: 'a, const N: usize> ArrayEach<'a, T> for [T; N] {
    type Refs = [&'a T; N];
    type Muts = [&'a mut T; N];
    #[inline]
    fn each_ref(&'a self) -> [&'a T; N] {
        each_ref(self)
    }
    #[inline]
    fn each_mut(&'a mut self) -> [&'a mut T; N] {
        each_mut(self)
    }
}

#[cfg(before_1_51)]
macro_rules! array_each {
    ($($N:literal)*) => {$(
        impl<'a, T: 'a> ArrayEach<'a, T> for [T; $N] {
            type Refs = [&'a T; $N];
            type Muts = [&'a mut T; $N];
            #[inline]
            fn each_ref(&'a self) -> [&'a T; $N] {
                each_ref(self)
            }
            #[inline]
            fn each_mut(&'a mut self) -> [&'a mut T; $N] {
                each_mut(self)
            }
        }
    )*};
}
#[cfg(before_1_51)]
lengths! { array_each }
