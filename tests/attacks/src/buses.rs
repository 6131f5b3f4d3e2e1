// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Buses of a controller's own: set up wrongly, used at the wrong time, left in the middle of a transfer.

use crate::runner::{forever, keep, later, pause, save_to, wait_until};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::i2c::{Acknowledge, I2cBus, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, IsA, Object, ObjectCast, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::qom::{ObjectType, Owned};
use oldstable::ssi::{ChipSelect, SsiBus, SsiPeripheral, SsiPeripheralImpl};
use oldstable::testing::plug;
use std::path::PathBuf;

oldstable::qom_define_type! {
    /// A controller, whose second bus is never set up.
    pub struct Master("attacks-master"): DeviceState, Object {
        bus: I2cBus,
        spare: I2cBus,
        text: BqlRefCell<String>,
    }
}

impl ObjectImpl for Master {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|master| {
        master.bus.init(master, "attacks-bus");
        master.text.borrow_mut().push_str("a controller");
        master.init_gpio_in(None, 1, |master: &Master, _, _| {
            println!("{:?}", master.bus.start_send(0x20));
        });
    });
}

impl DeviceImpl for Master {}

oldstable::qom_define_type! {
    /// Does something when it gets a byte, and when it is addressed.
    pub struct Slave("attacks-slave"): I2cSlave, DeviceState, Object {
        text: BqlRefCell<String>,
        on_send: BqlCell<Option<fn(&Slave)>>,
        on_end: BqlCell<Option<fn(&Slave)>>,
    }
}

impl ObjectImpl for Slave {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|slave| slave.text.borrow_mut().push_str("a device"));
}

impl DeviceImpl for Slave {
    const UNREALIZE: Option<fn(&Self)> = Some(|slave| slave.once(&slave.on_end));
}

impl I2cSlaveImpl for Slave {
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = Some(|slave, _| {
        slave.once(&slave.on_send);
        Acknowledge::Yes
    });
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = Some(|slave, event| {
        println!("{} hears of {:?}", slave.text.borrow(), event);
        Acknowledge::Yes
    });
}

impl Slave {
    fn once(&self, deed: &BqlCell<Option<fn(&Slave)>>) {
        if let Some(deed) = deed.replace(None) {
            deed(self)
        }
        println!("{}, still", self.text.borrow());
    }
}

oldstable::qom_define_type! {
    /// A controller of an SSI bus.
    pub struct Ring("attacks-ring"): DeviceState, Object {
        bus: SsiBus,
        line: InterruptSource,
    }
}

impl ObjectImpl for Ring {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|ring| {
        ring.bus.init(ring, "attacks-ssi");
        ring.init_gpio_out(None, std::slice::from_ref(&ring.line));
    });
}

impl DeviceImpl for Ring {}

oldstable::qom_define_type! {
    /// Does something when it gets a word, and when it is selected.
    pub struct Bead("attacks-bead"): SsiPeripheral, DeviceState, Object {
        text: BqlRefCell<String>,
        on_word: BqlCell<Option<fn(&Bead)>>,
        on_select: BqlCell<Option<fn(&Bead)>>,
    }
}

impl ObjectImpl for Bead {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|bead| bead.text.borrow_mut().push_str("a bead"));
}

impl DeviceImpl for Bead {}

impl SsiPeripheralImpl for Bead {
    const CHIP_SELECT: Option<ChipSelect> = Some(ChipSelect::Low);
    const TRANSFER: Option<fn(&Self, u32) -> u32> = Some(|bead, word| {
        bead.once(&bead.on_word);
        word
    });
    const SELECT: Option<fn(&Self, bool)> = Some(|bead, _| bead.once(&bead.on_select));
}

impl Bead {
    fn once(&self, deed: &BqlCell<Option<fn(&Bead)>>) {
        if let Some(deed) = deed.replace(None) {
            deed(self)
        }
        println!("{}, still", self.text.borrow());
    }
}

/// A controller with a device on its bus, both in the tree.
fn ring() -> (Owned<Ring>, Owned<Bead>) {
    register::<Ring>();
    register::<Bead>();
    let (ring, bead) = (Ring::new(), Bead::new());
    Object::root().property_add_child("ring", ring.clone()).unwrap();
    ring.realize().unwrap();
    plug(&*bead, &ring.property_get_link("attacks-ssi").unwrap().unwrap()).unwrap();
    (ring, bead)
}

fn exchange() {
    let ring = Ring::find_all().into_iter().next();
    println!("{:?}", ring.map(|ring| ring.bus.transfer(7)));
}

fn put<T: IsA<DeviceState>>(master: &Master, device: &T, address: u64) {
    device.upcast::<DeviceState>().property_set_uint("address", address).unwrap();
    plug(device, &master.property_get_link("attacks-bus").unwrap().unwrap()).unwrap();
}

/// A controller, at a place in the tree.
fn master(name: &str) -> Owned<Master> {
    if !Master::is_known() {
        register::<Master>();
    }
    let master = Master::new();
    Object::root().property_add_child(name, master.clone()).unwrap();
    master.realize().unwrap();
    master
}

/// A device on the bus of a controller.
fn slave(master: &Master, address: u64) -> Owned<Slave> {
    if !Slave::is_known() {
        register::<Slave>();
    }
    let slave = Slave::new();
    put(master, &*slave, address);
    slave
}

fn the_master() -> Owned<Master> {
    Master::resolve("/master").unwrap()
}

/// Takes out what contains a device that is addressed, and the device with it.
fn leaves_with_its_parent<T: IsA<DeviceState> + IsA<Object>>(device: Owned<T>) {
    let master = master("master");
    let above = Master::new();
    Object::root().property_add_child("above", above.clone()).unwrap();
    above.property_add_child("device", device.clone()).unwrap();
    put(&master, &*device, 0x20);
    drop(device);
    println!("{:?}", master.bus.start_send(0x20));
    above.unparent();
    drop(above);
    pause(2);
    later(|| {
        println!("{:?} {}", the_master().bus.send(1), the_master().bus.is_busy());
        write(&the_master());
        println!("nothing is broken");
    });
}

fn write(master: &Master) {
    println!("{:?}", master.bus.start_send(0x20));
    println!("{:?}", master.bus.send(1));
    master.bus.end();
    println!("{}, still", master.text.borrow());
}

fn file() -> PathBuf {
    std::env::temp_dir().join(format!("attacks-buses-{}", std::process::id()))
}

programs! {
    a_bus_that_was_never_made => Sentence "a bus is made with init before it is used" {
        println!("{:?}", master("master").spare.start_send(0x20));
    }

    a_bus_made_twice => Sentence "a bus is made once" {
        register::<Master>();
        let master = Master::new();
        master.bus.init(&*master, "again");
    }

    a_bus_of_another_object => Sentence "must be a field of the object" {
        register::<Master>();
        let (one, other) = (Master::new(), Master::new());
        one.spare.init(&*other, "mine");
    }

    a_bus_made_too_late => Sentence "is realized already" {
        let master = master("master");
        master.spare.init(&*master, "late");
    }

    a_bus_with_the_name_of_a_property => Sentence "has a property realized already" {
        register::<Master>();
        let master = Master::new();
        master.spare.init(&*master, "realized");
    }

    a_bus_with_the_name_of_the_other => Sentence "has a property attacks-bus already" {
        register::<Master>();
        let master = Master::new();
        master.spare.init(&*master, "attacks-bus");
    }

    a_bus_of_nobody_ends_with_its_thread => Clean "nothing is broken" {
        std::thread::spawn(|| drop(I2cBus::default())).join().unwrap_or_default();
        println!("nothing is broken");
    }

    a_thread_begins_a_transfer => Sentence "does not hold the big QEMU lock" {
        let master: &'static Master = forever(master("master"));
        // A reference to an object stays on its thread, one to its bus may go.
        let bus = &master.bus;
        std::thread::spawn(move || println!("{:?}", bus.start_send(0x20))).join().unwrap_or_default();
    }

    a_device_begins_a_transfer_on_its_bus_in_one => Sentence "no transfer begins or goes on" {
        let master = master("master");
        slave(&master, 0x20).on_send.set(Some(|_| println!("{:?}", the_master().bus.start_send(0x20))));
        later(|| write(&the_master()));
    }

    a_device_ends_the_transfer_that_it_is_in => Sentence "no transfer begins or goes on" {
        let master = master("master");
        slave(&master, 0x20).on_send.set(Some(|_| the_master().bus.end()));
        later(|| write(&the_master()));
    }

    a_device_removes_itself_in_a_transfer => Sentence "in the middle of a transfer" {
        let master = master("master");
        slave(&master, 0x20).on_send.set(Some(|slave| slave.unparent()));
        later(|| write(&the_master()));
    }

    a_device_removes_the_controller_in_a_transfer => Sentence "in the middle of a transfer" {
        let master = master("master");
        slave(&master, 0x20).on_send.set(Some(|_| the_master().unparent()));
        later(|| write(&the_master()));
    }

    a_device_between_two_buses_comes_back_to_the_first => Sentence "no transfer begins or goes on" {
        let (one, other) = (master("master"), master("other"));
        slave(&one, 0x20).on_send.set(Some(|_| write(&Master::resolve("/other").unwrap())));
        slave(&other, 0x20).on_send.set(Some(|_| write(&the_master())));
        later(|| write(&the_master()));
    }

    a_transfer_on_another_bus_in_a_transfer => Clean "a controller, still" {
        let (one, other) = (master("master"), master("other"));
        slave(&one, 0x20).on_send.set(Some(|_| write(&Master::resolve("/other").unwrap())));
        keep(slave(&other, 0x20));
        later(|| write(&the_master()));
    }

    // QEMU's own thermometer raises its line while it is written to.
    a_line_of_a_device_in_c_begins_a_transfer_in_one => Sentence "no transfer begins or goes on" {
        let master = master("master");
        let thermometer = DeviceState::new_by_name("tmp105").unwrap();
        put(&master, &*thermometer, 0x20);
        thermometer.connect_gpio_out(None, 0, master.gpio_in(None, 0).unwrap()).unwrap();
        later(|| {
            let bus = &the_master().bus;
            bus.start_send(0x20);
            // The polarity of the line.
            [1, 4].iter().for_each(|byte| println!("{:?}", bus.send(*byte)));
            bus.end();
        });
    }

    a_controller_leaves_in_a_transfer => Clean "hears of Finish" {
        let master = master("master");
        keep(slave(&master, 0x20));
        master.bus.start_send(0x20);
        master.unparent();
        println!("{:?}", master.bus.send(1));
        write(&master);
        keep(master);
    }

    // A device uses the bus of the controller that takes it along.
    a_transfer_begins_when_the_devices_leave => Clean "a device, still" {
        let master = master("master");
        slave(&master, 0x20).on_end.set(Some(|_| {
            Master::find_all().iter().for_each(|master| println!("{:?}", master.bus.start_send(0x20)))
        }));
        keep(slave(&master, 0x21));
        keep(master);
        later(|| the_master().unparent());
        later(|| println!("a device, still"));
    }

    a_controller_that_has_ended_is_not_saved => Clean "saved" {
        let master = master("master");
        slave(&master, 0x20);
        master.bus.start_send(0x20);
        master.unparent();
        drop(master);
        pause(2);
        later(|| save_to(&file()));
        wait_until(|| file().exists());
        later(|| {
            std::fs::remove_file(file()).unwrap();
            println!("saved");
        });
    }

    a_controller_that_was_never_realized_is_not_saved => Clean "saved" {
        register::<Master>();
        drop(Master::new());
        pause(2);
        later(|| save_to(&file()));
        wait_until(|| file().exists());
        later(|| {
            std::fs::remove_file(file()).unwrap();
            println!("saved");
        });
    }

    an_addressed_device_leaves_with_its_parent => Clean "nothing is broken" {
        register::<Slave>();
        leaves_with_its_parent(Slave::new());
    }

    an_addressed_device_in_c_leaves_with_its_parent => Clean "nothing is broken" {
        leaves_with_its_parent(DeviceState::new_by_name("tmp105").unwrap());
    }

    a_device_panics_in_a_transfer => Sentence "no more" {
        let master = master("master");
        slave(&master, 0x20).on_send.set(Some(|_| panic!("no more")));
        later(|| write(&the_master()));
    }

    a_device_on_a_bus_that_has_left => Clean "whose own device is realized" {
        let master = master("master");
        let bus = master.property_get_link("attacks-bus").unwrap().unwrap();
        master.unparent();
        register::<Slave>();
        println!("{}", plug(&*Slave::new(), &bus).unwrap_err());
    }

    a_word_in_a_word => Sentence "no transfer begins or goes on" {
        ring().1.on_word.set(Some(|_| exchange()));
        later(exchange);
    }

    a_device_leaves_at_a_word => Sentence "in the middle of a transfer" {
        ring().1.on_word.set(Some(|bead| bead.unparent()));
        later(exchange);
    }

    a_controller_leaves_at_a_word => Sentence "in the middle of a transfer" {
        ring().1.on_word.set(Some(|_| Ring::find_all().iter().for_each(|ring| ring.unparent())));
        later(exchange);
    }

    a_device_leaves_when_it_is_selected => Clean "a bead, still" {
        let (ring, bead) = ring();
        ring.connect_gpio_out(None, 0, bead.gpio_in(Some("ssi-gpio-cs"), 0).unwrap()).unwrap();
        bead.on_select.set(Some(|bead| bead.unparent()));
        drop(bead);
        ring.line.raise();
        ring.line.lower();
        println!("{}", ring.bus.transfer(3));
        later(exchange);
    }

    a_bus_that_is_left_with_its_devices => Clean "None" {
        let (ring, bead) = ring();
        ring.unparent();
        println!("{} {:?}", ring.bus.transfer(7), bead.text.borrow());
        drop(ring);
        keep(bead);
        later(exchange);
    }

    a_word_by_a_thread => Sentence "does not hold the big QEMU lock" {
        let bus = &forever(ring().0).bus;
        std::thread::spawn(move || println!("{}", bus.transfer(7))).join().unwrap_or_default();
    }

    the_line_that_selects_is_made_by_hand => Sentence "that QEMU makes by itself" {
        register::<Bead>();
        Bead::new().init_gpio_in(Some("ssi-gpio-cs"), 1, |_: &Bead, _, _| ());
    }

    an_i2c_device_on_an_ssi_bus => Clean "needs a i2c-bus to be on" {
        register::<Slave>();
        let (ring, _) = ring();
        let bus = ring.property_get_link("attacks-ssi").unwrap().unwrap();
        println!("{}", plug(&*Slave::new(), &bus).unwrap_err());
    }
}
