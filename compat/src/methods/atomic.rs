// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of atomics.

#[cfg(before_1_95)]
use core::sync::atomic::*;
#[cfg(before_1_95)]
use made_of::Atomic;

#[cfg(before_1_53)]
extension! {
    /// Methods of `AtomicBool` from Rust 1.53.
    AtomicBoolFetchUpdate for AtomicBool;
    /// Replaces the value by a function's result for it; returns the old one.
    ///
    /// # Errors
    ///
    /// The value, if the function returns `None`.
    fn fetch_update<F>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<bool, bool>
    where F: FnMut(bool) -> Option<bool> {
        AtomicUpdate::try_update(self, set_order, fetch_order, f)
    }
}

#[cfg(before_1_53)]
extension! {
    /// Methods of `AtomicPtr` from Rust 1.53.
    AtomicPtrFetchUpdate<T> for AtomicPtr<T>;
    /// Replaces the pointer by a function's result for it; returns the old one.
    ///
    /// # Errors
    ///
    /// The pointer, if the function returns `None`.
    fn fetch_update<F>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<*mut T, *mut T>
    where F: FnMut(*mut T) -> Option<*mut T> {
        AtomicUpdate::try_update(self, set_order, fetch_order, f)
    }
}

#[cfg(before_1_81)]
extension! {
    /// Methods of `AtomicBool` from Rust 1.81.
    AtomicBoolFetchNot for AtomicBool;
    /// Inverts the value; returns the old one.
    fn fetch_not(&self, order: Ordering) -> bool {
        self.fetch_xor(true, order)
    }
}

#[cfg(before_1_91)]
extension! {
    /// Methods of `AtomicPtr` from Rust 1.91. Each returns the old pointer.
    AtomicPtrArithmetic<T> for AtomicPtr<T>;
    /// Moves the pointer forward by elements.
    fn fetch_ptr_add(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| old.wrapping_add(val))
    }
    /// Moves the pointer back by elements.
    fn fetch_ptr_sub(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| old.wrapping_sub(val))
    }
    /// Moves the pointer forward by bytes.
    fn fetch_byte_add(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| (old as *mut u8).wrapping_add(val) as *mut T)
    }
    /// Moves the pointer back by bytes.
    fn fetch_byte_sub(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| (old as *mut u8).wrapping_sub(val) as *mut T)
    }
    /// Sets bits of the address.
    fn fetch_or(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| with_addr(old, old as usize | val))
    }
    /// Clears bits of the address.
    fn fetch_and(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| with_addr(old, old as usize & val))
    }
    /// Flips bits of the address.
    fn fetch_xor(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| with_addr(old, old as usize ^ val))
    }
}

#[cfg(before_1_91)]
fn change<T>(atomic: &AtomicPtr<T>, order: Ordering, f: impl Fn(*mut T) -> *mut T) -> *mut T {
    // A failed attempt reads the value again.
    AtomicUpdate::update(atomic, order, Ordering::Relaxed, f)
}

#[cfg(before_1_91)]
fn with_addr<T>(pointer: *mut T, addr: usize) -> *mut T {
    let distance = (addr as isize).wrapping_sub(pointer as isize);
    (pointer as *mut u8).wrapping_offset(distance) as *mut T
}

/// In a module of its own, as the prelude brings all names of this one.
#[cfg(before_1_95)]
mod made_of {
    use core::sync::atomic::Ordering;

    /// An atomic, with the operations that its methods are based on.
    ///
    /// # Safety
    ///
    /// It has the layout of its value, and is a cell of it.
    pub unsafe trait Atomic {
        /// The type of the value.
        type Value: Copy;
        fn load(&self, order: Ordering) -> Self::Value;
        fn compare_exchange_weak(
            &self,
            current: Self::Value,
            new: Self::Value,
            success: Ordering,
            failure: Ordering,
        ) -> Result<Self::Value, Self::Value>;
    }
}

/// Declares atomics; the last may only exist on some processors.
#[cfg(before_1_95)]
macro_rules! atomics {
    ($($(#[$gate:meta])? [$($T:ident)?] $Atomic:ty, $Value:ty;)*) => {$(
        $(#[$gate])?
        // SAFETY: std documents that its atomics have their value's layout, and they are cells of it.
        unsafe impl$(<$T>)? Atomic for $Atomic {
            type Value = $Value;
            #[inline]
            fn load(&self, order: Ordering) -> $Value {
                self.load(order)
            }
            #[inline]
            fn compare_exchange_weak(
                &self,
                current: $Value,
                new: $Value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$Value, $Value> {
                self.compare_exchange_weak(current, new, success, failure)
            }
        }
    )*};
}

#[cfg(before_1_95)]
atomics! {
    [] AtomicBool, bool;
    [T] AtomicPtr<T>, *mut T;
    [] AtomicU8, u8;
    [] AtomicU16, u16;
    [] AtomicU32, u32;
    [] AtomicUsize, usize;
    [] AtomicI8, i8;
    [] AtomicI16, i16;
    [] AtomicI32, i32;
    [] AtomicIsize, isize;
    #[cfg(atomics_of_64_bits)]
    [] AtomicU64, u64;
    #[cfg(atomics_of_64_bits)]
    [] AtomicI64, i64;
}

/// Methods of atomics from Rust 1.70.
#[cfg(before_1_70)]
pub trait AtomicAsPtr: Atomic {
    /// A pointer to the value.
    fn as_ptr(&self) -> *mut Self::Value;
}

#[cfg(before_1_70)]
impl<A: Atomic> AtomicAsPtr for A {
    #[inline]
    fn as_ptr(&self) -> *mut A::Value {
        // An atomic has the layout of its value, and is a cell.
        self as *const A as *mut A::Value
    }
}

/// Functions of atomics from Rust 1.75.
#[cfg(before_1_75)]
pub trait AtomicFromPtr<'a>: Atomic {
    /// The value as an atomic.
    ///
    /// # Safety
    ///
    /// The pointer is valid for the lifetime and aligned as the atomic, and all other accesses to the value meanwhile
    /// are atomic, too.
    unsafe fn from_ptr(ptr: *mut Self::Value) -> &'a Self;
}

#[cfg(before_1_75)]
impl<'a, A: Atomic + 'a> AtomicFromPtr<'a> for A {
    #[inline]
    unsafe fn from_ptr(ptr: *mut A::Value) -> &'a A {
        &*(ptr as *const A)
    }
}

/// Methods of atomics from Rust 1.95.
#[cfg(before_1_95)]
pub trait AtomicUpdate: Atomic {
    /// Replaces the value by a function's result for it; returns the old one.
    ///
    /// # Errors
    ///
    /// The value, if the function returns `None`.
    fn try_update(
        &self,
        set_order: Ordering,
        fetch_order: Ordering,
        f: impl FnMut(Self::Value) -> Option<Self::Value>,
    ) -> Result<Self::Value, Self::Value>;
    /// Replaces the value by a function's result for it; returns the old one.
    fn update(
        &self,
        set_order: Ordering,
        fetch_order: Ordering,
        f: impl FnMut(Self::Value) -> Self::Value,
    ) -> Self::Value;
}

#[cfg(before_1_95)]
impl<A: Atomic> AtomicUpdate for A {
    #[inline]
    fn try_update(
        &self,
        set_order: Ordering,
        fetch_order: Ordering,
        mut f: impl FnMut(A::Value) -> Option<A::Value>,
    ) -> Result<A::Value, A::Value> {
        let mut old = self.load(fetch_order);
        while let Some(new) = f(old) {
            match self.compare_exchange_weak(old, new, set_order, fetch_order) {
                Ok(old) => return Ok(old),
                Err(other) => old = other,
            }
        }
        Err(old)
    }
    #[inline]
    fn update(&self, set_order: Ordering, fetch_order: Ordering, mut f: impl FnMut(A::Value) -> A::Value) -> A::Value {
        let changed = AtomicUpdate::try_update(self, set_order, fetch_order, |old| Some(f(old)));
        changed.unwrap_or_else(|old| old)
    }
}
