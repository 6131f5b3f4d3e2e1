// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices on the system bus.

use super::{Error, IrqState, MemoryRegion};
use oldstable_compat::ffi::{c_int, c_uint};

storage! {
    /// `SysBusDevice`: 792 bytes in 5.2, 816 in 7.2, 808 since 10.0.
    SysBusDevice, 816, 612
}

imports! {
    in ALL {
        fn sysbus_init_mmio(device: *mut SysBusDevice, region: *mut MemoryRegion);
        fn sysbus_init_irq(device: *mut SysBusDevice, irq: *mut *mut IrqState);
        fn sysbus_mmio_get_region(device: *mut SysBusDevice, index: c_int) -> *mut MemoryRegion;
        fn sysbus_mmio_map_overlap(
            device: *mut SysBusDevice, index: c_int, address: u64, priority: c_int
        );
        fn sysbus_has_mmio(device: *mut SysBusDevice, index: c_uint) -> bool;
        fn sysbus_has_irq(device: *mut SysBusDevice, index: c_int) -> bool;
        fn sysbus_connect_irq(device: *mut SysBusDevice, index: c_int, irq: *mut IrqState);
        fn sysbus_get_connected_irq(device: *mut SysBusDevice, index: c_int) -> *mut IrqState;
        fn sysbus_realize(device: *mut SysBusDevice, errp: *mut *mut Error) -> bool;
    }
}
