//! Strict provenance: addresses apart from the right to access.
//!
//! The compilers before Rust 1.84 know of no such difference in types: an address that becomes a
//! pointer by a cast means there what it means to std's functions.

#[cfg(no_strict_provenance)]
use super::methods::with_start;

/// The address of a raw pointer as a number of its own.
#[cfg(no_strict_provenance)]
pub trait StrictProvenance: Sized {
    /// The address; std has it from Rust 1.84.
    fn addr(self) -> usize;
    /// The address, for `with_exposed_provenance` to come back from; std has it from Rust 1.84.
    fn expose_provenance(self) -> usize;
    /// The same pointer with another address; std has it from Rust 1.84.
    fn with_addr(self, addr: usize) -> Self;
    /// The same pointer with the address that a function makes of its own; std has it from Rust
    /// 1.84.
    fn map_addr(self, f: impl FnOnce(usize) -> usize) -> Self;
}

#[cfg(no_strict_provenance)]
macro_rules! strict_provenance {
    ($($Ptr:ty;)*) => {$(
        impl<T: ?Sized> StrictProvenance for $Ptr {
            #[inline(always)]
            fn addr(self) -> usize {
                self as *const () as usize
            }
            #[inline(always)]
            fn expose_provenance(self) -> usize {
                self as *const () as usize
            }
            #[inline(always)]
            fn with_addr(self, addr: usize) -> Self {
                with_start(self, addr as *const u8)
            }
            #[inline(always)]
            fn map_addr(self, f: impl FnOnce(usize) -> usize) -> Self {
                let addr = f(self as *const () as usize);
                StrictProvenance::with_addr(self, addr)
            }
        }
    )*};
}
#[cfg(no_strict_provenance)]
strict_provenance! { *const T; *mut T; }

/// A pointer with an address and no right to access: `core::ptr::without_provenance` from Rust
/// 1.84.
#[cfg(no_strict_provenance)]
#[inline(always)]
pub const fn without_provenance<T>(addr: usize) -> *const T {
    addr as *const T
}

/// A pointer with an address and no right to access: `core::ptr::without_provenance_mut` from
/// Rust 1.84.
#[cfg(no_strict_provenance)]
#[inline(always)]
pub const fn without_provenance_mut<T>(addr: usize) -> *mut T {
    addr as *mut T
}

/// An aligned pointer that points to nothing: `core::ptr::dangling` from Rust 1.84.
#[cfg(no_strict_provenance)]
#[inline(always)]
pub const fn dangling<T>() -> *const T {
    core::mem::align_of::<T>() as *const T
}

/// An aligned pointer that points to nothing: `core::ptr::dangling_mut` from Rust 1.84.
#[cfg(no_strict_provenance)]
#[inline(always)]
pub const fn dangling_mut<T>() -> *mut T {
    core::mem::align_of::<T>() as *mut T
}

/// A pointer from an address that `expose_provenance` gave:
/// `core::ptr::with_exposed_provenance` from Rust 1.84.
#[cfg(no_strict_provenance)]
#[inline(always)]
pub fn with_exposed_provenance<T>(addr: usize) -> *const T {
    addr as *const T
}

/// A pointer from an address that `expose_provenance` gave:
/// `core::ptr::with_exposed_provenance_mut` from Rust 1.84.
#[cfg(no_strict_provenance)]
#[inline(always)]
pub fn with_exposed_provenance_mut<T>(addr: usize) -> *mut T {
    addr as *mut T
}
