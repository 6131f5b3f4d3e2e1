// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices on an SSI bus, which is QEMU's name for SPI, and buses of a device's own.
//!
//! `-device TYPE,bus=NAME` puts a device on the bus of this name: a board's, or that of a controller's [`SsiBus`].

use crate::callback::guard;
use crate::qdev::{realize, BusKind, DeviceConf, DeviceImpl, DeviceState, OwnBus};
use crate::qom::{ClassInit, IsA, Object, ObjectType, Part, TypeImpl, AT_A_TRANSFER};
use crate::sys::{self, Opaque};
use crate::vmstate::{Form, Place};
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, CStr};
use std::mem::{size_of, ManuallyDrop};

/// A device on an SSI bus.
///
/// QEMU 5.2 calls the class `ssi-slave`; there, QEMU's own devices are not of this class, only those in Rust.
#[repr(transparent)]
pub struct SsiPeripheral(Opaque<sys::SsiPeripheral>);

// SAFETY: the bytes are QEMU's; the fields that the running release has are at the front of ours.
unsafe impl ObjectType for SsiPeripheral {
    const TYPE: &'static CStr = c_str!("ssi-peripheral");
}

crate::qom_isa!(unsafe SsiPeripheral: DeviceState, Object);

// SAFETY: QEMU's own description is for its own struct, which is at the front of ours.
unsafe impl Place for ManuallyDrop<SsiPeripheral> {
    fn form() -> Form {
        Form::of_parent::<SsiPeripheral>(|| sys::vmstate_ssi())
    }
}

/// The line that selects a device: its input `ssi-gpio-cs`, which is low until something sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChipSelect {
    /// The device has none, and takes part in each transfer.
    None,
    /// It selects the device while it is low.
    Low,
    /// It selects the device while it is high.
    High,
}

/// The virtual methods of [`SsiPeripheral`]. `None` inherits the parent's.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is a device of an SSI bus and has no `SsiPeripheralImpl`",
        note = "write `impl SsiPeripheralImpl for {Self} {{}}`, with the methods between the braces that are not to be the parent's"
    )
)]
pub trait SsiPeripheralImpl: DeviceImpl + IsA<SsiPeripheral> {
    /// The line that selects the device; QEMU's own class has none.
    const CHIP_SELECT: Option<ChipSelect> = None;

    /// Takes a word from the controller, and returns the one that the device sends meanwhile. It is called while the
    /// device is selected; what all selected devices return is combined by "or".
    const TRANSFER: Option<fn(&Self, u32) -> u32> = None;

    /// Is called when the line has selected the device, or does so no longer.
    const SELECT: Option<fn(&Self, bool)> = None;
}

// SAFETY: the size is that of the running release.
unsafe impl<T> ClassInit<T> for SsiPeripheral
where
    T: SsiPeripheralImpl + TypeImpl,
    T::Conf: DeviceConf,
{
    fn class_size() -> usize {
        sys::release().device_class.size + size_of::<sys::SsiMethods>()
    }

    unsafe fn class_init(class: *mut sys::ObjectClass) {
        // SAFETY: the caller guarantees the class, which is that of an SSI device and so of a device.
        unsafe {
            <DeviceState as ClassInit<T>>::class_init(class);
            let methods = &mut *sys::ssi_methods(class);
            // QEMU calls both without asking whether they are there.
            if methods.realize.is_none() {
                methods.realize = Some(realize::<T>);
            }
            if T::TRANSFER.is_some() || methods.transfer.is_none() {
                methods.transfer = Some(transfer::<T>);
            }
            if T::SELECT.is_some() {
                methods.set_cs = Some(select::<T>);
            }
            match T::CHIP_SELECT {
                Some(ChipSelect::None) => methods.cs_polarity = sys::SSI_CS_NONE,
                Some(ChipSelect::Low) => methods.cs_polarity = sys::SSI_CS_LOW,
                Some(ChipSelect::High) => methods.cs_polarity = sys::SSI_CS_HIGH,
                None => {}
            }
        }
    }
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn transfer<T: SsiPeripheralImpl>(device: *mut sys::SsiPeripheral, word: u32) -> u32 {
    guard("an SSI device's transfer", || match T::TRANSFER {
        // SAFETY: QEMU calls the method of T's class with a live instance of it.
        Some(method) => AT_A_TRANSFER.run(|| unsafe { method(&*(device as *const T), word) }),
        None => 0,
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn select<T: SsiPeripheralImpl>(device: *mut sys::SsiPeripheral, level: bool) -> c_int {
    guard("an SSI device's select", || {
        if let Some(method) = T::SELECT {
            // SAFETY: QEMU calls the method of T's class with a live instance of it, whose class has these methods.
            unsafe {
                let class = (*(device as *mut sys::Object)).class;
                let is_selected = level == ((*sys::ssi_methods(class)).cs_polarity == sys::SSI_CS_HIGH);
                method(&*(device as *const T), is_selected)
            }
        }
        0
    })
}

const KIND: BusKind = BusKind { device: "ssi-peripheral", make: sys::ssi_create_bus };

/// An SSI bus of a controller: a field of the controller's device. The devices on it are selected by lines of the
/// controller ([`GpioMethods`](crate::irq::GpioMethods)), which it sets itself.
///
/// The devices run before [`transfer`](Self::transfer) returns. They can call the controller back, by a line for example,
/// but must not use the bus then; nor does a device leave the tree meanwhile.
#[derive(Default)]
pub struct SsiBus(OwnBus);

// SAFETY: its drop releases a reference, which only needs the lock.
unsafe impl Part for SsiBus {}

impl SsiBus {
    /// Makes the bus, with the name by which users put devices on it. Call it in
    /// [`INSTANCE_INIT`](crate::qom::ObjectImpl::INSTANCE_INIT).
    ///
    /// # Panics
    /// If the bus is not a field of `owner`, has been made already, the name is that of a property of the device or has
    /// a NUL, `owner` is realized, or the running QEMU has no SSI.
    #[track_caller]
    pub fn init<T: IsA<DeviceState>>(&self, owner: &T, name: &str) {
        self.0.make(owner, name, &KIND)
    }

    /// Sends a word, of as many bits as the devices and the controller agree on, and returns the one that the selected
    /// devices send; 0 if there is none, or while the controller is not realized.
    ///
    /// # Panics
    /// If the bus has not been made, or a device on it does this while it is called for a transfer.
    #[track_caller]
    pub fn transfer(&self, word: u32) -> u32 {
        // SAFETY: the bus is live, and QEMU does not iterate over its devices.
        self.0.transfer(|bus| unsafe { sys::ssi_transfer(bus, word) }).unwrap_or(0)
    }
}
