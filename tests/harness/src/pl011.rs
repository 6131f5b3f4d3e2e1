// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! QEMU's own PL011 and ours, each compared with its model, over random sequences of accesses of every size, host
//! input, breaks, resets, clocks and time.
//!
//! Nothing is masked: each device must equal its model in every register, every line, every byte and
//! every break. `OLDSTABLE_SEED` repeats a run, `OLDSTABLE_OPERATIONS` sets its length.

pub mod board;

#[path = "../../pl011/model"]
pub mod model {
    pub mod c_model;
    pub mod operation;
    pub mod oracle;
    pub mod random;
    pub mod trail;
}

use self::board::{Board, DECODE_ERROR};
use self::model::c_model::{CModel, Release};
use self::model::operation::Operation;
use self::model::oracle::Model;
use self::model::random::{operations, Random};
use self::model::trail::Trail;
use oldstable::compat::c_str;
use oldstable::compat::ffi::CStr;
use oldstable::pl011::{Pl011, GATHERED};
use oldstable::qom::ObjectType;
use oldstable::sys;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

oldstable::tests! {
    classes [Pl011];
    // The board virt of QEMU 5.2 gives each device on the system bus interrupts of its platform bus, and ends QEMU when
    // these run out.
    on "none";

    fn the_device_in_c_equals_its_model() {
        let release = match sys::release().major {
            5 => Release::V5_2,
            7 => Release::V7_2,
            _ => Release::Since10,
        };
        compare(c_str!("pl011"), || CModel::new(release));
    }

    fn our_device_equals_its_model() {
        compare(Pl011::TYPE, Ours::new);
    }
}

/// The interface of a device's model. Methods with a bool tell whether the device supports the operation: the one in C
/// does not survive a few.
trait Oracle {
    fn read(&mut self, offset: u64) -> u32;
    fn write(&mut self, offset: u64, value: u32);
    fn input(&mut self, bytes: &[u8]) -> bool;
    fn host_break(&mut self) -> bool;
    fn can_receive(&self) -> i64;
    fn reset(&mut self);
    fn set_clock(&mut self, hz: u64) -> bool;
    /// Returns the nanoseconds until the next event without input.
    fn time_left(&self) -> Option<u64>;
    fn advance(&mut self, nanoseconds: u64);
    /// A pause in the host's input is over.
    fn end_pause(&mut self) {}
    /// The host is ready for this many bytes; returns how many it takes.
    fn make_room(&mut self, bytes: usize) -> usize;
    fn lines(&self) -> u8;
    fn take_sent(&mut self) -> Vec<u8>;
    fn take_breaks(&mut self) -> Vec<bool>;
}

impl Oracle for CModel {
    fn read(&mut self, offset: u64) -> u32 {
        CModel::read(self, offset)
    }

    fn write(&mut self, offset: u64, value: u32) {
        CModel::write(self, offset, value)
    }

    fn input(&mut self, bytes: &[u8]) -> bool {
        let harmless = !self.is_about_to_corrupt_memory() && !bytes.is_empty();
        if harmless {
            CModel::input(self, bytes);
        }
        harmless
    }

    fn host_break(&mut self) -> bool {
        let harmless = !self.is_about_to_corrupt_memory();
        if harmless {
            CModel::host_break(self);
        }
        harmless
    }

    fn can_receive(&self) -> i64 {
        CModel::can_receive(self)
    }

    fn reset(&mut self) {
        CModel::reset(self)
    }

    fn set_clock(&mut self, _: u64) -> bool {
        // The older devices divide by zero for some divisors if there is a clock.
        self.survives_a_clock()
    }

    fn time_left(&self) -> Option<u64> {
        None
    }

    fn advance(&mut self, _: u64) {}

    fn make_room(&mut self, _: usize) -> usize {
        // The device waits until the host has taken everything, however long that takes.
        usize::MAX
    }

    fn lines(&self) -> u8 {
        self.lines
    }

    fn take_sent(&mut self) -> Vec<u8> {
        self.sent.drain(..).collect()
    }

    fn take_breaks(&mut self) -> Vec<bool> {
        std::mem::take(&mut self.breaks)
    }
}

/// Our registers' model, and the surrounding device's handling of output.
struct Ours {
    model: Model,
    room: usize,
    sent: Vec<u8>,
    /// The host did not take everything the last time.
    blocked: bool,
    /// The number of further bytes that are sent one by one.
    at_once: usize,
    /// The host's input that the FIFO has not taken; `None` for a break.
    line: VecDeque<Option<u8>>,
    /// The number of characters before the next pause, and whether there is one.
    round: usize,
    pausing: bool,
}

impl Ours {
    fn new() -> Ours {
        Ours {
            model: Model::new(false),
            room: usize::MAX,
            sent: Vec::new(),
            blocked: false,
            at_once: 16,
            line: VecDeque::new(),
            round: 0,
            pausing: false,
        }
    }

    /// The host sends something, requested or not.
    fn send(&mut self, what: Option<u8>) {
        if self.line.is_empty() {
            self.round = 64;
        }
        if self.line.len() < 4096 {
            self.line.push_back(what);
        } else {
            self.model.lose();
        }
    }

    fn arrive(&mut self) {
        while self.round > 0 && self.model.can_receive() > 0 {
            match self.line.pop_front() {
                Some(Some(byte)) => self.model.input(&[byte]),
                Some(None) => self.model.host_break(),
                None => break,
            }
            self.round -= 1;
        }
        self.pausing |= !self.line.is_empty() && self.model.can_receive() > 0;
    }

    fn flush(&mut self) {
        let count = self.room.min(self.model.waiting.len());
        self.room -= count;
        self.sent.extend(self.model.take(count));
        self.blocked = !self.model.waiting.is_empty();
    }
}

impl Oracle for Ours {
    fn read(&mut self, offset: u64) -> u32 {
        let value = self.model.read(offset);
        self.arrive();
        value
    }

    fn write(&mut self, offset: u64, value: u32) {
        let breaks = self.model.breaks.len();
        let before = self.model.waiting.len();
        self.model.write(offset, value);
        let after = self.model.waiting.len();
        let begun = before == 0 && after == 1;
        let full = offset / 4 == 0 && after >= GATHERED;
        if begun && self.at_once > 0 {
            self.at_once -= 1;
            self.flush();
        } else if full && !self.blocked || self.model.breaks.len() > breaks {
            self.flush();
        }
        self.arrive();
    }

    fn input(&mut self, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            return false;
        }
        self.at_once = 16.min(self.at_once + bytes.len());
        if !self.blocked {
            self.flush();
        }
        for byte in bytes {
            self.send(Some(*byte));
        }
        self.arrive();
        true
    }

    fn host_break(&mut self) -> bool {
        self.send(None);
        self.arrive();
        true
    }

    fn can_receive(&self) -> i64 {
        4096 - self.line.len() as i64
    }

    fn reset(&mut self) {
        self.model.reset();
        self.flush();
        self.arrive();
    }

    fn end_pause(&mut self) {
        if self.pausing {
            self.pausing = false;
            self.round = 64;
            self.arrive();
        }
    }

    fn set_clock(&mut self, hz: u64) -> bool {
        self.model.set_clock(hz);
        true
    }

    fn time_left(&self) -> Option<u64> {
        self.model.due.map(|due| due - self.model.now)
    }

    fn advance(&mut self, nanoseconds: u64) {
        self.model.advance(nanoseconds);
    }

    fn make_room(&mut self, bytes: usize) -> usize {
        self.room = bytes;
        bytes
    }

    fn lines(&self) -> u8 {
        self.model.lines()
    }

    fn take_sent(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.sent)
    }

    fn take_breaks(&mut self) -> Vec<bool> {
        std::mem::take(&mut self.model.breaks)
    }
}

/// Drives devices of a type and their models with the same operations.
fn compare<O: Oracle>(type_name: &CStr, new_model: impl Fn() -> O) {
    let mut random = Random::from_environment();
    let mut trail = Trail::default();
    let mut left = 0;
    let mut pair = Pair { board: Board::new(type_name), model: new_model() };
    for _ in 0..operations(10_000) {
        if left == 0 {
            left = 64 << (random.byte() % 8);
            // A device cannot be removed from the bus, so one is used for many thousand operations.
            pair = Pair { board: Board::new(type_name), model: new_model() };
            pair.make_room(usize::MAX);
        }
        left -= 1;
        let operation = Operation::decode(&mut random).unwrap();
        let size = random.byte() % 4;
        trail.note(&(&operation, size));
        pair.apply(&operation, size.into());
        pair.compare();
    }
}

struct Pair<O> {
    board: Board,
    model: O,
}

impl<O: Oracle> Pair<O> {
    /// Applies it to the device and to the model. Accesses have 2 to the power of `size` bytes.
    fn apply(&mut self, operation: &Operation, size: u32) {
        match operation {
            Operation::Read(offset) => self.read(*offset % 0x1000, size),
            Operation::Write(offset, value) => {
                // The high half of eight bytes is written to the next register.
                let value = u64::from(*value) << 32 | u64::from(*value);
                self.write(*offset % 0x1000, value, size);
            }
            Operation::Send(count) => {
                for i in 0..*count {
                    self.write(0, i as u64, 0);
                }
            }
            Operation::Input(bytes) => {
                if self.model.input(bytes) {
                    self.board.input(bytes);
                }
            }
            Operation::Break => {
                if self.model.host_break() {
                    self.board.host_break();
                }
            }
            Operation::Time(_) => {
                self.let_time_pass();
                self.compare();
                self.board.end_pause();
                self.model.end_pause();
            }
            Operation::Clock(hz) => {
                // Timeouts that this test waits for, and longer ones.
                let hz = match hz {
                    0 => 0,
                    1 => 1,
                    _ => u64::from(u32::MAX),
                };
                if self.model.set_clock(hz) {
                    self.board.set_clock(hz);
                }
            }
            Operation::Reset => {
                self.model.reset();
                self.board.reset();
            }
            Operation::Take(count) => self.make_room(*count),
            // Actions of the machine are not tested here, and lost characters are sent.
            Operation::Lose => {}
            Operation::Pause | Operation::Resume | Operation::Migrate | Operation::Load(..) => {}
        }
    }

    fn make_room(&mut self, bytes: usize) {
        let bytes = self.model.make_room(bytes);
        self.board.make_room(bytes);
    }

    fn read(&mut self, offset: u64, size: u32) {
        let (result, value) = self.board.read(offset, size);
        if offset % (1 << size) != 0 {
            assert_eq!(result, DECODE_ERROR, "an unaligned read");
            return;
        }
        assert_eq!(result, 0, "a read");
        let mut expected = u64::from(self.model.read(offset));
        if size == 3 {
            expected |= u64::from(self.model.read(offset + 4)) << 32;
        }
        expected &= !0 >> (64 - (8 << size));
        assert_eq!(value, expected, "the value read");
    }

    fn write(&mut self, offset: u64, value: u64, size: u32) {
        let result = self.board.write(offset, value, size);
        if offset % (1 << size) != 0 {
            assert_eq!(result, DECODE_ERROR, "an unaligned write");
            return;
        }
        assert_eq!(result, 0, "a write");
        let narrowed = value & !0 >> (64 - (8 << size));
        self.model.write(offset, narrowed as u32);
        if size == 3 {
            self.model.write(offset + 4, (value >> 32) as u32);
        }
    }

    /// Waits for events that are due soon, or checks that later ones have not happened.
    fn let_time_pass(&mut self) {
        const SOON: u64 = 300_000;
        const LATE: u64 = 1_000_000_000;
        match self.model.time_left() {
            Some(left) if left <= SOON => {
                let start = Instant::now();
                while start.elapsed() <= Duration::from_nanos(left + 1000) {}
                self.model.advance(left);
            }
            Some(left) if left < LATE => return,
            _ => {}
        }
        self.board.run_timers();
    }

    fn compare(&mut self) {
        assert_eq!(self.board.lines(), self.model.lines(), "the lines");
        assert_eq!(self.board.can_receive(), self.model.can_receive(), "the room");
        assert_eq!(self.board.take_breaks(), self.model.take_breaks(), "breaks");
        assert_eq!(self.board.take_sent(), self.model.take_sent(), "bytes sent");
        // None of these has a side effect.
        for offset in &[0x04, 0x18, 0x20, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c, 0x40, 0x48] {
            let (_, value) = self.board.read(*offset, 2);
            let expected = self.model.read(*offset);
            assert_eq!(value as u32, expected, "the register at {:#x}", offset);
        }
    }
}
