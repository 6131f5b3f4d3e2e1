// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The I²C controller of OpenCores, on a PCI card: a bus of one's own.
//!
//! ```console
//! $ qemu-system-aarch64 -M virt -plugin ./libi2c_controller.so -device pci-i2c -device tmp105,bus=i2c,address=0x48 …
//! ```
//!
//! Base address register 0 has its registers, of a byte each, which the drivers of "opencores,i2c-ocores" know:
//!
//! | offset | read | written |
//! |---|---|---|
//! | 0, 1 | clock prescaler | clock prescaler, without effect here |
//! | 2 | control: 7 enabled, 6 interrupts enabled | control |
//! | 3 | the byte received | the byte to send; after a start, the address and in bit 0 the direction |
//! | 4 | status: 7 no acknowledge, 6 busy, 0 interrupt | command: 7 start, 6 stop, 5 read, 4 write, 3 no acknowledge, 0 clears the interrupt |
//!
//! Each command is done when the write returns.

use oldstable::bql::BqlRefCell;
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::i2c::{Acknowledge, I2cBus};
use oldstable::memory::{AccessSizes, MemoryRegion, MemoryRegionOps};
use oldstable::pci::{Bar, PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectImpl};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

const ENABLED: u8 = 0x80;
const INTERRUPTS: u8 = 0x40;

const START: u8 = 0x80;
const STOP: u8 = 0x40;
const READ: u8 = 0x20;
const WRITE: u8 = 0x10;
const LAST: u8 = 0x08;
const CLEAR: u8 = 0x01;

const REFUSED: u8 = 0x80;
const BUSY: u8 = 0x40;
const DONE: u8 = 0x01;

#[derive(Clone, Copy, Default)]
struct Registers {
    prescaler: [u8; 2],
    control: u8,
    transmit: u8,
    receive: u8,
    status: u8,
    /// The address and direction of the transfer.
    to: u8,
}

oldstable::vmstate_struct! { Registers { prescaler, control, transmit, receive, status, to } }

oldstable::qom_define_type! {
    /// The card.
    pub struct Controller("pci-i2c"): PciDevice, DeviceState, Object {
        mmio: MemoryRegion,
        bus: I2cBus,
        registers: BqlRefCell<Registers>,
    }
}

impl ObjectImpl for Controller {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.mmio.init_io(this, "pci-i2c", 16);
        this.bus.init(this, "i2c");
    });
}

impl DeviceImpl for Controller {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        this.register_bar(0, Bar::Memory32, &this.mmio);
        this.set_interrupt_pin(1);
        Ok(())
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|this| {
        *this.registers.borrow_mut() = Registers { prescaler: [0xff; 2], ..Registers::default() };
        this.bus.end();
        this.set_irq(false);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl PciDeviceImpl for Controller {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 0x12c0;
    /// The class "SMBus".
    const CLASS_ID: u16 = 0x0c05;
}

impl VmState for Controller {
    const NAME: &'static CStr = c_str!("pci-i2c");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, registers } };
}

impl MemoryRegionOps for Controller {
    const READ: fn(&Self, u64, u32) -> u64 = |this, offset, _size| {
        let registers = this.registers.borrow();
        u64::from(match offset {
            0 | 1 => registers.prescaler[offset as usize],
            2 => registers.control,
            3 => registers.receive,
            4 => registers.status,
            _ => 0,
        })
    };
    const WRITE: fn(&Self, u64, u64, u32) = |this, offset, value, _size| {
        let value = value as u8;
        match offset {
            0 | 1 => this.registers.borrow_mut().prescaler[offset as usize] = value,
            2 => this.registers.borrow_mut().control = value & (ENABLED | INTERRUPTS),
            3 => this.registers.borrow_mut().transmit = value,
            4 => this.command(value),
            _ => {}
        }
        let Registers { control, status, .. } = *this.registers.borrow();
        this.set_irq(control & INTERRUPTS != 0 && status & DONE != 0);
    };
    const VALID: AccessSizes = AccessSizes::aligned(1, 1);
}

impl Controller {
    /// The registers are not borrowed while devices on the bus run.
    fn command(&self, command: u8) {
        let mut now = *self.registers.borrow();
        if command & CLEAR != 0 {
            now.status &= !DONE;
        }
        if now.control & ENABLED != 0 && command & (START | STOP | READ | WRITE) != 0 {
            self.transfer(command, &mut now);
            now.status |= DONE;
        }
        *self.registers.borrow_mut() = now;
    }

    fn transfer(&self, command: u8, now: &mut Registers) {
        if command & START != 0 {
            // QEMU repeats a start for the devices that are addressed already.
            if now.transmit >> 1 != now.to >> 1 {
                self.bus.end();
            }
            now.to = now.transmit;
            now.status |= BUSY;
        }
        if command & WRITE != 0 {
            let answer = match (command & START != 0, now.to & 1 != 0) {
                (true, false) => self.bus.start_send(now.to >> 1),
                (true, true) => self.bus.start_receive(now.to >> 1),
                (false, _) => self.bus.send(now.transmit),
            };
            now.status &= !REFUSED;
            if answer == Acknowledge::No {
                now.status |= REFUSED;
            }
        } else if command & READ != 0 {
            now.receive = self.bus.receive();
            if command & LAST != 0 {
                self.bus.nack();
            }
        }
        if command & STOP != 0 {
            self.bus.end();
            now.status &= !BUSY;
        }
    }
}

oldstable::plugin!(Controller);
