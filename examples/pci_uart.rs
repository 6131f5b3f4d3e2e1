// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! A 16550, the serial port of a PC, as a PCI device.
//!
//! ```console
//! $ qemu-system-aarch64 -M virt -plugin ./libpci_uart.so -chardev stdio,id=line \
//!       -device example-pci-uart,chardev=line …
//! ```
//!
//! Drivers know it as QEMU's own `pci-serial`.

use oldstable::bql::{BqlCell, BqlRefCell};
use oldstable::chardev::{CharFrontend, Event, ModemLines, OutputWatch, Parity, SerialParameters};
use oldstable::compat::{c_str, ffi::CStr};
use oldstable::memory::{AccessSizes, MemoryRegion, MemoryRegionOps};
use oldstable::pci::{Bar, PciDevice, PciDeviceImpl, PciDeviceMethods};
use oldstable::qdev::{DeviceImpl, DeviceState};
use oldstable::qom::{Interface, Object, ObjectImpl};
use oldstable::timer::{ClockType, Timer};
use oldstable::vmstate::{Field, Section, VmState};
use oldstable::Result;
use std::io::ErrorKind;

/// Which interrupts software wants: IER.
const RECEIVED: u8 = 1;
const CAN_SEND: u8 = 2;
const LINE_STATUS: u8 = 4;
const MODEM_STATUS: u8 = 8;

/// Which interrupt there is: IIR.
const NO_INTERRUPT: u8 = 0x01;
const IS_CAN_SEND: u8 = 0x02;
const IS_RECEIVED: u8 = 0x04;
const IS_LINE_STATUS: u8 = 0x06;
const IS_TIMEOUT: u8 = 0x0c;
const HAS_FIFOS: u8 = 0xc0;

/// FCR.
const FIFOS: u8 = 0x01;
const CLEAR_RECEIVED: u8 = 0x02;
const CLEAR_SENT: u8 = 0x04;

/// LCR.
const TWO_STOP_BITS: u8 = 0x04;
const PARITY: u8 = 0x08;
const EVEN: u8 = 0x10;
const BREAK: u8 = 0x40;
const DIVISOR: u8 = 0x80;

/// MCR.
const DTR: u8 = 0x01;
const RTS: u8 = 0x02;
const OUT_2: u8 = 0x08;
const LOOP: u8 = 0x10;

/// LSR.
const DATA: u8 = 0x01;
const OVERRUN: u8 = 0x02;
const IS_BREAK: u8 = 0x10;
const ERRORS: u8 = 0x1e;
const HOLDING_EMPTY: u8 = 0x20;
const ALL_SENT: u8 = 0x40;

/// MSR: what has changed in its lower half, the lines in its upper.
const CTS: u8 = 0x10;
const DSR: u8 = 0x20;
const RI: u8 = 0x40;
const DCD: u8 = 0x80;
const RING_ENDED: u8 = 0x04;

const BITS_PER_SECOND: u32 = 115_200;
const WITHOUT_DIVISOR: u32 = 3500;
const SECOND: i64 = 1_000_000_000;
/// How often a character is tried on an end that takes none, before it is dropped.
const TRIES: u8 = 4;

oldstable::qdev_define_conf! {
    pub struct UartConf {
        "chardev" => chardev: CharFrontend,
    }
}

#[derive(Clone, Copy, Default)]
struct Fifo {
    bytes: [u8; 16],
    start: u8,
    count: u8,
}

oldstable::vmstate_struct! { Fifo { bytes, start, count } }

impl Fifo {
    /// False if there is no room.
    fn push(&mut self, byte: u8) -> bool {
        let has_room = self.count < 16;
        if has_room {
            self.bytes[usize::from(self.start + self.count) % 16] = byte;
            self.count += 1;
        }
        has_room
    }

    fn pop(&mut self) -> Option<u8> {
        self.count = self.count.checked_sub(1)?;
        let byte = self.bytes[usize::from(self.start)];
        self.start = (self.start + 1) % 16;
        Some(byte)
    }
}

#[derive(Clone, Copy, Default)]
struct Registers {
    divisor: u16,
    /// Without FIFOs: what was received, and what is to be sent.
    receive: u8,
    holding: u8,
    /// What is being sent.
    shift: u8,
    tries: u8,
    ier: u8,
    iir: u8,
    fcr: u8,
    lcr: u8,
    mcr: u8,
    lsr: u8,
    msr: u8,
    scratch: u8,
    /// Two interrupts that are there until software has seen them.
    can_send: bool,
    timeout: bool,
    received: Fifo,
    to_send: Fifo,
}

oldstable::vmstate_struct! {
    Registers {
        divisor, receive, holding, shift, tries, ier, iir, fcr, lcr, mcr, lsr, msr, scratch, can_send, timeout,
        received, to_send
    }
}

impl Registers {
    /// As many bytes in the FIFO interrupt.
    fn trigger(&self) -> u8 {
        [1, 4, 8, 14][usize::from(self.fcr >> 6)]
    }

    fn has_fifos(&self) -> bool {
        self.fcr & FIFOS != 0
    }

    fn is_loop(&self) -> bool {
        self.mcr & LOOP != 0
    }

    fn interrupt(&self) -> u8 {
        let wants = |interrupt: u8| self.ier & interrupt != 0;
        let is_enough = !self.has_fifos() || self.received.count >= self.trigger();
        if wants(LINE_STATUS) && self.lsr & ERRORS != 0 {
            IS_LINE_STATUS
        } else if wants(RECEIVED) && self.timeout {
            IS_TIMEOUT
        } else if wants(RECEIVED) && self.lsr & DATA != 0 && is_enough {
            IS_RECEIVED
        } else if wants(CAN_SEND) && self.can_send {
            IS_CAN_SEND
        } else if wants(MODEM_STATUS) && self.msr & 0x0f != 0 {
            0
        } else {
            NO_INTERRUPT
        }
    }

    fn room(&self) -> usize {
        let (count, trigger) = (self.received.count, self.trigger());
        match self.has_fifos() {
            false => (self.lsr & DATA == 0).into(),
            true if count <= trigger => (trigger - count).into(),
            true => (count < 16).into(),
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        if self.has_fifos() {
            for byte in bytes {
                self.take_into_fifo(*byte);
            }
        } else if let Some(byte) = bytes.first() {
            if self.lsr & DATA != 0 {
                self.lsr |= OVERRUN;
            }
            self.receive = *byte;
        }
        self.lsr |= DATA;
    }

    fn take_into_fifo(&mut self, byte: u8) {
        if !self.received.push(byte) {
            self.lsr |= OVERRUN;
        }
    }

    /// The next byte goes out, which there must be.
    fn begin_to_send(&mut self) {
        if self.has_fifos() {
            self.shift = self.to_send.pop().unwrap_or(0);
        } else {
            self.shift = self.holding;
        }
        if !self.has_fifos() || self.to_send.count == 0 {
            self.lsr |= HOLDING_EMPTY;
            self.can_send = true;
        }
    }

    fn bits(&self) -> (u8, u8) {
        (5 + (self.lcr & 3), if self.lcr & TWO_STOP_BITS != 0 { 2 } else { 1 })
    }

    /// Bits in a second.
    fn speed(&self) -> u32 {
        BITS_PER_SECOND.checked_div(self.divisor.into()).unwrap_or(WITHOUT_DIVISOR)
    }

    /// How long the line is silent before a timeout, in nanoseconds.
    fn four_characters(&self) -> i64 {
        let (data, stop) = self.bits();
        let bits = 1 + data + stop + u8::from(self.lcr & PARITY != 0);
        4 * i64::from(bits) * SECOND / i64::from(self.speed())
    }

    fn set_fcr(&mut self, value: u8) {
        // Both are cleared when they are switched on and off.
        let switched = (value ^ self.fcr) & FIFOS != 0;
        if switched || value & CLEAR_RECEIVED != 0 {
            self.lsr &= !(DATA | IS_BREAK);
            self.timeout = false;
            self.received = Fifo::default();
        }
        if switched || value & CLEAR_SENT != 0 {
            self.lsr |= HOLDING_EMPTY;
            self.can_send = true;
            self.to_send = Fifo::default();
        }
        self.fcr = value & 0xc9;
        self.iir = self.iir & !HAS_FIFOS | if self.has_fifos() { HAS_FIFOS } else { 0 };
    }

    fn set_ier(&mut self, value: u8) {
        let changed = self.ier ^ value;
        self.ier = value & 0x0f;
        if changed & CAN_SEND != 0 {
            self.can_send = value & CAN_SEND != 0 && self.lsr & HOLDING_EMPTY != 0;
        }
    }

    fn set_modem_lines(&mut self, lines: ModemLines) {
        let bit = |bit: u8, is: bool| if is { bit } else { 0 };
        let new = bit(CTS, lines.cts) | bit(DSR, lines.dsr) | bit(RI, lines.ri) | bit(DCD, lines.dcd);
        let changed = ((self.msr ^ new) >> 4) & !RING_ENDED | (self.msr & !new & RI) >> 4;
        self.msr = new | self.msr & 0x0f | changed;
    }
}

oldstable::qom_define_type! {
    pub struct Uart("example-pci-uart"): PciDevice, DeviceState, Object {
        conf: UartConf,
        ports: MemoryRegion,
        silence: Timer,
        room: OutputWatch,
        registers: BqlRefCell<Registers>,
        breaks: BqlCell<bool>,
    }
}

impl ObjectImpl for Uart {
    const INTERFACES: &'static [Interface<Self>] = &[Interface::CONVENTIONAL_PCI];
    const INSTANCE_INIT: Option<fn(&Self)> = Some(|this| {
        this.ports.init_io(this, "example-pci-uart", 8);
        this.silence.init(this, ClockType::Virtual, Uart::is_silent);
    });
}

impl DeviceImpl for Uart {
    const REALIZE: Option<fn(&Self) -> Result<()>> = Some(|this| {
        const INTERFACE: u16 = 0x09;
        const LIKE_A_16550: u8 = 2;
        this.write_config(INTERFACE, &[LIKE_A_16550]);
        this.set_interrupt_pin(1);
        this.register_bar(0, Bar::Io, &this.ports);
        this.conf.chardev.enable_handlers(this, Uart::can_receive, Uart::receive, Uart::event);
        Ok(())
    });
    const UNREALIZE: Option<fn(&Self)> = Some(|this| {
        this.conf.chardev.disable_handlers();
        this.room.stop();
        this.silence.stop();
    });
    const RESET_ENTER: Option<fn(&Self)> = Some(|this| {
        this.room.stop();
        this.silence.stop();
        // What is behind FCR is cleared, and FCR stays.
        let fcr = this.registers.borrow().fcr;
        *this.registers.borrow_mut() = Registers {
            divisor: 12,
            iir: NO_INTERRUPT,
            fcr,
            mcr: OUT_2,
            lsr: ALL_SENT | HOLDING_EMPTY,
            msr: DCD | DSR | CTS,
            ..Registers::default()
        };
        this.breaks.set(false);
    });
    const COLD_RESET: Option<fn(&Self)> = Some(|this| {
        this.look_at_modem();
        this.registers.borrow_mut().msr &= 0xf0;
        this.set_irq(false);
    });
    const VMSTATE: Option<Section<Self>> = Some(<Self as VmState>::SECTION);
}

impl PciDeviceImpl for Uart {
    const VENDOR_ID: u16 = 0x1b36;
    const DEVICE_ID: u16 = 0x0002;
    const REVISION: u8 = 1;
    /// A serial port.
    const CLASS_ID: u16 = 0x0700;
}

impl VmState for Uart {
    const NAME: &'static CStr = c_str!("example-pci-uart");
    const FIELDS: &'static [Field<Self>] = oldstable::vmstate_fields! { Self { parent, registers, silence, breaks } };
    const POST_LOAD: Option<fn(&Self, u32) -> Result<()>> = Some(|this, _version| {
        let registers = *this.registers.borrow();
        for fifo in &[registers.received, registers.to_send] {
            if fifo.start >= 16 || fifo.count > 16 {
                return Err("a FIFO has 16 bytes".into());
            }
        }
        this.set_line_parameters();
        this.conf.chardev.set_break(this.breaks.get());
        // Nobody waits on this side yet.
        if registers.tries > 0 {
            this.registers.borrow_mut().tries = 0;
            this.put();
        }
        Ok(())
    });
}

impl MemoryRegionOps for Uart {
    const READ: fn(&Self, u64, u32) -> u64 = |this, offset, _size| this.read(offset).into();
    const WRITE: fn(&Self, u64, u64, u32) = |this, offset, value, _size| this.write(offset, value as u8);
    const VALID: AccessSizes = AccessSizes::unaligned(1, 4);
    const IMPLEMENTED: AccessSizes = AccessSizes::aligned(1, 1);
}

impl Uart {
    fn read(&self, offset: u64) -> u8 {
        let registers = *self.registers.borrow();
        match offset {
            0 if registers.lcr & DIVISOR != 0 => registers.divisor as u8,
            0 => self.read_received(),
            1 if registers.lcr & DIVISOR != 0 => (registers.divisor >> 8) as u8,
            1 => registers.ier,
            2 => {
                if registers.iir & 0x06 == IS_CAN_SEND {
                    self.registers.borrow_mut().can_send = false;
                    self.update();
                }
                registers.iir
            }
            3 => registers.lcr,
            4 => registers.mcr,
            5 => {
                self.registers.borrow_mut().lsr &= !(IS_BREAK | OVERRUN);
                self.update();
                registers.lsr
            }
            6 if registers.is_loop() => {
                (registers.mcr & 0x0c) << 4 | (registers.mcr & RTS) << 3 | (registers.mcr & DTR) << 5
            }
            6 => {
                self.look_at_modem();
                let msr = self.registers.borrow().msr;
                self.registers.borrow_mut().msr = msr & 0xf0;
                self.update();
                msr
            }
            _ => registers.scratch,
        }
    }

    fn read_received(&self) -> u8 {
        let (byte, is_loop, restart) = {
            let mut registers = self.registers.borrow_mut();
            let byte = if registers.has_fifos() {
                registers.timeout = false;
                registers.received.pop().unwrap_or(0)
            } else {
                registers.receive
            };
            let is_left = registers.has_fifos() && registers.received.count > 0;
            if !is_left {
                registers.lsr &= !(DATA | IS_BREAK);
            }
            (byte, registers.is_loop(), is_left)
        };
        if restart {
            self.listen_for_silence();
        }
        self.update();
        if !is_loop {
            self.conf.chardev.accept_input();
        }
        byte
    }

    fn write(&self, offset: u64, value: u8) {
        let has_divisor = self.registers.borrow().lcr & DIVISOR != 0;
        match offset {
            0 | 1 if has_divisor => {
                {
                    let mut registers = self.registers.borrow_mut();
                    let [low, high] = registers.divisor.to_le_bytes();
                    registers.divisor = u16::from_le_bytes(if offset == 0 { [value, high] } else { [low, value] });
                }
                self.set_line_parameters();
            }
            0 => self.send(value),
            1 => {
                self.registers.borrow_mut().set_ier(value);
                if value & MODEM_STATUS != 0 {
                    self.look_at_modem();
                }
                self.update();
            }
            2 => {
                self.registers.borrow_mut().set_fcr(value);
                if self.registers.borrow().received.count == 0 {
                    self.silence.stop();
                }
                self.update();
            }
            3 => {
                self.registers.borrow_mut().lcr = value;
                self.set_line_parameters();
                let breaks = value & BREAK != 0;
                if self.breaks.replace(breaks) != breaks {
                    self.conf.chardev.set_break(breaks);
                }
            }
            4 => {
                self.registers.borrow_mut().mcr = value & 0x1f;
                if value & LOOP == 0 {
                    let lines = self.conf.chardev.modem_lines().unwrap_or_default();
                    let (dtr, rts) = (value & DTR != 0, value & RTS != 0);
                    self.conf.chardev.set_modem_lines(ModemLines { dtr, rts, ..lines });
                }
            }
            7 => self.registers.borrow_mut().scratch = value,
            _ => {}
        }
    }

    fn send(&self, byte: u8) {
        {
            let mut registers = self.registers.borrow_mut();
            registers.holding = byte;
            if registers.has_fifos() && !registers.to_send.push(byte) {
                // The oldest makes room.
                registers.to_send.pop();
                registers.to_send.push(byte);
            }
            registers.can_send = false;
            registers.lsr &= !(HOLDING_EMPTY | ALL_SENT);
        }
        self.update();
        if self.registers.borrow().tries == 0 {
            self.put();
        }
    }

    /// Sends what there is, until it is all gone or the other end takes no more.
    fn put(&self) {
        loop {
            if self.registers.borrow().tries == 0 {
                self.registers.borrow_mut().begin_to_send();
                self.update();
            }
            let Registers { shift, tries, .. } = *self.registers.borrow();
            if self.registers.borrow().is_loop() {
                self.receive(&[shift]);
            } else if let Err(error) = self.conf.chardev.write(&[shift]) {
                let is_full = error.kind() == ErrorKind::WouldBlock;
                if is_full && tries < TRIES && self.room.start(&self.conf.chardev, self, Uart::put) {
                    self.registers.borrow_mut().tries += 1;
                    return;
                }
            }
            let mut registers = self.registers.borrow_mut();
            registers.tries = 0;
            if registers.lsr & HOLDING_EMPTY != 0 {
                registers.lsr |= ALL_SENT;
                return;
            }
        }
    }

    fn can_receive(&self) -> usize {
        self.registers.borrow().room()
    }

    fn receive(&self, bytes: &[u8]) {
        self.registers.borrow_mut().take(bytes);
        if self.registers.borrow().has_fifos() {
            self.listen_for_silence();
        }
        self.update();
    }

    fn event(&self, event: Event) {
        if event == Event::Break {
            {
                let mut registers = self.registers.borrow_mut();
                registers.receive = 0;
                registers.take_into_fifo(0);
                registers.lsr |= IS_BREAK | DATA;
            }
            self.update();
        }
    }

    fn listen_for_silence(&self) {
        let silence = self.registers.borrow().four_characters();
        self.silence.start_at(ClockType::Virtual.now() + silence);
    }

    fn is_silent(&self) {
        if self.registers.borrow().received.count > 0 {
            self.registers.borrow_mut().timeout = true;
            self.update();
        }
    }

    fn look_at_modem(&self) {
        if let Some(lines) = self.conf.chardev.modem_lines() {
            self.registers.borrow_mut().set_modem_lines(lines);
        }
    }

    fn set_line_parameters(&self) {
        let registers = *self.registers.borrow();
        let (data_bits, stop_bits) = registers.bits();
        let parity = match registers.lcr & (PARITY | EVEN) {
            PARITY => Parity::Odd,
            0 | EVEN => Parity::None,
            _ => Parity::Even,
        };
        let speed = registers.speed();
        self.conf.chardev.set_parameters(SerialParameters { speed, parity, data_bits, stop_bits });
    }

    fn update(&self) {
        let interrupt = self.registers.borrow().interrupt();
        let iir = self.registers.borrow().iir;
        self.registers.borrow_mut().iir = interrupt | iir & 0xf0;
        self.set_irq(interrupt != NO_INTERRUPT);
    }
}

oldstable::plugin!(Uart);
