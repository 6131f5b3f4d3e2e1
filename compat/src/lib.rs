//! What newer std and core have, for compilers back to Rust 1.48.
//!
//! Every item has the name, the signature and the meaning of the item of std that it stands in
//! for, in the module where std has it. Where the compiler has the real one, the item is a
//! re-export of it. So code is written once, as today's Rust, and leaves this crate by deleting a
//! prefix. Methods come as extension traits that only exist on compilers that lack the method;
//! [`prelude!`] imports what there is of them.
//!
//! ```
//! # #[cfg(feature = "std")] fn main() {
//! use oldstable_compat::ffi::{c_str, CStr};
//! use oldstable_compat::mem::{const_offset_of, with_offsets};
//! use oldstable_compat::sync::OnceLock;
//!
//! oldstable_compat::prelude!();
//!
//! with_offsets! {
//!     #[repr(C)]
//!     struct Header {
//!         magic: u8,
//!         len: u32,
//!     }
//! }
//!
//! const NAME: &CStr = c_str!("header");
//! const LEN: usize = const_offset_of!(Header, len);
//! static PAGES: OnceLock<u32> = OnceLock::new();
//!
//! assert_eq!(NAME.count_bytes(), 6);
//! assert_eq!(*PAGES.get_or_init(|| 10_u32.div_ceil(4)), 3);
//! assert_eq!(LEN, 4);
//! # }
//! # #[cfg(not(feature = "std"))] fn main() {}
//! ```
//!
//! The table of all items, and the list of what is left out and why, is in the crate's README.
#![no_std]
#![warn(missing_docs)]

#[cfg(feature = "std")]
extern crate std;

#[macro_use]
mod assert;
#[macro_use]
mod c_str_literal;
mod bool;
mod num;
mod option;
mod slice;
mod str;

pub mod array;
pub mod cell;
pub mod error;
pub mod ffi;
pub mod hint;
#[cfg(feature = "std")]
pub mod io;
pub mod mem;
pub mod panic;
pub mod prelude;
pub mod ptr;
#[cfg(feature = "std")]
pub mod sync;
#[cfg(feature = "std")]
pub mod thread;

#[cfg(not(no_assert_matches))]
pub use core::assert_matches;
#[cfg(not(no_offset_of_nested))]
pub use core::mem::{offset_of, offset_of as const_offset_of};
#[cfg(not(no_addr_of))]
pub use core::ptr::{addr_of, addr_of_mut};

#[doc(hidden)]
pub mod __private;
