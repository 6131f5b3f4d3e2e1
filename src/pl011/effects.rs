// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The actions for the shell after a call into the registers.

#![forbid(unsafe_code)]

/// The actions that one call into [`Registers`](super::Registers) asks for.
///
/// The registers call nothing. They return this small value, and the caller acts on it after it has ended its borrow,
/// so that everything it calls may call back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "lines, timers and output do not change by themselves"]
// One machine word, since it is made and checked at every access.
#[repr(align(8))]
pub struct Effects {
    /// The interrupt outputs that have changed since the last report, one bit per line: bit 0 is the combined one, then
    /// RX, TX, RT, modem and errors.
    pub changed: u8,
    /// The levels of the outputs in `changed`, in the same bits.
    pub levels: u8,
    /// The action for the receive timeout.
    pub timer: TimerAction,
    /// The action for the gathered output.
    pub output: Output,
    /// There is room again: the host may continue to send.
    pub accept_input: bool,
    /// The guest switched its break condition on or off.
    pub break_out: Option<bool>,
    /// A message for QEMU's log.
    pub log: Option<Log>,
}

impl Effects {
    /// Nothing to do.
    pub const NONE: Effects = Effects {
        changed: 0,
        levels: 0,
        timer: TimerAction::Keep,
        output: Output::Keep,
        accept_input: false,
        break_out: None,
        log: None,
    };

    /// Returns whether there is nothing to do.
    #[inline]
    pub fn is_none(self) -> bool {
        let levels = self.levels;
        self == Effects { levels, ..Effects::NONE }
    }

    /// Returns whether the only effect is a first byte of output.
    #[inline]
    pub fn is_begun_alone(self) -> bool {
        let levels = self.levels;
        self == Effects { levels, output: Output::Begun, ..Effects::NONE }
    }
}

/// The action for the timer of the receive timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerAction {
    /// Leave it as it is, running or not.
    Keep,
    /// Stop it.
    Stop,
    /// Restart it, and call [`Registers::timeout`](super::Registers::timeout) after
    /// [`Registers::timeout_ns`](super::Registers::timeout_ns).
    Restart,
}

/// The action for the bytes in [`Registers::output`](super::Registers::output).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Nothing new.
    Keep,
    /// A first byte is waiting: write it at once, or soon if the guest continues to write.
    Begun,
    /// The buffer is full: write now.
    Now,
}

/// A message for QEMU's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// The guest read an offset without a readable register.
    BadRead,
    /// The guest wrote to an offset without a writable register.
    BadWrite,
    /// The guest sends with UARTEN clear. Logged once until it changes CR's enable bits.
    Disabled,
    /// The guest sends with TXE clear. Logged once until it changes CR's enable bits.
    TransmitterOff,
    /// The guest wrote to DR though FR showed TXFF, and the byte is lost.
    TransmitFifoFull,
    /// The guest enabled DMA, which this model does not implement.
    Dma,
}

impl Log {
    /// Returns true for QEMU's mask `unimp`, false for `guest_errors`.
    pub fn is_unimplemented(self) -> bool {
        self == Log::Dma
    }

    /// Returns the text between the device's name and the offset. A guest that repeats its error does not make the log
    /// longer than with the C model.
    pub fn message(self) -> &'static str {
        match self {
            Log::BadRead => "bad read",
            Log::BadWrite => "bad write",
            Log::Disabled => "data sent while UARTEN is clear",
            Log::TransmitterOff => "data sent while TXE is clear",
            Log::TransmitFifoFull => "data written to a full transmit FIFO and lost",
            Log::Dma => "DMA is not implemented",
        }
    }
}
