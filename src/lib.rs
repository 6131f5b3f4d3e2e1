//! QEMU devices in safe Rust, built with the compiler that the distribution ships.

// A macro of this crate that a device author uses names the shims by this path.
#[doc(hidden)]
pub use oldstable_compat as compat;

pub mod foreign;

mod error;

#[macro_use]
pub mod sys;

pub mod bh;
pub mod bql;
pub mod callback;
pub mod chardev;
pub mod clock;
pub mod dma;
pub mod i2c;
pub mod irq;
pub mod log;
pub mod memory;
pub mod pci;
pub mod pl011;
pub mod plugin;
pub mod qdev;
pub mod qom;
pub mod runstate;
pub mod sysbus;
pub mod timer;
pub mod user_creatable;
pub mod vmstate;

pub use error::{Error, ErrorClass, Result};
