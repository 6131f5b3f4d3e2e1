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

/// How the way to the host stands. It is one value, since each look at a cell asks for the big lock.
#[derive(Clone, Copy, Default)]
pub(super) struct Sending {
    /// How many bytes still go out one by one.
    pub(super) at_once: usize,
    /// The host has not taken all that it was given last.
    pub(super) blocked: bool,
    /// A call that writes has not returned.
    pub(super) writing: bool,
    /// What is unsent has been saved, and another machine may write it.
    pub(super) handed_over: bool,
}

impl Sending {
    /// Whether the host takes what comes, and this machine writes it.
    fn is_open(self) -> bool {
        !self.blocked && !self.handed_over
    }

    pub(super) fn after_a_silence(self) -> Sending {
        Sending { at_once: AT_ONCE, ..self }
    }
}

impl Pl011 {
    /// The guest has sent a byte, and none waits before it.
    pub(super) fn begun(&self) {
        let sending = self.sending.get();
        let is_open = if sending.at_once > 0 || self.conf.chr.is_recorded() {
            self.flush_as(Sending { at_once: sending.at_once.saturating_sub(1), ..sending })
        } else {
            sending.is_open()
        };
        if is_open {
            self.gather_on();
        }
    }

    /// Lets a time of gathering begin.
    fn gather_on(&self) {
        if !self.gather.is_running() {
            self.gather.start_at(ClockType::Realtime.now() + GATHER_NS);
        }
    }

    /// The time of gathering is over, and so is that of silence if nothing has been gathered.
    pub(super) fn gathered(&self) {
        if self.registers.borrow().output_len() == 0 {
            self.sending.update(Sending::after_a_silence);
        } else {
            if self.flush_as(self.sending.get()) {
                self.gather_on();
            }
        }
    }

    /// Writes what the guest has sent, as far as the host takes it now, and sees to the rest being
    /// written later.
    ///
    /// Only one call at a time writes, and none what has been handed over, so that nothing is written twice.
    pub(super) fn flush(&self) {
        self.flush_as(self.sending.get());
    }

    /// Does so where things stand in this way, and says whether the way is open afterwards.
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
            if now_left == 0 || self.sending.get().handed_over || ClockType::Realtime.now() >= deadline {
                return;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Writes as much as the host takes at once; false if it has not taken all.
    fn write_out(&self) -> bool {
        // Most often it is a byte, for which no large buffer is made.
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

    /// Copies the oldest bytes that are unsent, since the registers must not be borrowed while the character device is
    /// called. Says how many, and whether there are no others.
    fn copy_output(&self, to: &mut [u8]) -> (usize, bool) {
        let registers = self.registers.borrow();
        let output = registers.output();
        let count = output.len().min(to.len());
        to[..count].copy_from_slice(&output[..count]);
        (count, count == registers.output_len())
    }

    /// Gives the host the oldest bytes. Says whether it has taken all that there was; None if that is not known yet.
    fn hand_over(&self, bytes: &[u8]) -> Option<bool> {
        if bytes.is_empty() {
            return Some(true);
        }
        let taken = match self.conf.chr.write(bytes) {
            Ok(taken) => taken,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Some(false),
            // Nobody will ever take them.
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
