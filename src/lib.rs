//! QEMU devices in safe Rust, built with the compiler that the distribution ships.

mod error;

pub use error::{Error, Result};
