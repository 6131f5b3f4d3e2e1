// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Drives the registers and the model with the same operations and compares all visible state.

use super::migration::Stream;
use super::operation::Operation;
use super::oracle::Model;
use oldstable::pl011::{Effects, Output, Registers, Snapshot, TimerAction, Unsent, Variant, GATHERED};

/// The registers and the model, side by side.
pub struct Pair {
    registers: Registers,
    model: Model,
    variant: Variant,
    clock: u64,
    /// The lines as a board sees them, that is, only from the changes.
    lines: u8,
    /// The registers' timer, as the surrounding device would run it.
    due: Option<u64>,
    breaks: Vec<bool>,
}

impl Pair {
    pub fn new(variant: Variant) -> Pair {
        Pair {
            registers: Registers::new(variant),
            model: Model::new(variant == Variant::Luminary),
            variant,
            clock: 0,
            lines: 0,
            due: None,
            breaks: Vec::new(),
        }
    }

    /// Applies the effects.
    fn act(&mut self, effects: Effects) {
        self.lines ^= effects.changed & (effects.levels ^ self.lines);
        match effects.timer {
            TimerAction::Keep => {}
            TimerAction::Stop => self.due = None,
            TimerAction::Restart => self.due = Some(self.model.now + self.registers.timeout_ns()),
        }
        self.breaks.extend(effects.break_out);
    }

    fn write(&mut self, offset: u64, value: u32) {
        let unsent = self.model.waiting.len();
        let effects = self.registers.write(offset, value);
        self.act(effects);
        self.model.write(offset, value);
        if offset < 4 {
            assert_eq!(effects.output, wanted_output(unsent, self.model.waiting.len()));
        }
    }

    /// Applies one operation to both.
    ///
    /// # Panics
    ///
    /// They differ.
    pub fn apply(&mut self, operation: &Operation) {
        let was_full = self.model.can_receive() == 0;
        let mut accepts = None;
        match operation {
            Operation::Read(offset) => {
                let (value, effects) = self.registers.read(*offset);
                self.act(effects);
                accepts = Some(effects.accept_input);
                assert_eq!(value, self.model.read(*offset), "value read");
            }
            Operation::Write(offset, value) => self.write(*offset, *value),
            Operation::Send(count) => {
                for i in 0..*count {
                    self.write(0, i as u32);
                }
            }
            Operation::Input(bytes) => {
                let effects = self.registers.receive(bytes);
                self.act(effects);
                self.model.input(bytes);
            }
            Operation::Break => {
                let effects = self.registers.receive_break();
                self.act(effects);
                self.model.host_break();
            }
            Operation::Lose => {
                let effects = self.registers.lose();
                self.act(effects);
                self.model.lose();
            }
            Operation::Time(nanoseconds) => {
                self.model.advance(*nanoseconds);
                if matches!(self.due, Some(due) if due <= self.model.now) {
                    self.due = None;
                    let effects = self.registers.timeout();
                    self.act(effects);
                }
            }
            Operation::Clock(hz) => {
                self.clock = *hz;
                self.registers.set_clock(*hz);
                self.model.set_clock(*hz);
            }
            Operation::Reset => {
                let effects = self.registers.reset();
                self.act(effects);
                accepts = Some(effects.accept_input);
                self.model.reset();
            }
            Operation::Take(count) => {
                let piece = self.registers.output();
                let count = (*count).min(piece.len());
                let piece = piece[..count].to_vec();
                let effects = self.registers.output_taken(count);
                self.act(effects);
                assert_eq!(piece, self.model.take(count), "bytes sent");
            }
            Operation::Pause => {
                let effects = self.registers.pause();
                self.act(effects);
                self.model.pause();
            }
            Operation::Resume => self.resume(),
            Operation::Migrate => self.migrate(),
            Operation::Load(snapshot, count) => self.load(snapshot, *count),
        }
        if let Some(accepts) = accepts {
            assert_eq!(accepts, was_full && self.model.can_receive() > 0, "input");
        }
        self.compare();
    }

    /// Loads a stream that the registers saved into both.
    fn migrate(&mut self) {
        let saved = self.registers.save();
        let unsent = self.registers.save_unsent();
        self.registers = Registers::new(self.variant);
        self.registers.set_clock(self.clock);
        self.registers.load(&saved, &unsent).unwrap();
        assert!(self.model.load(&stream(&saved, &unsent)));
        self.lines = 0;
        self.due = None;
        self.resume();
    }

    /// Loads an arbitrary stream, which both accept or neither. It has `count` unsent bytes.
    fn load(&mut self, snapshot: &Snapshot, count: u32) {
        let mut unsent = Unsent { len: count, ..Unsent::default() };
        for (i, byte) in unsent.bytes.iter_mut().enumerate() {
            *byte = i as u8;
        }
        let loaded = self.registers.load(snapshot, &unsent).is_ok();
        assert_eq!(loaded, self.model.load(&stream(snapshot, &unsent)), "stream accepted");
        if loaded {
            self.due = None;
            self.resume();
        }
    }

    fn resume(&mut self) {
        let effects = self.registers.resume();
        self.act(effects);
        assert_eq!(effects.changed, 0x3f, "all lines are driven after a pause");
        self.model.resume();
    }

    fn compare(&mut self) {
        assert_eq!(self.lines, self.model.lines(), "interrupt outputs");
        assert_eq!(self.due, self.model.due, "receive timeout");
        assert_eq!(self.breaks, self.model.breaks, "breaks sent");
        let unsent = self.registers.output_len();
        assert_eq!(unsent, self.model.waiting.len(), "unsent");
        assert_eq!(self.registers.output().is_empty(), self.model.waiting.is_empty());
        assert_eq!(self.registers.can_receive(), self.model.can_receive(), "room");
        // None of these has a side effect.
        for offset in &[0x04, 0x18, 0x20, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c, 0x40, 0x48] {
            let (value, effects) = self.registers.read(*offset);
            assert_eq!(value, self.model.read(*offset), "register {:#x}", offset);
            assert_eq!((effects.changed, effects.log), (0, None));
        }
    }
}

/// Returns the time for a write to the host, after a write to DR.
fn wanted_output(before: usize, after: usize) -> Output {
    if after >= GATHERED {
        Output::Now
    } else if before == 0 {
        Output::Begun
    } else {
        Output::Keep
    }
}

fn stream(snapshot: &Snapshot, unsent: &Unsent) -> Stream {
    Stream {
        lcr: snapshot.lcr,
        rsr: snapshot.rsr,
        cr: snapshot.cr,
        dmacr: snapshot.dmacr,
        imsc: snapshot.int_enabled,
        ris: snapshot.int_level,
        fifo: snapshot.read_fifo,
        ilpr: snapshot.ilpr,
        ibrd: snapshot.ibrd,
        fbrd: snapshot.fbrd,
        ifls: snapshot.ifl,
        position: snapshot.read_pos,
        count: snapshot.read_count,
        unsent_count: unsent.len,
        unsent: unsent.bytes.to_vec(),
    }
}
