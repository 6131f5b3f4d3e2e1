// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices on an SSI bus, QEMU's name for SPI.

use super::qdev::{BusState, DeviceRealize, DeviceState};
use super::{object_class_by_name, object_class_dynamic_cast, release, type_register_static};
use super::{ObjectClass, TypeInfo, VmStateDescription};
use oldstable_compat::ffi::{c_char, c_int};
use std::ptr;

storage! {
    /// `SSIPeripheral`: 176 bytes in 7.2, 168 since 10.0; `SSISlave` with 144 in 5.2.
    SsiPeripheral, 176, 100
}

/// Exchanges a word.
pub type SsiTransfer = Option<unsafe extern "C" fn(*mut SsiPeripheral, u32) -> u32>;
/// Called when the level of the chip select changes; the result is ignored.
pub type SsiSetCs = Option<unsafe extern "C" fn(*mut SsiPeripheral, bool) -> c_int>;

/// What an `SSIPeripheralClass` has behind its `DeviceClass`, in all releases.
#[repr(C)]
pub struct SsiMethods {
    /// Realizes the device; never NULL in a class with instances.
    pub realize: DeviceRealize,
    /// Called while the device is selected; never NULL either.
    pub transfer: SsiTransfer,
    /// May be NULL.
    pub set_cs: SsiSetCs,
    /// An `SSICSMode`.
    pub cs_polarity: c_int,
    /// Called whether the device is selected or not.
    pub transfer_raw: SsiTransfer,
}

/// The device has no chip select.
pub const SSI_CS_NONE: c_int = 0;
/// The device is selected while its chip select is low.
pub const SSI_CS_LOW: c_int = 1;
/// The device is selected while its chip select is high.
pub const SSI_CS_HIGH: c_int = 2;

/// The name since 6.0; 5.2's is [`SSI_SLAVE`].
const SSI_PERIPHERAL: *const c_char = "ssi-peripheral\0".as_ptr() as *const c_char;
const SSI_SLAVE: *const c_char = "ssi-slave\0".as_ptr() as *const c_char;

/// Registers the class of all SSI devices under its later name in 5.2, as an abstract class below the one that is there.
///
/// # Safety
/// QEMU's own types have been registered.
pub unsafe fn name_ssi_peripheral() {
    // SAFETY: the names are strings. QEMU copies the struct; what is zero is the parent's.
    unsafe {
        if object_class_by_name(SSI_PERIPHERAL).is_null() {
            type_register_static(&TypeInfo {
                name: SSI_PERIPHERAL,
                parent: SSI_SLAVE,
                instance_size: 0,
                instance_align: 0,
                instance_init: None,
                instance_post_init: None,
                instance_finalize: None,
                abstract_: true,
                class_size: 0,
                class_init: None,
                class_base_init: None,
                class_data: ptr::null_mut(),
                interfaces: ptr::null(),
            });
        }
    }
}

/// Returns the description of the state that all SSI devices have.
pub fn vmstate_ssi() -> *mut VmStateDescription {
    let newer = vmstate_ssi_peripheral();
    if newer.is_null() {
        vmstate_ssi_slave()
    } else {
        newer
    }
}

/// Returns whether a class is that of an SSI device.
///
/// # Safety
/// `class` is a class.
pub unsafe fn is_ssi_class(class: *mut ObjectClass) -> bool {
    // SAFETY: the caller guarantees the class.
    unsafe { !object_class_dynamic_cast(class, SSI_PERIPHERAL).is_null() }
}

/// Returns the methods of a class.
///
/// # Safety
/// `class` is that of an SSI device.
pub unsafe fn ssi_methods(class: *mut ObjectClass) -> *mut SsiMethods {
    // SAFETY: all releases have them there in such a class.
    unsafe { (class as *mut u8).add(release().device_class.size) as *mut SsiMethods }
}

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
