// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Tests of a device that run inside a real QEMU.
//!
//! They are a `cdylib` with [`tests!`](macro@crate::tests) and [`run_tests!`](crate::run_tests), most simply an
//! example whose source lies in `tests/`. QEMU loads it like any plugin; once the machine runs, the tests run in its
//! main loop. `cargo oldstable test` does this in every cell with a QEMU, and counts the tests.
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
//! To run them by hand, use `qemu-system-aarch64 -M virt -display none -plugin
//! target/debug/examples/libin_qemu.so`; with QEMU 5.2, `LD_PRELOAD` instead of `-plugin`. `OLDSTABLE_ONLY=TEXT` in the
//! environment runs only the tests whose names contain TEXT.
//!
//! Make a device as its plugin does (`Odometer::new()`), and set its properties and inputs in the same way
//! (`gpio_in(…).set(true)`). This module has the rest of a device's surroundings: a processor ([`read_u32`] and the
//! like), the other end of its lines ([`Lines`]), time ([`advance`], [`wait_until`]), a reset ([`reset_machine`]),
//! migration ([`save`], [`load`]), a client of QEMU's monitor ([`ask`], [`events`]), a PCI bus ([`pci`]), an I²C bus ([`i2c`]), a
//! bus of a controller's own ([`plug`]), and QEMU's exit with its message ([`message_of_abort`], [`message_of_exit`]).
//!
//! It is a module of this crate, behind the feature `testing`, and not a crate of its own, because tests and device
//! must use the same version of the bindings: two versions have different types.
//!
//! Call all functions on the thread of the tests.

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
pub use self::machine::{advance, logged, plug, reset_machine, Pause};
pub use self::memory::{
    read_u16, read_u32, read_u64, read_u8, try_read, try_write, write_u16, write_u32, write_u64, write_u8,
};
pub use self::migration::{load, save};
pub use self::qmp::{ask, events};
#[doc(hidden)]
pub use self::runner::add;
pub use self::runner::{references, wait_until, Subject};
