//! `std::os::fd`, from Rust 1.66: file descriptors, owned and borrowed.

#[cfg(not(before_1_66))]
pub use std::os::fd::*;
#[cfg(before_1_66)]
pub use std::os::unix::io::*;

#[cfg(before_1_63)]
mod owned;
#[cfg(before_1_63)]
pub use owned::{AsFd, BorrowedFd, OwnedFd};
