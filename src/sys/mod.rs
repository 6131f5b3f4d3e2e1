// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The C ABI of QEMU, by hand. All differences between its releases are here and nowhere else.
//!
//! One object works in every release in [`RELEASES`], for three reasons:
//!
//! - Structs that a device embeds have the largest size and alignment that any known release needs.
//!   QEMU uses the front of the space.
//! - The differences are data: one table of numbers per release, chosen once, when the object is loaded.
//! - No function or variable of QEMU is linked. `imports` looks each one up by name when the object
//!   is loaded, so the object can say which one is missing, and test programs and other processes link and start
//!   without QEMU.
//!
//! The files have the names of the modules that use them.

#[macro_use]
mod imports;
#[macro_use]
mod opaque;
mod release;

mod check;

mod bh;
mod block;
mod chardev;
mod clock;
mod error;
mod glib;
mod i2c;
mod irq;
mod lock;
mod log;
mod memory;
mod pci;
mod qdev;
mod qmp;
mod qom;
mod runstate;
mod ssi;
mod startup;
mod sysbus;
mod timer;
mod user_creatable;
mod vmstate;

pub use self::bh::*;
pub use self::block::*;
pub use self::chardev::*;
pub use self::clock::*;
pub use self::error::*;
pub use self::glib::*;
pub use self::i2c::*;
pub use self::irq::*;
pub use self::lock::*;
pub use self::log::*;
pub use self::memory::*;
pub use self::opaque::Opaque;
pub use self::pci::*;
pub use self::qdev::*;
pub use self::qmp::*;
pub use self::qom::*;
pub use self::release::{
    load, release, verify, DeviceClassLayout, I2cClassLayout, LoadError, MemTxAttrsLayout, PciClassLayout,
    PciDeviceLayout, PropertyLayout, Release, Sizes, VmStateDescriptionLayout, VmStateFieldLayout, RELEASES,
};
pub use self::runstate::*;
pub use self::ssi::*;
pub use self::startup::*;
pub use self::sysbus::*;
pub use self::timer::*;
pub use self::user_creatable::*;
pub use self::vmstate::*;

#[cfg(feature = "testing")]
pub(crate) use self::imports::lookup;
use self::imports::Imports;

/// Every table of functions and variables that [`load`] fills, except those of [`BUSES`].
static IMPORTS: &[&Imports] = &[
    &bh::IMPORTS,
    &block::IMPORTS,
    &chardev::IMPORTS,
    &clock::IMPORTS,
    &error::IMPORTS,
    &glib::IMPORTS,
    &irq::IMPORTS,
    &lock::IMPORTS,
    &log::IMPORTS,
    &memory::IMPORTS,
    &qdev::IMPORTS,
    &qmp::IMPORTS,
    &qom::IMPORTS,
    &runstate::IMPORTS,
    &startup::IMPORTS,
    &sysbus::IMPORTS,
    &timer::IMPORTS,
    &user_creatable::IMPORTS,
    &vmstate::IMPORTS,
];

/// A bus that not every QEMU has: its type of device, a symbol that only exists with it, and the imports of such
/// devices.
struct Bus {
    device: &'static str,
    symbol: &'static str,
    imports: &'static Imports,
}

impl Bus {
    fn is_there(&self) -> bool {
        !imports::lookup(self.symbol).is_null()
    }
}

static BUSES: [Bus; 3] = [
    Bus { device: "i2c-slave", symbol: "vmstate_i2c_slave\0", imports: &i2c::IMPORTS },
    Bus { device: "pci-device", symbol: "vmstate_pci_device\0", imports: &pci::IMPORTS },
    Bus { device: "ssi-peripheral", symbol: "ssi_create_bus\0", imports: &ssi::IMPORTS },
];

/// Returns whether the running QEMU has the bus of this type of device.
pub fn has_bus_of(device: &str) -> bool {
    let bus = BUSES.iter().find(|bus| bus.device == device);
    bus.map_or(true, Bus::is_there)
}

/// Returns the name of each function and variable of QEMU in use, with a bit for each release in [`RELEASES`] that
/// exports it.
pub fn symbols() -> impl Iterator<Item = (&'static str, u8)> {
    let of_buses = BUSES.iter().map(|bus| &bus.imports);
    IMPORTS
        .iter()
        .chain(of_buses)
        .flat_map(|table| table.iter())
        .map(|import| (import.name.trim_end_matches('\0'), import.exporters))
}
