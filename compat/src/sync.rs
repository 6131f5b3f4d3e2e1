//! [`std::sync`]: values that are written once, by whichever thread comes first.

#[cfg(no_lazy_cell)]
mod lazy_lock;
#[cfg(no_once_cell)]
mod once_lock;

#[cfg(no_lazy_cell)]
pub use lazy_lock::LazyLock;
#[cfg(no_once_cell)]
pub use once_lock::OnceLock;
#[cfg(not(no_lazy_cell))]
pub use std::sync::LazyLock;
#[cfg(not(no_once_cell))]
pub use std::sync::OnceLock;
