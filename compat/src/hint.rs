//! [`core::hint`]: advice to the optimiser.

#[cfg(not(no_black_box))]
pub use core::hint::black_box;

/// Returns a value of which the optimiser cannot tell where it comes from:
/// `core::hint::black_box` from Rust 1.66.
#[cfg(no_black_box)]
#[inline]
pub fn black_box<T>(value: T) -> T {
    let value = core::mem::ManuallyDrop::new(value);
    // SAFETY: it reads a valid value, of which the other copy is never used nor dropped.
    core::mem::ManuallyDrop::into_inner(unsafe { core::ptr::read_volatile(&value) })
}
