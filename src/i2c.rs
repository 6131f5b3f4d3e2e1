// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices on an I²C bus, and buses of a device's own.
//!
//! `-device TYPE,address=0x50` puts one on the board's I²C bus, or on the one that `bus=` names: that of a controller's
//! [`I2cBus`] has the name that it was made with.

use crate::callback::guard;
use crate::qdev::{BusKind, DeviceConf, DeviceImpl, DeviceState, OwnBus};
use crate::qom::{ClassInit, IsA, Object, ObjectType, Part, TypeImpl, AT_A_TRANSFER};
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
    fn from_number(number: c_int) -> Acknowledge {
        match number {
            0 => Acknowledge::Yes,
            _ => Acknowledge::No,
        }
    }

    fn to_number(self) -> c_int {
        match self {
            Acknowledge::Yes => 0,
            Acknowledge::No => -1,
        }
    }
}

const KIND: BusKind = BusKind { device: "i2c-slave", make: sys::i2c_init_bus };

/// An I²C bus of a controller: a field of the controller's device, which is the master of the bus.
///
/// The devices on it run before a function for a transfer returns. They can call the controller back, by a line for
/// example, but must not use the bus then; nor does a device leave the tree meanwhile. A transfer that is under way ends
/// when the controller or a device in Rust on the bus leaves the tree. The devices that are addressed migrate with the
/// bus, as on those of QEMU's own controllers.
#[derive(Default)]
pub struct I2cBus(OwnBus);

// SAFETY: its drop releases a reference, which only needs the lock.
unsafe impl Part for I2cBus {}

impl I2cBus {
    /// Makes the bus, with the name by which users put devices on it. Call it in
    /// [`INSTANCE_INIT`](crate::qom::ObjectImpl::INSTANCE_INIT).
    ///
    /// # Panics
    /// If the bus is not a field of `owner`, has been made already, the name is that of a property of the device or has
    /// a NUL, `owner` is realized, or the running QEMU has no I²C.
    #[track_caller]
    pub fn init<T: IsA<DeviceState>>(&self, owner: &T, name: &str) {
        self.0.make(owner, name, &KIND)
    }

    /// Starts a transfer to the devices with this address, of 7 bits; 0 addresses all. Nobody acknowledges while the
    /// controller is not realized. If a transfer is under way, this is a repeated start for the devices that are
    /// addressed already, whatever the address is.
    ///
    /// # Panics
    /// If the bus has not been made, or a device on it does this while it is called for a transfer.
    #[track_caller]
    pub fn start_send(&self, address: u8) -> Acknowledge {
        self.start(address, 0)
    }

    /// Starts a transfer from the device with this address, as [`start_send`](Self::start_send) does.
    ///
    /// # Panics
    /// As `start_send`.
    #[track_caller]
    pub fn start_receive(&self, address: u8) -> Acknowledge {
        self.start(address, 1)
    }

    #[track_caller]
    fn start(&self, address: u8, is_receive: c_int) -> Acknowledge {
        // SAFETY: the bus is live, and QEMU iterates over none of its lists.
        let answer = self.0.transfer(|bus| unsafe { sys::i2c_start_transfer(bus, address, is_receive) });
        Acknowledge::from_number(answer.unwrap_or(1))
    }

    /// Sends a byte. Nobody acknowledges it if no transfer is under way.
    ///
    /// # Panics
    /// As [`start_send`](Self::start_send).
    #[track_caller]
    pub fn send(&self, byte: u8) -> Acknowledge {
        // SAFETY: as for a start.
        let answer = self.0.transfer(|bus| unsafe {
            match sys::i2c_bus_busy(bus) {
                0 => 1,
                _ => sys::i2c_send(bus, byte),
            }
        });
        Acknowledge::from_number(answer.unwrap_or(1))
    }

    /// Receives a byte; 0xff if nobody drives the bus.
    ///
    /// # Panics
    /// As [`start_send`](Self::start_send).
    #[track_caller]
    pub fn receive(&self) -> u8 {
        // SAFETY: as for a start.
        self.0.transfer(|bus| unsafe { sys::i2c_recv(bus) }).unwrap_or(NOBODY)
    }

    /// Tells the device that the byte was the last.
    ///
    /// # Panics
    /// As [`start_send`](Self::start_send).
    #[track_caller]
    pub fn nack(&self) {
        // SAFETY: as for a start.
        self.0.transfer(|bus| unsafe { sys::i2c_nack(bus) });
    }

    /// Ends the transfer, if one is under way.
    ///
    /// # Panics
    /// As [`start_send`](Self::start_send).
    #[track_caller]
    pub fn end(&self) {
        // SAFETY: as for a start.
        self.0.transfer(|bus| unsafe { sys::i2c_end_transfer(bus) });
    }

    /// Returns whether a transfer is under way.
    ///
    /// # Panics
    /// As [`start_send`](Self::start_send).
    #[track_caller]
    pub fn is_busy(&self) -> bool {
        // SAFETY: as for a start.
        self.0.transfer(|bus| unsafe { sys::i2c_bus_busy(bus) != 0 }).unwrap_or(false)
    }
}

/// The value of a bus that nothing drives.
const NOBODY: u8 = 0xff;

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
