//! What the expansions of our macros name. Not for anyone else.

pub use core;

#[cfg(all(feature = "std", no_offset_of, feature = "cstr"))]
pub use cstr::cstr;
#[cfg(all(no_offset_of, feature = "memoffset"))]
pub use memoffset;

pub use crate::c_str_literal::{Nuls, Text};
#[cfg(no_offset_of_nested)]
pub use crate::mem::offset_of::not_through_deref;
#[cfg(no_offset_of_nested)]
pub use crate::mem::with_offsets::{round_up, FieldOffset, Nested, Offsets, WithOffsets};
#[cfg(no_addr_of)]
pub use crate::ptr::addr_of::raw_mut;
