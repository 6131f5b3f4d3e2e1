// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of cells.

#[cfg(before_1_91)]
use crate::array::{ArrayOf, FixedArray};
#[cfg(before_1_91)]
use core::cell::{Cell, Ref, RefCell, RefMut, UnsafeCell};

#[cfg(before_1_50)]
extension! {
    /// Methods of `RefCell` from Rust 1.50.
    RefCellTake<T> for RefCell<T>;
    /// Takes the value, and leaves the default one.
    ///
    /// # Panics
    ///
    /// If it is borrowed.
    fn take(&self) -> T
    where T: Default {
        self.replace(T::default())
    }
}

#[cfg(before_1_50)]
extension! {
    /// Methods of `UnsafeCell` from Rust 1.50.
    UnsafeCellGetMut<T: ?Sized> for UnsafeCell<T>;
    /// The value.
    fn get_mut(&mut self) -> &mut T {
        // SAFETY: the cell is borrowed exclusively.
        unsafe { &mut *self.get() }
    }
}

#[cfg(before_1_56)]
extension! {
    /// Functions of `UnsafeCell` from Rust 1.56.
    UnsafeCellRawGet<T: ?Sized> for UnsafeCell<T>;
    /// A pointer to the value in a cell that need not be initialised.
    fn raw_get(this: *const Self) -> *mut T {
        // UnsafeCell is repr(transparent).
        this as *const T as *mut T
    }
}

/// Functions of `Ref` from Rust 1.63.
#[cfg(before_1_63)]
pub trait RefFilterMap<'b, T: ?Sized>: Sized {
    /// A borrow of a part of the value, if the function returns one.
    ///
    /// # Errors
    ///
    /// Returns the whole borrow if not.
    fn filter_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(orig: Self, f: F) -> Result<Ref<'b, U>, Self>;
}

#[cfg(before_1_63)]
impl<'b, T: ?Sized> RefFilterMap<'b, T> for Ref<'b, T> {
    fn filter_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(orig: Self, f: F) -> Result<Ref<'b, U>, Self> {
        match f(&orig).map(|part| part as *const U) {
            // SAFETY: the part is of the value, which stays borrowed.
            Some(part) => Ok(Ref::map(orig, |_| unsafe { &*part })),
            None => Err(orig),
        }
    }
}

/// Functions of `RefMut` from Rust 1.63.
#[cfg(before_1_63)]
pub trait RefMutFilterMap<'b, T: ?Sized>: Sized {
    /// A borrow of a part of the value, if the function returns one.
    ///
    /// # Errors
    ///
    /// Returns the whole borrow if not.
    fn filter_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(orig: Self, f: F) -> Result<RefMut<'b, U>, Self>;
}

#[cfg(before_1_63)]
impl<'b, T: ?Sized> RefMutFilterMap<'b, T> for RefMut<'b, T> {
    fn filter_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(orig: Self, f: F) -> Result<RefMut<'b, U>, Self> {
        // `map` would borrow the whole anew, with which the part is no longer borrowed exclusively. So the part goes
        // to a second borrow, which has no value of its own, and the first one ends.
        let (mut whole, second) = RefMut::map_split(orig, |whole| (whole, &mut [] as &mut [(); 0]));
        match f(&mut whole).map(|part| part as *mut U) {
            // SAFETY: the part is of the value, which stays borrowed, and nobody uses the whole any more.
            Some(part) => Ok(RefMut::map(second, |_| unsafe { &mut *part })),
            None => Err(whole),
        }
    }
}

#[cfg(before_1_84)]
extension! {
    /// Functions of `UnsafeCell` from Rust 1.84.
    UnsafeCellFromMut<T: ?Sized> for UnsafeCell<T>;
    /// The value as a cell.
    fn from_mut(value: &mut T) -> &mut UnsafeCell<T> {
        // SAFETY: UnsafeCell is repr(transparent), and the value is borrowed exclusively.
        unsafe { &mut *(value as *mut T as *mut UnsafeCell<T>) }
    }
}

#[cfg(before_1_88)]
extension! {
    /// Methods of `Cell` from Rust 1.88.
    CellUpdate<T> for Cell<T>;
    /// Replaces the value by a function's result for it.
    fn update(&self, f: impl FnOnce(T) -> T)
    where T: Copy {
        self.set(f(self.get()));
    }
}

/// Methods of `Cell` from Rust 1.91.
#[cfg(before_1_91)]
pub trait CellAsArray<T> {
    /// The array of cells.
    type Cells;
    /// The elements as cells.
    fn as_array_of_cells(&self) -> &Self::Cells;
}

#[cfg(before_1_91)]
impl<T, A: FixedArray<Item = T> + ArrayOf<Cell<T>>> CellAsArray<T> for Cell<A> {
    type Cells = A::Array;
    #[inline]
    fn as_array_of_cells(&self) -> &A::Array {
        assert!(A::LEN == A::Array::LEN);
        // SAFETY: both are arrays of one length, and `Cell` is repr(transparent).
        unsafe { &*(self as *const Cell<A> as *const A::Array) }
    }
}
