//! Methods of `NonNull`.

#[cfg(no_nonnull_from_ref)]
use super::NonNull;

/// `from_ref` and `from_mut` of `NonNull`.
#[cfg(no_nonnull_from_ref)]
pub trait NonNullFromRef<T: ?Sized> {
    /// The pointer that a reference is; std has it from Rust 1.89.
    fn from_ref(reference: &T) -> NonNull<T>;
    /// The pointer that an exclusive reference is; std has it from Rust 1.89.
    fn from_mut(reference: &mut T) -> NonNull<T>;
}

#[cfg(no_nonnull_from_ref)]
impl<T: ?Sized> NonNullFromRef<T> for NonNull<T> {
    #[inline(always)]
    fn from_ref(reference: &T) -> NonNull<T> {
        NonNull::from(reference)
    }
    #[inline(always)]
    fn from_mut(reference: &mut T) -> NonNull<T> {
        NonNull::from(reference)
    }
}

/// Arithmetic and access of `NonNull`, as raw pointers have them.
#[cfg(no_nonnull_methods)]
pub trait NonNullMethods<T>: Sized {
    /// The pointer `count` elements on; std has it from Rust 1.80.
    ///
    /// # Safety
    ///
    /// As for `add` of a raw pointer: the result stays inside the same allocation.
    unsafe fn add(self, count: usize) -> Self;
    /// The pointer `count` elements back; std has it from Rust 1.80.
    ///
    /// # Safety
    ///
    /// As for `sub` of a raw pointer: the result stays inside the same allocation.
    unsafe fn sub(self, count: usize) -> Self;
    /// The pointer `count` elements on or back; std has it from Rust 1.80.
    ///
    /// # Safety
    ///
    /// As for `offset` of a raw pointer: the result stays inside the same allocation.
    unsafe fn offset(self, count: isize) -> Self;
    /// The value that it points to, without moving it; std has it from Rust 1.80.
    ///
    /// # Safety
    ///
    /// As for `read` of a raw pointer: it points to a valid, aligned value.
    unsafe fn read(self) -> T;
    /// Overwrites what it points to without dropping it; std has it from Rust 1.80.
    ///
    /// # Safety
    ///
    /// As for `write` of a raw pointer: it points to memory for an aligned value.
    unsafe fn write(self, value: T);
}

#[cfg(no_nonnull_methods)]
impl<T> NonNullMethods<T> for NonNull<T> {
    #[inline(always)]
    unsafe fn add(self, count: usize) -> Self {
        NonNull::new_unchecked(self.as_ptr().add(count))
    }
    #[inline(always)]
    unsafe fn sub(self, count: usize) -> Self {
        NonNull::new_unchecked(self.as_ptr().sub(count))
    }
    #[inline(always)]
    unsafe fn offset(self, count: isize) -> Self {
        NonNull::new_unchecked(self.as_ptr().offset(count))
    }
    #[inline(always)]
    unsafe fn read(self) -> T {
        self.as_ptr().read()
    }
    #[inline(always)]
    unsafe fn write(self, value: T) {
        self.as_ptr().write(value)
    }
}

/// `slice_from_raw_parts` of `NonNull<[T]>`.
#[cfg(no_nonnull_slice)]
pub trait NonNullSlice<T> {
    /// A pointer to `len` elements; std has it from Rust 1.70.
    fn slice_from_raw_parts(start: NonNull<T>, len: usize) -> NonNull<[T]>;
}

#[cfg(no_nonnull_slice)]
impl<T> NonNullSlice<T> for NonNull<[T]> {
    #[inline(always)]
    fn slice_from_raw_parts(start: NonNull<T>, len: usize) -> NonNull<[T]> {
        // SAFETY: `start` is not null.
        unsafe { NonNull::new_unchecked(super::slice_from_raw_parts_mut(start.as_ptr(), len)) }
    }
}
