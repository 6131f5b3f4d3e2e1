// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::hint`]: advice to the optimiser.

pub use base::hint::*;

/// Tells the processor that this is a spin loop: `core::hint::spin_loop` from Rust 1.49.
#[cfg(before_1_49)]
#[inline(always)]
pub fn spin_loop() {
    #[allow(deprecated)]
    core::sync::atomic::spin_loop_hint();
}

/// Returns a value whose origin the optimiser cannot see: `core::hint::black_box` from Rust 1.66.
#[cfg(before_1_66)]
#[inline]
pub fn black_box<T>(value: T) -> T {
    let value = core::mem::ManuallyDrop::new(value);
    // SAFETY: it reads a valid value, whose other copy is never used or dropped.
    core::mem::ManuallyDrop::into_inner(unsafe { core::ptr::read_volatile(&value) })
}

/// Declares a function, which is `const` where its body may be in one.
#[cfg(before_1_81)]
macro_rules! assert_unchecked {
    ($(#[$about:meta])+ $($const:ident)?) => {
        $(#[$about])+
        #[inline(always)]
        #[track_caller]
        pub $($const)? unsafe fn assert_unchecked(condition: bool) {
            debug_assert!(condition, "unsafe precondition(s) violated: hint::assert_unchecked");
            if !condition {
                core::hint::unreachable_unchecked()
            }
        }
    };
}

#[cfg(all(before_1_81, not(before_1_57)))]
assert_unchecked! {
    /// Tells the compiler that a condition is true: `core::hint::assert_unchecked` from Rust 1.81.
    ///
    /// # Safety
    ///
    /// It is true.
    const
}

#[cfg(before_1_57)]
assert_unchecked! {
    /// Tells the compiler that a condition is true: `core::hint::assert_unchecked` from Rust 1.81.
    ///
    /// # Safety
    ///
    /// It is true.
}

/// One of two values, without a prediction by the optimiser: `core::hint::select_unpredictable` from Rust 1.88.
#[cfg(before_1_88)]
#[inline]
pub fn select_unpredictable<T>(condition: bool, true_val: T, false_val: T) -> T {
    if condition {
        true_val
    } else {
        false_val
    }
}

/// Tells the compiler that this path is rarely taken: `core::hint::cold_path` from Rust 1.95.
#[cfg(before_1_95)]
#[inline(always)]
pub const fn cold_path() {}
