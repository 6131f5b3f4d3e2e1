// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Devices on a PCI bus: configuration space, base addresses, interrupts and DMA.
//!
//! `-device` adds a PCI device to any board with such a bus. The device's class must say which kind of bus it is for:
//! [`CONVENTIONAL_PCI`](Interface::CONVENTIONAL_PCI) or [`PCI_EXPRESS`](Interface::PCI_EXPRESS) in its
//! [`INTERFACES`](crate::qom::ObjectImpl::INTERFACES). It is set up in [`REALIZE`](crate::qdev::DeviceImpl::REALIZE),
//! since it has no configuration space before. In QEMU 7.2 and later, neither `-device help` nor `-device TYPE,help`
//! knows a plugin's types, but `-device TYPE` accepts them.

mod class;
mod config;
mod migration;

pub use self::class::PciDeviceImpl;

use self::config::{check_room, expect_inside, expect_own, ENDPOINT_SIZE, MSIX_SIZE, MSI_SIZE};
use crate::bql;
use crate::dma::{AddressSpace, Mapping, Number};
use crate::memory::{Attributes, BusError, MemoryRegion};
use crate::qdev::DeviceState;
use crate::qom::{claim, expect_new_part_of, Claim, Interface, IsA, Object, ObjectType};
use crate::sys::{self, Opaque};
use crate::vmstate::{Form, Place};
use crate::{Error, Result};
use oldstable_compat::c_str;
use oldstable_compat::ffi::CStr;
use std::mem::ManuallyDrop;
use std::ptr;

const CONVENTIONAL: &CStr = c_str!("conventional-pci-device");
const EXPRESS: &CStr = c_str!("pci-express-device");

impl<T: PciDeviceImpl> Interface<T> {
    /// For the [`INTERFACES`](crate::qom::ObjectImpl::INTERFACES) of a device for conventional PCI, with 256
    /// bytes of configuration space. It can be plugged into a PCI Express bus as well.
    // SAFETY: QEMU has the interface, and it has no methods.
    pub const CONVENTIONAL_PCI: Self = unsafe { Interface::of_qemu(CONVENTIONAL) };

    /// For the [`INTERFACES`](crate::qom::ObjectImpl::INTERFACES) of a device for PCI Express, with 4096
    /// bytes of configuration space.
    // SAFETY: as above.
    pub const PCI_EXPRESS: Self = unsafe { Interface::of_qemu(EXPRESS) };
}

/// Where the interrupt pin is in the configuration space.
const INTERRUPT_PIN: u16 = 0x3d;

/// A device on a PCI bus.
#[repr(transparent)]
pub struct PciDevice(Opaque<sys::PciDevice>);

// SAFETY: the bytes are QEMU's; the fields that the running release has are at the front of ours.
unsafe impl ObjectType for PciDevice {
    const TYPE: &'static CStr = c_str!("pci-device");
}

crate::qom_isa!(unsafe PciDevice: DeviceState, Object);

// SAFETY: QEMU's own description is for its own struct, which is at the front of ours.
unsafe impl Place for ManuallyDrop<PciDevice> {
    fn form() -> Form {
        Form::of_parent::<PciDevice>(migration::describe)
    }
}

/// The kind of a base address register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// I/O ports.
    Io,
    /// Memory below 4 GiB.
    Memory32,
    /// Memory anywhere. It takes two registers.
    Memory64,
    /// Memory anywhere that reads without side effects and may be cached. It takes two registers.
    Prefetchable64,
}

impl Bar {
    fn bits(self) -> u8 {
        const IO: u8 = 1;
        const IS_64_BITS: u8 = 4;
        const PREFETCHABLE: u8 = 8;
        match self {
            Bar::Io => IO,
            Bar::Memory32 => 0,
            Bar::Memory64 => IS_64_BITS,
            Bar::Prefetchable64 => IS_64_BITS | PREFETCHABLE,
        }
    }

    /// Returns the smallest size of the region behind one.
    fn smallest(self) -> u64 {
        match self {
            Bar::Io => 4,
            Bar::Memory32 | Bar::Memory64 | Bar::Prefetchable64 => 16,
        }
    }

    /// Returns how many registers it takes.
    fn registers(self) -> u8 {
        match self {
            Bar::Io | Bar::Memory32 => 1,
            Bar::Memory64 | Bar::Prefetchable64 => 2,
        }
    }
}

/// Methods of every PCI device. All of them need a configuration space, and panic if the device is on no bus.
pub trait PciDeviceMethods: IsA<PciDevice> {
    /// Registers a region for base address register `number`, 0 to 5. The region's size is a power of two.
    ///
    /// # Panics
    /// If the region is not a field of the device, has not been made, or is mapped already, there is no such register
    /// or it has another region, or the size is not valid for it.
    #[track_caller]
    fn register_bar(&self, number: u8, kind: Bar, region: &MemoryRegion) {
        config(self);
        expect_new_part_of(self, region);
        expect_registers(number, kind);
        let size = region.size();
        assert!(
            size.is_power_of_two() && size >= kind.smallest(),
            "what a base address register of this kind leads to has a power of two of {} bytes or more, not {}",
            kind.smallest(),
            size
        );
        claim_registers(self, number, kind);
        region.give_to_bus();
        // SAFETY: the device has its configuration space, and the region lives as long as the device.
        unsafe { sys::pci_register_bar(pci(self), number.into(), kind.bits(), region.as_mut_ptr()) }
    }

    /// Sets which of the pins A (1) to D (4) the device uses.
    ///
    /// # Panics
    /// If there is no such pin.
    #[track_caller]
    fn set_interrupt_pin(&self, pin: u8) {
        assert!((1..=4).contains(&pin), "PCI has the interrupt pins 1 to 4, not {}", pin);
        // SAFETY: the configuration space has the byte, and there is no reference to it.
        unsafe { *config(self).bytes.add(INTERRUPT_PIN.into()) = pin }
    }

    /// Sets the interrupt pin high or low.
    ///
    /// # Panics
    /// If [`set_interrupt_pin`](Self::set_interrupt_pin) has not been called.
    #[track_caller]
    fn set_irq(&self, level: bool) {
        let mut pin = [0];
        self.read_config(INTERRUPT_PIN, &mut pin);
        assert!(pin[0] != 0, "a PCI device says which pin it uses before it uses it");
        // SAFETY: the device is on a bus and has the pin.
        unsafe { sys::pci_set_irq(pci(self), level.into()) }
    }

    /// Gives the device message-signalled interrupts (MSI): 1, 2, 4, 8, 16 or 32 of them, with addresses of 64 bits.
    ///
    /// Call [`msi_uninit`](Self::msi_uninit) in [`UNREALIZE`](crate::qdev::DeviceImpl::UNREALIZE).
    ///
    /// # Errors
    /// If the board does not support MSI, or the configuration space is full.
    ///
    /// # Panics
    /// If the number is not one of these.
    #[track_caller]
    fn msi_init(&self, vectors: u8) -> Result<()> {
        config(self);
        assert!(
            vectors.is_power_of_two() && vectors <= 32,
            "a PCI device has 1, 2, 4, 8, 16 or 32 messages, not {}",
            vectors
        );
        check_room(self, MSI_SIZE)?;
        let mut err = ptr::null_mut();
        // SAFETY: the device has its configuration space; 0 stands for any place in it.
        unsafe {
            sys::msi_init(pci(self), 0, vectors.into(), true, false, &mut err);
            Error::err_or_unit(err)
        }
    }

    /// Undoes [`msi_init`](Self::msi_init), if it was called.
    #[track_caller]
    fn msi_uninit(&self) {
        config(self);
        // SAFETY: the device has its configuration space.
        unsafe { sys::msi_uninit(pci(self)) }
    }

    /// Sends a message, if the guest has enabled MSI. Returns false if it has not; use the pin then. A guest may have
    /// allowed fewer messages than the device has: then several share one.
    #[track_caller]
    fn msi_notify(&self, vector: u8) -> bool {
        config(self);
        // SAFETY: the device has its configuration space, and the number is among those allowed.
        unsafe {
            if !sys::msi_enabled(pci(self)) {
                return false;
            }
            let allowed = sys::msi_nr_vectors_allocated(pci(self)).max(1);
            sys::msi_notify(pci(self), u32::from(vector) % allowed);
            true
        }
    }

    /// Adds MSI-X with 1 to 2048 vectors. Base address register `number` leads to their table, which migrates with the
    /// device's `parent`.
    ///
    /// They are gone when [`UNREALIZE`](crate::qdev::DeviceImpl::UNREALIZE) runs.
    ///
    /// # Errors
    /// If the board does not support MSI, or the configuration space is full.
    ///
    /// # Panics
    /// If the number of vectors is not valid, the device is realized or has had MSI-X before, there is no such register,
    /// or it has another region.
    #[track_caller]
    fn msix_init(&self, vectors: u16, number: u8) -> Result<()> {
        config(self);
        expect_new_part_of(self, self);
        assert!((1..=2048).contains(&vectors), "MSI-X has 1 to 2048 vectors, not {}", vectors);
        expect_registers(number, Bar::Memory32);
        check_room(self, MSIX_SIZE)?;
        assert!(claim(self as *const Self as usize, Claim::Messages), "MSI-X is added to a device once");
        claim_registers(self, number, Bar::Memory32);
        let mut err = ptr::null_mut();
        // SAFETY: the device has its configuration space and has never had such a table. There are as many vectors.
        unsafe {
            sys::msix_init_exclusive_bar(pci(self), vectors.into(), number, &mut err);
            Error::err_or_unit(err)?;
            for vector in 0..vectors {
                sys::msix_vector_use(pci(self), vector.into());
            }
        }
        Ok(())
    }

    /// Sends an MSI-X message, and returns true, if the guest has enabled MSI-X; else returns false. A masked vector
    /// stays pending until the guest unmasks it.
    ///
    /// # Panics
    /// If the device has no such vector.
    #[track_caller]
    fn msix_notify(&self, vector: u16) -> bool {
        config(self);
        // SAFETY: the device has its configuration space, and the message.
        unsafe {
            if sys::msix_enabled(pci(self)) & 0xff == 0 {
                return false;
            }
            let vectors = sys::msix_nr_vectors_allocated(pci(self));
            assert!(u32::from(vector) < vectors, "there are {} MSI-X vectors, and no vector {}", vectors, vector);
            sys::msix_notify(pci(self), vector.into());
            true
        }
    }

    /// Makes a PCI Express device an endpoint, by adding that capability.
    ///
    /// # Errors
    /// If the device is not for PCI Express, or the configuration space is full.
    #[track_caller]
    fn init_endpoint(&self) -> Result<()> {
        if config(self).size <= 256 {
            return Err("only a device with the interface PCI_EXPRESS is an endpoint".into());
        }
        check_room(self, ENDPOINT_SIZE)?;
        // SAFETY: the device has its configuration space; 0 stands for any place in it.
        if unsafe { sys::pcie_endpoint_cap_init(pci(self), 0) } < 0 {
            return Err("the configuration space has no room for the endpoint's capability".into());
        }
        Ok(())
    }

    /// Adds a capability of `size` bytes, including its two bytes of ID and link, and returns its offset.
    ///
    /// # Errors
    /// If the configuration space is full.
    ///
    /// # Panics
    /// If the size has no room for ID and link.
    #[track_caller]
    fn add_capability(&self, id: u8, size: u8) -> Result<u16> {
        config(self);
        assert!(size >= 2, "a capability has two bytes of id and link");
        check_room(self, size)?;
        let mut err = ptr::null_mut();
        // SAFETY: the device has its configuration space; 0 stands for any place in it.
        unsafe {
            let offset = sys::pci_add_capability(pci(self), id, 0, size, &mut err);
            Error::err_or_unit(err)?;
            Ok(offset as u16)
        }
    }

    /// Reads the configuration space, whose numbers are little-endian.
    ///
    /// # Panics
    /// If the range is outside of it.
    #[track_caller]
    fn read_config(&self, offset: u16, into: &mut [u8]) {
        let config = config(self);
        expect_inside(config.size, offset, into.len());
        // SAFETY: the bytes are there, and nobody has a reference to them.
        unsafe { ptr::copy_nonoverlapping(config.bytes.add(offset.into()), into.as_mut_ptr(), into.len()) }
    }

    /// Writes the configuration space, including bytes that the guest cannot write.
    ///
    /// # Panics
    /// If the range is outside of it, or contains the bytes for registers or pin, the id or link of a capability, or those
    /// of MSI, MSI-X or the endpoint, which QEMU keeps.
    #[track_caller]
    fn write_config(&self, offset: u16, bytes: &[u8]) {
        let config = config(self);
        expect_own(&config, offset, bytes.len());
        // SAFETY: the bytes are there, and nobody has a reference to them.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), config.bytes.add(offset.into()), bytes.len()) }
    }

    /// Sets which bits of the configuration space the guest can write.
    ///
    /// # Panics
    /// If the range is outside of it, or contains the bytes for registers or pin, the id or link of a capability, or those
    /// of MSI, MSI-X or the endpoint, which QEMU keeps.
    #[track_caller]
    fn set_config_writable(&self, offset: u16, mask: &[u8]) {
        let config = config(self);
        expect_own(&config, offset, mask.len());
        // SAFETY: the bytes are there, and nobody has a reference to them.
        unsafe { ptr::copy_nonoverlapping(mask.as_ptr(), config.writable.add(offset.into()), mask.len()) }
    }

    /// Reads memory of the guest, from an address on its bus.
    ///
    /// The access may call the device back: none of its cells may be borrowed mutably.
    ///
    /// # Errors
    /// If the guest has not made the device a bus master, or there is nothing at the address.
    #[track_caller]
    fn dma_read(&self, address: u64, into: &mut [u8]) -> std::result::Result<(), BusError> {
        bus_master(self).read(address, into, Attributes::UNSPECIFIED)
    }

    /// Writes memory of the guest, from an address on its bus.
    ///
    /// The access may call the device back: none of its cells may be borrowed mutably.
    ///
    /// # Errors
    /// If the guest has not made the device a bus master, or there is nothing at the address.
    #[track_caller]
    fn dma_write(&self, address: u64, bytes: &[u8]) -> std::result::Result<(), BusError> {
        bus_master(self).write(address, bytes, Attributes::UNSPECIFIED)
    }

    /// Loads a little-endian number from an address on its bus.
    ///
    /// # Errors
    /// As [`dma_read`](Self::dma_read).
    #[track_caller]
    fn dma_load_le<N: Number>(&self, address: u64) -> std::result::Result<N, BusError> {
        bus_master(self).load_le(address, Attributes::UNSPECIFIED)
    }

    /// Loads a big-endian number from an address on its bus.
    ///
    /// # Errors
    /// As [`dma_read`](Self::dma_read).
    #[track_caller]
    fn dma_load_be<N: Number>(&self, address: u64) -> std::result::Result<N, BusError> {
        bus_master(self).load_be(address, Attributes::UNSPECIFIED)
    }

    /// Stores a number at an address on its bus, little-endian.
    ///
    /// # Errors
    /// As [`dma_write`](Self::dma_write).
    #[track_caller]
    fn dma_store_le<N: Number>(&self, address: u64, number: N) -> std::result::Result<(), BusError> {
        bus_master(self).store_le(address, number, Attributes::UNSPECIFIED)
    }

    /// Stores a number at an address on its bus, big-endian.
    ///
    /// # Errors
    /// As [`dma_write`](Self::dma_write).
    #[track_caller]
    fn dma_store_be<N: Number>(&self, address: u64, number: N) -> std::result::Result<(), BusError> {
        bus_master(self).store_be(address, number, Attributes::UNSPECIFIED)
    }

    /// Maps guest memory, from an address on its bus. See [`AddressSpace::map`].
    #[track_caller]
    fn dma_map(&self, address: u64, length: u64) -> Option<Mapping> {
        bus_master(self).map(address, length, Attributes::UNSPECIFIED)
    }
}

impl<T: IsA<PciDevice>> PciDeviceMethods for T {}

/// Returns the device's address, for C.
fn pci<T: IsA<PciDevice>>(device: &T) -> *mut sys::PciDevice {
    device as *const T as *mut sys::PciDevice
}

#[track_caller]
fn config<T: IsA<PciDevice>>(device: &T) -> sys::PciConfig {
    bql::expect_locked();
    // SAFETY: the device is live, and `realize` and `unrealize` below ensure the rest.
    unsafe { sys::pci_config(pci(device)) }
        .expect("a PCI device has a configuration space, lines and memory from its realize to its unrealize only")
}

/// Whether there are such base address registers.
#[track_caller]
fn expect_registers(number: u8, kind: Bar) {
    const REGISTERS: u8 = 6;
    assert!(
        number < REGISTERS && number + kind.registers() <= REGISTERS,
        "a PCI device has base address registers 0 to 5, and one of 64 bits takes two of them"
    );
}

#[track_caller]
fn claim_registers<T: IsA<PciDevice>>(device: &T, number: u8, kind: Bar) {
    for number in number..number + kind.registers() {
        let bar = device as *const T as usize + usize::from(number);
        assert!(claim(bar, Claim::Bar), "base address register {} leads somewhere already", number);
    }
}

#[track_caller]
fn bus_master<T: IsA<PciDevice>>(device: &T) -> &AddressSpace {
    config(device);
    // SAFETY: a device with a configuration space is on a bus, and its address space is set up. It is
    // borrowed for one access.
    unsafe { AddressSpace::from_raw(sys::pci_bus_master(pci(device))) }
}
