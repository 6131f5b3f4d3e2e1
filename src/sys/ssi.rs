// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices on an SSI bus, QEMU's name for SPI.

use super::qdev::{BusState, DeviceState};
use super::VmStateDescription;
use oldstable_compat::ffi::c_char;

imports! {
    in ALL {
        fn ssi_create_bus(owner: *mut DeviceState, name: *const c_char) -> *mut BusState;
        fn ssi_transfer(bus: *mut BusState, word: u32) -> u32;
    }
    in ONLY_5_2 {
        static vmstate_ssi_slave: VmStateDescription;
    }
    in SINCE_7_2 {
        static vmstate_ssi_peripheral: VmStateDescription;
    }
}
