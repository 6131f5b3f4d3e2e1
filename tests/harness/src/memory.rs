// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Memory regions, and memory accesses of devices.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::dma::AddressSpace;
use oldstable::memory::{
    Accepts, AccessSizes, Attributes, BusError, Endianness, MemoryRegion, MemoryRegionOps, TryRead, TryWrite,
};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Object, ObjectClassMethods, ObjectImpl, ObjectMethods, Owned};
use oldstable::sysbus::{SysBusDevice, SysBusDeviceImpl, SysBusDeviceMethods};
use oldstable::testing::{message_of_panic, references};
use oldstable::Result;

/// An address that is unused on any board.
const BASE: u64 = 0x70_0000_0000;

const ANY: Attributes = Attributes::UNSPECIFIED;

oldstable::qom_define_type! {
    /// A container of regions of each kind.
    struct Regions("harness-regions"): SysBusDevice, DeviceState, Object {
        whole: MemoryRegion,
        registers: MemoryRegion,
        words: MemoryRegion,
        failing: MemoryRegion,
        mute: MemoryRegion,
        ram: MemoryRegion,
        rom: MemoryRegion,
        flash: MemoryRegion,
        alias: MemoryRegion,
        unmade: MemoryRegion,
        log: BqlRefCell<Vec<(u64, u64, u32)>>,
        attributes: BqlCell<Attributes>,
    }
}

oldstable::qom_define_type! {
    /// A register of four bytes.
    struct Over("harness-over"): SysBusDevice, DeviceState, Object {
        registers: MemoryRegion,
    }
}

impl ObjectImpl for Over {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|over| {
        over.registers.init_io(over, "over", 4);
        over.init_mmio(&over.registers);
    });
}

impl DeviceImpl for Over {}
impl SysBusDeviceImpl for Over {}

impl MemoryRegionOps for Over {
    const READ: fn(&Self, u64, u32) -> u64 = |_, _, _| 0x77;
}

/// Big-endian words, which are always accessed whole.
struct Words;
/// Registers that fail.
struct Failing;
/// Registers that do nothing.
struct Mute;
/// Commands of a flash.
struct Flash;
/// Registers of sizes that no bus supports.
struct Odd;
/// Registers that implement sizes that they do not allow.
struct Crooked;

impl MemoryRegionOps for Regions {
    const READ: fn(&Self, u64, u32) -> u64 = |regions, offset, size| {
        regions.log.borrow_mut().push((offset, 0, size));
        0x8877_6655_4433_2211
    };
    const WRITE: fn(&Self, u64, u64, u32) =
        |regions, offset, value, size| regions.log.borrow_mut().push((offset, value, size));
    const VALID: AccessSizes = AccessSizes::unaligned(1, 8);
    const IMPLEMENTED: AccessSizes = AccessSizes::unaligned(1, 8);
}

impl MemoryRegionOps<Words> for Regions {
    const READ: fn(&Self, u64, u32) -> u64 = |regions, offset, size| {
        regions.log.borrow_mut().push((offset, 0, size));
        0x11223344
    };
    const WRITE: fn(&Self, u64, u64, u32) =
        |regions, offset, value, size| regions.log.borrow_mut().push((offset, value, size));
    const ENDIANNESS: Endianness = Endianness::Big;
    const VALID: AccessSizes = AccessSizes::aligned(2, 8);
    const IMPLEMENTED: AccessSizes = AccessSizes::aligned(4, 4);
}

impl MemoryRegionOps<Failing> for Regions {
    const TRY_READ: Option<TryRead<Self>> = Some(|regions, offset, _size, attributes| {
        regions.attributes.set(attributes);
        match offset {
            0 => Ok(0x55),
            4 => Err(BusError::Decode),
            _ => Err(BusError::Device),
        }
    });
    const TRY_WRITE: Option<TryWrite<Self>> = Some(|regions, offset, value, size, attributes| {
        regions.attributes.set(attributes);
        regions.log.borrow_mut().push((offset, value, size));
        if attributes.secure {
            Ok(())
        } else {
            Err(BusError::Device)
        }
    });
    const ACCEPTS: Option<Accepts<Self>> = Some(|_, offset, _, is_write, _| offset < 8 || is_write);
}

impl MemoryRegionOps<Mute> for Regions {}

impl MemoryRegionOps<Flash> for Regions {
    const READ: fn(&Self, u64, u32) -> u64 = |_, offset, size| match size {
        4 => 0x8382_8180,
        _ => 0x80 | offset,
    };
    /// The command 0x70 asks for the status, 0xff for the contents, and any other is written.
    const WRITE: fn(&Self, u64, u64, u32) = |regions, offset, value, _| match value {
        0x70 => regions.flash.set_reads_memory(false),
        0xff => regions.flash.set_reads_memory(true),
        _ => regions.flash.write_memory(offset, &[value as u8]),
    };
}

impl MemoryRegionOps<Odd> for Regions {
    const VALID: AccessSizes = AccessSizes::aligned(1, 3);
}

impl MemoryRegionOps<Crooked> for Regions {
    const IMPLEMENTED: AccessSizes = AccessSizes::unaligned(1, 4);
}

impl ObjectImpl for Regions {
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|regions| {
        regions.whole.init_container(regions, "whole", 0x10000);
        regions.registers.init_io::<_, ()>(regions, "registers", 0x100);
        regions.words.init_io::<_, Words>(regions, "words", 0x100);
        regions.failing.init_io::<_, Failing>(regions, "failing", 0x100);
        regions.mute.init_io::<_, Mute>(regions, "mute", 0x100);
        regions.init_mmio(&regions.whole);
    });
}

impl DeviceImpl for Regions {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|regions| {
        regions.whole.add_subregion(0, &regions.registers, 0);
        regions.whole.add_subregion(0x100, &regions.words, 0);
        regions.whole.add_subregion(0x200, &regions.failing, 0);
        regions.whole.add_subregion(0x300, &regions.mute, 0);
        regions.ram.init_ram(regions, "harness-ram", 0x1000)?;
        regions.rom.init_rom(regions, "harness-rom", 0x1000)?;
        regions.flash.init_rom_device::<_, Flash>(regions, "harness-flash", 0x1000)?;
        regions.alias.init_alias(regions, "alias", &regions.ram, 0x800, 0x100);
        regions.whole.add_subregion(0x1000, &regions.ram, 0);
        regions.whole.add_subregion(0x2000, &regions.rom, 0);
        regions.whole.add_subregion(0x3000, &regions.alias, 0);
        regions.whole.add_subregion(0x4000, &regions.flash, 0);
        Ok(())
    });
}

impl SysBusDeviceImpl for Regions {}

impl Regions {
    /// Returns the accesses since the last call.
    fn log(&self) -> Vec<(u64, u64, u32)> {
        std::mem::take(&mut *self.log.borrow_mut())
    }
}

thread_local! {
    /// Returns one device for all tests, since regions have unique names.
    static DEVICE: std::cell::RefCell<Option<Owned<Regions>>> = Default::default();
}

fn device() -> Owned<Regions> {
    DEVICE.with(|device| {
        device
            .borrow_mut()
            .get_or_insert_with(|| {
                let regions = Regions::new();
                regions.sysbus_realize().unwrap();
                regions.mmio_map(0, BASE).unwrap();
                regions
            })
            .clone()
    })
}

fn read(offset: u64, length: usize) -> std::result::Result<Vec<u8>, BusError> {
    let mut bytes = vec![0xaa; length];
    AddressSpace::system_memory().read(BASE + offset, &mut bytes, ANY)?;
    Ok(bytes)
}

fn write(offset: u64, bytes: &[u8]) -> std::result::Result<(), BusError> {
    AddressSpace::system_memory().write(BASE + offset, bytes, ANY)
}

oldstable::tests! {
    classes [Regions, Over];

    fn registers_are_read_and_written_with_their_offset_and_size() {
        let device = device();
        device.log();
        write(0x10, &[1, 2, 3, 4]).unwrap();
        write(0x20, &[5]).unwrap();
        assert_eq!(device.log(), [(0x10, 0x0403_0201, 4), (0x20, 5, 1)]);
        assert_eq!(read(0x30, 8).unwrap(), [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);
        assert_eq!(read(0x42, 2).unwrap(), [0x11, 0x22]);
        assert_eq!(device.log(), [(0x30, 0, 8), (0x42, 0, 2)]);
    }

    fn registers_have_a_byte_order_and_accesses_are_split() {
        let device = device();
        device.log();
        assert_eq!(read(0x100, 4).unwrap(), [0x11, 0x22, 0x33, 0x44]);
        write(0x104, &[1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
        assert_eq!(
            device.log(),
            [(0, 0, 4), (4, 0x0102_0304, 4), (8, 0x0506_0708, 4)]
        );
    }

    fn an_access_of_an_invalid_size_is_an_error() {
        let device = device();
        device.log();
        assert!(write(0x100, &[1]).is_err());
        assert!(read(0x100, 1).is_err());
        assert_eq!(device.log(), []);
    }

    fn an_access_fails_as_the_device_says() {
        let _device = device();
        assert_eq!(read(0x200, 4).unwrap(), [0x55, 0, 0, 0]);
        assert_eq!(read(0x204, 4), Err(BusError::Decode));
        assert_eq!(write(0x200, &[1, 2, 3, 4]), Err(BusError::Device));
        let secure = Attributes { secure: true, ..Attributes::default() };
        AddressSpace::system_memory().write(BASE + 0x200, &[0; 4], secure).unwrap();
    }

    fn a_device_can_refuse_what_the_sizes_let_pass() {
        let device = device();
        device.log();
        device.attributes.set(Attributes::default());
        assert!(read(0x208, 4).is_err());
        // It was never asked.
        assert_eq!(device.attributes.get(), Attributes::default());
        assert_eq!(write(0x208, &[1, 0, 0, 0]), Err(BusError::Device));
        assert_eq!(device.log(), [(8, 1, 4)]);
    }

    fn attributes_arrive() {
        let device = device();
        for attributes in &[
            ANY,
            Attributes { secure: true, ..Attributes::default() },
            Attributes { user: true, ..Attributes::default() },
            Attributes { requester_id: 0xabcd, ..Attributes::default() },
            Attributes { secure: true, user: true, requester_id: 0xffff, unspecified: false },
        ] {
            let mut byte = [0; 4];
            AddressSpace::system_memory().read(BASE + 0x200, &mut byte, *attributes).unwrap();
            assert_eq!(device.attributes.get(), *attributes);
        }
    }

    fn registers_without_methods_read_as_zero_and_ignore_writes() {
        let _device = device();
        write(0x300, &[1, 2, 3, 4]).unwrap();
        assert_eq!(read(0x300, 4).unwrap(), [0, 0, 0, 0]);
    }

    fn memory_keeps_what_is_written() {
        let device = device();
        write(0x1ffc, &[1, 2, 3, 4]).unwrap();
        assert_eq!(read(0x1ffc, 4).unwrap(), [1, 2, 3, 4]);
        let mut bytes = [0; 4];
        device.ram.read_memory(0xffc, &mut bytes);
        assert_eq!(bytes, [1, 2, 3, 4]);
        device.ram.write_memory(0xffd, &[7, 8]);
        assert_eq!(read(0x1ffc, 4).unwrap(), [1, 7, 8, 4]);
    }

    fn a_rom_has_what_the_device_has_put_in() {
        let device = device();
        device.rom.write_memory(0, b"rom!");
        let _ = write(0x2000, b"gone");
        assert_eq!(read(0x2000, 4).unwrap(), b"rom!");
    }

    fn an_alias_shows_a_part_of_its_original() {
        let device = device();
        device.ram.write_memory(0x810, b"seen");
        assert_eq!(read(0x3010, 4).unwrap(), b"seen");
        write(0x3010, b"back").unwrap();
        assert_eq!(read(0x1810, 4).unwrap(), b"back");
        assert_eq!(read(0x3100, 4), Err(BusError::Decode));
    }

    fn the_highest_priority_is_seen_until_it_is_hidden() {
        let device = device();
        device.whole.del_subregion(&device.mute);
        device.log();
        device.whole.add_subregion(0x80, &device.mute, 1);
        write(0x80, &[9]).unwrap();
        assert_eq!(device.log(), []);
        device.mute.set_enabled(false);
        write(0x80, &[9]).unwrap();
        assert_eq!(device.log(), [(0x80, 9, 1)]);
        device.mute.set_enabled(true);
        device.whole.del_subregion(&device.mute);
        assert!(!device.mute.is_mapped());
        device.whole.add_subregion(0x80, &device.mute, -1);
        write(0x80, &[10]).unwrap();
        assert_eq!(device.log(), [(0x80, 10, 1)]);
        device.whole.del_subregion(&device.mute);
        device.whole.add_subregion(0x300, &device.mute, 0);
    }

    fn a_flash_reads_as_memory_until_its_mode_changes() {
        let device = device();
        write(0x4002, &[5]).unwrap();
        assert_eq!(read(0x4000, 4).unwrap(), [0, 0, 5, 0]);
        write(0x4000, &[0x70]).unwrap();
        assert_eq!(read(0x4000, 4).unwrap(), [0x80, 0x81, 0x82, 0x83]);
        write(0x4000, &[0xff]).unwrap();
        assert_eq!(read(0x4000, 4).unwrap(), [0, 0, 5, 0]);
        let mut bytes = [0; 3];
        device.flash.read_memory(0, &mut bytes);
        assert_eq!(bytes, [0, 0, 5]);
        let said = message_of_panic(|| device.rom.set_reads_memory(false));
        assert!(said.contains("only a region that init_rom_device has made"), "{}", said);
    }

    fn a_device_is_mapped_over_and_under_another() {
        let (_device, over) = (device(), Over::new());
        over.sysbus_realize().unwrap();
        assert_eq!(read(0x204, 4), Err(BusError::Decode));
        over.mmio_map_overlap(0, BASE + 0x204, 1).unwrap();
        assert_eq!(read(0x204, 4).unwrap(), [0x77, 0, 0, 0]);
        over.mmio_map_overlap(0, BASE + 0x208, -1).unwrap();
        assert_eq!(read(0x204, 4), Err(BusError::Decode));
        over.mmio_map_overlap(0, BASE + 0x1_0000, -1).unwrap();
        assert_eq!(read(0x1_0000, 4).unwrap(), [0x77, 0, 0, 0]);
        over.registers.set_enabled(false);
    }

    fn what_is_nowhere_is_an_error() {
        let _device = device();
        let space = AddressSpace::system_memory();
        assert_eq!(read(0x8000, 4), Err(BusError::Decode));
        assert!(!space.can_read(BASE + 0x8000, 4, ANY));
        assert!(space.can_read(BASE, 4, ANY));
        assert!(space.can_write(BASE + 0x1000, 0x1000, ANY));
    }

    fn a_region_is_made_once_and_belongs_to_its_owner() {
        let (one, other) = (Regions::new(), Regions::new());
        let said = message_of_panic(|| one.words.init_container(&*one, "again", 4));
        assert!(said.contains("has been made already"), "{}", said);
        let said = message_of_panic(|| one.unmade.init_container(&*other, "elsewhere", 4));
        assert!(said.contains("must be a field of the object"), "{}", said);
        let said = message_of_panic(|| one.unmade.set_enabled(true));
        assert!(said.contains("made before it is used"), "{}", said);
        let said = message_of_panic(|| assert_eq!(one.unmade.size(), 0));
        assert!(said.contains("made before it is used"), "{}", said);
    }

    fn a_region_cannot_be_inside_itself_or_in_two_places() {
        let device = Regions::new();
        device.whole.add_subregion(0, &device.words, 0);
        let said = message_of_panic(|| device.whole.add_subregion(0, &device.words, 0));
        assert!(said.contains("in one other region at most"), "{}", said);
        let said = message_of_panic(|| device.whole.add_subregion(0, &device.whole, 0));
        assert!(said.contains("inside itself"), "{}", said);
        let said = message_of_panic(|| device.words.add_subregion(0, &device.whole, 0));
        assert!(said.contains("inside itself"), "{}", said);
        let said = message_of_panic(|| device.words.del_subregion(&device.mute));
        assert!(said.contains("not in this one"), "{}", said);
        device.whole.del_subregion(&device.words);
        assert_eq!(references(&*device), 1);
    }

    fn sizes_that_no_bus_has_are_refused() {
        let device = Regions::new();
        let said = message_of_panic(|| device.unmade.init_io::<_, Odd>(&*device, "odd", 4));
        assert!(said.contains("1, 2, 4 or 8 bytes, not 3"), "{}", said);
        let said = message_of_panic(|| device.unmade.init_io::<_, Crooked>(&*device, "crooked", 4));
        assert!(said.contains("must say that they are valid"), "{}", said);
    }

    fn only_memory_has_contents_and_only_as_many() {
        let device = device();
        let said = message_of_panic(|| device.words.read_memory(0, &mut [0]));
        assert!(said.contains("not made of memory"), "{}", said);
        let said = message_of_panic(|| device.ram.write_memory(0xfff, &[0, 0]));
        assert!(said.contains("has 4096 bytes, not 2 at offset 4095"), "{}", said);
        let said = message_of_panic(|| device.ram.write_memory(u64::MAX, &[0]));
        assert!(said.contains("has 4096 bytes"), "{}", said);
    }

    fn a_region_that_a_device_has_not_cannot_be_mapped() {
        let device = device();
        let error = device.mmio_map(1, BASE).unwrap_err();
        assert!(error.to_string().contains("harness-regions has no region 1"), "{}", error);
        assert_eq!(device.typename(), "harness-regions");
    }
}
