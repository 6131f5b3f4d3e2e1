use std::panic::{catch_unwind, AssertUnwindSafe};

/// The message that a function panics with.
pub fn panic_message<T: std::fmt::Debug>(f: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("it did not panic");
    match panic.downcast_ref::<&str>() {
        Some(message) => message.to_string(),
        None => panic.downcast_ref::<String>().expect("a message").clone(),
    }
}
