//! [`core::ptr`]: raw pointers.

pub(crate) mod addr_of;
mod fn_addr;
pub(crate) mod methods;
pub(crate) mod non_null;
pub(crate) mod provenance;

#[cfg(no_addr_of)]
pub use crate::{addr_of, addr_of_mut};
#[cfg(not(no_addr_of))]
pub use core::ptr::{addr_of, addr_of_mut};

#[cfg(not(no_ptr_from_ref))]
pub use core::ptr::{addr_eq, from_mut, from_ref};
#[cfg(not(no_strict_provenance))]
pub use core::ptr::{
    dangling, dangling_mut, with_exposed_provenance, with_exposed_provenance_mut,
    without_provenance, without_provenance_mut,
};
#[cfg(no_strict_provenance)]
pub use provenance::{
    dangling, dangling_mut, with_exposed_provenance, with_exposed_provenance_mut,
    without_provenance, without_provenance_mut,
};

#[cfg(not(no_fn_addr_eq))]
pub use core::ptr::fn_addr_eq;
#[cfg(no_fn_addr_eq)]
pub use fn_addr::{fn_addr_eq, FnPtr};

pub use core::ptr::{slice_from_raw_parts, slice_from_raw_parts_mut, NonNull};

/// The pointer that a reference is: `core::ptr::from_ref` from Rust 1.76.
#[cfg(no_ptr_from_ref)]
#[inline(always)]
pub const fn from_ref<T: ?Sized>(reference: &T) -> *const T {
    reference
}

/// The pointer that an exclusive reference is: `core::ptr::from_mut` from Rust 1.76.
#[cfg(no_ptr_from_ref)]
#[inline(always)]
pub fn from_mut<T: ?Sized>(reference: &mut T) -> *mut T {
    reference
}

/// Whether two pointers have the same address, whatever metadata they carry:
/// `core::ptr::addr_eq` from Rust 1.76.
#[cfg(no_ptr_from_ref)]
#[inline(always)]
pub fn addr_eq<T: ?Sized, U: ?Sized>(p: *const T, q: *const U) -> bool {
    p as *const () == q as *const ()
}
