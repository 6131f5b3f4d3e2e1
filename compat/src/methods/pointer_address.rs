// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Methods of raw pointers that separate the address from the provenance.

/// Methods of raw pointers from Rust 1.84.
#[cfg(before_1_84)]
pub trait StrictProvenance: Sized {
    /// The address.
    fn addr(self) -> usize;
    /// The address, which `with_exposed_provenance` can convert back.
    fn expose_provenance(self) -> usize;
    /// The same pointer with another address.
    fn with_addr(self, addr: usize) -> Self;
    /// The same pointer with a function's result for its address.
    fn map_addr(self, f: impl FnOnce(usize) -> usize) -> Self;
}

#[cfg(before_1_84)]
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
                // By a distance, so that the provenance stays the old pointer's.
                let start = self as *const u8;
                let distance = (addr as isize).wrapping_sub(start as isize);
                crate::methods::pointer::with_start(self, start.wrapping_offset(distance))
            }
            #[inline(always)]
            fn map_addr(self, f: impl FnOnce(usize) -> usize) -> Self {
                let addr = f(self as *const () as usize);
                StrictProvenance::with_addr(self, addr)
            }
        }
    )*};
}
#[cfg(before_1_84)]
strict_provenance! { *const T; *mut T; }
