// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The virtual methods of PCI devices, and their C wrappers.

use super::{PciDevice, CONVENTIONAL, EXPRESS};
use crate::callback::guard;
use crate::qdev::{realize as realize_device, DeviceConf, DeviceImpl, DeviceState};
use crate::qom::{give_up, Claim, ClassInit, IsA, ObjectType, TypeImpl};
use crate::sys;
use oldstable_compat::ffi::c_int;
use std::ptr;

/// The virtual methods and IDs of a [`PciDevice`]. [`DeviceImpl::REALIZE`] runs once the device is on its bus and has
/// its configuration space, [`DeviceImpl::UNREALIZE`] before it leaves the bus.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is a PCI device and has no `PciDeviceImpl`",
        note = "write `impl PciDeviceImpl for {Self} {{ … }}`, with the numbers by which drivers know it"
    )
)]
pub trait PciDeviceImpl: DeviceImpl + IsA<PciDevice> {
    /// The vendor's number, which the PCI-SIG assigns; QEMU's own devices have 1af4 and 1b36.
    const VENDOR_ID: u16;
    /// The vendor's number for the device.
    const DEVICE_ID: u16;
    /// The device's revision.
    const REVISION: u8 = 0;

    /// Base class in the upper byte, subclass in the lower one; by default "does not fit any class".
    const CLASS_ID: u16 = 0xff00;

    /// The card's vendor; by default QEMU's own, with 1100 as the subsystem.
    const SUBSYSTEM_VENDOR_ID: u16 = 0;
    /// That vendor's number for the card; by default QEMU's own.
    const SUBSYSTEM_ID: u16 = 0;

    /// Runs when the guest has written the configuration space.
    const CONFIG_WRITTEN: Option<fn(&Self, address: u32, value: u32, size: u32)> = None;
}

// SAFETY: the size is that of the running release.
unsafe impl<T> ClassInit<T> for PciDevice
where
    T: PciDeviceImpl + TypeImpl,
    T::Conf: DeviceConf,
{
    #[track_caller]
    fn class_size() -> usize {
        // QEMU ends the process if a class is for neither kind of bus.
        assert!(
            T::ABSTRACT
                || T::Super::TYPE != PciDevice::TYPE
                || T::INTERFACES.iter().any(|interface| { [CONVENTIONAL, EXPRESS].contains(&interface.name()) }),
            "{:?} must list Interface::CONVENTIONAL_PCI or Interface::PCI_EXPRESS in its INTERFACES",
            T::TYPE
        );
        sys::release().pci_class.size
    }

    unsafe fn class_init(class: *mut sys::ObjectClass) {
        // SAFETY: the caller guarantees the class, which is that of a PCI device and so of a device.
        unsafe {
            <DeviceState as ClassInit<T>>::class_init(class);
            *sys::device_class_own_realize(class) = Some(realize);
            *sys::device_class_own_unrealize(class) = Some(unrealize);
            if T::REALIZE.is_some() {
                *sys::device_class_realize(class) = Some(realize_itself::<T>);
            }
        }
        // SAFETY: as above.
        unsafe {
            sys::pci_class_set_ids(
                class,
                &sys::PciIds {
                    vendor: T::VENDOR_ID,
                    device: T::DEVICE_ID,
                    revision: T::REVISION,
                    class: T::CLASS_ID,
                    subsystem_vendor: T::SUBSYSTEM_VENDOR_ID,
                    subsystem: T::SUBSYSTEM_ID,
                },
            );
        }
        if T::CONFIG_WRITTEN.is_some() {
            // SAFETY: as above.
            unsafe { *sys::pci_class_config_write(class) = Some(config_write::<T>) };
        }
    }
}

/// Puts the device on its bus, which calls the device's own realize. If that fails, clears the configuration space,
/// since QEMU leaves a pointer to freed memory.
///
/// # Safety
/// QEMU calls it with a live PCI device and the place for an error.
unsafe extern "C" fn realize(device: *mut sys::DeviceState, errp: *mut *mut sys::Error) {
    // SAFETY: QEMU calls this in place of its own method, with a live device and the place for an error. If that method
    // has failed, the device has left its bus.
    unsafe {
        if let Some(method) = *sys::device_class_own_realize(sys::pci_device_class()) {
            realize_or_undo(method, device, errp, || forget_bus(device))
        }
    }
}

/// Calls the device's own realize. If that fails, QEMU's memory for MSI-X must not stay.
///
/// # Safety
/// QEMU calls it with a live instance of `T`, on its bus, and the place of an error.
unsafe extern "C" fn realize_itself<T: PciDeviceImpl>(device: *mut sys::DeviceState, errp: *mut *mut sys::Error) {
    // SAFETY: the caller guarantees the device, which still has its configuration space.
    unsafe {
        let undo = || sys::msix_uninit_exclusive_bar(device as *mut sys::PciDevice);
        realize_or_undo(realize_device::<T>, device, errp, undo)
    }
}

/// Calls a method for realize, and if that fails, a function before the error is passed on.
///
/// # Safety
/// QEMU has passed the device and the place for an error to a method of the same kind.
unsafe fn realize_or_undo(
    method: unsafe extern "C" fn(*mut sys::DeviceState, *mut *mut sys::Error),
    device: *mut sys::DeviceState,
    errp: *mut *mut sys::Error,
    undo: impl FnOnce(),
) {
    let mut err = ptr::null_mut();
    // SAFETY: the caller guarantees both, and `err` is a place for an error.
    unsafe {
        method(device, &mut err);
        if !err.is_null() {
            undo();
            sys::error_propagate(errp, err);
        }
    }
}

/// # Safety
/// QEMU calls it with a live PCI device.
unsafe extern "C" fn unrealize(device: *mut sys::DeviceState) {
    // SAFETY: QEMU calls this in place of its own method, with a live device, which then is on no bus.
    unsafe {
        let pci = device as *mut sys::PciDevice;
        if sys::pci_config(pci).is_some() {
            sys::msix_uninit_exclusive_bar(pci);
        }
        if let Some(method) = *sys::device_class_own_unrealize(sys::pci_device_class()) {
            method(device);
        }
        forget_bus(device);
    }
}

/// Clears the device's references to its bus and configuration space.
///
/// # Safety
/// The device is live and on no bus any more.
unsafe fn forget_bus(device: *mut sys::DeviceState) {
    // SAFETY: the caller guarantees the device.
    let size = unsafe {
        sys::pci_forget_config(device as *mut sys::PciDevice);
        sys::instance_size(device as *mut sys::Object)
    };
    give_up(device as usize, size, |claim| claim == Claim::Bar || claim == Claim::BusRegion);
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn config_write<T: PciDeviceImpl>(
    device: *mut sys::PciDevice,
    address: u32,
    value: u32,
    size: c_int,
) {
    // SAFETY: QEMU calls this in place of its own method.
    unsafe { sys::pci_default_write_config(device, address, value, size) };
    guard("config_written", || {
        if let Some(method) = T::CONFIG_WRITTEN {
            // SAFETY: QEMU calls the method of T's class with a live instance of it.
            unsafe { method(&*(device as *const T), address, value, size as u32) }
        }
    })
}
