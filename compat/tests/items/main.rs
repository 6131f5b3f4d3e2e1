//! What the crate has behaves as std's does: a file for each module of std.

mod array;
mod assert;
mod bool;
mod c_str;
mod cell;
mod error;
mod ffi;
mod hint;
mod io;
mod mem;
mod num;
mod offset_of;
mod option;
mod panic;
mod prelude;
mod ptr;
mod slice;
mod str;
mod sync;
mod thread;
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
