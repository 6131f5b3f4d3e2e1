// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The PL011's registers as a state machine that is independent of QEMU.
//!
//! Time, interrupt lines, the host's character device and the log are outside. Each call returns the actions for these
//! as [`Effects`]. Nothing here allocates, blocks or panics, whatever the guest, the host or a migration stream does.

#![forbid(unsafe_code)]

use super::bits::mask;
use super::effects::{Effects, Log, Output, TimerAction};
use super::fifo::{self, Receive, Transmit};

mod receive;

pub use super::bits::{control, data, flag, interrupt, line, offset};

/// The number of characters for each value of IFLS. The three reserved values act like the last one.
const LEVELS: [usize; 8] = [2, 4, 8, 12, 14, 14, 14, 14];

/// The bits of CR that the modem's lines depend on.
const MODEM: u32 = control::LBE | control::RTS | control::DTR | control::OUT1 | control::OUT2;

/// The timeout after ICR if the guest has not programmed a rate: 32 bits at 115,200 baud.
const NOMINAL_TIMEOUT_NS: u64 = 277_777;

/// The identity that the device shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// ARM's own.
    Arm,
    /// The one in Luminary Micro's Stellaris parts.
    Luminary,
}

impl Variant {
    /// Returns a byte for each identification register, the first one lowest.
    const fn id(self) -> u64 {
        match self {
            Variant::Arm => 0xb105_f00d_0014_1011,
            Variant::Luminary => 0xb105_f00d_0118_0011,
        }
    }
}

/// The whole state of a PL011.
#[derive(Clone)]
pub struct Registers {
    variant: Variant,
    /// The variant's identity, so that a read need not look it up.
    id: u64,
    clock_hz: u64,
    pub(super) rsr: u32,
    pub(super) ilpr: u32,
    pub(super) ibrd: u32,
    pub(super) fbrd: u32,
    pub(super) lcr_h: u32,
    pub(super) cr: u32,
    pub(super) ifls: u32,
    pub(super) imsc: u32,
    pub(super) ris: u32,
    pub(super) dmacr: u32,
    /// IBRD and FBRD as they were at the last write to LCR_H, in 64ths.
    divisor: u32,
    pub(super) receive: Receive,
    /// A character was lost, and the next one that is stored will have OE.
    pub(super) overrun: bool,
    /// The receive timeout is running.
    pub(super) counting: bool,
    /// The machine is stopped, and with it the clock of the receive timeout.
    paused: bool,
    pub(super) transmit: Transmit,
    /// The interrupts after the mask, and the outputs, as last reported.
    raised: u32,
    levels: u8,
    /// It was logged that the guest sends while the UART is disabled.
    warned: bool,
}

impl Default for Registers {
    fn default() -> Self {
        Registers::new(Variant::Arm)
    }
}

impl Registers {
    /// Returns the state after power-on. The clock is 0 Hz until [`set_clock`](Self::set_clock) sets it.
    pub const fn new(variant: Variant) -> Self {
        Registers {
            variant,
            id: variant.id(),
            clock_hz: 0,
            rsr: 0,
            ilpr: 0,
            ibrd: 0,
            fbrd: 0,
            lcr_h: 0,
            cr: control::TXE | control::RXE,
            ifls: 0x12,
            imsc: 0,
            ris: 0,
            dmacr: 0,
            divisor: 0,
            receive: Receive::new(),
            overrun: false,
            counting: false,
            paused: false,
            transmit: Transmit::new(),
            raised: 0,
            levels: 0,
            warned: false,
        }
    }

    /// Reads the register at `offset` bytes from the device's start.
    ///
    /// Bits 1:0 of the offset are ignored: narrow reads see the low bits of the register.
    pub fn read(&mut self, offset: u64) -> (u32, Effects) {
        if offset & !3 == offset::DR {
            return self.pop();
        }
        match self.peek(offset) {
            Some(value) => (value, Effects::NONE),
            None => (0, Effects { log: Some(Log::BadRead), ..Effects::NONE }),
        }
    }

    /// Returns the value of a register other than DR; reading it changes nothing. None if there is no readable
    /// register.
    #[inline]
    pub fn peek(&self, offset: u64) -> Option<u32> {
        let value = match offset & !3 {
            offset::RSR => self.rsr,
            offset::FR => self.flags(),
            offset::ILPR => self.ilpr,
            offset::IBRD => self.ibrd,
            offset::FBRD => self.fbrd,
            offset::LCR_H => self.lcr_h,
            offset::CR => self.cr,
            offset::IFLS => self.ifls,
            offset::IMSC => self.imsc,
            offset::RIS => self.ris,
            offset::MIS => self.ris & self.imsc,
            offset::DMACR => self.dmacr,
            id if (offset::ID..offset::ID + 0x20).contains(&id) => {
                let byte = (id - offset::ID) as u32 / 4;
                u32::from((self.id >> (8 * byte)) as u8)
            }
            _ => return None,
        };
        Some(value)
    }

    /// Writes the register at `offset` bytes from the device's start.
    ///
    /// Bits 1:0 of the offset are ignored: a narrow write sets the whole register.
    pub fn write(&mut self, offset: u64, value: u32) -> Effects {
        match offset & !3 {
            offset::RSR => self.rsr = 0,
            offset::FR => {}
            offset::ILPR => self.ilpr = value & mask::ILPR,
            offset::IBRD => self.ibrd = value & mask::IBRD,
            offset::FBRD => self.fbrd = value & mask::FBRD,
            // If the FIFOs are empty, no level is crossed.
            offset::IFLS if self.is_idle() => self.ifls = value & mask::IFLS,
            offset::LCR_H => return self.write_lcr_h(value & mask::LCR_H),
            offset::CR => return self.write_cr(value & mask::CR),
            other => return self.write_with_effects(other, value),
        }
        Effects::NONE
    }

    /// Writes one of the registers that affect interrupts or output. It is a separate function so that the path of the
    /// others is short.
    #[inline(never)]
    fn write_with_effects(&mut self, offset: u64, value: u32) -> Effects {
        let mut effects = Effects::NONE;
        match offset {
            offset::DR => self.send(value as u8, &mut effects),
            offset::IFLS => {
                self.ifls = value & mask::IFLS;
                self.compare_with_level();
                self.compare_with_transmit_level();
            }
            offset::IMSC => self.imsc = value & mask::INTERRUPTS,
            offset::ICR => self.clear_interrupts(value, &mut effects),
            offset::DMACR => {
                self.dmacr = value & mask::DMACR;
                if value & 3 != 0 {
                    effects.log = Some(Log::Dma);
                }
            }
            _ => effects.log = Some(Log::BadWrite),
        }
        self.finish(effects)
    }

    /// Sets the frequency of UARTCLK. 0 means that there is no clock, and that nothing takes time.
    pub fn set_clock(&mut self, hz: u64) {
        self.clock_hz = hz;
    }

    /// Resets the device as its reset input does. The clock stays, and so does output that the host has not accepted
    /// yet: the guest sent it before.
    pub fn reset(&mut self) -> Effects {
        let mut effects = Effects::NONE;
        if self.lcr_h & line::BRK != 0 {
            effects.break_out = Some(false);
        }
        effects.accept_input = self.can_receive() == 0;
        self.stop_counting(&mut effects);
        *self = Registers {
            clock_hz: self.clock_hz,
            paused: self.paused,
            transmit: self.transmit.clone(),
            raised: self.raised,
            levels: self.levels,
            ..Registers::new(self.variant)
        };
        self.finish(effects)
    }

    /// Prepares for a stop of the machine, perhaps to be saved. Characters that still wait for their timeout raise RX
    /// and RT now, and later ones at once until [`resume`](Self::resume), because another model that takes over may
    /// never raise them.
    pub fn pause(&mut self) -> Effects {
        let mut effects = Effects::NONE;
        self.paused = true;
        if self.receive.len() > 0 {
            self.time_is_up(&mut effects);
        }
        self.finish(effects)
    }

    /// Resumes the machine, perhaps from another machine's state: all lines are set again, timers and output restart.
    pub fn resume(&mut self) -> Effects {
        let mut effects = Effects::NONE;
        self.paused = false;
        if self.receive.len() > 0 && self.ris & interrupt::RT == 0 {
            self.start_counting(&mut effects);
        } else if self.counting {
            effects.timer = TimerAction::Restart;
        }
        if self.transmit.len() > 0 {
            effects.output = Output::Now;
        }
        if self.lcr_h & line::BRK != 0 {
            effects.break_out = Some(true);
        }
        effects.accept_input = self.can_receive() > 0;
        let mut effects = self.finish(effects);
        effects.changed = (1 << interrupt::LINES.len()) - 1;
        effects
    }

    /// Returns the oldest bytes that the host has not accepted, in one piece.
    ///
    /// It is empty only if there are none. There may be more bytes after this piece.
    pub fn output(&self) -> &[u8] {
        self.transmit.front()
    }

    /// Returns how many bytes the host has not accepted.
    pub fn output_len(&self) -> usize {
        self.transmit.len()
    }

    /// Removes the first `count` bytes of [`output`](Self::output), which the host has accepted.
    pub fn output_taken(&mut self, count: usize) -> Effects {
        let before = self.transmit.in_fifo();
        self.transmit.consume(count);
        let after = self.transmit.in_fifo();
        if after < before && after <= self.transmit_level() {
            self.ris |= interrupt::TX;
            self.finish(Effects::NONE)
        } else {
            Effects::NONE
        }
    }

    /// Returns the capacity of a FIFO in characters.
    pub(super) fn depth(&self) -> usize {
        if self.lcr_h & line::FEN != 0 {
            fifo::DEPTH
        } else {
            1
        }
    }

    fn transmit_level(&self) -> usize {
        if self.lcr_h & line::FEN != 0 {
            LEVELS[(self.ifls & 7) as usize]
        } else {
            0
        }
    }

    fn in_loopback(&self) -> bool {
        self.cr & control::LBE != 0
    }

    fn has_rate(&self) -> bool {
        self.clock_hz != 0 && self.divisor != 0
    }

    /// Makes the divisor registers take effect, as a write to LCR_H does.
    pub(super) fn latch_divisor(&mut self) {
        self.divisor = self.ibrd << 6 | self.fbrd;
    }

    #[inline]
    pub(super) fn flags(&self) -> u32 {
        // Guests poll this register, nearly always in this state.
        if self.is_idle() && !self.in_loopback() {
            flag::RXFE | flag::TXFE
        } else {
            self.flags_in_use()
        }
    }

    /// It is a separate function so that the path of an idle device is short.
    #[inline(never)]
    fn flags_in_use(&self) -> u32 {
        let mut flags = match self.receive.len() {
            0 => flag::RXFE,
            received if received >= self.depth() => flag::RXFF,
            _ => 0,
        };
        if self.transmit.len() <= fifo::GATHERED {
            flags |= flag::TXFE;
        } else if self.transmit.in_fifo() >= self.depth() {
            flags |= flag::BUSY | flag::TXFF;
        } else {
            flags |= flag::BUSY;
        }
        if self.in_loopback() {
            flags |= self.modem_inputs();
        }
        flags
    }

    /// Returns whether both FIFOs are empty.
    fn is_idle(&self) -> bool {
        self.receive.len() == 0 && self.transmit.len() <= fifo::GATHERED
    }

    /// Returns the modem bits of FR. Character devices do not report modem lines, so they are only ever set in
    /// loopback.
    #[inline(never)]
    fn modem_inputs(&self) -> u32 {
        let mut inputs = 0;
        if self.in_loopback() {
            for (output, input) in &[
                (control::RTS, flag::CTS),
                (control::DTR, flag::DSR),
                (control::OUT1, flag::DCD),
                (control::OUT2, flag::RI),
            ] {
                if self.cr & output != 0 {
                    inputs |= input;
                }
            }
        }
        inputs
    }

    fn send(&mut self, byte: u8, effects: &mut Effects) {
        if self.transmit.in_fifo() >= self.depth() {
            effects.log = Some(Log::TransmitFifoFull);
            effects.output = Output::Now;
            return;
        }
        if !self.warned && self.cr & (control::UARTEN | control::TXE) != control::UARTEN | control::TXE {
            self.warned = true;
            effects.log = Some(if self.cr & control::UARTEN == 0 { Log::Disabled } else { Log::TransmitterOff });
        }
        self.transmit.push(byte);
        if self.in_loopback() {
            self.store(byte.into(), effects);
        }
        if self.transmit.in_fifo() == 0 {
            self.ris |= interrupt::TX;
        }
        self.compare_with_transmit_level();
        if self.transmit.len() >= fifo::GATHERED {
            effects.output = Output::Now;
        } else if self.transmit.len() == 1 {
            effects.output = Output::Begun;
        }
    }

    /// Above the level TX falls: a driver that TX notifies of room writes without checking TXFF.
    pub(super) fn compare_with_transmit_level(&mut self) {
        if self.transmit.in_fifo() > self.transmit_level() {
            self.ris &= !interrupt::TX;
        }
    }

    fn write_lcr_h(&mut self, value: u32) -> Effects {
        let changed = self.lcr_h ^ value;
        let was_full = self.can_receive() == 0;
        self.lcr_h = value;
        self.latch_divisor();
        // No interrupt depends on the other bits.
        if changed & (line::FEN | line::BRK) == 0 {
            Effects::NONE
        } else {
            self.line_changed(changed, was_full)
        }
    }

    /// Handles a change of FEN or BRK.
    #[inline(never)]
    fn line_changed(&mut self, changed: u32, was_full: bool) -> Effects {
        let mut effects = Effects::NONE;
        if changed & line::FEN != 0 {
            effects.accept_input = was_full;
            self.receive.clear();
            self.emptied(&mut effects);
            self.compare_with_transmit_level();
        }
        if changed & line::BRK != 0 {
            let on = self.lcr_h & line::BRK != 0;
            effects.break_out = Some(on);
            if on && self.in_loopback() {
                self.store(data::BE as u16, &mut effects);
            }
        }
        self.finish(effects)
    }

    #[inline]
    fn write_cr(&mut self, value: u32) -> Effects {
        // Nothing looks at the other bits.
        const SEEN: u32 = control::UARTEN | control::TXE | MODEM;
        if (self.cr ^ value) & SEEN == 0 {
            self.cr = value;
            Effects::NONE
        } else {
            self.control_changed(value)
        }
    }

    /// It stands apart so that the path of a write that changes nothing is short.
    #[inline(never)]
    fn control_changed(&mut self, value: u32) -> Effects {
        if (self.cr ^ value) & (control::UARTEN | control::TXE) != 0 {
            self.warned = false;
        }
        let before = self.modem_inputs();
        self.cr = value;
        let changed = before ^ self.modem_inputs();
        if changed == 0 {
            Effects::NONE
        } else {
            self.modem_changed(changed)
        }
    }

    /// Handles changed modem inputs.
    #[inline(never)]
    fn modem_changed(&mut self, changed: u32) -> Effects {
        for (input, raised) in &[
            (flag::CTS, interrupt::CTS),
            (flag::DSR, interrupt::DSR),
            (flag::DCD, interrupt::DCD),
            (flag::RI, interrupt::RI),
        ] {
            if changed & input != 0 {
                self.ris |= raised;
            }
        }
        self.finish(Effects::NONE)
    }

    /// Adds the changed interrupt outputs to `effects`.
    fn finish(&mut self, mut effects: Effects) -> Effects {
        let raised = self.ris & self.imsc;
        effects.levels = self.levels;
        // Most accesses change nothing here.
        if raised != self.raised {
            self.raised = raised;
            self.levels = 0;
            for (i, carried) in interrupt::LINES.iter().enumerate() {
                if raised & carried != 0 {
                    self.levels |= 1 << i;
                }
            }
            effects.changed = self.levels ^ effects.levels;
            effects.levels = self.levels;
        }
        effects
    }
}
