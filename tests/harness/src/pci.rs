// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! PCI devices.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::dma::AddressSpace;
use oldstable::memory::{AccessSizes, Attributes, BusError, MemoryRegion, MemoryRegionOps};
use oldstable::pci::{Bar, PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::testing::pci::{capability, config, guest_writes, plug};
use oldstable::testing::{load, message_of_panic, read_u32, save};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

oldstable::qdev_define_conf! {
    struct CardConf {
        "fail" => fail: bool,
        "wrong" => wrong: bool,
    }
}

oldstable::qom_define_type! {
    struct Card("harness-pci"): PciDevice, DeviceState, Object {
        conf: CardConf,
        mmio: MemoryRegion,
        ports: MemoryRegion,
        unmade: MemoryRegion,
        value: BqlCell<u32>,
        log: BqlRefCell<Vec<(u32, u32, u32)>>,
        refusals: BqlRefCell<Vec<String>>,
    }
}

/// The I/O ports.
struct Ports;

impl ObjectImpl for Card {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|card| {
        card.mmio.init_io::<_, ()>(card, "harness-pci-mmio", 0x1000);
        card.ports.init_io::<_, Ports>(card, "harness-pci-ports", 0x10);
    });
}

impl MemoryRegionOps for Card {
    const READ: fn(&Self, u64, u32) -> u64 = |card, _, _| card.value.get().into();
    const WRITE: fn(&Self, u64, u64, u32) = |card, _, value, _| card.value.set(value as u32);
    const VALID: AccessSizes = AccessSizes::aligned(4, 4);
}

impl MemoryRegionOps<Ports> for Card {}

impl DeviceImpl for Card {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|card| {
        card.register_bar(0, Bar::Memory32, &card.mmio);
        card.register_bar(2, Bar::Io, &card.ports);
        card.set_interrupt_pin(1);
        card.msi_init(4)?;
        if card.conf.wrong.get() {
            let refusals = card.refused_in_realize();
            *card.refusals.borrow_mut() = refusals;
        }
        if card.conf.fail.get() {
            return Err("it was asked to fail".into());
        }
        Ok(())
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|card| {
        card.msi_uninit();
        card.value.set(0xdead);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl Card {
    /// The messages for regions that base address registers cannot map, and for a device that is removed from the tree.
    fn refused_in_realize(&self) -> Vec<String> {
        self.unmade.init_container(self, "odd", 24);
        vec![
            message_of_panic(|| self.register_bar(0, Bar::Memory32, &self.mmio)),
            message_of_panic(|| self.register_bar(5, Bar::Memory32, &self.mmio)),
            message_of_panic(|| self.register_bar(6, Bar::Memory32, &self.mmio)),
            message_of_panic(|| self.register_bar(5, Bar::Memory64, &self.mmio)),
            message_of_panic(|| self.register_bar(1, Bar::Memory32, &self.unmade)),
            message_of_panic(|| self.unparent()),
        ]
    }
}

impl PciDeviceImpl for Card {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 0x5678;
    const REVISION: u8 = 9;
    const CLASS_ID: u16 = 0x0880;
    const SUBSYSTEM_VENDOR_ID: u16 = 0x4321;
    const SUBSYSTEM_ID: u16 = 0x8765;
    const CONFIG_WRITTEN: Option<fn(&Self, u32, u32, u32)> = Some(|card, address, value, size| {
        card.log.borrow_mut().push((address, value, size));
    });
}

impl VmState for Card {
    const NAME: &'static CStr = c_str!("harness-pci");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, value } };
}

oldstable::qom_define_type! {
    struct Express("harness-pcie"): PciDevice, DeviceState, Object {
        mmio: MemoryRegion,
    }
}

impl ObjectImpl for Express {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::PCI_EXPRESS];
    const INSTANCE_INIT: Option<fn(&Self)> =
        Some(|express| express.mmio.init_container(express, "harness-pcie-mmio", 0x10_0000));
}

impl DeviceImpl for Express {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|express| {
        express.register_bar(0, Bar::Prefetchable64, &express.mmio);
        express.init_endpoint()
    });
}

impl PciDeviceImpl for Express {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 0x9abc;
}

/// Returns a bus master whose registers are at `address`.
fn card(address: u32) -> Owned<Card> {
    let card = Card::new();
    plug(&*card).unwrap();
    guest_writes(&*card, 0x10, address);
    guest_writes(&*card, 0x04, 0b110);
    card
}

const MSI: u8 = 5;
/// An address of the board's memory.
pub const RAM: u64 = 0x4000_1000;
/// An unused address.
const NOWHERE: u64 = 0x0f80_0000;
pub const ANY: Attributes = Attributes::UNSPECIFIED;

oldstable::tests! {
    classes [Card, Express];
    on "virt";

    fn the_configuration_space_says_who_it_is() {
        let card = card(0x1000_0000);
        assert_eq!(config(&*card, 0x00), 0x5678_1234);
        assert_eq!(config(&*card, 0x08), 0x0880_0009);
        assert_eq!(config(&*card, 0x2c), 0x8765_4321);
        assert_eq!(config(&*card, 0x3c) >> 8 & 0xff, 1);
        card.unparent();
    }

    fn the_guest_finds_the_registers_where_it_has_put_them() {
        let card = card(0x1001_0000);
        let space = AddressSpace::system_memory();
        space.write(0x1001_0000, &[1, 2, 3, 4], ANY).unwrap();
        assert_eq!(card.value.get(), 0x0403_0201);
        guest_writes(&*card, 0x10, 0x1002_0000);
        assert_eq!(read_u32(0x1002_0000), 0x0403_0201);
        // The result of an access to an unused address depends on the board.
        let _ = space.write(0x1001_0000, &[9, 9, 9, 9], ANY);
        assert_eq!(card.value.get(), 0x0403_0201);
        // All ones show the size.
        guest_writes(&*card, 0x10, 0xffff_ffff);
        assert_eq!(config(&*card, 0x10), 0xffff_f000);
        guest_writes(&*card, 0x18, 0xffff_ffff);
        assert_eq!(config(&*card, 0x18), 0xffff_fff1);
        card.unparent();
    }

    fn the_device_hears_what_the_guest_has_written() {
        let card = card(0x1003_0000);
        card.log.borrow_mut().clear();
        guest_writes(&*card, 0x3c, 0x0000_0105);
        assert_eq!(*card.log.borrow(), [(0x3c, 0x105, 4)]);
        assert_eq!(config(&*card, 0x3c) & 0xffff, 0x0105);
        card.unparent();
    }

    fn the_pin_shows_in_the_status() {
        let card = card(0x1004_0000);
        const INTERRUPT: u32 = 1 << 19;
        card.set_irq(true);
        assert!(config(&*card, 0x04) & INTERRUPT != 0);
        card.set_irq(false);
        assert!(config(&*card, 0x04) & INTERRUPT == 0);
        card.unparent();
    }

    fn a_message_is_sent_when_the_guest_wants_messages() {
        let card = card(0x1005_0000);
        assert!(!card.msi_notify(0));
        let msi = u32::from(capability(&*card, MSI).unwrap());
        guest_writes(&*card, msi + 4, RAM as u32);
        guest_writes(&*card, msi + 0xc, 0x6000);
        // Two of the four vectors, enabled.
        guest_writes(&*card, msi, 1 << 20 | 1 << 16);
        assert!(card.msi_notify(0));
        assert_eq!(read_u32(RAM), 0x6000);
        assert!(card.msi_notify(3));
        assert_eq!(read_u32(RAM), 0x6001);
        card.unparent();
    }

    fn a_bus_master_reads_and_writes_memory() {
        let card = card(0x1006_0000);
        card.dma_write(RAM + 8, b"DMA!").unwrap();
        let mut bytes = [0; 4];
        card.dma_read(RAM + 8, &mut bytes).unwrap();
        assert_eq!(&bytes, b"DMA!");
        assert_eq!(card.dma_read(NOWHERE, &mut bytes), Err(BusError::Decode));
        guest_writes(&*card, 0x04, 0);
        assert_eq!(card.dma_read(RAM + 8, &mut bytes), Err(BusError::Decode));
        card.unparent();
    }

    fn a_bus_master_loads_and_stores_numbers_and_maps_memory() {
        let card = card(0x100f_0000);
        card.dma_store_be(RAM + 0x20, 0x0102_0304_u32).unwrap();
        assert_eq!(card.dma_load_le::<u32>(RAM + 0x20), Ok(0x0403_0201));
        card.dma_store_le(RAM + 0x20, -2_i16).unwrap();
        assert_eq!(card.dma_load_be::<u16>(RAM + 0x20), Ok(0xfeff));
        assert_eq!(card.dma_load_le::<u64>(NOWHERE), Err(BusError::Decode));
        let mapping = card.dma_map(RAM + 0x20, 4).unwrap();
        mapping.write(0, &[1, 2, 3, 4]);
        assert_eq!(read_u32(RAM + 0x20), 0x0403_0201);
        guest_writes(&*card, 0x04, 0);
        assert!(card.dma_map(RAM + 0x20, 4).is_none());
        // What is mapped stays memory when the device has left its bus.
        card.unparent();
        mapping.write(0, &[9]);
        drop(mapping);
        assert_eq!(read_u32(RAM + 0x20), 0x0403_0209);
    }

    fn what_is_mapped_is_memory_that_the_guest_sees() {
        let memory = AddressSpace::system_memory();
        memory.store_le(RAM + 0x30, 0x1122_3344_5566_7788_u64, ANY).unwrap();
        let mapping = memory.map(RAM + 0x30, 8, ANY).unwrap();
        assert_eq!(mapping.length(), 8);
        let mut bytes = [0; 2];
        mapping.read(6, &mut bytes);
        assert_eq!(bytes, [0x22, 0x11]);
        for wrong in &[(7, 2), (9, 0), (usize::MAX, 2)] {
            let said = message_of_panic(|| mapping.write(wrong.0, &[0; 2][..wrong.1]));
            assert!(said.contains("8 bytes are mapped"), "{}", said);
        }
        // Registers, a ROM's place and nothing are not memory, and nobody reads or writes them for a mapping.
        let card = card(0x1011_0000);
        card.value.set(7);
        assert!(memory.map(0x1011_0000, 4, ANY).is_none());
        assert_eq!(card.value.get(), 7);
        assert!(memory.map(NOWHERE, 4, ANY).is_none());
        // As many as lie together: the board's memory ends.
        const END: u64 = 0x4800_0000;
        assert_eq!(memory.map(END - 16, 64, ANY).unwrap().length(), 16);
        card.unparent();
    }

    fn a_device_can_reach_its_own_registers() {
        let card = card(0x1007_0000);
        card.dma_write(0x1007_0000, &[5, 0, 0, 0]).unwrap();
        assert_eq!(card.value.get(), 5);
        card.unparent();
    }

    fn an_express_device_has_extended_configuration_space() {
        let express = Express::new();
        plug(&*express).unwrap();
        assert_eq!(config(&*express, 0xffc), 0);
        assert!(capability(&*express, 0x10).is_some());
        assert_eq!(config(&*express, 0x2c), 0x1100_1af4);
        let place = express.add_capability(9, 8).unwrap();
        express.write_config(place + 2, &[8, 0xaa]);
        assert_eq!(config(&*express, place) >> 24, 0xaa);
        express.set_config_writable(place + 3, &[0x0f]);
        guest_writes(&*express, place.into(), 0xffff_ffff);
        assert_eq!(config(&*express, place) >> 24, 0xaf);
        express.unparent();
    }

    fn a_conventional_device_is_no_endpoint() {
        let card = card(0x1008_0000);
        assert!(card.init_endpoint().is_err());
        let said = message_of_panic(|| card.read_config(0x100, &mut [0]));
        assert!(said.contains("has 256 bytes"), "{}", said);
        card.unparent();
    }

    fn configuration_space_exists_only_while_realized() {
        let card = Card::new();
        let none = "a configuration space, lines and memory from its realize to its unrealize only";
        let said = message_of_panic(|| card.set_irq(true));
        assert!(said.contains(none), "{}", said);
        plug(&*card).unwrap();
        card.set_irq(false);
        card.unparent();
        assert_eq!(card.value.get(), 0xdead);
        for said in &[
            message_of_panic(|| card.set_irq(true)),
            message_of_panic(|| assert!(card.msi_notify(0))),
            message_of_panic(|| card.dma_write(RAM, &[0]).unwrap()),
            message_of_panic(|| card.read_config(0, &mut [0])),
        ] {
            assert!(said.contains(none), "{}", said);
        }
    }

    fn a_realize_that_fails_leaves_no_configuration_space() {
        let card = Card::new();
        card.property_set_bool("fail", true).unwrap();
        let error = plug(&*card).unwrap_err();
        assert!(error.to_string().contains("asked to fail"), "{}", error);
        let said = message_of_panic(|| card.set_irq(true));
        assert!(said.contains("from its realize"), "{}", said);
        // Its UNREALIZE has not run.
        assert_eq!(card.value.get(), 0);
    }

    fn bars_come_with_realize_and_go_with_unplug() {
        let card = card(0x100a_0000);
        let said = message_of_panic(|| card.register_bar(0, Bar::Memory32, &card.mmio));
        assert!(said.contains("is realized already"), "{}", said);
        card.unparent();
        // A new device has registers of its own.
        self::card(0x100a_0000).unparent();
    }

    fn a_full_configuration_space_is_an_error() {
        let card = card(0x100b_0000);
        let mut places = Vec::new();
        let error = loop {
            match card.add_capability(9, 32) {
                Ok(place) => places.push(place),
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains("no room"), "{}", error);
        assert!(places.len() > 2 && places.len() < 6, "{:?}", places);
        // The remaining devices are found.
        while card.add_capability(9, 2).is_ok() {}
        let error = card.msi_init(1).unwrap_err().to_string();
        assert!(error.contains("no room"), "{}", error);
        let said = message_of_panic(|| drop(card.add_capability(9, 1)));
        assert!(said.contains("two bytes"), "{}", said);
        card.unparent();
    }

    fn a_bar_of_no_use_and_a_device_that_leaves_in_realize_are_refused() {
        let card = Card::new();
        card.property_set_bool("wrong", true).unwrap();
        plug(&*card).unwrap();
        let expected = [
            "leads somewhere already",
            "handed to a bus once",
            "registers 0 to 5",
            "registers 0 to 5",
            "power of two",
            "is not taken out of the tree by a REALIZE",
        ];
        let refusals = card.refusals.borrow().clone();
        assert_eq!(refusals.len(), expected.len());
        for (said, expected) in refusals.iter().zip(&expected) {
            assert!(said.contains(expected), "{}", said);
        }
        let said = message_of_panic(|| card.write_config(0x3c, &[0, 9]));
        assert!(said.contains("kept by QEMU"), "{}", said);
        let said = message_of_panic(|| card.set_config_writable(0x3d, &[0xff]));
        assert!(said.contains("kept by QEMU"), "{}", said);
        let said = message_of_panic(|| card.write_config(0x10, &[0; 4]));
        assert!(said.contains("kept by QEMU"), "{}", said);
        let said = message_of_panic(|| drop(card.msi_init(3)));
        assert!(said.contains("1, 2, 4, 8, 16 or 32"), "{}", said);
        card.unparent();
    }

    fn the_configuration_space_migrates_with_the_device() {
        let from = card(0x100a_0000);
        from.value.set(77);
        let bytes = save(&*from).unwrap();
        from.unparent();
        let to = Card::new();
        plug(&*to).unwrap();
        load(&*to, &bytes, 1).unwrap();
        assert_eq!(to.value.get(), 77);
        assert_eq!(config(&*to, 0x10), 0x100a_0000);
        assert_eq!(read_u32(0x100a_0000), 77);
        to.unparent();
    }
}
