//! Clocks that are wired between devices, as the device sees them that is clocked.

use crate::bql::BqlCell;
use crate::callback::{guard, FnCall};
use crate::memory::expect_field_of;
use crate::qdev::{DeviceMethods, DeviceState};
use crate::qom::IsA;
use crate::sys;
use oldstable_compat::ffi::{c_void, CStr};
use std::ptr;

/// A clock input of a device: a field of the device. It stands until the board connects it.
#[repr(transparent)]
pub struct ClockInput(BqlCell<*mut sys::Clock>);

impl Default for ClockInput {
    fn default() -> Self {
        ClockInput(BqlCell::new(ptr::null_mut()))
    }
}

impl ClockInput {
    /// Makes the input; `callback` gets the device each time its frequency has changed.
    ///
    /// # Panics
    /// If the input is not a field of `owner`, or has been made already.
    pub fn init<T, F>(&self, owner: &T, name: &CStr, _callback: F)
    where
        T: IsA<DeviceState>,
        F: for<'a> FnCall<(&'a T,)>,
    {
        expect_field_of(owner, self);
        assert!(self.0.get().is_null(), "a clock input is made once");
        // SAFETY: the device is live, and the clock becomes a part of it that ends with it.
        self.0.set(unsafe {
            sys::init_clock_in(
                owner.as_device_ptr(),
                name.as_ptr(),
                Some(changed::<T, F>),
                owner as *const T as *mut c_void,
            )
        });
    }

    /// The frequency in hertz, rounded down; 0 if the clock stands.
    pub fn hz(&self) -> u64 {
        /// What QEMU counts a clock's period in: 2^-32 nanoseconds.
        const ONE_SECOND: u64 = 1_000_000_000 << 32;
        let clock = self.0.get();
        if clock.is_null() {
            return 0;
        }
        // SAFETY: the clock lives as long as the device.
        let period = unsafe { sys::clock_period(clock) };
        ONE_SECOND.checked_div(period).unwrap_or(0)
    }
}

unsafe extern "C" fn changed<T, F: for<'a> FnCall<(&'a T,)>>(opaque: *mut c_void) {
    guard("a clock's callback", || {
        // SAFETY: `init` gave QEMU its owner, which outlives the clock.
        F::call((&*(opaque as *const T),))
    })
}
