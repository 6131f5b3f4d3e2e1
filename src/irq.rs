// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Interrupt lines and other wires between devices.
//!
//! A wire goes from an output, an [`InterruptSource`] of one device, to an input of another, an
//! [`IrqLine`]. Either has a name, or none, and a number.

use crate::bql::{self, BqlCell};
use crate::callback::{guard, FnCall};
use crate::foreign::{CloneToForeign, IntoForeign};
use crate::qdev::{DeviceMethods, DeviceState};
use crate::qom::{check_is_realized, claim, is_in_rust, Claim};
use crate::qom::{expect_new_part_of, IsA, ObjectCast, ObjectMethods, ObjectType, Owned, Part};
use crate::sys;
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, c_void};
use std::convert::TryFrom;
use std::ptr;

/// An output line of a device: a field of the device. The board may connect it.
#[repr(transparent)]
pub struct InterruptSource(BqlCell<*mut sys::IrqState>);

// SAFETY: every access to the cell checks the big lock.
unsafe impl Sync for InterruptSource {}

// SAFETY: it has no drop.
unsafe impl Part for InterruptSource {}

impl Default for InterruptSource {
    fn default() -> Self {
        InterruptSource(BqlCell::new(ptr::null_mut()))
    }
}

impl InterruptSource {
    /// Sets the line high or low. The device at the other end runs before this returns, and can call back.
    pub fn set(&self, level: bool) {
        // SAFETY: QEMU keeps the pointer at NULL or at a live line. It accepts NULL.
        unsafe { sys::qemu_set_irq(self.0.get(), level as _) }
    }

    /// Sets the line high.
    pub fn raise(&self) {
        self.set(true)
    }

    /// Sets the line low.
    pub fn lower(&self) {
        self.set(false)
    }

    /// Sets the line high and then low.
    pub fn pulse(&self) {
        self.raise();
        self.lower();
    }

    /// Returns whether the board has connected the line.
    pub fn is_connected(&self) -> bool {
        !self.0.get().is_null()
    }

    /// Makes it a line of the device.
    ///
    /// # Panics
    /// If it is not a field of the device, or is a line of it already.
    #[track_caller]
    pub(crate) fn make_line_of<T: ObjectType>(&self, device: &T) {
        expect_new_part_of(device, self);
        assert!(claim(self as *const Self as usize, Claim::Line), "the field is a line of the device already");
    }

    /// Returns where QEMU stores the connected line.
    pub(crate) fn as_slot(&self) -> *mut *mut sys::IrqState {
        self.0.as_ptr()
    }
}

/// An input of a live device.
pub struct IrqLine {
    line: *mut sys::IrqState,
    /// Keeps the device alive: the line calls it as long as anything is connected.
    device: Owned<DeviceState>,
    /// Whether the device's class is written in Rust, looked up once: each use of a device in C is checked.
    is_in_rust: bool,
}

impl IrqLine {
    /// Sets the line high or low. The device runs before this returns, and can call back.
    ///
    /// # Panics
    /// If the device is one in C and not realized.
    #[track_caller]
    pub fn set(&self, level: bool) {
        bql::expect_locked();
        if !self.is_in_rust {
            expect_realized(&self.device)
        }
        // SAFETY: the line is a part of a live device.
        unsafe { sys::qemu_set_irq(self.line, level as _) }
    }

    /// Returns the line, to be connected: its device then lives as long as QEMU, since nothing reports when its last
    /// wire is removed.
    pub(crate) fn into_raw(self) -> *mut sys::IrqState {
        Owned::into_raw(self.device);
        self.line
    }
}

/// A separate function, so that setting a line of a device in Rust stays short.
///
/// # Panics
/// If the device, which is one in C, is not realized.
#[inline(never)]
#[track_caller]
fn expect_realized(device: &DeviceState) {
    if let Err(error) = check_is_realized(device.upcast()) {
        panic!("{}", error)
    }
}

/// The wires of a device.
pub trait GpioMethods: IsA<DeviceState> {
    /// Adds `count` inputs with a name, or without one. The function gets the device, the input's number among those of
    /// its name, and the level, each time the line is set.
    ///
    /// Call it in [`INSTANCE_INIT`](crate::qom::ObjectImpl::INSTANCE_INIT).
    ///
    /// # Panics
    /// If `name` has a NUL, or the device is realized.
    #[track_caller]
    fn init_gpio_in<F>(&self, name: Option<&str>, count: u16, _callback: F)
    where
        F: for<'a> FnCall<(&'a Self, u32, bool)>,
    {
        bql::expect_locked();
        expect_name_of_ones_own(name);
        expect_new_wires(self, name.unwrap_or("unnamed-gpio-in"), count, "child<irq>");
        let name = name.clone_to_foreign();
        // SAFETY: the device is live, and its inputs are freed with it. QEMU copies the name.
        unsafe {
            sys::qdev_init_gpio_in_named_with_opaque(
                self.as_device_ptr(),
                Some(set::<Self, F>),
                self as *const Self as *mut c_void,
                name.as_ptr(),
                count.into(),
            )
        }
    }

    /// Makes fields of the device its outputs, with a name or without one.
    ///
    /// Call it in [`INSTANCE_INIT`](crate::qom::ObjectImpl::INSTANCE_INIT).
    ///
    /// # Panics
    /// If the lines are not fields of the device, `name` has a NUL, or the device is realized.
    #[track_caller]
    fn init_gpio_out(&self, name: Option<&str>, lines: &[InterruptSource]) {
        bql::expect_locked();
        for line in lines {
            line.make_line_of(self);
        }
        let count = u16::try_from(lines.len()).expect("a device has fewer outputs");
        expect_name_of_ones_own(name);
        expect_new_wires(self, name.unwrap_or("unnamed-gpio-out"), count, "link<irq>");
        let name = name.clone_to_foreign();
        // SAFETY: the device is live, and the lines, which are consecutive, are parts of it. QEMU copies the name.
        unsafe {
            sys::qdev_init_gpio_out_named(
                self.as_device_ptr(),
                lines.as_ptr() as *mut *mut sys::IrqState,
                name.as_ptr(),
                lines.len() as c_int,
            )
        }
    }

    /// Returns an input of the device; None if it has none with this name and number.
    #[track_caller]
    fn gpio_in(&self, name: Option<&str>, number: u16) -> Option<IrqLine> {
        bql::expect_locked();
        let property = format!("{}[{}]", name.unwrap_or("unnamed-gpio-in"), number);
        let property = property.try_into_foreign().ok()?;
        // SAFETY: the device is live. An input is a child of its device. A device inside another one lives as long as
        // that one, whatever its count.
        unsafe {
            let child = sys::object_resolve_path_component(self.as_object_ptr(), property.as_ptr());
            if child.is_null() || sys::object_dynamic_cast(child, c_str!("irq").as_ptr()).is_null() {
                return None;
            }
            let device = Owned::from(self.upcast::<DeviceState>());
            let is_in_rust = is_in_rust(device.class_ptr());
            Some(IrqLine { line: child as *mut sys::IrqState, device, is_in_rust })
        }
    }

    /// Connects an output of the device to an input of another, whose device then lives as long as QEMU.
    ///
    /// # Errors
    /// If the device has no output with this name and number, or the other device is not in the tree of objects, or is
    /// written in C and not realized.
    fn connect_gpio_out(&self, name: Option<&str>, number: u16, to: IrqLine) -> Result<()> {
        if to.device.canonical_path().is_none() {
            return Err("a line is connected to a device that is in the tree of objects".into());
        }
        check_is_realized(to.device.upcast())?;
        let property = format!("{}[{}]", name.unwrap_or("unnamed-gpio-out"), number);
        let property = property.try_into_foreign()?;
        let mut err = ptr::null_mut();
        // SAFETY: both devices are live, and the other one stays so.
        unsafe {
            sys::object_property_set_link(
                self.as_object_ptr(),
                property.as_ptr(),
                to.line as *mut sys::Object,
                &mut err,
            );
            Error::err_or_unit(err)?;
        }
        to.into_raw();
        Ok(())
    }
}

impl<T: IsA<DeviceState>> GpioMethods for T {}

/// QEMU counts unnamed wires separately from wires with this name.
///
/// # Panics
/// If it is QEMU's name for unnamed wires.
#[track_caller]
fn expect_name_of_ones_own(name: Option<&str>) {
    let name = name.unwrap_or_default();
    assert!(!name.starts_with("unnamed-gpio-"), "{} is what QEMU calls wires without a name: None stands for it", name);
    assert!(name != "ssi-gpio-cs", "{} is the input of an SSI device that QEMU makes by itself", name);
}

/// QEMU numbers the wires of a name consecutively, and asserts that all have the same direction and that nothing else
/// has such a name.
///
/// # Panics
/// If that is not so, or the device is realized.
#[track_caller]
pub(crate) fn expect_new_wires<T: IsA<DeviceState>>(device: &T, name: &str, count: u16, kind: &str) {
    expect_new_part_of(device, device);
    let device = device.upcast::<DeviceState>();
    let there = |n: u32| device.property_type(&format!("{}[{}]", name, n));
    let mut first = 0;
    while let Ok(found) = there(first) {
        assert!(found == kind, "the device has a property {}[{}] that is a {}", name, first, found);
        first += 1;
    }
    for n in first + 1..first + u32::from(count) {
        assert!(there(n).is_err(), "the device has a property {}[{}] already", name, n);
    }
}

/// # Safety
/// QEMU calls it with the live `T` that `init_gpio_in` gave it.
unsafe extern "C" fn set<T, F>(opaque: *mut c_void, line: c_int, level: c_int)
where
    F: for<'a> FnCall<(&'a T, u32, bool)>,
{
    guard("an input line", || {
        // SAFETY: `init_gpio_in` gave QEMU its owner, which outlives its inputs: a connection to one keeps the owner
        // alive.
        unsafe { F::call((&*(opaque as *const T), line as u32, level != 0)) }
    })
}
