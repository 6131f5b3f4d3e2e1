// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! What `oldstable::testing` does to a device, at the wrong time, to the wrong device, or on the wrong thread.

use crate::runner::{keep, later};
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::i2c::{Acknowledge, I2cEvent, I2cSlave, I2cSlaveImpl};
use oldstable::pci::{PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceMethods, DeviceState};
use oldstable::qom::{register, Interface, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::{self, i2c, pci};
use oldstable::Result;

type Deed<T> = Option<fn(&T)>;

oldstable::qom_define_type! {
    pub struct Listener("attacks-i2c"): I2cSlave, DeviceState, Object {
        text: BqlRefCell<String>,
        on_send: BqlCell<Deed<Listener>>,
        on_event: BqlCell<Deed<Listener>>,
        on_reset: BqlCell<Deed<Listener>>,
    }
}

impl ObjectImpl for Listener {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|listener| listener.text.borrow_mut().push_str("a text"));
}

impl DeviceImpl for Listener {
    const RESET_ENTER: Option<fn(&Self)> = Some(|listener| {
        listener.once(&listener.on_reset);
    });
}

impl I2cSlaveImpl for Listener {
    const SEND: Option<fn(&Self, u8) -> Acknowledge> = Some(|listener, _| listener.once(&listener.on_send));
    const EVENT: Option<fn(&Self, I2cEvent) -> Acknowledge> = Some(|listener, _| listener.once(&listener.on_event));
}

impl Listener {
    fn once(&self, deed: &BqlCell<Deed<Listener>>) -> Acknowledge {
        if let Some(deed) = deed.replace(None) {
            deed(self)
        }
        println!("{}, still", self.text.borrow());
        Acknowledge::Yes
    }
}

fn listen() -> Owned<Listener> {
    register::<Listener>();
    let listener = Listener::new();
    Object::root().property_add_child("listener", listener.clone()).unwrap();
    listener
}

/// Sets and clears both wires of the board's bus, as a guest does.
fn wires(clock: bool, data: bool) {
    const CONTROLLER: u64 = 0x1000_2000;
    let bits = u32::from(clock) | u32::from(data) << 1;
    testing::write_u32(CONTROLLER, bits);
    testing::write_u32(CONTROLLER + 4, !bits & 3);
}

/// Begins to write to a device.
fn start(address: u8) {
    wires(true, true);
    wires(true, false);
    let acknowledge = std::iter::once(true);
    for bit in (0..8).rev().map(|n| (address << 1) >> n & 1 != 0).chain(acknowledge) {
        [false, true, false].iter().for_each(|clock| wires(*clock, bit));
    }
}

fn leave(listener: &Listener) {
    listener.unparent()
}

oldstable::qom_define_type! {
    pub struct Card("attacks-card"): PciDevice, DeviceState, Object {
        in_realize: BqlCell<Option<fn(&Card) -> Result<()>>>,
    }
}

impl ObjectImpl for Card {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
}

impl DeviceImpl for Card {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|card| match card.in_realize.get() {
        Some(deed) => deed(card),
        None => Ok(()),
    });
}

impl PciDeviceImpl for Card {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 1;
}

fn card() -> Owned<Card> {
    register::<Card>();
    Card::new()
}

/// Plugs in a card that does this in its realize.
fn plugged(in_realize: fn(&Card) -> Result<()>) -> Owned<Card> {
    let card = card();
    card.in_realize.set(Some(in_realize));
    pci::plug(&*card).unwrap();
    keep(card.clone());
    card
}

fn elsewhere(what: fn()) {
    std::thread::spawn(what).join().unwrap_or_default()
}

programs! {
    a_device_leaves_when_it_gets_a_byte on "realview-eb" => Sentence "in the middle of a transfer" {
        let listener = listen();
        i2c::plug(&*listener, 0x20).unwrap();
        listener.on_send.set(Some(leave));
        drop(listener);
        later(|| println!("{:?}", i2c::write(0x20, &[1, 2, 3])));
        later(|| println!("{:?}", i2c::write(0x20, &[1])));
    }

    a_device_leaves_when_it_is_addressed on "realview-eb" => Sentence "in the middle of a transfer" {
        let listener = listen();
        i2c::plug(&*listener, 0x20).unwrap();
        listener.on_event.set(Some(leave));
        drop(listener);
        later(|| println!("{:?}", i2c::read(0x20, 3)));
        later(|| println!("{:?}", i2c::read(0x20, 3)));
    }

    a_device_leaves_between_its_start_and_its_stop on "realview-eb" => Sentence "in the middle of a transfer" {
        let listener = listen();
        i2c::plug(&*listener, 0x20).unwrap();
        drop(listener);
        later(|| {
            start(0x20);
            Listener::find_all()[0].unparent();
        });
    }

    a_transfer_in_a_transfer on "realview-eb" => Sentence "no transfer begins on a bus" {
        let listener = listen();
        i2c::plug(&*listener, 0x20).unwrap();
        listener.on_send.set(Some(|_| drop(i2c::read(0x20, 1))));
        later(|| println!("{:?}", i2c::write(0x20, &[1, 2, 3])));
    }

    a_device_on_its_bus_twice on "realview-eb" => Clean "after it was realized" {
        let listener = listen();
        i2c::plug(&*listener, 0x20).unwrap();
        println!("{}", i2c::plug(&*listener, 0x20).unwrap_err());
    }

    a_card_on_its_bus_twice on "virt" => Clean "is realized already" {
        let card = card();
        pci::plug(&*card).unwrap();
        println!("{}", pci::plug(&*card).unwrap_err());
        keep(card);
    }

    a_card_on_its_bus_in_its_realize on "virt" => Clean "is being realized" {
        plugged(|card| {
            println!("{}", pci::plug(card).unwrap_err());
            Ok(())
        });
    }

    a_device_on_a_bus_of_another_kind on "virt" => Clean "needs a i2c-bus to be on" {
        println!("{}", pci::plug(&*listen()).unwrap_err());
    }

    a_card_on_no_bus_that_the_guest_writes_to => Sentence "a PCI device has a configuration space" {
        pci::guest_writes(&*card(), 4, 7)
    }

    a_write_behind_the_configuration_space on "virt" => Clean "nothing is broken" {
        let card = plugged(|_| Ok(()));
        for offset in &[0xfd, 0xff, 0x100, 0xfff, u32::MAX - 2, u32::MAX] {
            pci::guest_writes(&*card, *offset, u32::MAX);
        }
        println!("nothing is broken");
    }

    a_machine_is_reset_in_a_reset => Sentence "is reset or realized in RESET_ENTER" {
        let listener = listen();
        listener.on_reset.set(Some(|_| testing::reset_machine()));
        listener.cold_reset();
    }

    a_machine_is_reset_by_a_thread => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| testing::reset_machine())
    }

    a_machine_is_stopped_by_a_thread => Sentence "does not hold the big QEMU lock" {
        elsewhere(|| drop(testing::Pause::new()))
    }

    a_list_of_capabilities_that_closes on "virt" => Sentence "of the configuration space are kept by QEMU" {
        plugged(|card| {
            let at = card.add_capability(9, 8)?;
            card.write_config(at + 1, &[at as u8]);
            println!("{:?}", pci::capability(card, 5));
            Ok(())
        });
    }

    // One message of 128: QEMU takes the number from there.
    the_number_of_messages_is_written_by_hand on "virt" => Sentence "of the configuration space are kept by QEMU" {
        plugged(|card| {
            card.msi_init(1)?;
            let at = pci::capability(card, 5).unwrap();
            card.write_config(at + 2, &[0xff, 0xff]);
            println!("{}", card.msi_notify(100));
            Ok(())
        });
    }

    // As before, by the guest, whom the device has let.
    the_number_of_messages_is_the_guest_s on "virt" => Sentence "of the configuration space are kept by QEMU" {
        let card = plugged(|card| {
            card.msi_init(1)?;
            let at = pci::capability(card, 5).unwrap();
            card.set_config_writable(at, &[0xff; 14]);
            Ok(())
        });
        let at = pci::capability(&*card, 5).unwrap();
        pci::guest_writes(&*card, at.into(), u32::MAX);
        println!("{}", card.msi_notify(100));
    }

    messages_given_twice on "virt" => Clean "nothing is broken" {
        plugged(|card| {
            println!("{:?} {:?} {:?}", card.msi_init(1), card.msi_init(32), card.msix_init(2048, 5));
            card.msi_uninit();
            card.msi_uninit();
            println!("{:?} {}", card.msi_init(4), card.msi_notify(255));
            Ok(())
        });
        println!("nothing is broken");
    }
}
