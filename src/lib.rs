// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU devices in safe Rust, built with the compiler that the distribution ships.
//!
//! A device is a struct, its properties, its virtual methods as constants of traits, and one line that makes
//! the crate, a `cdylib`, into an object that a stock QEMU loads:
//!
//! ```
//! use oldstable::bql::BqlCell;
//! use oldstable::memory::{MemoryRegion, MemoryRegionOps};
//! use oldstable::qdev::{DeviceImpl, DeviceState};
//! use oldstable::qom::{Object, ObjectImpl};
//! use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
//!
//! oldstable::qdev_define_conf! {
//!     pub struct CounterConf {
//!         "step" => step: u32 = 1,
//!     }
//! }
//!
//! oldstable::qom_define_type! {
//!     /// Counts the reads of its one register.
//!     pub struct Counter("counter"): SysBusDevice, DeviceState, Object {
//!         conf: CounterConf,
//!         registers: MemoryRegion,
//!         count: BqlCell<u32>,
//!     }
//! }
//!
//! impl ObjectImpl for Counter {
//!     const INSTANCE_INIT: Option<fn(&Self)> = Some(|counter| {
//!         counter.registers.init_io(counter, "counter", 4);
//!         counter.init_mmio(&counter.registers);
//!     });
//! }
//!
//! impl DeviceImpl for Counter {
//!     const COLD_RESET: Option<fn(&Self)> = Some(|counter| counter.count.set(0));
//! }
//!
//! impl SysBusDeviceImpl for Counter {}
//!
//! impl MemoryRegionOps for Counter {
//!     const READ: fn(&Self, u64, u32) -> u64 = |counter, _offset, _size| {
//!         let count = counter.count.get().wrapping_add(counter.conf.step.get());
//!         counter.count.set(count);
//!         count.into()
//!     };
//!     const WRITE: fn(&Self, u64, u64, u32) = |_, _, _, _| ();
//! }
//!
//! oldstable::plugin!(Counter);
//! # fn main() {}
//! ```
//!
//! `qemu-system-aarch64 -plugin ./libcounter.so …` loads it, and so does `LD_PRELOAD` if QEMU has no plugins (5.2). One
//! object works in every QEMU whose ABI is known: 5.2, 7.2, 10.0 and 11.1 as Debian builds them. It builds from Rust
//! 1.48 on.
//!
//! In the repository, `docs/first-device.md` is a tutorial of ten minutes, from an empty folder to a device in QEMU,
//! and `docs/soundness.md` explains what each rule prevents.
//!
//! The modules, in order: each uses only those above it, as `tests/order.rs` checks.
//!
//! - [`sys`]: QEMU's C ABI, and every difference between its releases. Devices do not need it.
//! - [`foreign`]: conversions between Rust and C values, with ownership in the type.
//! - [`Error`]: errors, to QEMU and from it.
//! - [`bql`], [`callback`], [`log`](mod@log): the big lock, functions that C calls back, QEMU's log.
//! - [`qom`]: classes, casts, reference counts, methods and subclasses.
//! - [`bh`], [`qmp`], [`runstate`], [`timer`]: deferred work, events for the monitor, the machine's run state, time.
//! - [`vmstate`]: what of a device migrates.
//! - [`qdev`]: devices, their properties, their reset.
//! - [`chardev`], [`clock`], [`drive`], [`irq`], [`memory`], [`dma`]: a device's interfaces.
//! - [`i2c`], [`pci`], [`ssi`], [`sysbus`], [`user_creatable`]: where it plugs in.
//! - [`plugin`](mod@plugin): how an object is loaded into an unmodified QEMU.
//! - [`pl011`]: ARM's serial port, better than the one in C.
//! - `testing`, with the feature of that name: tests of a device that run inside a real QEMU.

#![deny(missing_docs)]
#![warn(clippy::missing_errors_doc)]
// Each unsafe operation is in a block, in an unsafe function as well (Cargo.toml). Compilers before 1.65 warn that such
// a block is unused.
#![cfg_attr(not(clippy), allow(unused_unsafe))]

// This crate's macros use this path to the shims in the device author's crate.
#[doc(hidden)]
pub use oldstable_compat as compat;

mod report;

pub mod sys;

pub mod foreign;

mod error;

pub mod bql;
pub mod callback;
mod listeners;
pub mod log;

pub mod qom;

pub mod bh;
pub mod qmp;
pub mod runstate;
pub mod timer;

pub mod vmstate;

pub mod qdev;

pub mod chardev;
pub mod clock;
pub mod drive;
pub mod irq;
pub mod memory;

pub mod dma;

pub mod i2c;
pub mod pci;
pub mod ssi;
pub mod sysbus;
pub mod user_creatable;

pub mod plugin;

pub mod pl011;

#[cfg(feature = "testing")]
pub mod testing;

pub use error::{Error, ErrorClass, Result};
