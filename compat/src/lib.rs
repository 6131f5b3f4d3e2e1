//! What newer std and core have, for compilers back to Rust 1.48.
#![no_std]

#[cfg(feature = "std")]
extern crate std;

#[macro_use]
mod c_str;
pub mod ffi;
pub mod mem;
pub mod prelude;
pub mod ptr;

#[cfg(not(no_addr_of))]
pub use core::ptr::{addr_of, addr_of_mut};
#[cfg(not(no_offset_of_nested))]
pub use core::mem::{offset_of, offset_of as const_offset_of};

#[doc(hidden)]
pub mod __private;
