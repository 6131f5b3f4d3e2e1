// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The extension traits, in one file for each type. Each exists only on compilers that lack its methods.
//!
//! The prelude imports exactly the traits that are listed here.
// The release determines which of the files' imports and macros are used.
#![allow(unused_imports, unused_macros)]
// The signatures are std's; the bodies are code that clippy would replace by the very method; and if all methods of a
// trait have the same safety condition, the trait's documentation states it.
#![allow(
    clippy::manual_map,
    clippy::map_clone,
    clippy::mem_replace_with_default,
    clippy::missing_safety_doc,
    clippy::new_ret_no_self,
    clippy::should_implement_trait,
    clippy::unnecessary_lazy_evaluations,
    clippy::wrong_self_convention,
    clippy::redundant_closure,
    clippy::manual_unwrap_or_default
)]

// The release determines which kinds of integers have methods.
#[allow(dead_code)]
#[macro_use]
pub(crate) mod integer_macro;
#[cfg(before_1_57)]
#[macro_use]
mod capacity;

pub(crate) mod array;
pub(crate) mod atomic;
pub(crate) mod bool;
#[cfg(feature = "alloc")]
pub(crate) mod borrow;
pub(crate) mod bound;
#[cfg(feature = "alloc")]
pub(crate) mod btree;
#[cfg(any(feature = "std", not(before_1_64)))]
pub(crate) mod c_str;
pub(crate) mod cell;
pub(crate) mod char;
pub(crate) mod cmp;
pub(crate) mod control_flow;
#[cfg(feature = "alloc")]
pub(crate) mod deque;
pub(crate) mod duration;
pub(crate) mod float;
pub(crate) mod fmt;
#[cfg(feature = "std")]
pub(crate) mod fs;
pub(crate) mod hash;
#[cfg(feature = "std")]
pub(crate) mod hash_map;
#[cfg(feature = "alloc")]
pub(crate) mod heap;
pub(crate) mod integer;
pub(crate) mod integer_strict;
pub(crate) mod integer_wide;
#[cfg(feature = "std")]
pub(crate) mod io;
pub(crate) mod iter;
pub(crate) mod layout;
pub(crate) mod maybe_uninit;
#[cfg(feature = "std")]
pub(crate) mod net;
pub(crate) mod non_null;
pub(crate) mod non_zero;
pub(crate) mod option;
#[cfg(feature = "std")]
pub(crate) mod os_str;
#[cfg(feature = "std")]
pub(crate) mod panic;
pub(crate) mod parse_error;
pub(crate) mod peekable;
pub(crate) mod pin;
pub(crate) mod pointer;
pub(crate) mod pointer_address;
#[cfg(feature = "alloc")]
pub(crate) mod rc;
pub(crate) mod result;
pub(crate) mod slice;
pub(crate) mod slice_arrays;
pub(crate) mod str;
#[cfg(feature = "alloc")]
pub(crate) mod string;
pub(crate) mod task;
#[cfg(feature = "std")]
pub(crate) mod thread;
#[cfg(feature = "alloc")]
pub(crate) mod vec;

/// A range of indices below a length.
///
/// # Panics
///
/// If the range is out of bounds.
#[cfg(all(before_1_87, feature = "alloc"))]
#[inline]
pub(crate) fn range_of(range: impl core::ops::RangeBounds<usize>, len: usize) -> core::ops::Range<usize> {
    use core::ops::Bound::{Excluded, Included, Unbounded};
    let start = match range.start_bound() {
        Included(&start) => start,
        Excluded(&start) => start.checked_add(1).expect("attempted to index slice from after maximum usize"),
        Unbounded => 0,
    };
    let end = match range.end_bound() {
        Included(&end) => end.checked_add(1).expect("attempted to index slice up to maximum usize"),
        Excluded(&end) => end,
        Unbounded => len,
    };
    assert!(start <= end, "slice index starts at {} but ends at {}", start, end);
    assert!(end <= len, "range end index {} out of range for slice of length {}", end, len);
    start..end
}
