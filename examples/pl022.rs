// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! ARM's PL022 on a PCI card: a controller of an SSI (SPI) bus, with room for eight words in each direction.
//!
//! ```console
//! $ qemu-system-aarch64 -M virt -plugin ./libpl022.so -plugin ./libmax1111.so -device pci-pl022,id=spi \
//!       -device example-max1111,bus=ssi …
//! ```
//!
//! Base address register 0 has its registers. As with QEMU's own `pl022`, a word takes no time, and waits while eight
//! have not been read, so that none is lost; there are no DMA requests. It is always the bus's master.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::log::Mask;
use oldstable::memory::{MemoryRegion, MemoryRegionOps};
use oldstable::pci::{Bar, PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectImpl};
use oldstable::ssi::SsiBus;
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;

const ID: [u8; 8] = [0x22, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1];

const LOOPBACK: u32 = 0x1;
const ENABLED: u32 = 0x2;

const TO_SEND_EMPTY: u32 = 0x01;
const TO_SEND_HAS_ROOM: u32 = 0x02;
const RECEIVED_HAS_WORDS: u32 = 0x04;
const RECEIVED_FULL: u32 = 0x08;
const BUSY: u32 = 0x10;

/// Half of the words that can be received are there.
const RECEIVED: u32 = 0x4;
/// Half of the room for words to send is there.
const TO_SEND: u32 = 0x8;

const DEPTH: usize = 8;

#[derive(Clone, Copy, Default)]
struct Fifo {
    words: [u16; DEPTH],
    start: u8,
    count: u8,
}

oldstable::vmstate_struct! { Fifo { words, start, count } }

impl Fifo {
    fn len(&self) -> usize {
        self.count.into()
    }

    /// The word is lost if there is no room.
    fn push(&mut self, word: u16) {
        if self.len() < DEPTH {
            self.words[(usize::from(self.start) + self.len()) % DEPTH] = word;
            self.count += 1;
        }
    }

    fn pop(&mut self) -> Option<u16> {
        self.count = self.count.checked_sub(1)?;
        let word = self.words[usize::from(self.start)];
        self.start = (self.start + 1) % DEPTH as u8;
        Some(word)
    }
}

#[derive(Clone, Copy, Default)]
struct Registers {
    /// Control: in the lowest four bits the number of a word's bits, less one.
    format: u32,
    control: u32,
    prescaler: u32,
    mask: u32,
    to_send: Fifo,
    received: Fifo,
}

oldstable::vmstate_struct! { Registers { format, control, prescaler, mask, to_send, received } }

impl Registers {
    /// The bits of a word.
    fn bits(&self) -> u16 {
        u16::MAX >> (15 - (self.format & 0xf))
    }

    fn status(&self) -> u32 {
        let flag = |holds: bool, bit: u32| if holds { bit } else { 0 };
        let (to_send, received) = (self.to_send.len(), self.received.len());
        flag(to_send == 0, TO_SEND_EMPTY)
            | flag(to_send < DEPTH, TO_SEND_HAS_ROOM)
            | flag(received > 0, RECEIVED_HAS_WORDS)
            | flag(received == DEPTH, RECEIVED_FULL)
            | flag(to_send > 0, BUSY)
    }

    fn interrupts(&self) -> u32 {
        let received = if self.received.len() >= DEPTH / 2 { RECEIVED } else { 0 };
        received | if self.to_send.len() <= DEPTH / 2 { TO_SEND } else { 0 }
    }

    fn interrupts_not_masked(&self) -> u32 {
        self.interrupts() & self.mask
    }

    /// Takes out the next word to send, if there is room for the answer.
    fn next(&mut self) -> Option<u16> {
        if self.control & ENABLED == 0 || self.received.len() == DEPTH {
            return None;
        }
        self.to_send.pop()
    }
}

oldstable::qom_define_type! {
    /// The card.
    pub struct Controller("pci-pl022"): PciDevice, DeviceState, Object {
        mmio: MemoryRegion,
        bus: SsiBus,
        registers: BqlRefCell<Registers>,
        is_sending: BqlCell<bool>,
    }
}

impl ObjectImpl for Controller {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.mmio.init_io(this, "pci-pl022", 0x1000);
        this.bus.init(this, "ssi");
    });
}

impl DeviceImpl for Controller {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        this.register_bar(0, Bar::Memory32, &this.mmio);
        this.set_interrupt_pin(1);
        Ok(())
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|this| {
        *this.registers.borrow_mut() = Registers::default();
        this.set_irq(false);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl PciDeviceImpl for Controller {
    const VENDOR_ID: u16 = 0x1234;
    const DEVICE_ID: u16 = 0x5022;
    /// The class of serial buses, of no kind that has a number.
    const CLASS_ID: u16 = 0x0c80;
}

impl VmState for Controller {
    const NAME: &'static CStr = c_str!("pci-pl022");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, registers } };
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(|this, _version| {
        let registers = *this.registers.borrow();
        for fifo in &[registers.to_send, registers.received] {
            if usize::from(fifo.start) >= DEPTH || fifo.len() > DEPTH {
                return Err("a FIFO has eight words".into());
            }
        }
        Ok(())
    });
}

impl MemoryRegionOps for Controller {
    const READ: fn(&Self, u64, u32) -> u64 = |this, offset, _size| {
        if offset == 0x08 {
            let word = this.registers.borrow_mut().received.pop().unwrap_or(0);
            this.send();
            return word.into();
        }
        let registers = this.registers.borrow();
        u64::from(match offset {
            0x00 => registers.format,
            0x04 => registers.control,
            0x0c => registers.status(),
            0x10 => registers.prescaler,
            0x14 => registers.mask,
            0x18 => registers.interrupts(),
            0x1c => registers.interrupts_not_masked(),
            0x24 => 0,
            0xfe0..=0xfff => ID[(offset as usize - 0xfe0) >> 2].into(),
            _ => {
                Mask::GuestErrors.write(&format_args!("pci-pl022: there is nothing to read at {:#x}", offset));
                0
            }
        })
    };
    const WRITE: fn(&Self, u64, u64, u32) = |this, offset, value, _size| {
        let word = value as u16;
        {
            let mut registers = this.registers.borrow_mut();
            match offset {
                0x00 => registers.format = word.into(),
                0x04 => registers.control = u32::from(word) & 0xf,
                0x08 => {
                    let word = word & registers.bits();
                    registers.to_send.push(word)
                }
                0x10 => registers.prescaler = u32::from(word) & 0xfe,
                0x14 => registers.mask = u32::from(word) & 0xf,
                // What it clears, an overrun and a time-out, does not come up.
                0x20 => {}
                _ => Mask::GuestErrors.write(&format_args!("pci-pl022: there is nothing to write at {:#x}", offset)),
            }
        }
        this.send();
    };
}

impl Controller {
    /// Sends what can be sent. The registers are not borrowed while devices on the bus run, which may write to them.
    fn send(&self) {
        if self.is_sending.replace(true) {
            return;
        }
        loop {
            let next = self.registers.borrow_mut().next();
            let word = match next {
                Some(word) => word,
                None => break,
            };
            let is_loopback = self.registers.borrow().control & LOOPBACK != 0;
            let answer = if is_loopback { word } else { self.bus.transfer(word.into()) as u16 };
            let mut registers = self.registers.borrow_mut();
            let answer = answer & registers.bits();
            registers.received.push(answer);
        }
        self.is_sending.set(false);
        let interrupts = self.registers.borrow().interrupts_not_masked();
        self.set_irq(interrupts != 0);
    }
}

oldstable::plugin!(Controller);
