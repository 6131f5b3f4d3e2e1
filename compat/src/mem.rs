//! [`core::mem`]: offsets, memory that is not initialised yet or all zero.

pub(crate) mod maybe_uninit;
pub(crate) mod offset_of;
pub(crate) mod with_offsets;
mod zeroable;

pub use core::mem::MaybeUninit;
#[cfg(not(no_offset_of_nested))]
pub use core::mem::{offset_of, offset_of as const_offset_of};

pub use crate::with_offsets;
#[cfg(no_offset_of_nested)]
pub use crate::{const_offset_of, offset_of};
pub use zeroable::Zeroable;
