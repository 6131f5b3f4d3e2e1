//! [`core::cell`]: cells that are written once, and pointers into cells.

#[cfg(no_lazy_cell)]
mod lazy;
#[cfg(no_once_cell)]
mod once;

#[cfg(not(no_lazy_cell))]
pub use core::cell::LazyCell;
#[cfg(not(no_once_cell))]
pub use core::cell::OnceCell;
pub use core::cell::UnsafeCell;
#[cfg(no_lazy_cell)]
pub use lazy::LazyCell;
#[cfg(no_once_cell)]
pub use once::OnceCell;

/// `raw_get` of `UnsafeCell`.
#[cfg(no_unsafe_cell_raw_get)]
pub trait UnsafeCellRawGet<T: ?Sized> {
    /// A pointer to the value in a cell that need not be initialised; std has it from Rust 1.56.
    fn raw_get(this: *const Self) -> *mut T;
}

#[cfg(no_unsafe_cell_raw_get)]
impl<T: ?Sized> UnsafeCellRawGet<T> for UnsafeCell<T> {
    #[inline(always)]
    fn raw_get(this: *const Self) -> *mut T {
        // UnsafeCell is repr(transparent).
        this as *const T as *mut T
    }
}
