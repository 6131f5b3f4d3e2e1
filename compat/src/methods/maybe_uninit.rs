// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `MaybeUninit`.

use core::mem::MaybeUninit;

#[cfg(before_1_55)]
extension! {
    /// Methods of `MaybeUninit` from Rust 1.55.
    MaybeUninitWrite<T> for MaybeUninit<T>;
    /// Stores a value without dropping the one before it.
    fn write(&mut self, value: T) -> &mut T {
        *self = MaybeUninit::new(value);
        // SAFETY: the line above initialised it.
        unsafe { &mut *self.as_mut_ptr() }
    }
    /// The value.
    ///
    /// # Safety
    ///
    /// It is initialised.
    unsafe fn assume_init_ref(&self) -> &T { &*self.as_ptr() }
    /// The value.
    ///
    /// # Safety
    ///
    /// It is initialised.
    unsafe fn assume_init_mut(&mut self) -> &mut T { &mut *self.as_mut_ptr() }
}

#[cfg(before_1_60)]
extension! {
    /// Methods of `MaybeUninit` from Rust 1.60.
    MaybeUninitDrop<T> for MaybeUninit<T>;
    /// Drops the value in place.
    ///
    /// # Safety
    ///
    /// It is initialised, and not used any more.
    unsafe fn assume_init_drop(&mut self) { core::ptr::drop_in_place(self.as_mut_ptr()) }
    /// A copy of the value's bytes.
    ///
    /// # Safety
    ///
    /// It is initialised; only one copy is used, unless the value is `Copy`.
    unsafe fn assume_init_read(&self) -> T { self.as_ptr().read() }
}

#[cfg(before_1_93)]
extension! {
    /// Methods of slices of `MaybeUninit` from Rust 1.93.
    MaybeUninitSlice<T> for [MaybeUninit<T>];
    /// The values.
    ///
    /// # Safety
    ///
    /// All are initialised.
    unsafe fn assume_init_ref(&self) -> &[T] { &*(self as *const Self as *const [T]) }
    /// The values.
    ///
    /// # Safety
    ///
    /// All are initialised.
    unsafe fn assume_init_mut(&mut self) -> &mut [T] { &mut *(self as *mut Self as *mut [T]) }
    /// Drops the values in place.
    ///
    /// # Safety
    ///
    /// All are initialised, and not used any more.
    unsafe fn assume_init_drop(&mut self) { core::ptr::drop_in_place(self as *mut Self as *mut [T]) }
    /// Copies values in.
    ///
    /// # Panics
    ///
    /// If the lengths differ.
    fn write_copy_of_slice(&mut self, src: &[T]) -> &mut [T]
    where T: Copy {
        // SAFETY: a value is an initialised `MaybeUninit`.
        self.copy_from_slice(unsafe { &*(src as *const [T] as *const Self) });
        // SAFETY: all are initialised now.
        unsafe { MaybeUninitSlice::assume_init_mut(self) }
    }
    /// Clones values in. If a clone panics, those made before are dropped.
    ///
    /// # Panics
    ///
    /// If the lengths differ.
    fn write_clone_of_slice(&mut self, src: &[T]) -> &mut [T]
    where T: Clone {
        assert!(self.len() == src.len(), "destination and source slices have different lengths");
        let mut filled = crate::array::Filled { start: self.as_mut_ptr() as *mut T, len: 0 };
        for value in src {
            let value = value.clone();
            // SAFETY: the index is below the length of both.
            unsafe { filled.start.add(filled.len).write(value) };
            filled.len += 1;
        }
        core::mem::forget(filled);
        // SAFETY: all are initialised now.
        unsafe { MaybeUninitSlice::assume_init_mut(self) }
    }
}
