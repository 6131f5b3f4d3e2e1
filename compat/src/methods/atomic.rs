//! Methods of atomics.

use core::sync::atomic::*;

/// Exchanges the value for what a function makes of it, until nobody came between.
macro_rules! exchange {
    ($atomic:expr, $set:expr, $fetch:expr, $f:expr) => {{
        let mut old = $atomic.load($fetch);
        loop {
            match $f(old) {
                None => break Err(old),
                Some(new) => match $atomic.compare_exchange_weak(old, new, $set, $fetch) {
                    Ok(old) => break Ok(old),
                    Err(other) => old = other,
                },
            }
        }
    }};
}

#[cfg(before_1_53)]
extension! {
    /// Methods of `AtomicBool` from Rust 1.53.
    AtomicBoolFetchUpdate for AtomicBool;
    /// Exchanges the value for what a function makes of it; returns the old one.
    ///
    /// # Errors
    ///
    /// The value, if the function makes nothing of it.
    fn fetch_update<F>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<bool, bool>
    where F: FnMut(bool) -> Option<bool> {
        let mut f = f;
        exchange!(self, set_order, fetch_order, f)
    }
}

#[cfg(before_1_53)]
extension! {
    /// Methods of `AtomicPtr` from Rust 1.53.
    AtomicPtrFetchUpdate<T> for AtomicPtr<T>;
    /// Exchanges the pointer for what a function makes of it; returns the old one.
    ///
    /// # Errors
    ///
    /// The pointer, if the function makes nothing of it.
    fn fetch_update<F>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<*mut T, *mut T>
    where F: FnMut(*mut T) -> Option<*mut T> {
        let mut f = f;
        exchange!(self, set_order, fetch_order, f)
    }
}

#[cfg(before_1_81)]
extension! {
    /// Methods of `AtomicBool` from Rust 1.81.
    AtomicBoolFetchNot for AtomicBool;
    /// Turns the value round; returns the old one.
    fn fetch_not(&self, order: Ordering) -> bool {
        self.fetch_xor(true, order)
    }
}

#[cfg(before_1_91)]
extension! {
    /// Methods of `AtomicPtr` from Rust 1.91. Each returns the old pointer.
    AtomicPtrArithmetic<T> for AtomicPtr<T>;
    /// Moves the pointer on by elements.
    fn fetch_ptr_add(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| old.wrapping_add(val))
    }
    /// Moves the pointer back by elements.
    fn fetch_ptr_sub(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| old.wrapping_sub(val))
    }
    /// Moves the pointer on by bytes.
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
    /// Turns bits of the address round.
    fn fetch_xor(&self, val: usize, order: Ordering) -> *mut T {
        change(self, order, |old| with_addr(old, old as usize ^ val))
    }
}

#[cfg(before_1_91)]
fn change<T>(atomic: &AtomicPtr<T>, order: Ordering, f: impl Fn(*mut T) -> *mut T) -> *mut T {
    // What the exchange of a failed attempt reads, it reads again.
    let set = |old| Some(f(old));
    let changed: Result<_, *mut T> = exchange!(atomic, order, Ordering::Relaxed, set);
    changed.expect("the function always makes a pointer")
}

#[cfg(before_1_91)]
fn with_addr<T>(pointer: *mut T, addr: usize) -> *mut T {
    let distance = (addr as isize).wrapping_sub(pointer as isize);
    (pointer as *mut u8).wrapping_offset(distance) as *mut T
}

/// Declares what all atomics have, for one; the last may only exist on some processors.
#[cfg(before_1_95)]
macro_rules! atomics {
    ($($(#[$gate:meta])? [$($T:ident)?] $Atomic:ty, $Value:ty;)*) => {$(
        $(#[$gate])?
        #[cfg(before_1_70)]
        impl$(<$T>)? AtomicAsPtr for $Atomic {
            type Value = $Value;
            #[inline]
            fn as_ptr(&self) -> *mut $Value {
                // An atomic has the layout of its value, and is a cell.
                self as *const Self as *mut $Value
            }
        }
        $(#[$gate])?
        #[cfg(before_1_75)]
        impl<'a $(, $T: 'a)?> AtomicFromPtr<'a> for $Atomic {
            type Value = $Value;
            #[inline]
            unsafe fn from_ptr(ptr: *mut $Value) -> &'a Self {
                &*(ptr as *const Self)
            }
        }
        $(#[$gate])?
        impl$(<$T>)? AtomicUpdate for $Atomic {
            type Value = $Value;
            #[inline]
            fn try_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut f: impl FnMut($Value) -> Option<$Value>,
            ) -> Result<$Value, $Value> {
                exchange!(self, set_order, fetch_order, f)
            }
            #[inline]
            fn update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut f: impl FnMut($Value) -> $Value,
            ) -> $Value {
                let set = |old| Some(f(old));
                let mut set = set;
                let changed: Result<_, $Value> = exchange!(self, set_order, fetch_order, set);
                changed.unwrap_or_else(|old| old)
            }
        }
    )*};
}

/// Methods of atomics from Rust 1.70.
#[cfg(before_1_70)]
pub trait AtomicAsPtr {
    /// The type of the value.
    type Value;
    /// A pointer to the value.
    fn as_ptr(&self) -> *mut Self::Value;
}

/// Functions of atomics from Rust 1.75.
#[cfg(before_1_75)]
pub trait AtomicFromPtr<'a> {
    /// The type of the value.
    type Value;
    /// The value as an atomic.
    ///
    /// # Safety
    ///
    /// The pointer is valid and aligned as the atomic for so long, and whatever else uses the value
    /// meanwhile is atomic, too.
    unsafe fn from_ptr(ptr: *mut Self::Value) -> &'a Self;
}

/// Methods of atomics from Rust 1.95.
#[cfg(before_1_95)]
pub trait AtomicUpdate {
    /// The type of the value.
    type Value;
    /// Exchanges the value for what a function makes of it; returns the old one.
    ///
    /// # Errors
    ///
    /// The value, if the function makes nothing of it.
    fn try_update(
        &self,
        set_order: Ordering,
        fetch_order: Ordering,
        f: impl FnMut(Self::Value) -> Option<Self::Value>,
    ) -> Result<Self::Value, Self::Value>;
    /// Exchanges the value for what a function makes of it; returns the old one.
    fn update(
        &self,
        set_order: Ordering,
        fetch_order: Ordering,
        f: impl FnMut(Self::Value) -> Self::Value,
    ) -> Self::Value;
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
    #[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
    [] AtomicU64, u64;
    #[cfg(any(target_pointer_width = "64", target_arch = "x86"))]
    [] AtomicI64, i64;
}
