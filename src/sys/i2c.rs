//! Devices of an I²C bus.

use super::{release, ObjectClass, Release, VmStateDescription};
use oldstable_compat::ffi::c_int;

storage! {
    /// `I2CSlave`: 144 bytes in 5.2, 168 in 7.2, 160 since 10.0.
    I2cSlave, 168, 96
}

/// Takes a byte; not 0 to refuse it.
pub type I2cSend = Option<unsafe extern "C" fn(*mut I2cSlave, u8) -> c_int>;
/// Gives a byte.
pub type I2cReceive = Option<unsafe extern "C" fn(*mut I2cSlave) -> u8>;
/// Told how a transfer goes, an `i2c_event`; not 0 to refuse an address.
pub type I2cEvent = Option<unsafe extern "C" fn(*mut I2cSlave, c_int) -> c_int>;

/// The numbers of these two events are the same in all releases.
pub const I2C_START_RECEIVE: c_int = 0;
/// The number of the event that begins a transfer to the device.
pub const I2C_START_SEND: c_int = 1;

/// The numbers of the end of a transfer and of a byte that is not acknowledged. A release that can also send in the
/// background has a number for that before them, and a function in the class, which lies behind `send`.
pub fn i2c_finish_and_nack(release: &Release) -> (c_int, c_int) {
    let in_background = release.i2c_class.recv - release.i2c_class.send > std::mem::size_of::<usize>();
    let finish = I2C_START_SEND + 1 + c_int::from(in_background);
    (finish, finish + 1)
}

/// The place of a field of a class, in the running release.
///
/// # Safety
/// `class` is one that has such a field at the offset.
unsafe fn field<T>(class: *mut ObjectClass, offset: usize) -> *mut T {
    // SAFETY: the caller vouches for the class and the offset.
    unsafe { (class as *mut u8).add(offset) as *mut T }
}

/// # Safety
/// `class` is an `I2CSlaveClass`.
pub unsafe fn i2c_class_send(class: *mut ObjectClass) -> *mut I2cSend {
    // SAFETY: the running release has it there in such a class.
    unsafe { field(class, release().i2c_class.send) }
}

/// # Safety
/// `class` is an `I2CSlaveClass`.
pub unsafe fn i2c_class_receive(class: *mut ObjectClass) -> *mut I2cReceive {
    // SAFETY: the running release has it there in such a class.
    unsafe { field(class, release().i2c_class.recv) }
}

/// # Safety
/// `class` is an `I2CSlaveClass`.
pub unsafe fn i2c_class_event(class: *mut ObjectClass) -> *mut I2cEvent {
    // SAFETY: the running release has it there in such a class.
    unsafe { field(class, release().i2c_class.event) }
}

imports! {
    in ALL {
        static vmstate_i2c_slave: VmStateDescription;
    }
}
