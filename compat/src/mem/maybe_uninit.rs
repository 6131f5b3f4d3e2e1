//! Methods of `MaybeUninit`.

#[cfg(no_maybe_uninit_drop)]
use super::MaybeUninit;

/// `write`, `assume_init_ref` and `assume_init_mut` of `MaybeUninit`.
#[cfg(no_maybe_uninit_write)]
pub trait MaybeUninitWrite<T> {
    /// Stores a value without dropping the one before it; std has it from Rust 1.55.
    fn write(&mut self, value: T) -> &mut T;
    /// The value; std has it from Rust 1.55.
    ///
    /// # Safety
    ///
    /// It is initialised.
    unsafe fn assume_init_ref(&self) -> &T;
    /// The value; std has it from Rust 1.55.
    ///
    /// # Safety
    ///
    /// It is initialised.
    unsafe fn assume_init_mut(&mut self) -> &mut T;
}

#[cfg(no_maybe_uninit_write)]
impl<T> MaybeUninitWrite<T> for MaybeUninit<T> {
    #[inline(always)]
    fn write(&mut self, value: T) -> &mut T {
        *self = MaybeUninit::new(value);
        // SAFETY: the line above initialised it.
        unsafe { &mut *self.as_mut_ptr() }
    }
    #[inline(always)]
    unsafe fn assume_init_ref(&self) -> &T {
        &*self.as_ptr()
    }
    #[inline(always)]
    unsafe fn assume_init_mut(&mut self) -> &mut T {
        &mut *self.as_mut_ptr()
    }
}

/// `assume_init_drop` and `assume_init_read` of `MaybeUninit`.
#[cfg(no_maybe_uninit_drop)]
pub trait MaybeUninitDrop<T> {
    /// Drops the value in place; std has it from Rust 1.60.
    ///
    /// # Safety
    ///
    /// It is initialised, and nobody uses it any more.
    unsafe fn assume_init_drop(&mut self);
    /// The value, without moving it; std has it from Rust 1.60.
    ///
    /// # Safety
    ///
    /// It is initialised, and only one of the copies is used unless the type is `Copy`.
    unsafe fn assume_init_read(&self) -> T;
}

#[cfg(no_maybe_uninit_drop)]
impl<T> MaybeUninitDrop<T> for MaybeUninit<T> {
    #[inline(always)]
    unsafe fn assume_init_drop(&mut self) {
        self.as_mut_ptr().drop_in_place()
    }
    #[inline(always)]
    unsafe fn assume_init_read(&self) -> T {
        self.as_ptr().read()
    }
}
