//! Tests of a device that run inside a real QEMU.
//!
//! They are a `cdylib` with [`tests!`](macro@crate::tests) and [`run_tests!`](crate::run_tests), most simply an
//! example whose source lies in `tests/`. QEMU loads it as it does any plugin; once the machine runs, the tests run in
//! its main loop. `cargo oldstable test` does that in every cell that has a QEMU, and counts them.
//!
//! ```toml
//! [lib]
//! crate-type = ["cdylib", "rlib"]
//!
//! [dev-dependencies]
//! oldstable = { version = "0.1", features = ["testing"] }
//!
//! [[example]]
//! name = "in_qemu"
//! path = "tests/in_qemu.rs"
//! crate-type = ["cdylib"]
//! ```
//!
//! By hand it is `qemu-system-aarch64 -M virt -display none -plugin target/debug/examples/libin_qemu.so`; for QEMU
//! 5.2, `LD_PRELOAD` in place of `-plugin`. `OLDSTABLE_ONLY=TEXT` in the environment runs the tests whose names contain
//! it.
//!
//! A device is made as its plugin makes it (`Odometer::new()`), and so are its properties set and its inputs
//! (`gpio_in(…).set(true)`). Here is the rest of what surrounds a device: a processor ([`read_u32`] and its like),
//! what its lines lead to ([`Lines`]), time ([`advance`], [`wait_until`]), a reset ([`reset_machine`]), migration
//! ([`save`], [`load`]), a client of QEMU's monitor ([`ask`]), a PCI bus ([`pci`]), an I²C bus ([`i2c`]), and the end
//! of QEMU with what it says ([`message_of_abort`], [`message_of_exit`]).
//!
//! It is a module of this crate, behind the feature `testing`, and no crate of its own: tests and device must be of one
//! version of the bindings, since the types of two are different types.
//!
//! All functions are for the thread that the tests run in.

mod end;
pub mod i2c;
mod lines;
mod machine;
mod memory;
mod migration;
pub mod pci;
mod qemu;
mod qmp;
mod runner;

pub use self::end::{message_of_abort, message_of_exit, message_of_panic};
pub use self::lines::Lines;
pub use self::machine::{advance, logged, reset_machine, Pause};
pub use self::memory::{
    read_u16, read_u32, read_u64, read_u8, try_read, try_write, write_u16, write_u32, write_u64, write_u8,
};
pub use self::migration::{load, save};
pub use self::qmp::ask;
#[doc(hidden)]
pub use self::runner::add;
pub use self::runner::{references, wait_until, Subject};
