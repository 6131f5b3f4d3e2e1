// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices and their virtual methods.

use super::bus::leave_buses;
use super::conf::{self, DeviceConf};
use super::reset::{self, ResetKind};
use crate::bql;
use crate::callback::guard;
use crate::qom::{
    check_can_be_realized, check_is_realized, parent_class, while_ending, while_realizing, ClassInit, IsA, Object,
    ObjectCast, ObjectImpl, ObjectType, TypeImpl, AT_THE_EDGE_OF_A_RESET,
};
use crate::sys::{self, Opaque};
use crate::vmstate::Section;
use crate::{Error, Result};
use oldstable_compat::ffi::{c_int, CStr};

/// A device: an object that has properties, is realized once they are set, and can be reset.
#[repr(transparent)]
pub struct DeviceState(Opaque<sys::DeviceState>);

// SAFETY: the bytes are QEMU's; the fields that the running release has are at the front of ours.
unsafe impl ObjectType for DeviceState {
    const TYPE: &'static CStr = oldstable_compat::c_str!("device");
}

crate::qom_isa!(unsafe DeviceState: Object);

/// Methods of every device.
pub trait DeviceMethods: IsA<DeviceState> {
    /// Realizes a device that is on no bus. A device on the system bus is realized by
    /// [`sysbus_realize`](crate::sysbus::SysBusDeviceMethods::sysbus_realize).
    ///
    /// # Errors
    /// If the device or QEMU rejects its configuration, if it is realized already or is being realized, or if it needs
    /// a bus.
    #[track_caller]
    fn realize(&self) -> Result<()> {
        check_can_be_realized(self.upcast::<DeviceState>().upcast(), false)?;
        let mut err = std::ptr::null_mut();
        // SAFETY: the device is live; NULL stands for no bus.
        unsafe {
            sys::qdev_realize(self.as_device_ptr(), std::ptr::null_mut(), &mut err);
            Error::err_or_unit(err)
        }
    }

    /// Resets the device and its children, as at power-on.
    ///
    /// # Panics
    /// In a device's [`RESET_ENTER`](DeviceImpl::RESET_ENTER) or [`RESET_EXIT`](DeviceImpl::RESET_EXIT); if the device
    /// is written in C and not realized.
    #[track_caller]
    fn cold_reset(&self) {
        bql::expect_locked();
        let device = self.upcast::<DeviceState>().upcast();
        if let Err(error) = AT_THE_EDGE_OF_A_RESET.check().and_then(|()| check_is_realized(device)) {
            panic!("{}", error);
        }
        // SAFETY: the device is live.
        unsafe { sys::device_cold_reset(self.as_device_ptr()) }
    }

    /// Returns the kind of the reset, for the methods that are called in one; None if there is no reset under way.
    fn reset_kind(&self) -> Option<ResetKind> {
        bql::expect_locked();
        reset::kind()
    }

    /// Returns the device's address, for C.
    fn as_device_ptr(&self) -> *mut sys::DeviceState {
        self.as_object_ptr() as *mut sys::DeviceState
    }
}

impl<T: IsA<DeviceState>> DeviceMethods for T {}

/// The virtual methods of [`DeviceState`]. `None` inherits the parent's.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is a device and has no `DeviceImpl`",
        note = "write `impl DeviceImpl for {Self} {{}}`, with the methods between the braces that are not to be the parent's"
    )
)]
pub trait DeviceImpl: ObjectImpl + IsA<DeviceState> {
    /// Whether a user can create one with `-device`. `None` inherits the parent's value: yes for a device, no for one
    /// on the system bus.
    const USER_CREATABLE: Option<bool> = None;

    /// Applies the configuration, or returns an error if it is not valid.
    const REALIZE: Option<fn(&Self) -> Result<()>> = None;

    /// Undoes what [`REALIZE`](Self::REALIZE) did.
    const UNREALIZE: Option<fn(&Self)> = None;

    /// The migrated state: `Some(<Self as VmState>::SECTION)` for a device that implements
    /// [`VmState`](crate::vmstate::VmState).
    const VMSTATE: Option<Section<Self>> = None;

    /// Begins a reset: the device cancels its work. It must not use a line or another device, since their resets may
    /// have begun or not.
    const RESET_ENTER: Option<fn(&Self)> = None;

    /// Puts the device into its state after power-on, including its lines. All devices that are reset with it have
    /// begun their reset.
    const COLD_RESET: Option<fn(&Self)> = None;

    /// Ends a reset: the device starts to work. All devices that are reset with it are in their state after power-on.
    const RESET_EXIT: Option<fn(&Self)> = None;

    /// Calls the parent's [`REALIZE`](Self::REALIZE).
    ///
    /// # Errors
    /// The parent's.
    fn parent_realize(&self) -> Result<()>
    where
        Self: TypeImpl,
    {
        let mut err = std::ptr::null_mut();
        // SAFETY: the device is live, and the method is that of a class that it descends from.
        unsafe {
            if let Some(method) = *sys::device_class_realize(parent_class::<Self>()) {
                method(self.as_device_ptr(), &mut err);
            }
            Error::err_or_unit(err)
        }
    }

    /// Calls the parent's [`UNREALIZE`](Self::UNREALIZE).
    fn parent_unrealize(&self)
    where
        Self: TypeImpl,
    {
        // SAFETY: the device is live, and the method is that of a class that it descends from.
        unsafe {
            if let Some(method) = *sys::device_class_unrealize(parent_class::<Self>()) {
                method(self.as_device_ptr())
            }
        }
    }

    /// Calls the parent's [`RESET_ENTER`](Self::RESET_ENTER).
    fn parent_reset_enter(&self)
    where
        Self: TypeImpl,
    {
        call_parent_phase(self, |phases| phases.enter)
    }

    /// Calls the parent's [`RESET_EXIT`](Self::RESET_EXIT).
    fn parent_reset_exit(&self)
    where
        Self: TypeImpl,
    {
        call_parent_phase(self, |phases| phases.exit)
    }

    /// Calls the parent's [`COLD_RESET`](Self::COLD_RESET).
    fn parent_cold_reset(&self)
    where
        Self: TypeImpl,
    {
        call_parent_phase(self, |phases| phases.hold)
    }
}

/// Calls the method of the parent for a phase of the reset, if it has one.
fn call_parent_phase<T: DeviceImpl + TypeImpl>(
    device: &T,
    phase: impl FnOnce(&sys::ResettablePhases) -> Option<unsafe extern "C" fn(*mut sys::Object, c_int)>,
) {
    // SAFETY: the device is live, and the method is that of a class that it descends from.
    unsafe {
        if let Some(method) = phase(&*sys::device_class_reset_phases(parent_class::<T>())) {
            method(device.as_object_ptr(), reset::number())
        }
    }
}

// SAFETY: the size is that of the running release.
unsafe impl<T> ClassInit<T> for DeviceState
where
    T: DeviceImpl + TypeImpl,
    T::Conf: DeviceConf,
{
    fn class_size() -> usize {
        sys::release().device_class.size
    }

    unsafe fn class_init(class: *mut sys::ObjectClass) {
        // SAFETY: the caller guarantees the class, which is that of a device and has these fields.
        unsafe {
            <Object as ClassInit<T>>::class_init(class);
            // A class in Rust inherits it from one in Rust.
            if T::UNPARENT.is_some() || !<T::Super as ClassInit<T>>::IN_RUST {
                (*class).unparent = Some(unparent::<T>);
            }
            if T::REALIZE.is_some() {
                *sys::device_class_realize(class) = Some(realize::<T>);
            }
            if T::UNREALIZE.is_some() {
                *sys::device_class_unrealize(class) = Some(unrealize::<T>);
            }
            let phases = sys::device_class_reset_phases(class);
            if T::RESET_ENTER.is_some() {
                (*phases).enter = Some(reset_enter::<T>);
            }
            if T::COLD_RESET.is_some() {
                (*phases).hold = Some(cold_reset::<T>);
            }
            if T::RESET_EXIT.is_some() {
                (*phases).exit = Some(reset_exit::<T>);
            }
            if let Some(section) = &T::VMSTATE {
                *sys::device_class_vmsd(class) = section.build();
            }
            if let Some(can) = T::USER_CREATABLE {
                *sys::device_class_user_creatable(class) = can;
            }
            conf::install::<T::Conf>(class, T::conf_offset());
        }
    }
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn unparent<T: DeviceImpl + TypeImpl>(object: *mut sys::Object) {
    guard("unparent", || {
        // SAFETY: QEMU calls the method of T's class with a live instance of it.
        let device = unsafe {
            leave_buses(object);
            &*(object as *const T)
        };
        match T::UNPARENT {
            Some(method) => while_ending(object, || method(device)),
            None => device.parent_unparent(),
        }
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T` and the place for an error.
pub(crate) unsafe extern "C" fn realize<T: DeviceImpl>(device: *mut sys::DeviceState, errp: *mut *mut sys::Error) {
    guard("realize", || {
        if let Some(method) = T::REALIZE {
            // SAFETY: QEMU calls the method of T's class with a live instance of it, and errp is the place for an
            // error, as C passes it.
            let result = unsafe { while_realizing(device, || method(&*(device as *const T))) };
            // SAFETY: as above.
            unsafe { Error::ok_or_propagate(result, errp) };
        }
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn unrealize<T: DeviceImpl>(device: *mut sys::DeviceState) {
    guard("unrealize", || {
        if let Some(method) = T::UNREALIZE {
            // SAFETY: QEMU calls the method of T's class with a live instance of it.
            unsafe { while_ending(device as *mut sys::Object, || method(&*(device as *const T))) }
        }
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn reset_enter<T: DeviceImpl>(object: *mut sys::Object, kind: c_int) {
    guard("reset_enter", || {
        if let Some(method) = T::RESET_ENTER {
            // SAFETY: QEMU calls the method of T's class with a live instance of it.
            let device = unsafe { &*(object as *const T) };
            reset::of_kind(kind, || AT_THE_EDGE_OF_A_RESET.run(|| method(device)))
        }
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn reset_exit<T: DeviceImpl>(object: *mut sys::Object, kind: c_int) {
    guard("reset_exit", || {
        if let Some(method) = T::RESET_EXIT {
            // SAFETY: QEMU calls the method of T's class with a live instance of it.
            let device = unsafe { &*(object as *const T) };
            reset::of_late_kind(kind, || AT_THE_EDGE_OF_A_RESET.run(|| method(device)))
        }
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn cold_reset<T: DeviceImpl>(object: *mut sys::Object, kind: c_int) {
    guard("cold_reset", || {
        if let Some(method) = T::COLD_RESET {
            // SAFETY: QEMU calls the method of T's class with a live instance of it.
            let device = unsafe { &*(object as *const T) };
            reset::of_late_kind(kind, || method(device))
        }
    })
}
