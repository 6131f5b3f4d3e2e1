// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of `Box`, `Rc` and `Arc`.

use alloc_crate::boxed::Box;
use alloc_crate::rc::Rc;
use alloc_crate::sync::Arc;
use alloc_crate::vec::Vec;
use core::any::Any;
use core::mem::MaybeUninit;
use core::pin::Pin;

/// Declares the same for `Rc` and `Arc`, which gained the methods in different releases.
#[cfg(before_1_53)]
macro_rules! strong_counts {
    ($(#[$about:meta])+ $Trait:ident $Rc:ident) => {
        extension! {
            $(#[$about])+
            $Trait<T> for $Rc<T>;
            /// Increments the number of owners.
            ///
            /// # Safety
            ///
            /// The pointer is from `into_raw`, and there is an owner.
            unsafe fn increment_strong_count(ptr: *const T) {
                let owner = core::mem::ManuallyDrop::new($Rc::from_raw(ptr));
                core::mem::forget($Rc::clone(&owner));
            }
            /// Decrements the number of owners, and drops the value with the last one.
            ///
            /// # Safety
            ///
            /// The pointer is from `into_raw`, and that owner is not used any more.
            unsafe fn decrement_strong_count(ptr: *const T) {
                drop($Rc::from_raw(ptr));
            }
        }
    };
}

#[cfg(before_1_51)]
strong_counts! {
    /// Functions of `Arc` from Rust 1.51.
    ArcStrongCount Arc
}
#[cfg(before_1_53)]
strong_counts! {
    /// Functions of `Rc` from Rust 1.53.
    RcStrongCount Rc
}

#[cfg(before_1_51)]
extension! {
    /// Methods of `Box<dyn Any + Send + Sync>` from Rust 1.51.
    BoxDowncast for Box<dyn Any + Send + Sync>;
    /// The value, if it has this type.
    ///
    /// # Errors
    ///
    /// Returns itself if not.
    fn downcast<T>(self) -> Result<Box<T>, Box<dyn Any + Send + Sync>>
    where T: Any {
        if self.is::<T>() {
            // SAFETY: it has this type.
            Ok(unsafe { Box::from_raw(Box::into_raw(self) as *mut T) })
        } else {
            Err(self)
        }
    }
}

#[cfg(before_1_63)]
extension! {
    /// Functions of `Box` from Rust 1.63.
    BoxIntoPin<T: ?Sized> for Box<T>;
    /// The box as a pinned pointer.
    fn into_pin(boxed: Self) -> Pin<Box<T>> {
        boxed.into()
    }
}

#[cfg(before_1_70)]
extension! {
    /// Functions of `Rc` from Rust 1.70.
    RcIntoInner<T> for Rc<T>;
    /// The value, if this was its last owner.
    fn into_inner(this: Self) -> Option<T> {
        Rc::try_unwrap(this).ok()
    }
}

/// Declares the same for `Rc` and `Arc`.
#[cfg(before_1_92)]
macro_rules! shared {
    ($Rc:ident $UnwrapOrClone:ident $NewUninit:ident $NewUninitSlice:ident $AssumeInit:ident
        $AssumeInitSlice:ident $NewZeroed:ident $NewZeroedSlice:ident) => {
        #[cfg(before_1_76)]
        extension! {
            /// Functions of shared owners from Rust 1.76.
            $UnwrapOrClone<T> for $Rc<T> where T: Clone;
            /// The value, or a clone of it if it has other owners.
            fn unwrap_or_clone(this: Self) -> T {
                $Rc::try_unwrap(this).unwrap_or_else(|shared| (*shared).clone())
            }
        }
        uninit! { $Rc $NewUninit $NewUninitSlice $AssumeInit $AssumeInitSlice $NewZeroed $NewZeroedSlice }
    };
}

/// Declares memory that is not initialised yet, for `Box`, `Rc` and `Arc`.
#[cfg(before_1_92)]
macro_rules! uninit {
    ($Rc:ident $NewUninit:ident $NewUninitSlice:ident $AssumeInit:ident $AssumeInitSlice:ident
        $NewZeroed:ident $NewZeroedSlice:ident) => {
        #[cfg(before_1_82)]
        extension! {
            /// Functions from Rust 1.82.
            $NewUninit<T> for $Rc<T>;
            /// Memory for a value.
            fn new_uninit() -> $Rc<MaybeUninit<T>> {
                $Rc::new(MaybeUninit::uninit())
            }
        }
        #[cfg(before_1_82)]
        extension! {
            /// Functions from Rust 1.82, for slices.
            $NewUninitSlice<T> for $Rc<[T]>;
            /// Memory for values.
            fn new_uninit_slice(len: usize) -> $Rc<[MaybeUninit<T>]> {
                uninit(len).into()
            }
        }
        #[cfg(before_1_82)]
        extension! {
            /// Methods from Rust 1.82.
            $AssumeInit<T> for $Rc<MaybeUninit<T>>;
            /// The value.
            ///
            /// # Safety
            ///
            /// It is initialised.
            unsafe fn assume_init(self) -> $Rc<T> {
                $Rc::from_raw($Rc::into_raw(self) as *mut T)
            }
        }
        #[cfg(before_1_82)]
        extension! {
            /// Methods from Rust 1.82, for slices.
            $AssumeInitSlice<T> for $Rc<[MaybeUninit<T>]>;
            /// The values.
            ///
            /// # Safety
            ///
            /// They are initialised.
            unsafe fn assume_init(self) -> $Rc<[T]> {
                $Rc::from_raw($Rc::into_raw(self) as *mut [T])
            }
        }
        #[cfg(before_1_92)]
        extension! {
            /// Functions from Rust 1.92.
            $NewZeroed<T> for $Rc<T>;
            /// Memory for a value, all bytes 0.
            fn new_zeroed() -> $Rc<MaybeUninit<T>> {
                $Rc::new(MaybeUninit::zeroed())
            }
        }
        #[cfg(before_1_92)]
        extension! {
            /// Functions from Rust 1.92, for slices.
            $NewZeroedSlice<T> for $Rc<[T]>;
            /// Memory for values, all bytes 0.
            fn new_zeroed_slice(len: usize) -> $Rc<[MaybeUninit<T>]> {
                let mut values = uninit::<T>(len);
                // SAFETY: the memory is the vector's, and any bytes are valid.
                unsafe { values.as_mut_ptr().write_bytes(0, len) };
                values.into()
            }
        }
    };
}

#[cfg(before_1_92)]
fn uninit<T>(len: usize) -> Vec<MaybeUninit<T>> {
    let mut values = Vec::with_capacity(len);
    // SAFETY: the capacity is no less, and a `MaybeUninit` needs no initialisation.
    unsafe { values.set_len(len) };
    values
}

#[cfg(before_1_92)]
uninit! { Box BoxNewUninit BoxNewUninitSlice BoxAssumeInit BoxAssumeInitSlice BoxNewZeroed BoxNewZeroedSlice }
#[cfg(before_1_92)]
shared! { Rc RcUnwrapOrClone RcNewUninit RcNewUninitSlice RcAssumeInit RcAssumeInitSlice RcNewZeroed RcNewZeroedSlice }
#[cfg(before_1_92)]
shared! { Arc ArcUnwrapOrClone ArcNewUninit ArcNewUninitSlice ArcAssumeInit ArcAssumeInitSlice ArcNewZeroed ArcNewZeroedSlice }

#[cfg(before_1_87)]
extension! {
    /// Functions of `Box` from Rust 1.87.
    BoxWrite<T> for Box<MaybeUninit<T>>;
    /// Stores a value.
    fn write(boxed: Self, value: T) -> Box<T> {
        let mut boxed = boxed;
        *boxed = MaybeUninit::new(value);
        // SAFETY: the line above initialised it.
        unsafe { Box::from_raw(Box::into_raw(boxed) as *mut T) }
    }
}
