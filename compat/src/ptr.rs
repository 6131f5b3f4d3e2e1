// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`core::ptr`]: raw pointers.

pub use base::ptr::*;

#[cfg(before_1_51)]
mod addr_of;
#[cfg(before_1_84)]
mod address;
#[cfg(before_1_85)]
mod fn_addr;

#[cfg(before_1_51)]
pub use crate::{addr_of, addr_of_mut};
#[cfg(before_1_84)]
pub use address::{
    dangling, dangling_mut, with_exposed_provenance, with_exposed_provenance_mut, without_provenance,
    without_provenance_mut,
};
#[cfg(before_1_85)]
pub use fn_addr::{fn_addr_eq, FnPtr};

/// The pointer to a reference's target: `core::ptr::from_ref` from Rust 1.76.
#[cfg(before_1_76)]
#[inline(always)]
pub const fn from_ref<T: ?Sized>(reference: &T) -> *const T {
    reference
}

/// The pointer to an exclusive reference's target: `core::ptr::from_mut` from Rust 1.76.
#[cfg(before_1_76)]
#[inline(always)]
pub fn from_mut<T: ?Sized>(reference: &mut T) -> *mut T {
    reference
}

/// Whether two pointers have the same address, whatever metadata they carry:
/// `core::ptr::addr_eq` from Rust 1.76.
#[cfg(before_1_76)]
#[inline(always)]
pub fn addr_eq<T: ?Sized, U: ?Sized>(p: *const T, q: *const U) -> bool {
    p as *const () == q as *const ()
}
