// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Buses of a device's own.

use crate::i2c::Echo;
use oldstable::i2c::{Acknowledge, I2cBus, I2cEvent};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{IsA, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::{message_of_panic, plug};

oldstable::qom_define_type! {
    /// Is the master of a bus.
    pub struct Master("harness-i2c-master"): DeviceState, Object {
        bus: I2cBus,
    }
}

impl ObjectImpl for Master {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|master| master.bus.init(master, "harness-i2c"));
}

impl DeviceImpl for Master {}

impl Master {
    fn write(&self, address: u8, bytes: &[u8]) -> Option<usize> {
        if self.bus.start_send(address) == Acknowledge::No {
            return None;
        }
        let taken = bytes.iter().take_while(|byte| self.bus.send(**byte) == Acknowledge::Yes).count();
        self.bus.end();
        Some(taken)
    }

    fn read(&self, address: u8, count: usize) -> Option<Vec<u8>> {
        if self.bus.start_receive(address) == Acknowledge::No {
            return None;
        }
        let bytes = (0..count).map(|_| self.bus.receive()).collect();
        self.bus.nack();
        self.bus.end();
        Some(bytes)
    }
}

/// Puts a device on the bus of this name below another device.
fn plug_behind<T: IsA<DeviceState>>(owner: &T, bus: &str, device: &DeviceState, address: u64) {
    device.property_set_uint("address", address).unwrap();
    let owner = owner.upcast::<DeviceState>();
    plug(device, &owner.property_get_link(bus).unwrap().unwrap()).unwrap();
}

/// A master, which is in the tree.
fn master() -> Owned<Master> {
    let master = Master::new();
    master.realize().unwrap();
    master
}

fn echo(master: &Master, address: u64) -> Owned<Echo> {
    let echo = Echo::new();
    plug_behind(master, "harness-i2c", echo.upcast(), address);
    echo
}

oldstable::tests! {
    classes [Master];

    fn bytes_go_both_ways_on_a_bus_of_ones_own() {
        let master = master();
        let echo = echo(&master, 0x20);
        assert_eq!(master.write(0x20, &[1, 2, 0xff, 3]), Some(2));
        assert_eq!(master.read(0x20, 2), Some(vec![0, 1]));
        assert_eq!(
            *echo.log.borrow(),
            [I2cEvent::StartSend, I2cEvent::Finish, I2cEvent::StartReceive, I2cEvent::Nack, I2cEvent::Finish]
        );
        assert_eq!(master.write(0x21, &[1]), None);
        master.unparent();
    }

    fn a_bus_of_ones_own_takes_devices_in_c() {
        let master = master();
        let thermometer = DeviceState::new_by_name("tmp105").unwrap();
        plug_behind(&*master, "harness-i2c", &thermometer, 0x48);
        thermometer.property_set_int("temperature", 21_500).unwrap();
        assert_eq!(master.write(0x48, &[0]), Some(1));
        assert_eq!(master.read(0x48, 2), Some(vec![21, 0x80]));
        master.unparent();
    }

    fn all_devices_hear_a_broadcast() {
        let master = master();
        let (one, other) = (echo(&master, 0x20), echo(&master, 0x21));
        assert_eq!(master.write(0, &[7]), Some(1));
        assert_eq!((one.last.get(), other.last.get()), (7, 7));
        master.unparent();
    }

    fn a_bus_is_busy_from_its_start_to_its_end() {
        let master = master();
        let echo = echo(&master, 0x20);
        assert!(!master.bus.is_busy());
        assert_eq!(master.bus.send(5), Acknowledge::No);
        assert_eq!(master.bus.start_send(0x20), Acknowledge::Yes);
        assert!(master.bus.is_busy());
        assert_eq!(master.bus.start_receive(0x20), Acknowledge::Yes);
        assert_eq!(echo.log.borrow()[..], [I2cEvent::StartSend, I2cEvent::StartReceive]);
        let message = message_of_panic(|| echo.unparent());
        assert!(message.contains("in the middle of a transfer"), "{}", message);
        master.bus.end();
        assert!(!master.bus.is_busy());
        echo.unparent();
        assert_eq!(master.bus.start_send(0x20), Acknowledge::No);
        master.unparent();
    }

    fn nobody_is_on_a_bus_whose_device_is_not_realized_or_has_left() {
        let master = Master::new();
        Object::root().property_add_child("harness-master", master.clone()).unwrap();
        let bus = master.property_get_link("harness-i2c").unwrap().unwrap();
        let echo = Echo::new();
        let error = plug(&*echo, &bus).unwrap_err().to_string();
        assert!(error.contains("whose own device is realized"), "{}", error);
        assert_eq!((master.write(0x20, &[1]), master.bus.receive()), (None, 0xff));
        master.realize().unwrap();
        plug_behind(&*master, "harness-i2c", echo.upcast(), 0x20);
        assert_eq!(master.write(0x20, &[1]), Some(1));
        master.unparent();
        assert_eq!((master.write(0x20, &[2]), master.bus.is_busy()), (None, false));
        assert_eq!(echo.last.get(), 1);
        assert!(plug(&*Echo::new(), &bus).is_err());
    }

    fn a_transfer_ends_when_the_controller_leaves() {
        let master = master();
        let echo = echo(&master, 0x20);
        assert_eq!(master.bus.start_send(0x20), Acknowledge::Yes);
        master.unparent();
        assert_eq!(*echo.log.borrow(), [I2cEvent::StartSend, I2cEvent::Finish]);
        assert_eq!(master.bus.send(1), Acknowledge::No);
    }
}

/// The example, which is a card.
pub mod on_virt {
    use super::plug_behind;
    use oldstable::qdev::DeviceState;
    use oldstable::qom::{ObjectClassMethods, ObjectMethods};
    use oldstable::testing::{pci, read_u8, save, write_u8};

    const CARD: u64 = 0x1120_0000;

    /// Gives the controller a command and returns its status.
    fn command(byte: u8, command: u8) -> u8 {
        write_u8(CARD + 3, byte);
        write_u8(CARD + 4, command);
        read_u8(CARD + 4)
    }

    oldstable::tests! {
        on "virt";

        fn a_guest_reads_a_thermometer_behind_the_card() {
            let card = DeviceState::new_by_name("pci-i2c").unwrap();
            pci::plug(&*card).unwrap();
            pci::guest_writes(&*card, 0x10, CARD as u32);
            pci::guest_writes(&*card, 0x04, 0b110);
            let thermometer = DeviceState::new_by_name("example-tmp105").unwrap();
            plug_behind(&*card, "i2c", &thermometer, 0x49);
            thermometer.property_set_int("temperature", -500).unwrap();
            assert_eq!(command(0x92, 0x90), 0);
            write_u8(CARD + 2, 0xc0);
            // An address that nobody has, and the end.
            assert_eq!(command(0x40, 0x90), 0xc1);
            assert_eq!(command(0, 0x41), 0x81);
            // The register 0, then two bytes after a start to read.
            assert_eq!(command(0x92, 0x91), 0x41);
            assert_eq!(command(0, 0x11), 0x41);
            assert_eq!(command(0x93, 0x91), 0x41);
            assert_eq!(command(0, 0x21), 0x41);
            assert_eq!(read_u8(CARD + 3), 0xff);
            assert_eq!(command(0, 0x69), 0x01);
            assert_eq!(read_u8(CARD + 3), 0x80);
            assert_eq!(pci::config(&*card, 0x04) >> 19 & 1, 1, "the interrupt");
            assert_eq!(command(0, 0x01), 0);
            assert_eq!(pci::config(&*card, 0x04) >> 19 & 1, 0, "the interrupt");
            let state = save(&*card).unwrap();
            assert_eq!(state[state.len() - 7..], [0xff, 0xff, 0xc0, 0, 0x80, 0, 0x93]);
            card.unparent();
        }
    }
}
