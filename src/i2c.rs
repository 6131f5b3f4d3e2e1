// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices on an I²C bus.
//!
//! `-device TYPE,address=0x50` puts one on the board's I²C bus, or on the one that `bus=` names.

use crate::callback::{guard, Meanwhile};
use crate::qdev::{DeviceConf, DeviceImpl, DeviceState};
use crate::qom::{ClassInit, IsA, Object, ObjectType, TypeImpl};
use crate::sys::{self, Opaque};
use crate::vmstate::{Form, Place};
use oldstable_compat::c_str;
use oldstable_compat::ffi::{c_int, CStr};
use std::mem::ManuallyDrop;

/// A device on an I²C bus.
#[repr(transparent)]
pub struct I2cSlave(Opaque<sys::I2cSlave>);

// SAFETY: the bytes are QEMU's; the fields that the running release has are at the front of ours.
unsafe impl ObjectType for I2cSlave {
    const TYPE: &'static CStr = c_str!("i2c-slave");
}

crate::qom_isa!(unsafe I2cSlave: DeviceState, Object);

// SAFETY: QEMU's own description is for its own struct, which is at the front of ours.
unsafe impl Place for ManuallyDrop<I2cSlave> {
    fn form() -> Form {
        Form::of_parent::<I2cSlave>(|| sys::vmstate_i2c_slave())
    }
}

/// Events on the bus, besides bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum I2cEvent {
    /// The master has addressed the device, to read.
    StartReceive,
    /// The master has addressed the device, to write.
    StartSend,
    /// The master has ended the transfer.
    Finish,
    /// The master wants no more bytes.
    Nack,
}

impl I2cEvent {
    fn from_number(number: c_int) -> Option<I2cEvent> {
        let (finish, nack) = sys::i2c_finish_and_nack(sys::release());
        match number {
            sys::I2C_START_RECEIVE => Some(I2cEvent::StartReceive),
            sys::I2C_START_SEND => Some(I2cEvent::StartSend),
            _ if number == finish => Some(I2cEvent::Finish),
            _ if number == nack => Some(I2cEvent::Nack),
            // An asynchronous transfer, which these devices do not support.
            _ => None,
        }
    }
}

/// A device's answer to what it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledge {
    /// The device accepts it.
    Yes,
    /// The device does not accept it, and the controller sees no acknowledge.
    No,
}

impl Acknowledge {
    fn to_number(self) -> c_int {
        match self {
            Acknowledge::Yes => 0,
            Acknowledge::No => -1,
        }
    }
}

/// The virtual methods of [`I2cSlave`]. `None` inherits the parent's.
#[rustversion::attr(
    since(1.78),
    diagnostic::on_unimplemented(
        message = "`{Self}` is a device of an I²C bus and has no `I2cSlaveImpl`",
        note = "write `impl I2cSlaveImpl for {Self} {{}}`, with the methods between the braces that are not to be the parent's"
    )
)]
pub trait I2cSlaveImpl: DeviceImpl + IsA<I2cSlave> {
    /// Takes a byte from the master.
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = None;

    /// Gives the master a byte.
    const RECEIVE: Option<fn(&Self) -> u8> = None;

    /// Is called for each event on the bus. The acknowledge counts only for a start.
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = None;
}

// SAFETY: the size is that of the running release.
unsafe impl<T> ClassInit<T> for I2cSlave
where
    T: I2cSlaveImpl + TypeImpl,
    T::Conf: DeviceConf,
{
    fn class_size() -> usize {
        sys::release().i2c_class.size
    }

    unsafe fn class_init(class: *mut sys::ObjectClass) {
        // SAFETY: the caller guarantees the class, which is that of an I²C device and so of a device.
        unsafe {
            <DeviceState as ClassInit<T>>::class_init(class);
            if T::SEND.is_some() {
                *sys::i2c_class_send(class) = Some(send::<T>);
            }
            if T::RECEIVE.is_some() {
                *sys::i2c_class_receive(class) = Some(receive::<T>);
            }
            if T::EVENT.is_some() {
                *sys::i2c_class_event(class) = Some(event::<T>);
            }
        }
    }
}

/// A method of a device, during which QEMU iterates over those that the transfer is for.
pub(crate) static AT_A_TRANSFER: Meanwhile =
    Meanwhile::new("no transfer begins on a bus while a device hears of one: a BottomHalf can begin it");

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn send<T: I2cSlaveImpl>(slave: *mut sys::I2cSlave, byte: u8) -> c_int {
    guard("an I²C device's send", || match T::SEND {
        // SAFETY: QEMU calls the method of T's class with a live instance of it.
        Some(method) => AT_A_TRANSFER.run(|| unsafe { method(&*(slave as *const T), byte).to_number() }),
        None => Acknowledge::No.to_number(),
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn receive<T: I2cSlaveImpl>(slave: *mut sys::I2cSlave) -> u8 {
    /// The value of a bus that nothing drives.
    const NOBODY: u8 = 0xff;
    guard("an I²C device's receive", || match T::RECEIVE {
        // SAFETY: QEMU calls the method of T's class with a live instance of it.
        Some(method) => AT_A_TRANSFER.run(|| unsafe { method(&*(slave as *const T)) }),
        None => NOBODY,
    })
}

/// # Safety
/// QEMU calls it with a live instance of `T`.
unsafe extern "C" fn event<T: I2cSlaveImpl>(slave: *mut sys::I2cSlave, number: c_int) -> c_int {
    guard("an I²C device's event", || {
        match (T::EVENT, I2cEvent::from_number(number)) {
            // SAFETY: QEMU calls the method of T's class with a live instance of it.
            (Some(method), Some(event)) => {
                // SAFETY: as above.
                AT_A_TRANSFER.run(|| unsafe { method(&*(slave as *const T), event) }).to_number()
            }
            _ => Acknowledge::No.to_number(),
        }
    })
}
