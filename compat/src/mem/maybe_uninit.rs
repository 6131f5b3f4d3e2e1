//! The methods of `MaybeUninit` from Rust 1.55 on.

#[cfg(no_maybe_uninit_write)]
use super::MaybeUninit;

/// Methods of [`MaybeUninit`] that newer compilers have.
#[cfg(no_maybe_uninit_write)]
pub trait MaybeUninitExt<T> {
    /// Stores a value without dropping the one before it; std has it from Rust 1.55.
    fn write(&mut self, value: T) -> &mut T;
}

#[cfg(no_maybe_uninit_write)]
impl<T> MaybeUninitExt<T> for MaybeUninit<T> {
    #[inline(always)]
    fn write(&mut self, value: T) -> &mut T {
        *self = MaybeUninit::new(value);
        // SAFETY: the line above initialised it.
        unsafe { &mut *self.as_mut_ptr() }
    }
}
