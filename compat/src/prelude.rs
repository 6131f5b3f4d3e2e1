//! The extension traits. Each exists only on compilers that lack its methods.

#[cfg(no_bool_then)]
pub use crate::bool::BoolThen;
#[cfg(no_bool_then_some)]
pub use crate::bool::BoolThenSome;
#[cfg(no_unsafe_cell_raw_get)]
pub use crate::cell::UnsafeCellRawGet;
#[cfg(all(no_cstr_count_bytes, any(feature = "std", not(no_ffi_c_types))))]
pub use crate::ffi::c_str_methods::CStrCountBytes;
#[cfg(all(no_cstr_is_empty, any(feature = "std", not(no_ffi_c_types))))]
pub use crate::ffi::c_str_methods::CStrIsEmpty;
#[cfg(all(no_cstr_until_nul, any(feature = "std", not(no_ffi_c_types))))]
pub use crate::ffi::c_str_methods::CStrUntilNul;
#[cfg(no_maybe_uninit_drop)]
pub use crate::mem::maybe_uninit::MaybeUninitDrop;
#[cfg(no_maybe_uninit_write)]
pub use crate::mem::maybe_uninit::MaybeUninitWrite;
#[cfg(no_abs_diff)]
pub use crate::num::AbsDiff;
#[cfg(no_ilog)]
pub use crate::num::Ilog;
#[cfg(no_int_bits)]
pub use crate::num::IntBits;
#[cfg(no_int_roundings)]
pub use crate::num::IntRoundings;
#[cfg(no_is_multiple_of)]
pub use crate::num::IsMultipleOf;
#[cfg(no_unsigned_abs)]
pub use crate::num::UnsignedAbs;
#[cfg(no_mixed_integer_ops)]
pub use crate::num::{MixedSigned, MixedUnsigned};
#[cfg(no_is_none_or)]
pub use crate::option::IsNoneOr;
#[cfg(no_is_some_and)]
pub use crate::option::IsSomeAnd;
#[cfg(no_option_insert)]
pub use crate::option::OptionInsert;
#[cfg(no_unwrap_unchecked)]
pub use crate::option::OptionUnwrapUnchecked;
#[cfg(no_ptr_byte_offsets)]
pub use crate::ptr::methods::PtrByteOffsets;
#[cfg(no_ptr_is_aligned)]
pub use crate::ptr::methods::PtrIsAligned;
#[cfg(no_ptr_cast_mut)]
pub use crate::ptr::methods::{ConstCast, MutCast};
#[cfg(no_nonnull_from_ref)]
pub use crate::ptr::non_null::NonNullFromRef;
#[cfg(no_nonnull_methods)]
pub use crate::ptr::non_null::NonNullMethods;
#[cfg(no_nonnull_slice)]
pub use crate::ptr::non_null::NonNullSlice;
#[cfg(no_strict_provenance)]
pub use crate::ptr::provenance::StrictProvenance;
#[cfg(no_slice_as_chunks)]
pub use crate::slice::SliceAsChunks;
#[cfg(no_slice_fill)]
pub use crate::slice::SliceFill;
#[cfg(no_slice_first_chunk)]
pub use crate::slice::SliceFirstChunk;
#[cfg(no_str_split_once)]
pub use crate::str::StrSplitOnce;

/// Imports the extension traits of [`prelude`](mod@crate::prelude), without a warning where there
/// are none or none of them is used.
///
/// Some compilers have a method of the same name already, which is not stable there, and say so
/// (`unstable_name_collisions`) at each call. The call means our method as long as it does not
/// build there without this crate, so `#![allow(unstable_name_collisions)]` at the crate's root
/// is right; no macro can put it there.
#[macro_export]
macro_rules! prelude {
    () => {
        #[allow(unused_imports)]
        use $crate::prelude::*;
    };
}
