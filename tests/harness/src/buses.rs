// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Buses of a device's own.

use crate::i2c::Echo;
use crate::numbers::{operations, Numbers};
use oldstable::bql::BqlCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::i2c::{Acknowledge, I2cBus, I2cEvent};
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{IsA, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::ssi::{ChipSelect, SsiBus, SsiPeripheral, SsiPeripheralImpl};
use oldstable::testing::{load, message_of_panic, plug, save, Lines};
use oldstable::vmstate::{Field, Section, VmState};

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

oldstable::qom_define_type! {
    /// Is the master of an SSI bus.
    pub struct SsiMaster("harness-ssi-master"): DeviceState, Object {
        bus: SsiBus,
        selects: [InterruptSource; 2],
    }
}

impl ObjectImpl for SsiMaster {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|master| {
        master.bus.init(master, "harness-ssi");
        master.init_gpio_out(None, &master.selects);
    });
}

impl DeviceImpl for SsiMaster {}

oldstable::qom_define_type! {
    /// Answers with the word before, and counts how often it is selected.
    pub struct Shifter("harness-ssi"): SsiPeripheral, DeviceState, Object {
        pub last: BqlCell<u32>,
        selected: BqlCell<u32>,
    }
}

impl ObjectImpl for Shifter {}

impl DeviceImpl for Shifter {
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl VmState for Shifter {
    const NAME: &'static CStr = c_str!("harness-ssi");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, last } };
}

impl SsiPeripheralImpl for Shifter {
    const CHIP_SELECT: Option<ChipSelect> = Some(ChipSelect::Low);
    const TRANSFER: Option<fn(&Self, u32) -> u32> = Some(|this, word| this.last.replace(word));
    const SELECT: Option<fn(&Self, bool)> = Some(|this, is_selected| {
        this.selected.update(|count| count + u32::from(is_selected));
    });
}

oldstable::qom_define_type! {
    /// Has no method of its own, nor a line.
    pub struct Silent("harness-ssi-silent"): SsiPeripheral, DeviceState, Object {}
}

impl ObjectImpl for Silent {}
impl DeviceImpl for Silent {}
impl SsiPeripheralImpl for Silent {}

/// An SSI bus, and devices on it.
pub mod ssi {
    use super::*;

    fn master() -> Owned<SsiMaster> {
        let master = SsiMaster::new();
        master.realize().unwrap();
        master
    }

    /// Puts a device on the bus, with one of the controller's lines.
    fn put(master: &SsiMaster, device: &DeviceState, line: u16) {
        if device.property_type("cs").is_ok() {
            device.property_set_uint("cs", line.into()).unwrap();
        }
        plug(device, &master.property_get_link("harness-ssi").unwrap().unwrap()).unwrap();
        if let Some(input) = device.gpio_in(Some("ssi-gpio-cs"), 0) {
            master.connect_gpio_out(None, line, input).unwrap();
            master.selects[usize::from(line)].raise();
        }
    }

    fn shifter(master: &SsiMaster, line: u16) -> Owned<Shifter> {
        let shifter = Shifter::new();
        put(master, shifter.upcast(), line);
        shifter
    }

    /// A converter on a bus of its own, and the other end of its line.
    fn converter(class: &str) -> (Owned<SsiMaster>, Owned<Lines>) {
        let (master, lines) = (master(), Lines::watch());
        let converter = DeviceState::new_by_name(class).unwrap();
        converter.property_set_uint("input1", 0x12).unwrap();
        put(&master, &converter, 0);
        converter.connect_gpio_out(None, 0, lines.input(0)).unwrap();
        converter.cold_reset();
        (master, lines)
    }

    oldstable::tests! {
        classes [SsiMaster, Shifter, Silent];

        fn the_selected_device_takes_the_words() {
            let master = master();
            let (one, other) = (shifter(&master, 0), shifter(&master, 1));
            assert_eq!(master.bus.transfer(7), 0);
            master.selects[1].lower();
            assert_eq!((master.bus.transfer(0x1234_5678), master.bus.transfer(2)), (0, 0x1234_5678));
            master.selects[1].raise();
            master.selects[0].lower();
            assert_eq!((master.bus.transfer(3), one.last.get(), other.last.get()), (0, 3, 2));
            assert_eq!((one.selected.get(), other.selected.get()), (1, 1));
            master.unparent();
            assert_eq!((master.bus.transfer(4), one.last.get()), (0, 3));
        }

        fn a_device_without_methods_sends_zeros() {
            let master = master();
            let silent = Silent::new();
            put(&master, silent.upcast(), 0);
            assert!(silent.gpio_in(Some("ssi-gpio-cs"), 0).is_none());
            assert_eq!(master.bus.transfer(7), 0);
            master.unparent();
        }

        fn a_memory_in_c_says_what_it_is() {
            let master = master();
            let memory = DeviceState::new_by_name("m25p05").unwrap();
            put(&master, &memory, 0);
            master.selects[0].lower();
            let mut answers = [0x9f, 0, 0, 0].iter().map(|word| master.bus.transfer(*word));
            let _ = answers.next();
            assert_eq!(answers.collect::<Vec<_>>(), [0x20, 0x20, 0x10]);
            master.unparent();
        }

        fn max1111_does_what_the_one_in_c_does() {
            let (ours, our_line) = converter("example-max1111");
            // The byte of the start, and its result.
            ours.bus.transfer(0xc6);
            assert_eq!((ours.bus.transfer(0), ours.bus.transfer(0)), ((0x12 ^ 0x80) >> 2, 0x80));
            assert_eq!(our_line.changes(), [(0, true)]);
            ours.unparent();
            let (ours, our_line) = converter("example-max1111");
            // It left QEMU with the boards that had it.
            if oldstable::sys::release().major >= 10 {
                return drop(DeviceState::new_by_name("max1111").unwrap_err());
            }
            let (theirs, their_line) = converter("max1111");
            let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
            for n in 0..operations() {
                let byte = numbers.below(256) & if numbers.below(3) == 0 { 0xff } else { 0x7f };
                assert_eq!(ours.bus.transfer(byte), theirs.bus.transfer(byte), "{:#x}, operation {}", byte, n);
                assert_eq!(our_line.changes(), their_line.changes(), "operation {}", n);
            }
            for device in &[ours, theirs] {
                device.unparent();
            }
        }

        fn the_line_migrates_with_the_device() {
            let master = master();
            let shifter = shifter(&master, 0);
            shifter.last.set(0x0102_0304);
            assert_eq!(save(&*shifter).unwrap(), [1, 1, 2, 3, 4]);
            master.selects[0].lower();
            load(&*shifter, &[1, 1, 2, 3, 5], 1).unwrap();
            assert_eq!((shifter.last.get(), master.bus.transfer(9)), (0x0102_0305, 0));
            master.unparent();
        }
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
