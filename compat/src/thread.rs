//! [`std::thread`]: threads that borrow from the one that starts them.

#[cfg(no_scoped_threads)]
mod scoped;

#[cfg(no_scoped_threads)]
pub use scoped::{scope, Scope, ScopedJoinHandle};
#[cfg(not(no_scoped_threads))]
pub use std::thread::{scope, Scope, ScopedJoinHandle};
