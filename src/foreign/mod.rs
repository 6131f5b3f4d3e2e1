//! Values that cross between Rust and C, with the ownership of the memory in the type.
#[macro_use]
mod field;

mod alloc;
mod borrow;
mod boxed;
mod convert;
mod counted;
mod error;
mod libc;
mod null_terminated;
mod number;
mod option;
mod owned;
mod record;
mod slice;
mod string;

pub use crate::foreign_struct;
pub use alloc::{Allocator, Glib, Malloc};
pub use borrow::{
    BorrowForeign, BorrowForeignMut, BorrowedMutPointer, BorrowedPointer, IntoForeign,
};
pub use boxed::RawBox;
pub use convert::{CloneToForeign, FromForeign, IntoNative, Utf8};
pub use counted::{Counted, ForeignArray, Length};
pub use error::ConversionError;
#[doc(hidden)]
pub use field::{clone_block, free_block, read_block, OwnedField};
pub use field::{FixedAlloc, ForeignField};
pub use null_terminated::NullTerminated;
pub use owned::{Interchangeable, OwnedPointer};
pub use record::ForeignPair;
pub use string::CloneIntoBuffer;

#[cfg(test)]
mod tests;
