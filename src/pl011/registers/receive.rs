// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The receiver: incoming characters, the FIFO with its level and timeout, and reads by the guest.

use super::super::effects::{Effects, TimerAction};
use super::{data, interrupt, line, Registers, LEVELS, NOMINAL_TIMEOUT_NS};

impl Registers {
    /// Returns how many characters the host may send now.
    pub fn can_receive(&self) -> usize {
        self.depth().saturating_sub(self.receive.len())
    }

    /// Receives characters from the host, in order. Characters without room are an overrun; in loopback the host is not
    /// connected, and all are dropped.
    pub fn receive(&mut self, bytes: &[u8]) -> Effects {
        let mut effects = Effects::NONE;
        if !self.in_loopback() {
            for byte in bytes {
                self.store((*byte).into(), &mut effects);
            }
        }
        self.finish(effects)
    }

    /// Receives a break from the host: one zero character with BE.
    pub fn receive_break(&mut self) -> Effects {
        let mut effects = Effects::NONE;
        if !self.in_loopback() {
            self.store(data::BE as u16, &mut effects);
        }
        self.finish(effects)
    }

    /// Records that a character was lost on its way here.
    pub fn lose(&mut self) -> Effects {
        self.overrun = true;
        self.ris |= interrupt::OE;
        self.finish(Effects::NONE)
    }

    /// Returns the duration of the timer for [`TimerAction::Restart`], in nanoseconds.
    ///
    /// It is 32 bits at the programmed rate, or at 115,200 baud if there is none. Without a rate, new characters need
    /// no timer; it is only for interrupts that ICR cleared while characters were left.
    pub fn timeout_ns(&self) -> u64 {
        if self.has_rate() {
            // A bit takes 16 clocks of the divisor, and the divisor counts in 64ths.
            u64::from(self.divisor) * (32 * 16 / 64) * 1_000_000_000 / self.clock_hz
        } else {
            NOMINAL_TIMEOUT_NS
        }
    }

    /// Handles the expired timer.
    pub fn timeout(&mut self) -> Effects {
        if self.counting {
            self.counting = false;
            self.ris |= interrupt::RX | interrupt::RT;
        }
        self.finish(Effects::NONE)
    }

    pub(super) fn receive_level(&self) -> usize {
        if self.lcr_h & line::FEN != 0 {
            LEVELS[(self.ifls >> 3 & 7) as usize]
        } else {
            1
        }
    }

    /// Reads DR. It is a separate function so that the path of the other registers is short.
    #[inline(never)]
    pub(super) fn pop(&mut self) -> (u32, Effects) {
        let mut effects = Effects::NONE;
        let was_full = self.can_receive() == 0;
        let word = match self.receive.pop() {
            Some(word) => u32::from(word),
            None => return (0, self.finish(effects)),
        };
        self.rsr = word >> 8;
        effects.accept_input = was_full;
        if self.receive.len() == 0 {
            self.emptied(&mut effects);
        } else {
            self.compare_with_level();
        }
        (word, self.finish(effects))
    }

    /// Puts a character into the receive FIFO, with its error bits.
    pub(super) fn store(&mut self, word: u16, effects: &mut Effects) {
        if self.receive.len() >= self.depth() {
            self.overrun = true;
            self.ris |= interrupt::OE;
            return;
        }
        if u32::from(word) & data::BE != 0 {
            self.ris |= interrupt::BE;
        }
        self.receive.push(word | if self.overrun { data::OE as u16 } else { 0 });
        self.overrun = false;
        self.compare_with_level();
        self.start_counting(effects);
    }

    /// Raises RX at the level and above. Below it RX falls, unless the timeout has also raised it: then it stays until
    /// the FIFO is empty, for a guest that unmasked only RX.
    pub(super) fn compare_with_level(&mut self) {
        if self.receive.len() >= self.receive_level() {
            self.ris |= interrupt::RX;
        } else if self.ris & interrupt::RT == 0 {
            self.ris &= !interrupt::RX;
        }
    }

    pub(super) fn emptied(&mut self, effects: &mut Effects) {
        self.ris &= !(interrupt::RX | interrupt::RT);
        self.stop_counting(effects);
    }

    /// Starts the receive timeout for a new character. Without a rate, or while the machine is stopped, it expires at
    /// once.
    pub(super) fn start_counting(&mut self, effects: &mut Effects) {
        if self.has_rate() && !self.paused {
            self.counting = true;
            effects.timer = TimerAction::Restart;
        } else {
            self.time_is_up(effects);
        }
    }

    pub(super) fn stop_counting(&mut self, effects: &mut Effects) {
        if self.counting {
            self.counting = false;
            effects.timer = TimerAction::Stop;
        }
    }

    pub(super) fn time_is_up(&mut self, effects: &mut Effects) {
        self.stop_counting(effects);
        self.ris |= interrupt::RX | interrupt::RT;
    }

    pub(super) fn clear_interrupts(&mut self, value: u32, effects: &mut Effects) {
        self.ris &= !value;
        // The timeout raises the interrupts again if characters are left, or nothing would ever notify the guest of
        // them. It runs even without a rate: a guest that acknowledges now and reads later must be able to run in
        // between.
        let due = interrupt::RX | interrupt::RT;
        if self.receive.len() > 0 && self.ris & due != due && !self.counting {
            self.counting = true;
            effects.timer = TimerAction::Restart;
        }
    }
}
