//! I²C devices.

use crate::stream::{load, save};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::{c_int, CStr}};
use oldstable::i2c::{Acknowledge, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{
    IsA, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned,
};
use oldstable::sys;
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Error;
use std::ptr;

extern "C" {
    fn i2c_start_transfer(bus: *mut sys::BusState, address: u8, is_receive: c_int) -> c_int;
    fn i2c_send(bus: *mut sys::BusState, byte: u8) -> c_int;
    fn i2c_recv(bus: *mut sys::BusState) -> u8;
    fn i2c_nack(bus: *mut sys::BusState);
    fn i2c_end_transfer(bus: *mut sys::BusState);
}

/// The board's bus.
fn bus() -> *mut sys::BusState {
    let objects = Object::find_all();
    let bus = objects.iter().find(|object| object.typename() == "i2c-bus");
    bus.expect("the board has an I²C bus").as_object_ptr() as *mut sys::BusState
}

/// Puts a device on the board's bus.
pub fn plug<T: IsA<DeviceState>>(device: &T, address: u8) {
    let mut err = ptr::null_mut();
    let object = device.upcast::<DeviceState>();
    object.property_set_uint("address", address.into()).unwrap();
    // SAFETY: the bus and the device are live.
    unsafe {
        sys::qdev_realize(device.as_device_ptr(), bus(), &mut err);
        Error::err_or_unit(err).unwrap();
    }
}

/// Writes bytes to a device; how many it has acknowledged, or None if it has not answered.
pub fn write(address: u8, bytes: &[u8]) -> Option<usize> {
    let bus = bus();
    // SAFETY: the bus is live.
    unsafe {
        if i2c_start_transfer(bus, address, 0) != 0 {
            return None;
        }
        let taken = bytes.iter().take_while(|byte| i2c_send(bus, **byte) == 0).count();
        i2c_end_transfer(bus);
        Some(taken)
    }
}

/// Reads bytes from a device; None if it has not answered.
pub fn read(address: u8, count: usize) -> Option<Vec<u8>> {
    let bus = bus();
    // SAFETY: the bus is live.
    unsafe {
        if i2c_start_transfer(bus, address, 1) != 0 {
            return None;
        }
        let bytes = (0..count).map(|_| i2c_recv(bus)).collect();
        i2c_nack(bus);
        i2c_end_transfer(bus);
        Some(bytes)
    }
}

oldstable::qom_define_type! {
    struct Echo("harness-i2c"): I2cSlave, DeviceState, Object {
        last: BqlCell<u8>,
        deaf: BqlCell<bool>,
        log: BqlRefCell<Vec<I2cEvent>>,
    }
}

impl ObjectImpl for Echo {}

impl DeviceImpl for Echo {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Echo {
    const NAME: &'static CStr = c_str!("harness-i2c");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, last } };
}

impl I2cSlaveImpl for Echo {
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = Some(|echo, byte| {
        echo.last.set(byte);
        match byte {
            0xff => Acknowledge::No,
            _ => Acknowledge::Yes,
        }
    });
    const RECEIVE: Option<fn(&Self) -> u8> = Some(|echo| {
        echo.last.set(echo.last.get().wrapping_add(1));
        echo.last.get()
    });
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = Some(|echo, event| {
        echo.log.borrow_mut().push(event);
        match echo.deaf.get() {
            true => Acknowledge::No,
            false => Acknowledge::Yes,
        }
    });
}

fn echo(address: u8) -> Owned<Echo> {
    let echo = Echo::new();
    plug(&*echo, address);
    echo
}

tests! {
    classes [Echo];
    on "realview-eb";

    fn bytes_go_both_ways() {
        let echo = echo(0x20);
        assert_eq!(write(0x20, &[1, 2, 3]), Some(3));
        assert_eq!(echo.last.get(), 3);
        assert_eq!(read(0x20, 2), Some(vec![4, 5]));
        echo.unparent();
    }

    fn events_arrive_in_their_order() {
        let echo = echo(0x21);
        write(0x21, &[1]);
        read(0x21, 1);
        assert_eq!(
            *echo.log.borrow(),
            [
                I2cEvent::StartSend,
                I2cEvent::Finish,
                I2cEvent::StartReceive,
                I2cEvent::Nack,
                I2cEvent::Finish
            ]
        );
        echo.unparent();
    }

    fn a_byte_that_is_not_acknowledged_is_seen_by_the_master() {
        let echo = echo(0x22);
        assert_eq!(write(0x22, &[1, 0xff, 2]), Some(1));
        echo.unparent();
    }

    fn a_device_that_does_not_answer_is_seen_by_the_master() {
        let echo = echo(0x23);
        echo.deaf.set(true);
        assert_eq!(write(0x23, &[1]), None);
        assert_eq!(write(0x24, &[1]), None);
        echo.unparent();
    }

    fn the_parents_state_migrates_as_well() {
        let from = echo(0x25);
        from.last.set(0x77);
        let bytes = save(&*from).unwrap();
        assert_eq!(bytes, [0x25, 0x77]);
        from.last.set(0);
        load(&*from, &bytes, 1).unwrap();
        assert_eq!(from.last.get(), 0x77);
        from.unparent();
    }
}
