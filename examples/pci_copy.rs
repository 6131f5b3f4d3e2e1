// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A PCI device that copies memory of the guest and interrupts when it is done.
//!
//! ```console
//! $ qemu-system-aarch64 -M virt -plugin ./libpci_copy.so -device pci-copy …
//! ```
//!
//! It interrupts by MSI-X (the table is in base address register 2), MSI or its pin, as the guest chooses. Base address
//! register 0 has its 64-bit registers, little-endian:
//!
//! | offset | register |
//! |---|---|
//! | 0x00 | SOURCE: bus address |
//! | 0x08 | DESTINATION: bus address |
//! | 0x10 | LENGTH, 1 to 65536; writing it starts the copy |
//! | 0x18 | STATUS: 0 done, 1 failed; writing it clears both and the interrupt |
//! | 0x20 | COUNTER: bus address of 32 bits in memory that count the copies, or 0 |

use oldstable::bh::BottomHalf;
use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::dma::Mapping;
use oldstable::memory::{AccessSizes, MemoryRegion, MemoryRegionOps};
use oldstable::pci::{Bar, PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectImpl};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

const LARGEST: u64 = 65536;
const DONE: u64 = 1;
const FAILED: u64 = 2;

#[derive(Clone, Copy, Default)]
struct Registers {
    source: u64,
    destination: u64,
    length: u64,
    status: u64,
    counter: u64,
}

oldstable::vmstate_struct! { Registers { source, destination, length, status, counter } }

oldstable::qom_define_type! {
    /// The device.
    pub struct Copier("pci-copy"): PciDevice, DeviceState, Object {
        mmio: MemoryRegion,
        copy: BottomHalf,
        registers: BqlRefCell<Registers>,
        /// The counter, once a copy has been counted.
        counter: BqlCell<Option<Mapping>>,
    }
}

impl ObjectImpl for Copier {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.mmio.init_io(this, "pci-copy", 0x1000);
        this.copy.init(this, Copier::copy);
    });
}

impl DeviceImpl for Copier {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        this.register_bar(0, Bar::Memory64, &this.mmio);
        this.set_interrupt_pin(1);
        this.msi_init(1)?;
        this.msix_init(1, 2)
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|this| {
        this.copy.cancel();
        this.counter.set(None);
        this.msi_uninit();
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|this| {
        this.copy.cancel();
        *this.registers.borrow_mut() = Registers::default();
        this.counter.set(None);
        this.set_irq(false);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl PciDeviceImpl for Copier {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 0xc0b1;
    /// The class "other system peripheral".
    const CLASS_ID: u16 = 0x0880;
}

impl VmState for Copier {
    const NAME: &'static CStr = c_str!("pci-copy");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, registers } };
    /// A copy that has not started yet starts on the destination.
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(|this, _version| {
        if this.registers.borrow().length != 0 {
            this.copy.schedule();
        }
        Ok(())
    });
}

impl MemoryRegionOps for Copier {
    const READ: fn(&Self, u64, u32) -> u64 = |this, offset, _size| {
        let registers = this.registers.borrow();
        match offset {
            0x00 => registers.source,
            0x08 => registers.destination,
            0x10 => registers.length,
            0x18 => registers.status,
            0x20 => registers.counter,
            _ => 0,
        }
    };
    const WRITE: fn(&Self, u64, u64, u32) = |this, offset, value, _size| match offset {
        0x00 => this.registers.borrow_mut().source = value,
        0x08 => this.registers.borrow_mut().destination = value,
        0x10 => {
            this.registers.borrow_mut().length = value;
            this.copy.schedule();
        }
        0x18 => {
            this.registers.borrow_mut().status = 0;
            this.set_irq(false);
        }
        0x20 => {
            this.registers.borrow_mut().counter = value;
            this.counter.set(None);
        }
        _ => {}
    };
    const VALID: AccessSizes = AccessSizes::aligned(8, 8);
    const IMPLEMENTED: AccessSizes = AccessSizes::aligned(8, 8);
}

impl Copier {
    /// Runs in the main loop. No register is borrowed while memory is accessed: the guest may have given
    /// the address of the registers.
    fn copy(&self) {
        let Registers { source, destination, length, .. } = *self.registers.borrow();
        let mut bytes = vec![0; length.min(LARGEST) as usize];
        let copied = length <= LARGEST
            && self.dma_read(source, &mut bytes).is_ok()
            && self.dma_write(destination, &bytes).is_ok();
        {
            let mut registers = self.registers.borrow_mut();
            registers.length = 0;
            registers.status = if copied { DONE } else { DONE | FAILED };
        }
        if copied {
            self.count();
        }
        if !self.msix_notify(0) && !self.msi_notify(0) {
            self.set_irq(true);
        }
    }

    /// Counts a copy. The device comes back to the same bytes, so that they stay mapped.
    fn count(&self) {
        let address = self.registers.borrow().counter;
        if address == 0 {
            return;
        }
        let mapping = self.counter.replace(None).or_else(|| self.dma_map(address, 4));
        if let Some(mapping) = mapping.filter(|mapping| mapping.length() == 4) {
            let mut count = [0; 4];
            mapping.read(0, &mut count);
            mapping.write(0, &u32::from_le_bytes(count).wrapping_add(1).to_le_bytes());
            self.counter.set(Some(mapping));
        }
    }
}

oldstable::plugin!(Copier);
