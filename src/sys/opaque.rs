// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Structs that QEMU writes while Rust holds references to them.

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

/// Bytes that belong to QEMU: Rust reads and writes none of them through a reference, and neither
/// sends nor shares them between threads.
#[repr(transparent)]
pub struct Opaque<T> {
    bytes: UnsafeCell<MaybeUninit<T>>,
    not_send_not_sync: PhantomData<*mut T>,
}

impl<T> Opaque<T> {
    /// Returns zeros, as QEMU's own allocation does.
    pub fn zeroed() -> Self {
        Opaque { bytes: UnsafeCell::new(MaybeUninit::zeroed()), not_send_not_sync: PhantomData }
    }

    /// Returns the struct's address, for QEMU.
    #[inline]
    pub fn as_mut_ptr(&self) -> *mut T {
        self.bytes.get() as *mut T
    }
}

/// Space for a C struct: `$bytes64` with 64-bit pointers, `$bytes32` with 32-bit ones.
macro_rules! storage {
    ($(#[$doc:meta])* $name:ident, $bytes64:expr, $bytes32:expr) => {
        $(#[$doc])*
        #[repr(C)]
        pub struct $name {
            #[cfg(target_pointer_width = "64")]
            words: [usize; $bytes64 / 8],
            #[cfg(target_pointer_width = "32")]
            words: [usize; $bytes32 / 4],
        }

        impl $name {
            /// All zero, as before QEMU initialises it.
            pub const ZERO: Self = $name {
                #[cfg(target_pointer_width = "64")]
                words: [0; $bytes64 / 8],
                #[cfg(target_pointer_width = "32")]
                words: [0; $bytes32 / 4],
            };
        }
    };
}
