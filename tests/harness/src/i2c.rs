// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! I²C devices.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::i2c::{Acknowledge, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::i2c::{plug, read, write};
use oldstable::testing::{load, message_of_abort, save};
use oldstable::vmstate::{Field, Section, VmState};

oldstable::qom_define_type! {
    pub struct Echo("harness-i2c"): I2cSlave, DeviceState, Object {
        pub last: BqlCell<u8>,
        deaf: BqlCell<bool>,
        pub log: BqlRefCell<Vec<I2cEvent>>,
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

oldstable::qom_define_type! {
    /// Leaves the bus at the first byte.
    struct Leaver("harness-i2c-leaver"): I2cSlave, DeviceState, Object {}
}

impl ObjectImpl for Leaver {}
impl DeviceImpl for Leaver {}

impl I2cSlaveImpl for Leaver {
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = Some(|leaver, _| {
        leaver.unparent();
        Acknowledge::Yes
    });
}

fn echo(address: u8) -> Owned<Echo> {
    let echo = Echo::new();
    plug(&*echo, address).unwrap();
    echo
}

oldstable::tests! {
    classes [Echo, Leaver];
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

    fn a_device_does_not_leave_the_bus_in_a_transfer() {
        let leaver = Leaver::new();
        plug(&*leaver, 0x26).unwrap();
        let message = message_of_abort(|| {
            write(0x26, &[1, 2]);
        });
        assert!(message.contains("is not taken off its bus in the middle of a transfer"), "{}", message);
        leaver.unparent();
    }

    fn the_parents_state_migrates_as_well() {
        let from = echo(0x25);
        from.last.set(0x77);
        let bytes = save(&*from).unwrap();
        assert_eq!(bytes, [0x25, 0x77]);
        from.last.set(0);
        load(&*from, &bytes, 1).unwrap();
        assert_eq!(from.last.get(), 0x77);
        // A bus that has not been loaded itself regards any loaded device as one of its current addressees. The end of
        // a transfer makes it forget the device, which is about to end.
        read(0x25, 0).unwrap();
        from.unparent();
    }
}
