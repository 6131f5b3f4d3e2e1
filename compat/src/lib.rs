// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Newer items of std and core, for compilers back to Rust 1.48.
//!
//! Every item has the name, the signature and the meaning of std's item, in std's module. Where the compiler has the
//! item, it is a re-export of it. So you write code once, in today's Rust, and drop this crate by changing a prefix.
//! Methods are in extension traits that only exist on compilers that lack the methods; [`prelude!`] imports those that
//! exist.
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
//! The crate's README has the table of all items, and the list of items that are left out, with the reasons.
#![no_std]
#![deny(missing_docs)]
// An unsafe function here is std's, in a line or two: the conditions of its operations are those of the function
// itself. The lint exists from 1.52 on.
#![cfg_attr(any(clippy, pretended, not(before_1_52)), allow(unsafe_op_in_unsafe_fn))]
// Functions that are not generic are `#[inline]`, so that unused ones are not compiled. The integers' modules are here
// because std has them.
#![allow(clippy::legacy_numeric_constants)]

#[cfg(feature = "alloc")]
extern crate alloc as alloc_crate;
#[cfg(not(feature = "std"))]
extern crate core as base;
#[cfg(feature = "std")]
extern crate std;
#[cfg(feature = "std")]
extern crate std as base;

#[macro_use]
mod assert;
#[macro_use]
#[cfg(before_1_96)]
mod extension;
#[macro_use]
#[cfg(before_1_86)]
mod inline_debug;
#[macro_use]
mod c_str_literal;
pub(crate) mod methods;

// Modules of std that this crate adds items to.
pub mod any;
pub mod array;
pub mod cell;
pub mod cmp;
pub mod error;
pub mod f32;
pub mod f64;
pub mod ffi;
pub mod fmt;
pub mod future;
pub mod hash;
pub mod hint;
pub mod iter;
pub mod mem;
pub mod num;
pub mod ops;
pub mod panic;
pub mod pin;
pub mod prelude;
pub mod ptr;
pub mod slice;
pub mod str;
pub mod sync;
pub mod task;
pub mod time;

#[cfg(feature = "alloc")]
pub mod collections;
#[cfg(feature = "alloc")]
pub mod vec;

pub mod alloc;
#[cfg(feature = "std")]
pub mod backtrace;
#[cfg(feature = "std")]
pub mod fs;
#[cfg(feature = "std")]
pub mod io;
#[cfg(feature = "std")]
pub mod os;
#[cfg(feature = "std")]
pub mod path;
#[cfg(feature = "std")]
pub mod thread;

// Modules of std that are unchanged, or only gain methods.
#[cfg(feature = "alloc")]
pub use alloc_crate::{borrow, boxed, rc, string};
pub use base::{arch, ascii, char, clone, convert, default, marker, option, primitive, result};
pub use base::{i128, i16, i32, i64, i8, isize, u128, u16, u32, u64, u8, usize};
#[cfg(feature = "std")]
pub use std::{env, net, process};

/// Std's macros, which stand behind a glob: a module of the same name is the crate's own.
mod macros {
    #[cfg(feature = "alloc")]
    pub use alloc_crate::{format, vec};
    pub use base::{
        assert, assert_eq, assert_ne, cfg, column, compile_error, concat, debug_assert, debug_assert_eq,
        debug_assert_ne, file, format_args, include, include_bytes, include_str, line, matches, module_path,
        option_env, panic, stringify, todo, unimplemented, unreachable, write, writeln,
    };
    #[cfg(not(feature = "std"))]
    pub use core::env;
    #[cfg(all(feature = "std", any(target_arch = "x86", target_arch = "x86_64")))]
    pub use std::is_x86_feature_detected;
    #[cfg(feature = "std")]
    pub use std::{dbg, eprint, eprintln, print, println};
}
pub use macros::*;

#[cfg(all(not(before_1_59), feature = "std"))]
pub use std::thread_local;

#[cfg(not(before_1_82))]
pub use core::mem::{offset_of, offset_of as const_offset_of};
#[cfg(not(before_1_51))]
pub use core::ptr::{addr_of, addr_of_mut};
#[cfg(not(before_1_96))]
pub use core::{assert_matches, debug_assert_matches};

#[doc(hidden)]
pub mod __private;
#[doc(hidden)]
pub mod constant;
