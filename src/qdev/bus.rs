// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Buses that a device makes, for other devices behind it.

use super::{DeviceMethods, DeviceState};
use crate::bql::BqlCell;
use crate::foreign::CloneToForeign;
use crate::qom::{claim, claimed_in, expect_new_part_of, expect_new_property, Claim};
use crate::qom::{IsA, Object, ObjectCast, ObjectMethods, AT_A_TRANSFER};
use crate::sys;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_char, c_void, CString};
use std::ptr;

/// A kind of bus.
pub(crate) struct BusKind {
    /// The class of the devices on it, by which `sys` knows whether the running QEMU has such buses.
    pub device: &'static str,
    /// QEMU's function that makes one.
    pub make: unsafe fn(*mut sys::DeviceState, *const c_char) -> *mut sys::BusState,
}

/// A bus of a device, which is a field of the device: what the buses of all kinds have in common.
pub(crate) struct OwnBus {
    /// NULL before it is made. The field has a reference to it.
    bus: BqlCell<*mut sys::BusState>,
    /// Whether a transfer on it has called its devices, and has not come back yet.
    is_in_transfer: BqlCell<bool>,
    /// Whether its device has left the tree, and all devices on it.
    has_ended: BqlCell<bool>,
}

// SAFETY: every access to a cell checks the big lock.
unsafe impl Sync for OwnBus {}

impl Default for OwnBus {
    fn default() -> Self {
        OwnBus {
            bus: BqlCell::new(ptr::null_mut()),
            is_in_transfer: BqlCell::new(false),
            has_ended: BqlCell::new(false),
        }
    }
}

impl OwnBus {
    /// Makes the bus.
    ///
    /// # Panics
    /// If it is not a field of `owner`, has been made already, the name is taken or has a NUL, `owner` is realized, or
    /// this QEMU has no such buses.
    #[track_caller]
    pub fn make<T: IsA<DeviceState>>(&self, owner: &T, name: &str, kind: &BusKind) {
        expect_new_part_of(owner, self);
        assert!(self.bus.get().is_null(), "a bus is made once");
        assert!(sys::has_bus_of(kind.device), "this QEMU has no {}, nor a bus for one", kind.device);
        let name = name.clone_to_foreign().into::<CString>().into_native();
        expect_new_property(owner.upcast::<DeviceState>(), &name);
        // SAFETY: the device is live, the name a string that QEMU copies, and QEMU has the function. The bus becomes a
        // child of the device; the reference is this field's own.
        unsafe {
            let bus = (kind.make)(owner.as_device_ptr(), name.as_ptr());
            sys::object_ref(bus as *mut c_void);
            self.bus.set(bus);
        }
        claim(self as *const Self as usize, Claim::Bus);
    }

    /// Does a part of a transfer; returns None if no device can be there, because its own device is not realized, or
    /// has left the tree.
    ///
    /// # Panics
    /// If the bus has not been made, or a device on it that has been called for a transfer does this.
    #[track_caller]
    pub fn transfer<R>(&self, act: impl FnOnce(*mut sys::BusState) -> R) -> Option<R> {
        let bus = self.bus.get();
        assert!(!bus.is_null(), "a bus is made with init before it is used");
        assert!(
            !self.is_in_transfer.get(),
            "no transfer begins or goes on in the middle of one on the same bus, in a method of a device on it: a \
             BottomHalf can do it"
        );
        // SAFETY: the field has a reference to the bus.
        if self.has_ended.get() || !unsafe { (*bus).realized } {
            return None;
        }
        self.is_in_transfer.set(true);
        let result = AT_A_TRANSFER.run(|| act(bus));
        self.is_in_transfer.set(false);
        Some(result)
    }

    /// Ends the bus, while its devices are still there.
    fn end(&self) {
        if !self.has_ended.replace(true) {
            let bus = self.bus.get();
            // SAFETY: the field has a reference to the bus.
            unsafe {
                end_transfer(&*(bus as *const Object));
                // QEMU would keep the section of an I²C bus, and with it a pointer to the bus, for ever.
                sys::unregister_savevm(ptr::null_mut(), c_str!("i2c_bus").as_ptr(), bus as *mut c_void);
            }
        }
    }
}

impl Drop for OwnBus {
    fn drop(&mut self) {
        if !self.bus.get_mut().is_null() {
            self.end();
            // SAFETY: the reference is the field's own.
            unsafe { sys::object_unref(*self.bus.get_mut() as *mut c_void) }
        }
    }
}

/// Ends what goes on between a device that is about to leave the tree and others on a bus: QEMU would go on with it.
///
/// # Safety
/// The device is live.
pub(super) unsafe fn leave_buses(device: *mut sys::Object) {
    // SAFETY: the caller guarantees the device, and a claimed part of it is such a bus.
    unsafe {
        for part in claimed_in(device as usize, sys::instance_size(device), Claim::Bus) {
            (*(part as *const OwnBus)).end();
        }
        if let Ok(Some(bus)) = (*(device as *const Object)).property_get_link("parent_bus") {
            end_transfer(&bus);
        }
    }
}

/// Ends a transfer on an I²C bus: the bus keeps the devices that are addressed in a list, whatever becomes of them.
fn end_transfer(bus: &Object) {
    if bus.typename() == "i2c-bus" {
        let bus = bus.as_object_ptr() as *mut sys::BusState;
        // SAFETY: the bus is live.
        unsafe {
            if sys::i2c_bus_busy(bus) != 0 {
                AT_A_TRANSFER.run(|| sys::i2c_end_transfer(bus));
            }
        }
    }
}
