// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! The crate's items behave like std's: a file for each module of std, or for several.
#![allow(unstable_name_collisions)]
// The items are called in all ways in which std's can be called, including unusual ones.
#![allow(clippy::complexity, clippy::perf, clippy::style)]

mod array;
mod assert;
mod auto_traits;
mod bool;
#[cfg(feature = "std")]
mod by_trait;
#[cfg(feature = "std")]
mod by_trait_std;
mod c_str;
mod cell;
mod error;
mod ffi;
mod hint;
mod in_const;
mod io;
mod mem;
mod num;
mod offset_of;
mod option;
mod panic;
#[cfg(feature = "std")]
mod paths;
mod prelude;
mod ptr;
mod slice;
mod str;
mod sync;
mod thread;
mod with_offsets;

// They call methods like a program. If a newer compiler pretends to be an older one, such a call means std's own method
// or is ambiguous, so these run only on real compilers.
#[cfg(not(pretended))]
#[path = ""]
mod called {
    mod atomic;
    mod cmp;
    mod collections;
    mod files;
    mod fmt;
    mod integer;
    mod iter;
    mod layout;
    mod net;
    mod os_fd;
    mod pointers;
    mod result;
    mod shared;
    mod slice_parts;
    mod task;
    mod text;
    mod time;
    mod vec;
}

/// The steps in which a test goes through all values of a type. In Miri, which takes some thousand times as long, it takes
/// few, with the first and the last.
const EACH: usize = if cfg!(miri) { 51 } else { 1 };

/// Returns the message with which a function panics.
fn panic_message<T: std::fmt::Debug>(f: impl FnOnce() -> T) -> String {
    use std::panic::{catch_unwind, AssertUnwindSafe};
    let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("it did not panic");
    match panic.downcast_ref::<&str>() {
        Some(message) => message.to_string(),
        None => panic.downcast_ref::<String>().expect("a message").clone(),
    }
}
