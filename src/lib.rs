//! QEMU devices in safe Rust, built with the compiler that the distribution ships.

mod error;
pub mod pl011;

pub use error::{Error, Result};
