// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Clocks between devices: inputs that a board connects, and outputs.

use crate::bql::BqlCell;
use crate::callback::{guard, OptionalFnCall};
use crate::qdev::{DeviceMethods, DeviceState};
use crate::qom::{claim, claimed, expect_new_property, Claim};
use crate::qom::{expect_new_part_of, IsA, ObjectCast, Part};
use crate::sys;
use crate::vmstate::{Form, Place};
use crate::Result;
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_void, CStr};
use std::ptr;

/// A clock input of a device: a field of the device. It is stopped until the board connects it.
///
/// Its period migrates, as for QEMU's own devices.
#[repr(transparent)]
pub struct ClockInput(BqlCell<*mut sys::Clock>);

// SAFETY: every access to the cell checks the big lock.
unsafe impl Sync for ClockInput {}

// SAFETY: it has no drop.
unsafe impl Part for ClockInput {}

// SAFETY: the field is a pointer to a clock, which QEMU describes itself.
unsafe impl Place for ClockInput {
    fn form() -> Form {
        Form::of_pointer(|| sys::vmstate_clock())
    }
}

impl Default for ClockInput {
    fn default() -> Self {
        ClockInput(BqlCell::new(ptr::null_mut()))
    }
}

impl ClockInput {
    /// Makes the input. `callback` gets the device each time its frequency has changed; `()` stands for none.
    ///
    /// Call it in [`INSTANCE_INIT`](crate::qom::ObjectImpl::INSTANCE_INIT), so that the board can
    /// connect it.
    ///
    /// # Panics
    /// If the input is not a field of `owner`, has been made already, the name is taken, or `owner` is realized.
    #[track_caller]
    pub fn init<T, F>(&self, owner: &T, name: &CStr, _callback: F)
    where
        T: IsA<DeviceState>,
        F: for<'a> OptionalFnCall<(&'a T,)>,
    {
        expect_new_part_of(owner, self);
        assert!(self.0.get().is_null(), "a clock input is made once");
        expect_new_property(owner.upcast::<DeviceState>(), name);
        let callback: sys::ClockCallback = if F::IS_SOME { Some(changed::<T, F>) } else { None };
        // SAFETY: the device is live, and the clock becomes a part of it that is freed with it.
        self.0.set(unsafe {
            sys::init_clock_in(owner.as_device_ptr(), name.as_ptr(), callback, owner as *const T as *mut c_void)
        });
    }

    /// Returns the period in units of 2⁻³² nanoseconds; 0 if the clock is stopped.
    pub fn period(&self) -> u64 {
        period(&self.0)
    }

    /// Returns the frequency in hertz, rounded down; 0 if the clock is stopped.
    pub fn hz(&self) -> u64 {
        hz(self.period())
    }
}

/// A clock output of a device: a field of the device. It is stopped until it is set.
#[repr(transparent)]
pub struct ClockOutput(BqlCell<*mut sys::Clock>);

// SAFETY: every access to the cell checks the big lock.
unsafe impl Sync for ClockOutput {}

// SAFETY: it has no drop.
unsafe impl Part for ClockOutput {}

impl Default for ClockOutput {
    fn default() -> Self {
        ClockOutput(BqlCell::new(ptr::null_mut()))
    }
}

impl ClockOutput {
    /// Makes the output. Call it in [`INSTANCE_INIT`](crate::qom::ObjectImpl::INSTANCE_INIT), so
    /// that the board can connect it.
    ///
    /// # Panics
    /// If the output is not a field of `owner`, has been made already, the name is taken, or `owner` is realized.
    #[track_caller]
    pub fn init<T: IsA<DeviceState>>(&self, owner: &T, name: &CStr) {
        expect_new_part_of(owner, self);
        assert!(self.0.get().is_null(), "a clock output is made once");
        expect_new_property(owner.upcast::<DeviceState>(), name);
        // SAFETY: the device is live, and the clock becomes a part of it that is freed with it.
        self.0.set(unsafe { sys::qdev_init_clock_out(owner.as_device_ptr(), name.as_ptr()) });
        let clock = Claim::ClockOutput(self.0.get() as usize);
        claim(self as *const Self as usize, clock);
    }

    /// Returns the period in units of 2⁻³² nanoseconds; 0 if the clock is stopped.
    pub fn period(&self) -> u64 {
        period(&self.0)
    }

    /// Returns the frequency in hertz, rounded down; 0 if the clock is stopped.
    pub fn hz(&self) -> u64 {
        hz(self.period())
    }

    /// Changes the period, in units of 2⁻³² nanoseconds; 0 stops the clock. The connected devices are notified before
    /// this returns, and can call back.
    ///
    /// # Panics
    /// If the output has not been made.
    #[track_caller]
    pub fn set_period(&self, period: u64) {
        let clock = self.0.get();
        assert!(!clock.is_null(), "a clock output is made with init before it is set");
        // SAFETY: the clock lives as long as the device.
        unsafe {
            if sys::clock_set(clock, period) {
                sys::clock_propagate(clock);
            }
        }
    }

    /// Sets the frequency in hertz, as [`set_period`](Self::set_period) does; 0 stops the clock.
    ///
    /// # Panics
    /// If the output has not been made.
    pub fn set_hz(&self, hz: u64) {
        self.set_period(sys::CLOCK_PERIOD_1SEC.checked_div(hz).unwrap_or(0))
    }
}

/// The clocks of a device, as the board sees them.
pub trait ClockMethods: IsA<DeviceState> {
    /// Connects an input of the device to another device's output, and so takes over its period.
    ///
    /// # Errors
    /// If the device has no clock input of this name, it is connected already, or the output has not been
    /// made. QEMU ends the process for an output of a C device.
    fn connect_clock_in(&self, name: &CStr, source: &ClockOutput) -> Result<()> {
        let source = source.0.get();
        if source.is_null() {
            return Err("a clock output is made with init before it is connected".into());
        }
        // SAFETY: both devices are live. QEMU disconnects the clocks when one of them is freed.
        unsafe {
            let clock = sys::object_resolve_path_component(self.as_object_ptr(), name.as_ptr());
            if clock.is_null() || sys::object_dynamic_cast(clock, c_str!("clock").as_ptr()).is_null() {
                return Err(format!("the device has no clock {}", name.to_string_lossy()).into());
            }
            if !claimed(Claim::ClockOutput(clock as usize)).is_empty() {
                return Err(format!("the clock {} is an output", name.to_string_lossy()).into());
            }
            let clock = sys::qdev_get_clock_in(self.as_device_ptr(), name.as_ptr());
            if sys::clock_has_source(clock) {
                let name = name.to_string_lossy();
                return Err(format!("the clock {} is connected already", name).into());
            }
            sys::clock_set_source(clock, source);
        }
        Ok(())
    }
}

impl<T: IsA<DeviceState>> ClockMethods for T {}

fn period(clock: &BqlCell<*mut sys::Clock>) -> u64 {
    let clock = clock.get();
    if clock.is_null() {
        return 0;
    }
    // SAFETY: the clock lives as long as the device.
    unsafe { sys::clock_period(clock) }
}

fn hz(period: u64) -> u64 {
    sys::CLOCK_PERIOD_1SEC.checked_div(period).unwrap_or(0)
}

/// # Safety
/// QEMU calls it with the live `T` that `init` gave it.
unsafe extern "C" fn changed<T, F: for<'a> OptionalFnCall<(&'a T,)>>(opaque: *mut c_void) {
    guard("a clock's callback", || {
        // SAFETY: `init` gave QEMU its owner, which outlives the clock.
        unsafe { F::call((&*(opaque as *const T),)) }
    })
}
