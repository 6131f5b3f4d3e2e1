// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The guest's output, on its way to the host.

use super::Pl011;
use crate::pl011::WAITING;
use crate::timer::ClockType;
use std::io::ErrorKind;
use std::time::Duration;

/// The number of bytes that are written one by one after a silence, or in answer to as many from the host, such as a
/// prompt or a handshake. Further output is gathered. After a silence it is at least [`FEW`] + 1.
pub(super) const AT_ONCE: usize = 16;

/// How long bytes are gathered before they are written, and the length of a silence, in nanoseconds: too short for a
/// person to notice, and long compared to a guest's writes.
const GATHER_NS: i64 = 1_000_000;

/// A silence is waited for once no more bytes than these are left to be written one by one. An echo never gets there,
/// since each byte from the host adds one: it starts no timer, which would wake QEMU's main loop twice.
const FEW: usize = AT_ONCE / 2;

/// The delay before another attempt, in nanoseconds, if a full character device cannot report when it has room.
const RETRY_NS: i64 = 10_000_000;

/// How long a stopping machine waits for a reader that accepts nothing, in nanoseconds. The rest of the output
/// migrates.
pub(super) const PATIENCE_AT_STOP_NS: i64 = 50_000_000;

/// How long an exiting machine waits for a reader that accepts nothing, in nanoseconds. The rest of the output is lost.
pub(super) const PATIENCE_AT_END_NS: i64 = 2_000_000_000;

/// How many times longer either waits for a reader that accepts a little at a time.
const PATIENCES: i64 = 20;

/// The state of the output to the host. It is one value, since each access to a cell checks the big lock.
#[derive(Clone, Copy, Default)]
pub(super) struct Sending {
    /// How many more bytes are written one by one.
    pub(super) at_once: usize,
    /// The host has not accepted all of the last write.
    pub(super) blocked: bool,
    /// A call that writes is in progress.
    pub(super) writing: bool,
    /// The unsent output has been saved, and another machine may write it.
    pub(super) handed_over: bool,
}

impl Sending {
    /// Returns whether this machine writes, and the host accepts.
    fn is_open(self) -> bool {
        !self.blocked && !self.handed_over
    }

    pub(super) fn after_a_silence(self) -> Sending {
        Sending { at_once: AT_ONCE, ..self }
    }
}

impl Pl011 {
    /// Handles a byte that the guest has sent while no other waits.
    pub(super) fn begun(&self) {
        let sending = self.sending.get();
        let at_once = sending.at_once.saturating_sub(1);
        let is_open = if sending.at_once > 0 || self.conf.chr.is_recorded() {
            self.flush_as(Sending { at_once, ..sending })
        } else {
            sending.is_open()
        };
        if is_open && at_once <= FEW {
            self.gather_on();
        }
    }

    /// Starts a gathering period.
    fn gather_on(&self) {
        if !self.gather.is_running() {
            self.gather.start_at(ClockType::Realtime.now() + GATHER_NS);
        }
    }

    /// Ends the gathering period, and the silence if nothing has been gathered.
    pub(super) fn gathered(&self) {
        if self.registers.borrow().output_len() == 0 {
            self.sending.update(Sending::after_a_silence);
        } else {
            if self.flush_as(self.sending.get()) {
                self.gather_on();
            }
        }
    }

    /// Writes the guest's output as far as the host accepts it now, and arranges for the rest to be written later.
    ///
    /// Only one call writes at a time, and none writes output that was handed over, so that nothing is written twice.
    pub(super) fn flush(&self) {
        self.flush_as(self.sending.get());
    }

    /// Writes as [`flush`](Self::flush) does, in this state, and returns whether the output is open afterwards.
    fn flush_as(&self, sending: Sending) -> bool {
        if sending.handed_over || sending.writing {
            self.sending.set(sending);
            return sending.is_open();
        }
        self.sending.set(Sending { writing: true, ..sending });
        let all = self.write_out();
        self.sending.update(|sending| Sending { writing: false, blocked: !all, ..sending });
        if !all && !self.watch.start(&self.conf.chr, self, Pl011::host_woke) {
            self.gather.start_at(ClockType::Realtime.now() + RETRY_NS);
        }
        all
    }

    /// Handles a host that accepts bytes again, or has disconnected.
    fn host_woke(&self) {
        let before = self.registers.borrow().output_len();
        self.flush();
        if self.watch.is_waiting() && self.registers.borrow().output_len() == before {
            // A closed terminal accepts nothing, and would trigger the watch again at once, for ever.
            self.watch.stop();
            self.gather.start_at(ClockType::Realtime.now() + RETRY_NS);
        }
    }

    /// Writes the guest's output, and waits for the host as long as it accepts some within each `patience_ns`, but for
    /// at most [`PATIENCES`] of these. The machine does not run meanwhile.
    pub(super) fn drain(&self, patience_ns: i64) {
        let last = ClockType::Realtime.now() + patience_ns * PATIENCES;
        let mut left = self.registers.borrow().output_len();
        let mut deadline = ClockType::Realtime.now() + patience_ns;
        loop {
            self.flush();
            let now_left = self.registers.borrow().output_len();
            if now_left < left {
                left = now_left;
                deadline = last.min(ClockType::Realtime.now() + patience_ns);
            }
            if now_left == 0 || self.sending.get().handed_over || ClockType::Realtime.now() >= deadline {
                return;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Writes as much as the host accepts at once; returns false if it has not accepted all.
    fn write_out(&self) -> bool {
        // Usually it is one byte, which does not need a large buffer.
        let mut few = [0; AT_ONCE];
        loop {
            let (count, is_all) = self.copy_output(&mut few);
            if !is_all {
                return self.write_out_much();
            }
            if let Some(all) = self.hand_over(&few[..count]) {
                return all;
            }
        }
    }

    #[inline(never)]
    fn write_out_much(&self) -> bool {
        let mut much = [0; WAITING];
        loop {
            let (count, _) = self.copy_output(&mut much);
            if let Some(all) = self.hand_over(&much[..count]) {
                return all;
            }
        }
    }

    /// Copies the oldest unsent bytes, since the registers must not be borrowed while the character device is called.
    /// Returns how many, and whether these are all.
    fn copy_output(&self, to: &mut [u8]) -> (usize, bool) {
        let registers = self.registers.borrow();
        let output = registers.output();
        let count = output.len().min(to.len());
        to[..count].copy_from_slice(&output[..count]);
        (count, count == registers.output_len())
    }

    /// Writes the oldest bytes to the host. Returns whether it has accepted all; None if that is not known yet.
    fn hand_over(&self, bytes: &[u8]) -> Option<bool> {
        if bytes.is_empty() {
            return Some(true);
        }
        let taken = match self.conf.chr.write(bytes) {
            Ok(taken) => taken,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Some(false),
            // They will never be accepted.
            Err(_) => bytes.len(),
        };
        let (effects, left) = {
            let mut registers = self.registers.borrow_mut();
            (registers.output_taken(taken), registers.output_len())
        };
        if !effects.is_none() {
            self.act_on(effects);
        } else if left == 0 {
            return Some(true);
        }
        None
    }
}
