//! What the guest has sent, on its way to the host.

use super::Pl011;
use crate::pl011::WAITING;
use crate::timer::ClockType;
use std::io::ErrorKind;
use std::time::Duration;

/// How many bytes go out one by one after a silence, or in answer to as many: a prompt, or what two programs say
/// to each other in turn. What a guest writes beyond that is gathered.
pub(super) const AT_ONCE: usize = 16;

/// How long bytes are gathered before they are written, in nanoseconds, and how long a silence is: no delay that a
/// person notices, and a long time for a guest that writes.
const GATHER_NS: i64 = 1_000_000;

/// When to try again where a character device is full and cannot tell when it is not, in nanoseconds.
const RETRY_NS: i64 = 10_000_000;

/// How long a machine that stops waits for a reader that takes nothing, in nanoseconds. What is left
/// travels with it.
pub(super) const PATIENCE_AT_STOP_NS: i64 = 50_000_000;

/// How long a machine that ends waits for a reader that takes nothing, in nanoseconds. What is left is
/// lost.
pub(super) const PATIENCE_AT_END_NS: i64 = 2_000_000_000;

/// How many times as long either waits for a reader that takes a little at a time.
const PATIENCES: i64 = 20;

impl Pl011 {
    /// The guest has sent a byte, and none waits before it.
    pub(super) fn begun(&self) {
        let at_once = self.at_once.get();
        if at_once > 0 {
            self.at_once.set(at_once - 1);
            self.flush();
        } else if self.conf.chr.is_recorded() {
            self.flush();
        }
        self.gather_on();
    }

    /// Lets a time of gathering begin, unless the host takes nothing, or nobody here writes to it any more.
    fn gather_on(&self) {
        if !self.gather.is_running() && !self.blocked.get() && !self.handed_over.get() {
            self.gather.start_at(ClockType::Realtime.now() + GATHER_NS);
        }
    }

    /// The time of gathering is over, and so is that of silence if nothing has been gathered.
    pub(super) fn gathered(&self) {
        if self.registers.borrow().output_len() == 0 {
            self.at_once.set(AT_ONCE);
        } else {
            self.flush();
            self.gather_on();
        }
    }

    /// Writes what the guest has sent, as far as the host takes it now, and sees to the rest being
    /// written later.
    ///
    /// Only one call at a time writes, and none what has been handed over, so that nothing is written twice.
    pub(super) fn flush(&self) {
        if self.handed_over.get() || self.writing.replace(true) {
            return;
        }
        let all = self.write_out();
        self.writing.set(false);
        self.blocked.set(!all);
        if !all && !self.watch.start(&self.conf.chr, self, Pl011::host_woke) {
            self.gather.start_at(ClockType::Realtime.now() + RETRY_NS);
        }
    }

    /// The host takes bytes again, or has gone away.
    fn host_woke(&self) {
        let before = self.registers.borrow().output_len();
        self.flush();
        if self.watch.is_waiting() && self.registers.borrow().output_len() == before {
            // A terminal that was closed takes nothing, and would wake the watch again at once, for ever.
            self.watch.stop();
            self.gather.start_at(ClockType::Realtime.now() + RETRY_NS);
        }
    }

    /// Writes what the guest has sent, and waits for the host as long as it takes some of it within
    /// `patience_ns`, but no longer than [`PATIENCES`] of them. The machine does not run meanwhile.
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
            if now_left == 0 || self.handed_over.get() || ClockType::Realtime.now() >= deadline {
                return;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Writes as much as the host takes at once; false if it has not taken all.
    fn write_out(&self) -> bool {
        // Most often it is a byte, for which no large buffer is made.
        if self.registers.borrow().output_len() <= AT_ONCE {
            self.write_out_through(&mut [0; AT_ONCE])
        } else {
            self.write_out_through(&mut [0; WAITING])
        }
    }

    /// The bytes are copied, since the registers must not be borrowed while the character device is
    /// called.
    fn write_out_through(&self, bytes: &mut [u8]) -> bool {
        loop {
            let count = {
                let registers = self.registers.borrow();
                let output = registers.output();
                let count = output.len().min(bytes.len());
                bytes[..count].copy_from_slice(&output[..count]);
                count
            };
            if count == 0 {
                return true;
            }
            let taken = match self.conf.chr.write(&bytes[..count]) {
                Ok(taken) => taken,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                // Nobody will ever take them.
                Err(_) => count,
            };
            let (effects, left) = {
                let mut registers = self.registers.borrow_mut();
                (registers.output_taken(taken), registers.output_len())
            };
            if !effects.is_none() {
                self.act_on(effects);
            } else if left == 0 {
                return true;
            }
        }
    }
}
