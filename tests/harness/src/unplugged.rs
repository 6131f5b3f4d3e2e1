// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A device that has been unplugged, but is still referenced and has a running timer, whose callback needs a bus.

use oldstable::bql::BqlCell;
use oldstable::irq::{GpioMethods, InterruptSource};
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::pci::{Bar, PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectClassMethods, ObjectImpl, ObjectMethods};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::testing::pci::plug;
use oldstable::testing::{message_of_abort, wait_until};
use oldstable::timer::{ClockType, Timer};
use oldstable::Result;

/// The device's action when its timer expires.
type Deed = Option<fn(&Card)>;

oldstable::qom_define_type! {
    struct Card("harness-card"): PciDevice, DeviceState, Object {
        registers: MemoryRegion,
        timer: Timer,
        deed: BqlCell<Deed>,
    }
}

impl ObjectImpl for Card {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|card| {
        card.registers.init_io(card, "registers", 4096);
        card.timer.init(card, ClockType::Realtime, |card: &Card| {
            if let Some(deed) = card.deed.replace(None) {
                deed(card)
            }
        });
    });
}

impl DeviceImpl for Card {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|card| {
        card.register_bar(0, Bar::Memory32, &card.registers);
        card.set_interrupt_pin(1);
        card.msi_init(1)
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|card| card.msi_uninit());
}

impl PciDeviceImpl for Card {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 0x5678;
}

impl MemoryRegionOps for Card {}

/// Returns QEMU's last message when the timer of a referenced, unplugged card performs this action.
fn says(deed: fn(&Card)) -> String {
    message_of_abort(|| {
        let card = Card::new();
        plug(&*card).unwrap();
        card.deed.set(Some(deed));
        card.timer.start_at(ClockType::Realtime.now());
        card.unparent();
        wait_until(|| card.deed.get().is_none());
    })
}

fn names_the_line(deed: fn(&Card)) {
    let said = says(deed);
    assert!(said.contains("from its realize to its unrealize only"), "{}", said);
    assert!(said.contains("unplugged.rs:"), "{}", said);
}

/// Actions for which a device needs its bus.
pub mod on_virt {
    use super::*;

    oldstable::tests! {
        classes [Card];
        on "virt";

        fn a_pin_has_gone_with_the_bus() {
            names_the_line(|card| card.set_irq(true));
        }

        fn messages_have_gone_with_the_bus() {
            names_the_line(|card| {
                card.msi_notify(0);
            });
        }

        fn memory_has_gone_with_the_bus() {
            names_the_line(|card| card.dma_read(0x4000_0000, &mut [0; 4]).unwrap());
            names_the_line(|card| card.dma_write(0x4000_0000, &[0; 4]).unwrap());
        }

        fn the_configuration_has_gone_with_the_bus() {
            names_the_line(|card| card.read_config(0, &mut [0; 4]));
            names_the_line(|card| card.write_config(0x40, &[0; 4]));
        }
    }
}

oldstable::qom_define_type! {
    struct Chip("harness-chip"): SysBusDevice, DeviceState, Object {
        line: InterruptSource,
        output: InterruptSource,
        timer: Timer,
        rung: BqlCell<bool>,
    }
}

impl ObjectImpl for Chip {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|chip| {
        chip.init_irq(&chip.line);
        chip.init_gpio_out(None, std::slice::from_ref(&chip.output));
        chip.timer.init(chip, ClockType::Realtime, |chip: &Chip| {
            chip.line.raise();
            chip.output.pulse();
            chip.rung.set(true);
        });
    });
}

impl DeviceImpl for Chip {}
impl SysBusDeviceImpl for Chip {}

oldstable::tests! {
    classes [Chip];

    fn lines_of_what_has_been_unplugged_lead_nowhere() {
        let chip = Chip::new();
        chip.sysbus_realize().unwrap();
        chip.timer.start_at(ClockType::Realtime.now());
        chip.unparent();
        wait_until(|| chip.rung.get());
    }
}
