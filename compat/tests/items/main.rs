//! What the crate has behaves as std's does: a file for each module of std, or for a few.
#![allow(unstable_name_collisions)]
// The items are called in each way that std's can be called, also in those that no program would choose.
#![allow(clippy::complexity, clippy::perf, clippy::style)]

mod array;
mod assert;
mod atomic;
mod bool;
mod c_str;
mod cell;
mod cmp;
mod collections;
mod error;
mod ffi;
mod files;
mod fmt;
mod hint;
mod integer;
mod io;
mod iter;
mod mem;
mod net;
mod num;
mod offset_of;
mod option;
mod os_fd;
mod panic;
mod pointers;
mod prelude;
mod ptr;
mod result;
mod shared;
mod slice;
mod slice_parts;
mod str;
mod sync;
mod task;
mod text;
mod thread;
mod time;
mod vec;
mod with_offsets;

/// The message that a function panics with.
fn panic_message<T: std::fmt::Debug>(f: impl FnOnce() -> T) -> String {
    use std::panic::{catch_unwind, AssertUnwindSafe};
    let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("it did not panic");
    match panic.downcast_ref::<&str>() {
        Some(message) => message.to_string(),
        None => panic.downcast_ref::<String>().expect("a message").clone(),
    }
}
